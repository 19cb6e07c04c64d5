import type { Instant } from "../../backup/instant";
import { optional, withSecret } from "../../backup/json-object";
import { Row } from "../../backup/row";
import {
  checkInstanceId,
  checkPageNumber,
  checkPageSize,
  checkRegionId,
  checkWindow,
  ifGiven,
} from "../../validation/checks";
import { identityOf, readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";

/** The parameters of DescribeCrossRegionLogBackupFiles. */
export interface DescribeCrossRegionLogBackupFilesRequest {
  /** Id of the source instance. */
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  /** Start of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly startTime: string;
  /** End of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly endTime: string;
  /** Only log files stored in this region. */
  readonly crossBackupRegion?: string;
  /** Rows in a page: 30, 50 or 100. @default 100 */
  readonly pageSize?: number;
  /** Only this page, from 1. @default - every page */
  readonly pageNumber?: number;
}

/** A log file that was copied to another region; every field as the API gave it, none certain to be there. */
export interface CrossRegionLogBackupFile {
  /** Id of the log file, digits. */
  readonly crossLogBackupId?: string;
  /** Bytes. */
  readonly crossLogBackupSize?: number;
  /** Region in which the file is stored. */
  readonly crossBackupRegion?: string;
  /** Internal id of the host instance, digits. */
  readonly instanceId?: string;
  readonly logBeginTime?: Instant;
  readonly logEndTime?: Instant;
  readonly logFileName?: string;
  /** When the links stop working. */
  readonly linkExpiredTime?: Instant;
  /** Pre-signed link to the file: a secret, hence not enumerable. */
  readonly crossDownloadLink?: string;
  /** The same for Alibaba's own network: a secret, hence not enumerable. */
  readonly crossIntranetDownloadLink?: string;
}

/**
 * Lists the log backup files that were copied to another region: every page, each file once. One request for
 * each page.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionlogbackupfiles
 */
export async function describeCrossRegionLogBackupFiles(
  client: RdsClient,
  request: DescribeCrossRegionLogBackupFilesRequest,
): Promise<readonly CrossRegionLogBackupFile[]> {
  checkInstanceId("dbInstanceId", request.dbInstanceId);
  checkRegionId("regionId", request.regionId);
  checkWindow(request.startTime, request.endTime);
  ifGiven(checkRegionId, "crossBackupRegion", request.crossBackupRegion);
  ifGiven(checkPageSize, "pageSize", request.pageSize);
  ifGiven(checkPageNumber, "pageNumber", request.pageNumber);
  const rows = await readAllPages(client, {
    action: "DescribeCrossRegionLogBackupFiles",
    parameters: {
      DBInstanceId: request.dbInstanceId,
      RegionId: request.regionId,
      StartTime: request.startTime,
      EndTime: request.endTime,
      CrossBackupRegion: request.crossBackupRegion,
    },
    pageSize: request.pageSize ?? 100,
    pageNumber: request.pageNumber,
    totalField: "TotalRecordCount",
    identityOf: (row) => identityOf(row, "CrossLogBackupId"),
  });
  return rows.map(parseLogBackupFile);
}

function parseLogBackupFile(item: unknown): CrossRegionLogBackupFile {
  const row = new Row(item);
  const file: CrossRegionLogBackupFile = {
    ...optional("crossLogBackupId", row.digits("CrossLogBackupId")),
    ...optional("crossLogBackupSize", row.integer("CrossLogBackupSize")),
    ...optional("crossBackupRegion", row.text("CrossBackupRegion")),
    ...optional("instanceId", row.digits("InstanceId")),
    ...optional("logBeginTime", row.instant("LogBeginTime")),
    ...optional("logEndTime", row.instant("LogEndTime")),
    ...optional("logFileName", row.text("LogFileName")),
    ...optional("linkExpiredTime", row.instant("LinkExpiredTime")),
  };
  withSecret(file, "crossDownloadLink", row.text("CrossDownloadLink"));
  return withSecret(file, "crossIntranetDownloadLink", row.text("CrossIntranetDownloadLink"));
}
