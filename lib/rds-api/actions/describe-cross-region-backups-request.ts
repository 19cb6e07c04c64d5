import {
  checkDigits,
  checkInstanceId,
  checkRegionId,
  checkResourceGroupId,
  checkWindow,
  ifGiven,
} from "../../validation/checks";
import { checkPaging, type Paging } from "../page-size";

/** The parameters of DescribeCrossRegionBackups. The API needs `crossBackupId`, or both times. */
export interface DescribeCrossRegionBackupsRequest extends Paging {
  /** Id of the source instance, such as `rm-uf6wjk5xxxx`. */
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  /** Only backups stored in this region. */
  readonly crossBackupRegion?: string;
  /** Only the backup of this id, digits. */
  readonly crossBackupId?: string;
  /** Start of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly startTime?: string;
  /** End of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly endTime?: string;
  /** Only the copies of this backup of the source region, digits. */
  readonly backupId?: string;
  /** Id of the resource group of the instance. */
  readonly resourceGroupId?: string;
}

/**
 * Checks a request without sending it.
 *
 * @throws InvalidRequestError names the parameter, the value and what is allowed
 */
export function checkDescribeCrossRegionBackups(request: DescribeCrossRegionBackupsRequest): void {
  checkInstanceId("dbInstanceId", request.dbInstanceId);
  checkRegionId("regionId", request.regionId);
  ifGiven(checkRegionId, "crossBackupRegion", request.crossBackupRegion);
  ifGiven(checkDigits, "crossBackupId", request.crossBackupId);
  ifGiven(checkDigits, "backupId", request.backupId);
  ifGiven(checkResourceGroupId, "resourceGroupId", request.resourceGroupId);
  checkPaging(request);
  const { startTime, endTime } = request;
  if (startTime !== undefined || endTime !== undefined) {
    checkWindow(startTime, endTime);
  }
}

/** Whether a request names a backup or a window: the API needs one of them. */
export function isBounded({ crossBackupId, startTime, endTime }: DescribeCrossRegionBackupsRequest): boolean {
  return crossBackupId !== undefined || startTime !== undefined || endTime !== undefined;
}
