import { isOlderThan, type CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import { summariseRejections, type Rejection } from "../backup/rejection";
import { ErrorKind } from "../rds-api/error-kind";
import type { LookupFailure } from "./answer";
import type { LatestRequest } from "./query";

/** Rejections that are told in full; the others are only counted. */
const toldRejections = 5;

/** Says that there is no valid backup: why, record by record for the newest, and what to do. */
export function explainNone(request: LatestRequest, rejected: readonly Rejection[]): LookupFailure {
  const lines = rejected
    .slice(0, toldRejections)
    .map(({ crossBackupId = "(no id)", reason, detail }) => `\n  ${crossBackupId}: ${reason}: ${detail}`);
  const rest = rejected.length > toldRejections ? `\n  … and ${rejected.length - toldRejections} more` : "";
  const count =
    rejected.length === 0
      ? "the API lists no cross-region backup at all"
      : `of ${rejected.length} records none is valid (${summariseRejections(rejected)})`;
  return {
    kind: ErrorKind.NOT_FOUND,
    code: "NoValidBackup",
    message: `no valid full backup of ${describeRequest(request)}: ${count}${lines.join("")}${rest}`,
    hint:
      rejected.length === 0
        ? "check that cross-region backup is enabled for the instance, and since when; a first copy can take a day"
        : `see every record: rds-dr list --db-instance-id ${request.dbInstanceId} --region-id ${request.regionId}`,
  };
}

/** Says that the latest valid backup is older than the recovery point objective allows; undefined where it is not. */
export function explainStale(
  request: LatestRequest,
  { crossBackupId, dataTime }: CrossRegionBackup,
  maxAgeHours: number | undefined,
  now: Instant,
): LookupFailure | undefined {
  if (maxAgeHours === undefined || !isOlderThan(dataTime, maxAgeHours, now)) {
    return undefined;
  }
  return {
    kind: ErrorKind.NOT_FOUND,
    code: "BackupTooOld",
    message: `the latest valid backup of ${describeRequest(request)}, ${crossBackupId}, holds the data of ${dataTime}, which is more than maxAgeHours (${maxAgeHours}) ago`,
    hint: 'find out why no newer copy arrived; in a real disaster, pass it knowingly with onStale "warn" or RDS_DR_ON_STALE=warn',
  };
}

/** The question, in words. */
function describeRequest(request: LatestRequest): string {
  const { dbInstanceId, regionId, crossBackupRegion, restoreRegion, notAfter } = request;
  return [
    `"${dbInstanceId}" of ${regionId}`,
    crossBackupRegion === undefined ? undefined : `stored in ${crossBackupRegion}`,
    restoreRegion === undefined ? undefined : `restorable to ${restoreRegion}`,
    notAfter === undefined ? undefined : `not after ${notAfter}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}
