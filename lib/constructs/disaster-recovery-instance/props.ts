import { Token } from "cdktf";
import { checkStorageType } from "../../rds-api/actions/check-create-ddr-db-instance";
import { type PropNames, unlessToken } from "../../synthesis/check-props";
import type { OutputOptions } from "../../synthesis/outputs";
import {
  checkFlag,
  checkHours,
  checkInstanceClass,
  checkOneOf,
  checkRegionId,
  checkResourceGroupId,
  checkText,
  ifGiven,
} from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import type { ICrossRegionBackup } from "../cross-region-backup";
import {
  checkInstanceName,
  checkPeriod,
  checkSecurityIp,
  checkSecurityIpCount,
  checkStorage,
} from "./value-checks";

/** How an instance is paid for. */
export enum PaymentType {
  /** By the hour. */
  PAY_AS_YOU_GO = "PayAsYouGo",
  /** For months ahead. Terraform cannot destroy such an instance: it only forgets it. */
  SUBSCRIPTION = "Subscription",
}

/** A point in time that an instance is restored to. */
export interface PointInTime {
  /**
   * A backup of the source, with its recoverable window: a lookup with `recoveryWindow`. The source instance and
   * its region come from it.
   */
  readonly backup: ICrossRegionBackup;
  /**
   * The point in time, `yyyy-MM-ddTHH:mm:ssZ` in UTC, between `dataTime` and `recoverableUntil` of the backup;
   * its `recoverableUntil` itself for the latest possible.
   */
  readonly restoreTime: string;
}

/** From what an instance is restored, and what it is like. */
export interface DisasterRecoveryInstanceProps extends OutputOptions {
  /**
   * The backup to restore. Whatever it becomes later, an instance that is there stays as it is.
   *
   * @default - pointInTime is restored; one of the two is required
   */
  readonly backup?: ICrossRegionBackup;
  /**
   * The point in time to restore to, by a backup and the logs after it.
   *
   * @default - the backup is restored as it is
   */
  readonly pointInTime?: PointInTime;
  /** Region of the instance, such as `cn-shanghai`: that of the stack's provider `alicloud`. */
  readonly regionId: string;
  /** Instance class, such as `rds.mysql.s3.large`. */
  readonly instanceClass: string;
  /** Disk, GB: at least that of the source. RDS documents 5 to 2,000 in steps of 5. */
  readonly storageGb: number;
  /** Id of a vswitch in that region. Ignored after creation. */
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
   * @default - the path of the construct, with hyphens
   */
  readonly instanceName?: string;
  /**
   * How the instance is paid for.
   *
   * @default PaymentType.PAY_AS_YOU_GO
   */
  readonly paymentType?: PaymentType;
  /**
   * Months of a subscription: 1 to 9, 12, 24 or 36. Required for one, and only then.
   *
   * @default - none
   */
  readonly period?: number;
  /**
   * Type of the disk: `local_ssd`, `cloud_ssd`, `cloud_essd`, `cloud_essd2` or `cloud_essd3`.
   *
   * @default - that of the source, where the record of the backup tells it in full; required elsewhere
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
   * How long Terraform waits for the restore, hours. One that is given up half-way is tainted: the next deploy
   * would replace it.
   *
   * @default 24
   */
  readonly createTimeoutHours?: number;
  /**
   * Whether the instance is guarded against being destroyed: by Terraform (`prevent_destroy`), and by RDS as well
   * where it is paid by the hour (deletion protection). A drill sets it false.
   *
   * @default true
   */
  readonly protect?: boolean;
}

/** Their names. */
export const propNames: PropNames<DisasterRecoveryInstanceProps> = {
  backup: true,
  pointInTime: true,
  regionId: true,
  instanceClass: true,
  storageGb: true,
  vswitchId: true,
  securityIps: true,
  instanceName: true,
  paymentType: true,
  period: true,
  storageType: true,
  resourceGroupId: true,
  encryptionKey: true,
  createTimeoutHours: true,
  protect: true,
  outputs: true,
  outputPrefix: true,
};

/** Those that decide what is synthesised, and so must be plain values. */
export const plainProps = [
  "regionId",
  "storageGb",
  "paymentType",
  "period",
  "createTimeoutHours",
  "protect",
  "outputs",
  "outputPrefix",
] as const;

/**
 * Checks the values of the props, as far as they are no tokens.
 *
 * @throws InvalidRequestError names the prop, its value and what is allowed
 */
export function checkValues(props: DisasterRecoveryInstanceProps): void {
  const { paymentType, period, securityIps } = props;
  checkRegionId("regionId", props.regionId);
  unlessToken(checkInstanceClass, "instanceClass", props.instanceClass);
  checkStorage("storageGb", props.storageGb);
  unlessToken(checkVswitch, "vswitchId", props.vswitchId);
  if (securityIps !== undefined && !Token.isUnresolved(securityIps)) {
    checkSecurityIpCount("securityIps", securityIps);
    for (const entry of securityIps) {
      unlessToken(checkSecurityIp, "securityIps", entry);
    }
  }
  ifGivenPlain(checkInstanceName, "instanceName", props.instanceName);
  ifGiven(checkPaymentType, "paymentType", paymentType);
  ifGiven(checkPeriod, "period", period);
  if ((paymentType === PaymentType.SUBSCRIPTION) !== (period !== undefined)) {
    const allowed = "given with the paymentType Subscription, and only then";
    throw new InvalidRequestError("period", period, allowed);
  }
  ifGivenPlain(checkStorageType, "storageType", props.storageType);
  ifGivenPlain(checkResourceGroupId, "resourceGroupId", props.resourceGroupId);
  ifGivenPlain(checkKey, "encryptionKey", props.encryptionKey);
  ifGiven(checkHours, "createTimeoutHours", props.createTimeoutHours);
  ifGiven(checkFlag, "protect", props.protect);
}

type Check = (parameter: string, value: string) => void;

function ifGivenPlain(check: Check, parameter: string, value: string | undefined): void {
  if (value !== undefined) {
    unlessToken(check, parameter, value);
  }
}

function checkVswitch(parameter: string, value: string): void {
  const allowed =
    'the id of a vswitch, such as "vsw-uf6xxxx": without one the instance would not be in a VPC';
  checkText(parameter, value, allowed);
  if (!value.startsWith("vsw-")) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

function checkKey(parameter: string, value: string): void {
  checkText(parameter, value, "the id of a KMS key");
}

function checkPaymentType(parameter: string, value: string): void {
  checkOneOf(parameter, value, Object.values(PaymentType));
}
