import type { CrossRegionBackupRow } from "../../backup/record-fields";
import {
  checkDigits,
  checkInstanceId,
  checkRegionId,
  checkResourceGroupId,
  checkWindow,
  ifGiven,
  InvalidRequestError,
} from "../../validation/checks";
import { checkPaging, type Paging } from "../page-size";
import type { PagedAction, PageFold } from "../paging";
import type { RdsClient } from "../rds-client";

/** Reads lists; loaded when needed, as is what reads a record: a synthesis from locked answers only checks requests. */
const paging = (): typeof import("../paging") => require("../paging") as typeof import("../paging");

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
  return paging().readAllPages(client, pagesOf(request));
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
  return paging().foldPages(client, pagesOf(request), newFold);
}

function pagesOf(request: DescribeCrossRegionBackupsRequest): PagedAction<CrossRegionBackupRow> {
  checkDescribeCrossRegionBackups(request);
  if (!isBounded(request)) {
    throw new InvalidRequestError("crossBackupId", undefined, "given, or else both startTime and endTime");
  }
  const { parseCrossRegionBackup } = require("../../backup/parse-backup") as typeof import("../../backup/parse-backup");
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
