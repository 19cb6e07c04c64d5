import type { PropNames } from "./synthesis/check-props";
import type { OutputOptions } from "./synthesis/outputs";

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
