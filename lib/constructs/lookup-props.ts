import { checkOnStale, type OnStale } from "../lock/mode";
import { checkAgeLimits, type LatestQuery } from "../lookup/query";
import { checkStorageGb, checkStorageType } from "../rds-api/actions/check-create-ddr-db-instance";
import { checkProps, type PropRules } from "../synthesis/check-props";
import { checked } from "../synthesis/lookup-error";
import { type OutputOptions, outputRules } from "../synthesis/outputs";
import { checkFlag, checkInstanceClass } from "../validation/checks";

/** What every lookup takes: the instance, how to reach the API, and which outputs to add. */
export interface LookupProps extends OutputOptions {
  /** Id of the source instance, such as `rm-uf6wjk5xxxx`. */
  readonly dbInstanceId: string;
  /** Region of the source instance, such as `cn-hangzhou`. */
  readonly regionId: string;
  /**
   * Only backups that this region stores.
   *
   * @default - any region stores it
   */
  readonly crossBackupRegion?: string;
  /**
   * Id of the resource group of the instance.
   *
   * @default - any resource group that the credentials reach
   */
  readonly resourceGroupId?: string;
  /**
   * Endpoint of the RDS API for the source region: a host, host:port or URL, or `vpc` for the region's VPC
   * endpoint. A URL with http must be on this machine, unless `RDS_DR_ALLOW_HTTP` is `true`.
   *
   * @default - the first that is set and serves the region: `RDS_DR_ENDPOINT`, `ALIBABA_CLOUD_ENDPOINT_RDS`, "endpoint"
   * in the context; else the region's public endpoint
   */
  readonly endpoint?: string;
  /**
   * Profile of the Alibaba Cloud CLI whose credentials are used.
   *
   * @default - an access key of the environment, else `ALICLOUD_PROFILE` or `ALIBABA_CLOUD_PROFILE`, else the credential
   * chain
   */
  readonly profile?: string;
  /**
   * ARN of the RAM role that these credentials assume, such as `acs:ram::1234567890123456:role/drill`: for an instance of
   * another account. One request to STS serves every lookup of the role.
   *
   * @default - `ALICLOUD_ASSUME_ROLE_ARN` or `ALIBABA_CLOUD_ROLE_ARN`, else no role is assumed
   */
  readonly roleArn?: string;
}

/** The check of the query judges their values. */
export const lookupRules: PropRules<LookupProps> = {
  dbInstanceId: {},
  regionId: {},
  crossBackupRegion: {},
  resourceGroupId: {},
  endpoint: {},
  profile: {},
  roleArn: {},
  ...outputRules,
};

/**
 * The instance to restore, as far as CheckCreateDdrDBInstance asks about it: whether it can be made out of the backup.
 * The same question serves a restore to a point in time.
 */
export interface RestorePreflight {
  /** Instance type, such as `rds.mysql.s3.large`. */
  readonly instanceClass: string;
  /** Storage, GB: 5 to 2,000 in steps of 5. */
  readonly storageGb: number;
  /**
   * Storage type as Terraform's resources spell it: `local_ssd`, `cloud_essd`, …. CheckCreateDdrDBInstance does not
   * know cloud disks: the lookup does not ask about those, and a warning says so.
   *
   * @default - that of the backup, if its record contains it
   */
  readonly storageType?: string;
}

/** The rules of the preflight's own props. */
const preflightRules: PropRules<RestorePreflight> = {
  instanceClass: { check: checkInstanceClass, isRequired: true },
  storageGb: { check: checkStorageGb, isRequired: true },
  storageType: { check: checkStorageType },
};

/** Which backup to look up. Every prop must be a plain value, not a token. */
export interface LatestCrossRegionBackupProps extends LookupProps {
  /**
   * Only backups that can be restored to this region.
   *
   * @default - the backup can be restored to at least one region
   */
  readonly restoreRegion?: string;
  /**
   * Only backups whose data is of this instant or earlier, `yyyy-MM-ddTHH:mm:ssZ` in UTC: for a disaster that
   * later backups contain already.
   *
   * @default - the latest
   */
  readonly notAfter?: string;
  /**
   * Whether to look up the recovery window as well, which a restore to a point in time needs. It begins at the data time.
   * It ends at `recoverableUntil`, the end of the last log that follows without a gap. The RDS actions are
   * DescribeCrossRegionLogBackupFiles and, for MySQL, DescribeAvailableRecoveryTime. It costs at least one more request,
   * for MySQL two; RAM must allow them (`rds-dr policy --window`). Gaps are warnings.
   *
   * @default false
   */
  readonly recoveryWindow?: boolean;
  /**
   * How old the data may be, hours: the recovery point objective. It judges the data time.
   *
   * @default - any age
   */
  readonly maxAgeHours?: number;
  /**
   * How long ago the recovery window may end, hours: the recovery point objective of a restore to a point in time. It
   * judges `recoverableUntil`, and needs `recoveryWindow`.
   *
   * @default - any age
   */
  readonly maxRecoverableAgeHours?: number;
  /**
   * What happens if the backup is older than one of these limits. `RDS_DR_ON_STALE` wins over it.
   *
   * @default - "onStale" in the context, else OnStale.FAIL
   */
  readonly onStale?: OnStale;
  /**
   * The instance to restore. CheckCreateDdrDBInstance then asks `restoreRegion` about it, and only a backup that it
   * accepts is the latest. It costs one more request, and needs `restoreRegion` and the permission
   * `rds:CheckCreateDdrDBInstance`.
   *
   * If the backup is the cause of a refusal, the next older one is tried, with a warning. It is never older than the
   * limits allow, whatever `onStale` says. Any other refusal (of the class, the zone, the stock, the account) is an error.
   *
   * @default - nobody asks the region of the restore
   */
  readonly preflight?: RestorePreflight;
  /**
   * Endpoint of the RDS API for `restoreRegion`, which the preflight asks; as `endpoint`.
   *
   * @default - the first that is set and serves that region: `RDS_DR_RESTORE_ENDPOINT`, `RDS_DR_ENDPOINT`,
   * `ALIBABA_CLOUD_ENDPOINT_RDS`, "endpoint" in the context; else the public endpoint of that region
   */
  readonly restoreEndpoint?: string;
}

/** The rules of the props of a lookup for the latest backup. */
const latestRules: PropRules<LatestCrossRegionBackupProps> = {
  ...lookupRules,
  restoreRegion: {},
  notAfter: {},
  recoveryWindow: { check: checkFlag },
  maxAgeHours: {},
  maxRecoverableAgeHours: {},
  onStale: { check: checkOnStale },
  preflight: {},
  restoreEndpoint: {},
};

/**
 * The question that the props ask. What it says, the check of the query judges.
 *
 * @throws LookupError for a prop that is missing, malformed or a token
 */
export function latestQueryOf(path: string, props: LatestCrossRegionBackupProps): LatestQuery {
  checkProps(path, props, latestRules);
  const { dbInstanceId, regionId, restoreRegion, crossBackupRegion, resourceGroupId, notAfter } = props;
  const { preflight, recoveryWindow, endpoint, restoreEndpoint, profile, roleArn } = props;
  if (preflight !== undefined) {
    checkProps(path, preflight, preflightRules, "preflight");
  }
  checked(path, () => {
    checkAgeLimits(props, recoveryWindow);
  });
  return {
    kind: "latest",
    request: {
      dbInstanceId,
      regionId,
      restoreRegion,
      crossBackupRegion,
      resourceGroupId,
      notAfter,
      recoveryWindow: recoveryWindow === true ? true : undefined,
      dbInstanceClass: preflight?.instanceClass,
      dbInstanceStorage: preflight?.storageGb,
      dbInstanceStorageType: preflight?.storageType,
    },
    connection: { endpoint, restoreEndpoint, profile, roleArn },
  };
}
