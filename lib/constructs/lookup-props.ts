import { checkStorageGb, checkStorageType } from "../rds-api/actions/check-create-ddr-db-instance";
import type { PropNames } from "../synthesis/check-props";
import type { OutputOptions } from "../synthesis/outputs";
import { checkInstanceClass, ifGiven } from "../validation/checks";

/** What every lookup takes: of which instance, how the API is reached, and which outputs are written. */
export interface LookupProps extends OutputOptions {
  /** Id of the source instance, such as `rm-uf6wjk5xxxx`. */
  readonly dbInstanceId: string;
  /** Region of the source instance, such as `cn-hangzhou`. */
  readonly regionId: string;
  /**
   * Only backups stored in this region.
   *
   * @default - stored in any region
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
   * endpoint. A URL with http is for this machine itself, unless `RDS_DR_ALLOW_HTTP` is `true`.
   *
   * @default - `RDS_DR_ENDPOINT`, `ALIBABA_CLOUD_ENDPOINT_RDS`, "endpoint" in the context: the first that is set, if it
   * serves the region; else the region's public endpoint
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

/** Their names, for the constructs that take them. */
export const lookupPropNames: PropNames<LookupProps> = {
  dbInstanceId: true,
  regionId: true,
  crossBackupRegion: true,
  resourceGroupId: true,
  endpoint: true,
  profile: true,
  roleArn: true,
  outputs: true,
  outputPrefix: true,
};

/**
 * The instance to be restored, as far as CheckCreateDdrDBInstance is asked about it: whether it can be made out of
 * the backup, also where a point in time is to be restored.
 */
export interface RestorePreflight {
  /** Instance type, such as `rds.mysql.s3.large`. */
  readonly instanceClass: string;
  /** Storage, GB: 5 to 2,000 in steps of 5. */
  readonly storageGb: number;
  /**
   * Storage type as Terraform's resources spell it: `local_ssd`, `cloud_essd`, …. CheckCreateDdrDBInstance does not
   * know cloud disks: for those it is not asked, and a warning says so.
   *
   * @default - that of the backup, as its record tells it
   */
  readonly storageType?: string;
}

/** Their names. */
export const preflightPropNames: PropNames<RestorePreflight> = {
  instanceClass: true,
  storageGb: true,
  storageType: true,
};

/** Throws unless each of them is what the API takes. */
export function checkRestorePreflight(
  prop: string,
  { instanceClass, storageGb, storageType }: RestorePreflight,
): void {
  checkInstanceClass(`${prop}.instanceClass`, instanceClass);
  checkStorageGb(`${prop}.storageGb`, storageGb);
  ifGiven(checkStorageType, `${prop}.storageType`, storageType);
}
