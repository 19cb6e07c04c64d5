import { checkInstanceId, checkRegionId } from "../../validation/checks";
import type { RdsClient } from "../rds-client";
import {
  type CrossRegionBackupDbInstance,
  parseCrossBackupSettings,
} from "./describe-cross-region-backup-db-instance";

/** The parameters of DescribeInstanceCrossBackupPolicy. */
export interface DescribeInstanceCrossBackupPolicyRequest {
  /** Region of the source instance. */
  readonly regionId: string;
  /** Id of the source instance. */
  readonly dbInstanceId: string;
}

/**
 * Reads the cross-region backup policy of an instance: where its backups go and for how many days they are
 * kept. One request.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describeinstancecrossbackuppolicy
 */
export async function describeInstanceCrossBackupPolicy(
  client: RdsClient,
  request: DescribeInstanceCrossBackupPolicyRequest,
): Promise<CrossRegionBackupDbInstance> {
  checkRegionId("regionId", request.regionId);
  checkInstanceId("dbInstanceId", request.dbInstanceId);
  return parseCrossBackupSettings(
    await client.call("DescribeInstanceCrossBackupPolicy", {
      RegionId: request.regionId,
      DBInstanceId: request.dbInstanceId,
    }),
  );
}
