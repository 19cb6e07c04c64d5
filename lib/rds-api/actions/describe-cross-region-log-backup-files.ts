import { optional } from "../../backup/json-object";
import type { LogFile } from "../../backup/recovery-window";
import { Row } from "../../backup/row";
import { checkInstanceId, checkRegionId, checkWindow, ifGiven } from "../../validation/checks";
import { readAllPages } from "../paging";
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
}

/**
 * Lists the log backup files that were copied to another region: every page, each file once. One request for
 * each page. The links to the files, which are secrets, are not read.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionlogbackupfiles
 */
export async function describeCrossRegionLogBackupFiles(
  client: RdsClient,
  request: DescribeCrossRegionLogBackupFilesRequest,
): Promise<readonly LogFile[]> {
  checkInstanceId("dbInstanceId", request.dbInstanceId);
  checkRegionId("regionId", request.regionId);
  checkWindow(request.startTime, request.endTime);
  ifGiven(checkRegionId, "crossBackupRegion", request.crossBackupRegion);
  return readAllPages(client, {
    action: "DescribeCrossRegionLogBackupFiles",
    parameters: {
      DBInstanceId: request.dbInstanceId,
      RegionId: request.regionId,
      StartTime: request.startTime,
      EndTime: request.endTime,
      CrossBackupRegion: request.crossBackupRegion,
    },
    idField: "CrossLogBackupId",
    parse: parseLogFile,
  });
}

function parseLogFile(item: unknown): LogFile {
  const row = new Row(item);
  return {
    ...optional("crossBackupRegion", row.text("CrossBackupRegion")),
    ...optional("logBeginTime", row.instant("LogBeginTime")),
    ...optional("logEndTime", row.instant("LogEndTime")),
  };
}
