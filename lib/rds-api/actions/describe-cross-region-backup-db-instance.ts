import type { Instant } from "../../backup/instant";
import { optional } from "../../backup/json-object";
import { Row } from "../../backup/row";
import {
  checkInstanceIds,
  checkPageNumber,
  checkPageSize,
  checkRegionId,
  ifGiven,
} from "../../validation/checks";
import { identityOf, readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";

/** The parameters of DescribeCrossRegionBackupDBInstance. */
export interface DescribeCrossRegionBackupDbInstanceRequest {
  /** Region of the source instances. */
  readonly regionId: string;
  /** Up to 30 ids of instances, commas between. @default - every instance of the region */
  readonly dbInstanceId?: string;
  /** Rows in a page: 30, 50 or 100. @default 100 */
  readonly pageSize?: number;
  /** Only this page, from 1. @default - every page */
  readonly pageNumber?: number;
}

/** An instance with its cross-region backup settings, as the API gave them. */
export interface CrossRegionBackupDbInstance {
  readonly dbInstanceId?: string;
  readonly dbInstanceStatus?: string;
  readonly dbInstanceDescription?: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  /** `Enable` or `Disabled`. */
  readonly backupEnabled?: string;
  readonly backupEnabledTime?: Instant;
  readonly logBackupEnabled?: string;
  readonly logBackupEnabledTime?: Instant;
  /** Region to which backups are copied. */
  readonly crossBackupRegion?: string;
  readonly crossBackupType?: string;
  readonly retentType?: string;
  /** Days that copies are kept. */
  readonly retention?: number;
  readonly lockMode?: string;
  readonly relService?: string;
  readonly relServiceId?: string;
}

/**
 * Lists the instances of a region that copy their backups to another one, with their settings: every page,
 * each row once. One request for each page.
 *
 * @param client of the endpoint that serves the **source** region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackupdbinstance
 */
export async function describeCrossRegionBackupDbInstance(
  client: RdsClient,
  request: DescribeCrossRegionBackupDbInstanceRequest,
): Promise<readonly CrossRegionBackupDbInstance[]> {
  checkRegionId("regionId", request.regionId);
  ifGiven(checkInstanceIds, "dbInstanceId", request.dbInstanceId);
  ifGiven(checkPageSize, "pageSize", request.pageSize);
  ifGiven(checkPageNumber, "pageNumber", request.pageNumber);
  const rows = await readAllPages(client, {
    action: "DescribeCrossRegionBackupDBInstance",
    parameters: { RegionId: request.regionId, DBInstanceId: request.dbInstanceId },
    pageSize: request.pageSize ?? 100,
    pageNumber: request.pageNumber,
    totalField: "TotalRecords",
    identityOf: (row) => identityOf(row, "DBInstanceId"),
  });
  return rows.map(parseCrossBackupSettings);
}

/** Reads the settings that this action and DescribeInstanceCrossBackupPolicy share. */
export function parseCrossBackupSettings(item: unknown): CrossRegionBackupDbInstance {
  const row = new Row(item);
  return {
    ...optional("dbInstanceId", row.text("DBInstanceId")),
    ...optional("dbInstanceStatus", row.text("DBInstanceStatus")),
    ...optional("dbInstanceDescription", row.text("DBInstanceDescription")),
    ...optional("engine", row.text("Engine")),
    ...optional("engineVersion", row.text("EngineVersion")),
    ...optional("backupEnabled", row.text("BackupEnabled")),
    ...optional("backupEnabledTime", row.instant("BackupEnabledTime")),
    ...optional("logBackupEnabled", row.text("LogBackupEnabled")),
    ...optional("logBackupEnabledTime", row.instant("LogBackupEnabledTime")),
    ...optional("crossBackupRegion", row.text("CrossBackupRegion")),
    ...optional("crossBackupType", row.text("CrossBackupType")),
    ...optional("retentType", row.text("RetentType")),
    ...optional("retention", row.integer("Retention")),
    ...optional("lockMode", row.text("LockMode")),
    ...optional("relService", row.text("RelService")),
    ...optional("relServiceId", row.text("RelServiceId")),
  };
}
