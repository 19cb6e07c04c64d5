import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { EngineFamily, engineFamilyOf } from "../backup/engine-family";
import { addHours, type Instant } from "../backup/instant";
import { recoveryWindowOf } from "../backup/recovery-window";
import {
  describeAvailableRecoveryTime,
  type AvailableRecoveryTime,
} from "../rds-api/describe-available-recovery-time";
import { describeCrossRegionLogBackupFiles } from "../rds-api/describe-cross-region-log-backup-files";
import { ErrorKind } from "../rds-api/error-kind";
import { RdsApiError } from "../rds-api/rds-api-error";
import type { RdsClient } from "../rds-api/rds-client";

const hoursPerDay = 24;

/**
 * The documents do not say whether a listing filters by the begin or the end of a log, so one that holds the data
 * time may begin outside. No log is taken to span more than this.
 */
const marginHours = 2 * hoursPerDay;

/** The instance whose backups are asked about. */
interface Asked {
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  readonly resourceGroupId?: string;
}

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
  asked: Asked,
  backups: readonly CrossRegionBackup[],
  now: Instant,
): Promise<readonly CrossRegionBackup[]> {
  const [oldest] = backups.map(({ dataTime }) => dataTime).sort();
  if (oldest === undefined) {
    return [];
  }
  const { dbInstanceId, regionId } = asked;
  const [region, ...others] = new Set(backups.map(({ crossBackupRegion }) => crossBackupRegion));
  const [logs, reported] = await Promise.all([
    describeCrossRegionLogBackupFiles(client, {
      dbInstanceId,
      regionId,
      crossBackupRegion: others.length === 0 ? region : undefined,
      startTime: addHours(oldest, -marginHours),
      endTime: addHours(now, hoursPerDay),
    }),
    Promise.all(backups.map((backup) => reportedBy(client, asked, backup))),
  ]);
  return backups.map((backup, index) => ({
    ...backup,
    ...recoveryWindowOf(backup, logs, reported[index], now),
  }));
}

/** What leaves the logs alone to decide: that RDS tells no window, as of an instance on cloud disks. */
const refusals: ReadonlySet<ErrorKind> = new Set([
  ErrorKind.UNSUPPORTED,
  ErrorKind.MISUSE,
  ErrorKind.NOT_FOUND,
]);

/**
 * The window that RDS reports, for MySQL on local disks; undefined where it reports none. It is asked for
 * MySQL on any disks, since records spell storage types in many ways, and how it refuses others is not documented.
 */
async function reportedBy(
  client: RdsClient,
  { dbInstanceId, regionId, resourceGroupId }: Asked,
  { crossBackupId, engine }: CrossRegionBackup,
): Promise<AvailableRecoveryTime | undefined> {
  if (engineFamilyOf(engine) !== EngineFamily.MYSQL) {
    return undefined;
  }
  try {
    const request = { crossBackupId, dbInstanceId, regionId, resourceGroupId };
    return await describeAvailableRecoveryTime(client, request);
  } catch (error) {
    if (error instanceof RdsApiError && refusals.has(error.kind)) {
      return undefined;
    }
    throw error;
  }
}
