import { Row } from "../../backup/row";
import { checkInstanceId, checkRegionId } from "../../validation/checks";
import type { RdsClient } from "../rds-client";

/** The parameters of DescribeInstanceCrossBackupPolicy. */
export interface DescribeInstanceCrossBackupPolicyRequest {
  /** Region of the source instance. */
  readonly regionId: string;
  /** Id of the source instance. */
  readonly dbInstanceId: string;
}

/**
 * Reads the cross-region backup policy of an instance. One request.
 *
 * @param client of the endpoint that serves the **source** region
 * @returns the days for which copies are kept; undefined if the API does not say
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describeinstancecrossbackuppolicy
 */
export async function describeInstanceCrossBackupPolicy(
  client: RdsClient,
  request: DescribeInstanceCrossBackupPolicyRequest,
): Promise<{ readonly retention: number | undefined }> {
  checkRegionId("regionId", request.regionId);
  checkInstanceId("dbInstanceId", request.dbInstanceId);
  const parameters = { RegionId: request.regionId, DBInstanceId: request.dbInstanceId };
  const answer = await client.call("DescribeInstanceCrossBackupPolicy", parameters);
  return { retention: new Row(answer).integer("Retention") };
}
