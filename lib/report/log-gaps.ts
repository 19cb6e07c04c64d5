import { hoursBetween, type Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";

/** A stretch of time after the data of a backup that no copied log covers. */
export interface LogGap {
  readonly start: Instant;
  /** Where the next log begins; absent if none follows that can be restored. */
  readonly end?: Instant | undefined;
}

/**
 * Hours without a new log after which its copying counts as stopped: RDS for MySQL closes a log after six at the latest,
 * and then copies it.
 *
 * @see https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-mysql/generation-and-clearing-rules-of-mysql-binlogs
 */
const quietHours = 8;

/**
 * The gaps in the logs after a backup, the earliest first: those between logs, and the one between the last log and now.
 * None if its window was not looked up, or if its logs are not copied at all. Pure.
 *
 * After a gap between logs nobody knows where the last log ends: a restore gets no further than the first gap.
 *
 * @param logBackupEnabled whether RDS copies the logs; undefined if that is not known
 */
export function logGapsOf(
  { dataTime, recoverableUntil, recoveryGaps = [] }: RestorableBackup,
  logBackupEnabled: boolean | undefined,
  now: Instant,
): readonly LogGap[] {
  if (recoverableUntil === undefined || (recoverableUntil === dataTime && logBackupEnabled === false)) {
    return [];
  }
  // What RDS itself does not restore, no log after it does.
  const isCutShort = recoveryGaps.some(({ end }) => end === undefined);
  const isQuiet = recoveryGaps.length === 0 && hoursBetween(recoverableUntil, now) > quietHours;
  return isCutShort || isQuiet ? [{ start: recoverableUntil }] : recoveryGaps;
}

/** A gap in words. */
export function logGapText({ start, end }: LogGap): string {
  return end === undefined ? `no usable log after ${start}` : `no log from ${start} to ${end}`;
}
