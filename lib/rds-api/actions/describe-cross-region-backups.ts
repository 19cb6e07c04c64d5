import type { CrossRegionBackupRow } from "../../backup/cross-region-backup-record";
import { parseCrossRegionBackup } from "../../backup/parse-backup";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { foldPages, identityOf, type PagedAction, readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";
import {
  checkDescribeCrossRegionBackups,
  type DescribeCrossRegionBackupsRequest,
  isBounded,
} from "./describe-cross-region-backups-request";

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
