import { parseCrossRegionBackup } from "../../backup/parse-backup";
import type { CrossRegionBackupRow } from "../../backup/record-fields";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { foldPages, type PagedAction, type PageFold, readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";
import {
  checkDescribeCrossRegionBackups,
  type DescribeCrossRegionBackupsRequest,
  isBounded,
} from "./describe-cross-region-backups-request";

/**
 * Lists the cross-region backups of an instance: every page of the answer, in the order of the API. One request
 * for each page. A backup that the API lists twice is there once, unless its copies differ.
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
  return readAllPages(client, pagesOf(request));
}

/**
 * As `describeCrossRegionBackups`, but holds no record: a fold takes the records of each page when the page arrives, in
 * whatever order the pages come.
 */
export async function foldCrossRegionBackups<F extends PageFold<CrossRegionBackupRow>>(
  client: RdsClient,
  request: DescribeCrossRegionBackupsRequest,
  newFold: () => F,
): Promise<F> {
  return foldPages(client, pagesOf(request), newFold);
}

function pagesOf(request: DescribeCrossRegionBackupsRequest): PagedAction<CrossRegionBackupRow> {
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
    paging: request,
    idField: "CrossBackupId",
    parse: parseCrossRegionBackup,
  };
}
