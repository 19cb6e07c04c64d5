import type { Instant } from "./instant";
import type { CrossRegionBackupRecord } from "./record-fields";
import type { RestorableBackup } from "./restorable-backup";
import { selectLatest } from "./select-latest";
import { rejectionOf, type RejectionReason, type SelectionCriteria } from "./validity";

/** A record, and what the rule of validity says about it. */
export interface JudgedRecord {
  readonly record: CrossRegionBackupRecord;
  /** `latest`, `valid`, or the reason why it is not valid. */
  readonly verdict: "latest" | "valid" | RejectionReason;
  /** The value that decided against it, and what it should have been; null if it is valid. */
  readonly detail: string | null;
  /** The backup with its recoverable window; null if it is not valid, absent if the windows were not asked for. */
  readonly window?: RestorableBackup | null;
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
  // Copies of one backup may differ; it is valid only if every copy is.
  const rejectionById = new Map(rejected.map((rejection) => [rejection.crossBackupId, rejection]));
  return records.map((record) => {
    const { crossBackupId } = record;
    const ofAnyCopy = crossBackupId === undefined ? undefined : rejectionById.get(crossBackupId);
    const rejection = rejectionOf(record, criteria, now) ?? ofAnyCopy;
    const valid = isEveryRecord && crossBackupId === backup?.crossBackupId ? "latest" : "valid";
    return { record, verdict: rejection?.reason ?? valid, detail: rejection?.detail ?? null };
  });
}
