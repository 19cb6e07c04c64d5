import {
  checkDigits,
  checkInstanceId,
  checkPageNumber,
  checkPageSize,
  checkRegionId,
  checkResourceGroupId,
  checkWindow,
  ifGiven,
} from "../../validation/checks";

/** The parameters of DescribeCrossRegionBackups: `crossBackupId`, or both times, must be given. */
export interface DescribeCrossRegionBackupsRequest {
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
  /** Rows in a page: 30, 50 or 100. @default 100, the fewest requests */
  readonly pageSize?: number;
  /** Only this page, from 1. @default - every page */
  readonly pageNumber?: number;
  /** Only the copies of this backup of the source region, digits. */
  readonly backupId?: string;
  /** Id of the resource group of the instance. */
  readonly resourceGroupId?: string;
}

/**
 * Checks what a request says, without sending it.
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
  ifGiven(checkPageSize, "pageSize", request.pageSize);
  ifGiven(checkPageNumber, "pageNumber", request.pageNumber);
  const { startTime, endTime } = request;
  if (startTime !== undefined || endTime !== undefined) {
    checkWindow(startTime, endTime);
  }
}

/** Whether a request names a backup or a window: the API takes no other. */
export function isBounded({ crossBackupId, startTime, endTime }: DescribeCrossRegionBackupsRequest): boolean {
  return crossBackupId !== undefined || startTime !== undefined || endTime !== undefined;
}
