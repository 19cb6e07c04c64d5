import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { addHours, hoursBetween, type Instant } from "../backup/instant";

const hoursPerDay = 24;

/** An id that is gone within three days may be gone when the night comes on which it is needed. */
const soonHours = 3 * hoursPerDay;

/**
 * Says that a backup expires soon, or has expired; undefined where neither is so, or where nobody knows. The
 * documents do not say from when the days count: from the start, which never flatters.
 */
export function explainExpiry(
  { crossBackupId, backupStartTime, dataTime }: CrossRegionBackup,
  retentionDays: number | undefined,
  now: Instant,
): string | undefined {
  if (retentionDays === undefined) {
    return undefined;
  }
  // By far the most have long to go: they cost no more than a look at the clock.
  const hoursLeft = retentionDays * hoursPerDay - hoursBetween(backupStartTime ?? dataTime, now);
  if (hoursLeft > soonHours) {
    return undefined;
  }
  const expires = addHours(backupStartTime ?? dataTime, retentionDays * hoursPerDay);
  const what = `the locked backup ${crossBackupId}, kept for ${retentionDays} days,`;
  const remedy =
    'see whether it is there with "npx rds-dr check", and get a newer one with "npx rds-dr refresh"';
  if (expires <= now) {
    return `${what} has expired at ${expires}: ${remedy}`;
  }
  return `${what} expires at ${expires}: ${remedy}`;
}
