import type { Instant } from "./instant";
import type { CrossRegionBackupRecord } from "./record-fields";
import { compareBackups, descending, type RestorableBackup, toRestorableBackup } from "./restorable-backup";
import { type LeftOut, type Rejection, rejectionOf, type RejectionReason, type SelectionCriteria } from "./validity";

/** The latest valid full backup among the records, and why each of the others that are not valid is not. */
export interface Selection extends Rejections {
  /** Absent if no record is valid. */
  readonly backup?: RestorableBackup;
}

/** Why records are not valid. */
export interface Rejections {
  /** Records that are not valid, the newest first; of each reason the newest 100. */
  readonly rejected: readonly Rejection[];
  /** How many more of each reason there are; absent if there are none. */
  readonly leftOut?: LeftOut;
}

/**
 * Picks the latest valid full backup. Pure and total: the same records in any order, with any duplicates,
 * give the same answer.
 *
 * Copies of one backup can differ, since a list may change while its pages are read. Such a backup is taken
 * only if every copy is valid, with the least flattering of their data times.
 *
 * @param refused the backups that the preflight refused, by id
 */
export function selectLatest(
  records: readonly CrossRegionBackupRecord[],
  criteria: SelectionCriteria,
  now: Instant,
  refused?: ReadonlyMap<string, Rejection>,
): Selection {
  const latest = new LatestAmong(criteria, now);
  latest.add(records);
  return latest.selection(refused);
}

/** Candidates that are kept: more than are ever refused one after the other. */
const keptCandidates = 10;

/** Rejections of each reason that are kept. */
const keptRejections = 100;

interface Rejected {
  readonly rejection: Rejection;
  readonly record: CrossRegionBackupRecord;
}

/**
 * `selectLatest` for a list that comes in pages: what is kept of the pages does not grow with their number. The
 * copies of a backup have to come together.
 */
export class LatestAmong {
  private readonly candidates = new Newest<RestorableBackup>(keptCandidates, compareBackups);
  private readonly rejected = new Map<RejectionReason, Newest<Rejected>>();

  constructor(
    private readonly criteria: SelectionCriteria,
    private readonly now: Instant,
  ) {}

  /** Takes more of the records. */
  add(records: readonly CrossRegionBackupRecord[]): void {
    for (const copies of distinctBackups(records)) {
      const [notValid] = copies.flatMap((record) => this.rejectedIn(record));
      if (notValid !== undefined) {
        this.reject(notValid);
        continue;
      }
      const backups = copies.map(toRestorableBackup).filter((backup) => backup !== undefined);
      this.candidates.add(...backups.sort(compareBackups).slice(-1));
    }
  }

  /** The latest of all records so far, but for those that are refused. */
  selection(refused: ReadonlyMap<string, Rejection> = new Map()): Selection {
    const candidates = this.candidates.all;
    const known = candidates.flatMap((record): Rejected[] => {
      const rejection = refused.get(record.crossBackupId);
      return rejection === undefined ? [] : [{ rejection, record }];
    });
    const kept = [...this.rejected.values()].flatMap(({ all }) => all);
    const leftOut = [...this.rejected].flatMap(([reason, { leftOut: count }]) =>
      count > 0 ? [[reason, count] as const] : [],
    );
    return {
      backup: candidates.find(({ crossBackupId }) => !refused.has(crossBackupId)),
      rejected: [...kept, ...known]
        .sort((a, b) => compareRecords(a.record, b.record))
        .map(({ rejection }) => rejection),
      leftOut: leftOut.length === 0 ? undefined : Object.fromEntries(leftOut),
    };
  }

  private rejectedIn(record: CrossRegionBackupRecord): readonly Rejected[] {
    const rejection = rejectionOf(record, this.criteria, this.now);
    return rejection === undefined ? [] : [{ record, rejection }];
  }

  private reject(rejected: Rejected): void {
    const { reason } = rejected.rejection;
    const ofReason =
      this.rejected.get(reason) ?? new Newest<Rejected>(keptRejections, (a, b) => compareRecords(a.record, b.record));
    this.rejected.set(reason, ofReason);
    ofReason.add(rejected);
  }
}

/** The first few of many, by an order. */
class Newest<T> {
  private kept: T[] = [];
  private count = 0;

  constructor(
    private readonly most: number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  add(...items: readonly T[]): void {
    this.count += items.length;
    this.kept.push(...items);
    // Sorted now and then: each time would cost more than what is held for a while.
    if (this.kept.length >= 2 * this.most) {
      this.kept = this.all;
    }
  }

  get all(): T[] {
    return [...this.kept].sort(this.compare).slice(0, this.most);
  }

  get leftOut(): number {
    return Math.max(0, this.count - this.most);
  }
}

/** Records grouped by id, or by everything they say if they have none; the copies in an order of their own. */
function distinctBackups(records: readonly CrossRegionBackupRecord[]): CrossRegionBackupRecord[][] {
  const groups = new Map<string, CrossRegionBackupRecord[]>();
  for (const record of records) {
    const id = record.crossBackupId ?? "0";
    const key = id === "0" ? JSON.stringify(record) : id;
    const copies = groups.get(key);
    if (copies === undefined) {
      groups.set(key, [record]);
    } else {
      copies.push(record);
    }
  }
  return [...groups.values()].map((copies) => (copies.length === 1 ? copies : distinctCopies(copies)));
}

function distinctCopies(copies: readonly CrossRegionBackupRecord[]): CrossRegionBackupRecord[] {
  const byText = new Map(copies.map((record) => [JSON.stringify(record), record]));
  return [...byText].sort(([a], [b]) => descending(a, b)).map(([, record]) => record);
}

/** Newest first, whatever is missing; a total order over distinct records. */
export function compareRecords(a: CrossRegionBackupRecord, b: CrossRegionBackupRecord): number {
  return (
    descending(a.backupStartTime ?? "", b.backupStartTime ?? "") ||
    descending(BigInt(a.crossBackupId ?? "0"), BigInt(b.crossBackupId ?? "0")) ||
    descending(JSON.stringify(a), JSON.stringify(b))
  );
}
