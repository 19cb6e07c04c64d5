import type { OutputOptions } from "../../synthesis/outputs";
import type { ICrossRegionBackup } from "../cross-region-backup";

/** How an instance is paid for. */
export enum PaymentType {
  /** By the hour. */
  PAY_AS_YOU_GO = "PayAsYouGo",
  /** For months ahead. Terraform cannot destroy such an instance: it only forgets it. */
  SUBSCRIPTION = "Subscription",
}

/** Who makes the instance. */
export enum RestoreVia {
  /** Terraform, by the provider's resource `alicloud_rds_ddr_instance`. It does not restore PostgreSQL. */
  RESOURCE = "resource",
  /** The command `npx rds-dr restore`, which goes on after any interruption. Then Terraform imports the instance. */
  IMPORT = "import",
}

/** A point in time that an instance is restored to. */
export interface PointInTime {
  /**
   * A backup of the source with its recovery window: a lookup with `recoveryWindow`. It contains the source instance and
   * its region.
   */
  readonly backup: ICrossRegionBackup;
  /**
   * The point in time, `yyyy-MM-ddTHH:mm:ssZ` in UTC: from `recoverableFrom` to `recoverableUntil` of the backup.
   * `recoverableUntil` itself is the latest possible.
   */
  readonly restoreTime: string;
}

/** How long a restore may take if nothing is said. */
export const defaultCreateTimeoutHours = 24;

/** What an instance is restored from, and what it is like. */
export interface DisasterRecoveryInstanceProps extends OutputOptions {
  /**
   * The backup to restore. If it changes later, an existing instance stays as it is.
   *
   * @default - pointInTime is restored; you must set one of the two
   */
  readonly backup?: ICrossRegionBackup;
  /**
   * The point in time to restore to, from a backup and its logs.
   *
   * @default - the backup is restored as it is
   */
  readonly pointInTime?: PointInTime;
  /** Region of the instance, such as `cn-shanghai`: it must be the region of the stack's provider `alicloud`. */
  readonly regionId: string;
  /** Instance class, such as `rds.mysql.s3.large`. */
  readonly instanceClass: string;
  /** Disk, GB: at least that of the source. RDS documents 5 to 2,000 in steps of 5. */
  readonly storageGb: number;
  /** Id of a vswitch in that region. Terraform ignores it after creation. */
  readonly vswitchId: string;
  /**
   * IPv4 addresses and blocks that may connect, such as `10.0.0.0/8`.
   *
   * @default - nobody can connect, and a warning says so
   */
  readonly securityIps?: string[];
  /**
   * Name of the instance, 2 to 256 characters.
   *
   * @default - the path of the construct, with hyphens, and a short hash; an instance that exists keeps its name
   */
  readonly instanceName?: string;
  /**
   * The id of the backup, or with `pointInTime` the time, that the instance was really restored from. Set it for an instance whose
   * state does not contain it: one that was imported, or untainted after a creation that failed.
   *
   * @default - the outputs say `unknown` for such an instance
   */
  readonly restoredFrom?: string;
  /**
   * How the instance is paid for.
   *
   * @default PaymentType.PAY_AS_YOU_GO
   */
  readonly paymentType?: PaymentType;
  /**
   * Months of a subscription: 1 to 9, 12, 24 or 36. A subscription needs it, and nothing else may have it.
   *
   * @default - none
   */
  readonly subscriptionMonths?: number;
  /**
   * Type of the disk: `local_ssd`, `cloud_ssd`, `cloud_essd`, `cloud_essd2` or `cloud_essd3`.
   *
   * @default - that of the source, if the record of the backup contains it; otherwise you must set it
   */
  readonly storageType?: string;
  /**
   * Id of the resource group.
   *
   * @default - the account's default resource group
   */
  readonly resourceGroupId?: string;
  /**
   * Id of the KMS key, in that region, that encrypts a cloud disk.
   *
   * @default - the disk is not encrypted
   */
  readonly encryptionKey?: string;
  /**
   * How long Terraform, or `rds-dr restore`, waits for the restore, hours. If Terraform gives up, the instance is
   * tainted, and the next deploy would replace it.
   *
   * @default 24
   */
  readonly createTimeoutHours?: number;
  /**
   * Whether Terraform refuses to destroy the instance (`prevent_destroy`). If it is paid by the hour, RDS refuses it as
   * well (deletion protection). A drill sets it to false.
   *
   * @default true
   */
  readonly protect?: boolean;
  /**
   * Who makes the instance. Once the lock file knows an instance of `rds-dr restore`, Terraform imports that one, whatever
   * this says.
   *
   * @default RestoreVia.RESOURCE; for PostgreSQL always RestoreVia.IMPORT
   */
  readonly via?: RestoreVia;
  /**
   * Zone of the vswitch, such as `cn-shanghai-b`. `rds-dr restore` needs it. Terraform ignores it after creation.
   *
   * @default - that of the vswitch
   */
  readonly zoneId?: string;
  /**
   * Id of the VPC of the vswitch. `rds-dr restore` needs it.
   *
   * @default - that of the vswitch
   */
  readonly vpcId?: string;
  /**
   * Which restore of the same construct it is, from 1. `rds-dr restore` makes one instance for each. Raise it to restore
   * again, after the instance was released.
   *
   * @default 1
   */
  readonly generation?: number;
}
