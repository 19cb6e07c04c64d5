import {
  compareBackups,
  descending,
  toCrossRegionBackup,
  type CrossRegionBackup,
} from "./cross-region-backup";
import type { CrossRegionBackupRecord } from "./cross-region-backup-record";
import type { Instant } from "./instant";
import type { Rejection } from "./rejection";
import { optional } from "./row";
import { rejectionOf, type SelectionCriteria } from "./validity";

/** The latest valid full backup among the records, and why each of the others that are not valid is not. */
export interface Selection {
  /** Absent where no record is valid. */
  readonly backup?: CrossRegionBackup;
  /** Records that are not valid, the newest first. */
  readonly rejected: readonly Rejection[];
}

/**
 * Picks the latest valid full backup. Pure and total: the same records in any order, with any duplicates,
 * give the same answer.
 *
 * Copies of one backup can differ, since a list may change while its pages are read. Such a backup is taken
 * only if every copy is valid, with the least flattering of their data times.
 *
 * @param refused what is known against backups besides what their records say, by id
 */
export function selectLatest(
  records: readonly CrossRegionBackupRecord[],
  criteria: SelectionCriteria,
  now: Instant,
  refused: ReadonlyMap<string, Rejection> = new Map(),
): Selection {
  const known = ({ crossBackupId = "" }: CrossRegionBackupRecord): Rejection | undefined =>
    refused.get(crossBackupId);
  const valid: CrossRegionBackup[] = [];
  const rejected: { readonly rejection: Rejection; readonly record: CrossRegionBackupRecord }[] = [];
  for (const copies of distinctBackups(records)) {
    const notValid = copies
      .map((record) => ({ record, rejection: rejectionOf(record, criteria, now) ?? known(record) }))
      .find(hasRejection);
    if (notValid === undefined) {
      valid.push(...copies.map(toCrossRegionBackup).filter(isDefined).sort(compareBackups).slice(-1));
    } else {
      rejected.push(notValid);
    }
  }
  const [backup] = valid.sort(compareBackups);
  return {
    ...optional("backup", backup),
    rejected: rejected.sort((a, b) => compareRecords(a.record, b.record)).map(({ rejection }) => rejection),
  };
}

/** Records grouped by id, or by everything they say where they have none; the copies in an order of their own. */
function distinctBackups(records: readonly CrossRegionBackupRecord[]): CrossRegionBackupRecord[][] {
  const groups = new Map<string, Map<string, CrossRegionBackupRecord>>();
  for (const record of records) {
    const text = JSON.stringify(record);
    const id = record.crossBackupId ?? "0";
    const key = id === "0" ? text : id;
    const copies = groups.get(key) ?? new Map<string, CrossRegionBackupRecord>();
    groups.set(key, copies.set(text, record));
  }
  return [...groups.values()].map((copies) =>
    [...copies].sort(([a], [b]) => descending(a, b)).map(([, record]) => record),
  );
}

/** Newest first, whatever is missing; a total order over distinct records. */
export function compareRecords(a: CrossRegionBackupRecord, b: CrossRegionBackupRecord): number {
  return (
    descending(a.backupStartTime ?? "", b.backupStartTime ?? "") ||
    descending(BigInt(a.crossBackupId ?? "0"), BigInt(b.crossBackupId ?? "0")) ||
    descending(JSON.stringify(a), JSON.stringify(b))
  );
}

function hasRejection<T extends { rejection: Rejection | undefined }>(
  judged: T,
): judged is T & { rejection: Rejection } {
  return judged.rejection !== undefined;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
