import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import type { RecoveryWindow } from "../backup/recovery-window";
import type { RejectionReason } from "../backup/rejection";
import { selectLatest } from "../backup/select-latest";
import { rejectionOf, type SelectionCriteria } from "../backup/validity";

/** A record with what the rule of validity says of it. */
export interface JudgedRecord {
  readonly record: CrossRegionBackupRecord;
  /** `latest`, `valid`, or the reason why it is not valid. */
  readonly verdict: "latest" | "valid" | RejectionReason;
  /** The value that decided against it, and what it should have been; null where it is valid. */
  readonly detail: string | null;
  /** Its recoverable window; null where it is not valid, absent where that was not asked for. */
  readonly window?: RecoveryWindow | null;
}

/**
 * Judges the records of a listing.
 *
 * @param isEveryRecord whether they are all that is kept: only then can one of them be called the latest
 */
export function judge(
  records: readonly CrossRegionBackupRecord[],
  criteria: SelectionCriteria,
  now: Instant,
  isEveryRecord: boolean,
): readonly JudgedRecord[] {
  const { backup, rejected } = selectLatest(records, criteria, now);
  // Copies of one backup may differ; it is valid only where every copy is.
  const rejectionById = new Map(rejected.map((rejection) => [rejection.crossBackupId, rejection]));
  return records.map((record) => {
    const { crossBackupId } = record;
    const ofAnyCopy = crossBackupId === undefined ? undefined : rejectionById.get(crossBackupId);
    const rejection = rejectionOf(record, criteria, now) ?? ofAnyCopy;
    const valid = isEveryRecord && crossBackupId === backup?.crossBackupId ? "latest" : "valid";
    return { record, verdict: rejection?.reason ?? valid, detail: rejection?.detail ?? null };
  });
}
