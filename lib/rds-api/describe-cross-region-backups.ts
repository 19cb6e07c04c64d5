import type { CrossRegionBackupRow } from "../backup/cross-region-backup-record";
import { parseCrossRegionBackup } from "../backup/parse-backup";
import { InvalidRequestError } from "./invalid-request-error";
import { foldPages, identityOf, readAllPages, type PagedAction } from "./paging";
import type { RdsClient } from "./rds-client";
import {
  checkDigits,
  checkInstanceId,
  checkPageNumber,
  checkPageSize,
  checkRegionId,
  checkResourceGroupId,
  checkWindow,
  ifGiven,
} from "./request-checks";

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

/**
 * Lists the cross-region backups of an instance: every page of the answer, in the order of the API. One request
 * for each page. A backup that is told twice is there once, unless its copies differ.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export async function describeCrossRegionBackups(
  client: RdsClient,
  request: DescribeCrossRegionBackupsRequest,
): Promise<readonly CrossRegionBackupRow[]> {
  return (await readAllPages(client, pagesOf(request))).map(parseCrossRegionBackup);
}

/**
 * As `describeCrossRegionBackups`, with the records told page by page, in whatever order the pages come, and none of
 * them held. The copies of a backup are told together.
 *
 * @param newTaker makes what takes the records; a list that changed while it was read is told to another one anew
 * @returns the one that was told all of them
 */
export async function foldCrossRegionBackups<T>(
  client: RdsClient,
  request: DescribeCrossRegionBackupsRequest,
  newTaker: () => T,
  tell: (taker: T, records: readonly CrossRegionBackupRow[]) => void,
): Promise<T> {
  return foldPages(client, pagesOf(request), () => {
    const taker = newTaker();
    return {
      add: (rows) => {
        tell(taker, rows.map(parseCrossRegionBackup));
      },
      result: () => taker,
    };
  });
}

function pagesOf(request: DescribeCrossRegionBackupsRequest): PagedAction {
  checkDescribeCrossRegionBackups(request);
  if (!isBounded(request)) {
    throw new InvalidRequestError("crossBackupId", undefined, "given, or else both startTime and endTime");
  }
  return {
    action: "DescribeCrossRegionBackups",
    parameters: {
      DBInstanceId: request.dbInstanceId,
      RegionId: request.regionId,
      CrossBackupRegion: request.crossBackupRegion,
      CrossBackupId: request.crossBackupId,
      StartTime: request.startTime,
      EndTime: request.endTime,
      BackupId: request.backupId,
      ResourceGroupId: request.resourceGroupId,
    },
    pageSize: request.pageSize ?? 100,
    pageNumber: request.pageNumber,
    totalField: "TotalRecordCount",
    identityOf: (row) => identityOf(row, "CrossBackupId"),
  };
}
