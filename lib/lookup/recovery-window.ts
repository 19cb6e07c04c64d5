import { EngineFamily, engineFamilyOf } from "../backup/engine-family";
import { addHours, type Instant } from "../backup/instant";
import { type RecoveryGap, recoveryWindowOf } from "../backup/recovery-window";
import type { RestorableBackup } from "../backup/restorable-backup";
import {
  type AvailableRecoveryTime,
  describeAvailableRecoveryTime,
} from "../rds-api/actions/describe-available-recovery-time";
import { describeCrossRegionLogBackupFiles } from "../rds-api/actions/describe-cross-region-log-backup-files";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import type { RdsClient } from "../rds-api/rds-client";
import { type BackupQuery, subjectOf } from "./query";

const hoursPerDay = 24;

/**
 * The documents do not say whether a listing filters by the begin or the end of a log, so one that holds the data
 * time may begin outside. No log is taken to span more than this.
 */
const marginHours = 2 * hoursPerDay;

/** The instance whose backups are asked about. */
type Source = Pick<BackupQuery["request"], "dbInstanceId" | "regionId" | "resourceGroupId">;

/**
 * Backups of one instance with their recoverable windows. The logs are listed once, from the oldest backup on;
 * of each MySQL backup RDS is asked as well for the window that it reports. All of it side by side.
 *
 * Of the latest backup this is the latest point in time of all: the logs of an older one lead there, or stop at a
 * gap before it.
 *
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 */
export async function lookUpRecoveryWindows(
  client: RdsClient,
  source: Source,
  backups: readonly RestorableBackup[],
  now: Instant,
): Promise<readonly RestorableBackup[]> {
  const [oldest] = backups.map(({ dataTime }) => dataTime).sort();
  if (oldest === undefined) {
    return [];
  }
  const { dbInstanceId, regionId } = source;
  const [region, ...others] = new Set(backups.map(({ crossBackupRegion }) => crossBackupRegion));
  const [logs, reported] = await Promise.all([
    describeCrossRegionLogBackupFiles(client, {
      dbInstanceId,
      regionId,
      crossBackupRegion: others.length === 0 ? region : undefined,
      startTime: addHours(oldest, -marginHours),
      endTime: addHours(now, hoursPerDay),
    }),
    Promise.all(backups.map((backup) => reportedBy(client, source, backup))),
  ]);
  return backups.map((backup, index) => ({
    ...backup,
    ...recoveryWindowOf(backup, logs, reported[index], now),
  }));
}

/** If RDS refuses to say a window, as for an instance on cloud disks, the logs alone decide. */
const refusals = [ErrorKind.UNSUPPORTED, ErrorKind.MISUSE, ErrorKind.NOT_FOUND];

/**
 * The window that RDS reports, for MySQL on local disks; undefined if it reports none. It is asked for
 * MySQL on any disks, since records spell storage types in many ways, and how it refuses others is not documented.
 */
async function reportedBy(
  client: RdsClient,
  { dbInstanceId, regionId, resourceGroupId }: Source,
  { crossBackupId, engine }: RestorableBackup,
): Promise<AvailableRecoveryTime | undefined> {
  if (engineFamilyOf(engine) !== EngineFamily.MYSQL) {
    return undefined;
  }
  try {
    const request = { crossBackupId, dbInstanceId, regionId, resourceGroupId };
    return await describeAvailableRecoveryTime(client, request);
  } catch (error) {
    if (error instanceof RdsApiError && refusals.includes(error.kind)) {
      return undefined;
    }
    throw error;
  }
}

type Request = BackupQuery["request"];

/**
 * Says what the recoverable window of a backup lacks: it has gaps, or no log follows; undefined if it lacks
 * nothing, or is not known.
 */
export function explainWindow(request: Request, backup: RestorableBackup): string | undefined {
  const { crossBackupId, dataTime, recoverableUntil, recoveryGaps = [] } = backup;
  const { recoverableFrom = dataTime } = backup;
  if (recoverableUntil === undefined) {
    return undefined;
  }
  const whole = `the backup ${crossBackupId} of ${subjectOf({ request })}`;
  const gaps = recoveryGaps.map(gapText).join("; ");
  const noLog = `as no log follows: look at LogBackupEnabled in "aliyun rds DescribeInstanceCrossBackupPolicy --RegionId ${request.regionId} --DBInstanceId ${request.dbInstanceId}" to see whether logs are copied`;
  if (recoverableFrom > recoverableUntil) {
    return `${whole} can be restored as it is, but to no known point in time: its data may be as late as ${recoverableFrom}, and the logs lead no further than ${recoverableUntil}, ${gaps === "" ? noLog : `and to no later time: ${gaps}`}`;
  }
  if (gaps !== "") {
    return `${whole} can be restored up to ${recoverableUntil}, and to no later time: ${gaps}`;
  }
  return recoverableUntil === dataTime
    ? `${whole} can be restored to its data time alone, ${recoverableUntil}, ${noLog}`
    : undefined;
}

/** The same for many backups of one instance, newest first: each gap of the logs once. */
export function explainWindows(request: Request, backups: readonly RestorableBackup[]): readonly string[] {
  const byEnd = new Map<string, RecoveryGap>();
  for (const gap of backups.flatMap(({ recoveryGaps = [] }) => recoveryGaps)) {
    // Of an older backup, a gap begins at its data time at the latest; what ends together is one gap.
    const key = gap.end ?? `after ${gap.start}`;
    const known = byEnd.get(key);
    byEnd.set(key, known !== undefined && known.start < gap.start ? known : gap);
  }
  const gaps = [...byEnd.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
  const [newest] = backups;
  const ofNewest = newest?.recoveryGaps?.length === 0 ? explainWindow(request, newest) : undefined;
  return [
    ...gaps.map((gap) => `${gapText(gap)}: an older backup cannot be restored to a later time`),
    ...(ofNewest === undefined ? [] : [ofNewest]),
  ];
}

function gapText({ start, end }: RecoveryGap): string {
  return end === undefined
    ? `RDS reports ${start} as the end, though the logs go on`
    : `no log covers the time from ${start} to ${end}`;
}
