import type { Instant } from "../../backup/instant";
import { optional } from "../../backup/json-object";
import { Row } from "../../backup/row";
import { checkDigits, checkInstanceId, checkRegionId, checkResourceGroupId, ifGiven } from "../../validation/checks";
import type { RdsClient } from "../rds-client";

/** The parameters of DescribeAvailableRecoveryTime. */
export interface DescribeAvailableRecoveryTimeRequest {
  /** Id of the cross-region backup, digits. */
  readonly crossBackupId: string;
  /** Region of the source instance. */
  readonly regionId?: string;
  /** Id of the source instance. */
  readonly dbInstanceId?: string;
  readonly resourceGroupId?: string;
}

/** The points in time to which a backup and its logs can be restored; a bound is absent if RDS names none. */
export interface AvailableRecoveryTime {
  readonly recoveryBeginTime?: Instant;
  readonly recoveryEndTime?: Instant;
}

/**
 * Asks to which points in time a cross-region backup can be restored. MySQL on local disks only. One request.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describeavailablerecoverytime
 */
export async function describeAvailableRecoveryTime(
  client: RdsClient,
  request: DescribeAvailableRecoveryTimeRequest,
): Promise<AvailableRecoveryTime> {
  checkDigits("crossBackupId", request.crossBackupId);
  ifGiven(checkRegionId, "regionId", request.regionId);
  ifGiven(checkInstanceId, "dbInstanceId", request.dbInstanceId);
  ifGiven(checkResourceGroupId, "resourceGroupId", request.resourceGroupId);
  const row = new Row(
    await client.call("DescribeAvailableRecoveryTime", {
      CrossBackupId: request.crossBackupId,
      RegionId: request.regionId,
      DBInstanceId: request.dbInstanceId,
      ResourceGroupId: request.resourceGroupId,
    }),
  );
  return {
    ...optional("recoveryBeginTime", row.instant("RecoveryBeginTime")),
    ...optional("recoveryEndTime", row.instant("RecoveryEndTime")),
  };
}
