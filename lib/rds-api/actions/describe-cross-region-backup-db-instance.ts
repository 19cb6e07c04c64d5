import { region, word } from "../../backup/forms";
import { knownFields } from "../../backup/json-object";
import { Row } from "../../backup/row";
import { checkInstanceId, checkRegionId, InvalidRequestError } from "../../validation/checks";
import { readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";
import { type DbInstance, parseDbInstance } from "./describe-db-instances";

/** The parameters of DescribeCrossRegionBackupDBInstance. */
export interface DescribeCrossRegionBackupDbInstanceRequest {
  /** Region of the source instances. */
  readonly regionId: string;
  /** Only these instances, at most 30. @default - all of the region */
  readonly dbInstanceIds?: readonly string[];
}

/** An instance that has a cross-region backup policy. A fact is undefined if the API does not say it. */
export interface CopiedInstance extends DbInstance {
  /** The region that was asked. */
  readonly regionId: string;
  /** Region to which its backups are copied. */
  readonly crossBackupRegion?: string;
  /** For how many days a copy is kept. */
  readonly retentionDays?: number;
  /** Whether backups are copied now. Copies that were made before stay until they expire. */
  readonly backupEnabled?: boolean;
  /** Whether logs are copied now. */
  readonly logBackupEnabled?: boolean;
}

const action = "DescribeCrossRegionBackupDBInstance";

/** The most ids that one request names, and the most rows in a page: no document says that a larger page is taken. */
export const mostInstances = 30;

/**
 * Lists the instances of a region whose backups are, or were, copied to another region: every page, in the order of the
 * API. One request for each 30. A list that cannot be read as a whole is an error.
 *
 * @param client of the endpoint that serves the region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackupdbinstance
 */
export async function describeCrossRegionBackupDbInstance(
  client: RdsClient,
  { regionId, dbInstanceIds }: DescribeCrossRegionBackupDbInstanceRequest,
): Promise<readonly CopiedInstance[]> {
  checkRegionId("regionId", regionId);
  if (dbInstanceIds !== undefined && (dbInstanceIds.length === 0 || dbInstanceIds.length > mostInstances)) {
    throw new InvalidRequestError("dbInstanceIds", dbInstanceIds.length, `1 to ${mostInstances} ids`);
  }
  dbInstanceIds?.forEach((id) => {
    checkInstanceId("dbInstanceIds", id);
  });
  return readAllPages(client, {
    action,
    paging: { pageSize: mostInstances },
    parameters: { RegionId: regionId, DBInstanceId: dbInstanceIds?.join(",") },
    // A row that is missing is an instance that nobody looks after.
    isTotalExact: true,
    totalField: "TotalRecords",
    idField: "DBInstanceId",
    parse: (item) => parseCopiedInstance(item, regionId),
  });
}

function parseCopiedInstance(item: unknown, regionId: string): CopiedInstance {
  const row = new Row(item);
  return knownFields<CopiedInstance>({
    ...parseDbInstance(action, item),
    regionId,
    crossBackupRegion: row.read("CrossBackupRegion", region),
    retentionDays: row.integer("Retention"),
    backupEnabled: switchOf(row, "BackupEnabled"),
    logBackupEnabled: switchOf(row, "LogBackupEnabled"),
  });
}

/** Documents say `Enable` and `Disable`; the same switches of other actions are `1` and `0`, or `true` and `false`. */
const switches: Readonly<Record<string, boolean>> = {
  ...{ enable: true, enabled: true, true: true, "1": true },
  ...{ disable: false, disabled: false, false: false, "0": false },
};

function switchOf(row: Row, field: string): boolean | undefined {
  const text = row.read(field, word)?.toLowerCase();
  return text !== undefined && Object.hasOwn(switches, text) ? switches[text] : undefined;
}
