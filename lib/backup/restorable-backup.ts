import { dataTimeOf } from "./data-time";
import { flag, type Form, instant } from "./forms";
import { addHours, hoursBetween, type Instant } from "./instant";
import { type CrossRegionBackupFile, type CrossRegionBackupRecord, recordFields } from "./record-fields";
import type { RecoveryGap } from "./recovery-window";

const hoursPerDay = 24;

/** A record that can be restored: it has an id, a data time and at least one region to restore to. */
export interface RestorableBackup extends CrossRegionBackupFile {
  /** Id of the cross-region backup file, a string of digits. */
  readonly crossBackupId: string;
  /** The point to which a restore brings the data. */
  readonly dataTime: Instant;
  /** True if the start of the backup replaces a missing or implausible ConsistentTime. */
  readonly dataTimeEstimated: boolean;
  /**
   * The first point in time to which the backup and its logs can be restored. It is the data time, or later if that is
   * estimated or RDS says so. It is absent unless the recoverable window was asked for. If there is no such point, it is
   * after `recoverableUntil`.
   */
  readonly recoverableFrom?: Instant;
  /**
   * The last point in time to which the backup and the logs after it can be restored; absent unless the
   * recoverable window was asked for.
   */
  readonly recoverableUntil?: Instant;
  /** What the logs do not cover, the earliest first; absent unless the recoverable window was asked for. */
  readonly recoveryGaps?: RecoveryGap[];
}

/** The facts that a restorable backup has beyond its record; the list of gaps apart. */
const judgedFacts = {
  dataTime: { form: instant },
  dataTimeEstimated: { form: flag },
  recoverableFrom: { form: instant },
  recoverableUntil: { form: instant },
} satisfies Record<
  Exclude<keyof RestorableBackup, keyof CrossRegionBackupRecord | "recoveryGaps">,
  { readonly form: Pick<Form<unknown>, "allowed" | "holds"> }
>;

/** Every fact of a restorable backup that is a single value; the others are the lists of regions, gaps and notes. */
export const singleFacts = { ...recordFields, ...judgedFacts };

/** The names of all facts of a restorable backup, apart from the notes on what was unreadable. */
export const factNames = [...Object.keys(singleFacts), "restoreRegions", "recoveryGaps"] as readonly Exclude<
  keyof RestorableBackup,
  "unreadable"
>[];

/** A record with its data time; undefined if it has no id or no readable time. */
export function toRestorableBackup(record: CrossRegionBackupRecord): RestorableBackup | undefined {
  const dataTime = dataTimeOf(record);
  if (record.crossBackupId === undefined || dataTime === undefined) {
    return undefined;
  }
  return {
    ...record,
    crossBackupId: record.crossBackupId,
    dataTime: dataTime.instant,
    dataTimeEstimated: dataTime.estimated,
  };
}

/** A backup in a message. */
export function backupText({ crossBackupId, dataTime }: RestorableBackup): string {
  return `${crossBackupId} (data of ${dataTime})`;
}

/**
 * When the copy is deleted. The documents do not say from when the days count: from the start, which never flatters.
 *
 * @param retentionDays for how many days a copy is kept
 */
export function expiryOf(
  { backupStartTime, dataTime }: Pick<RestorableBackup, "backupStartTime" | "dataTime">,
  retentionDays: number,
): Instant {
  return addHours(backupStartTime ?? dataTime, retentionDays * hoursPerDay);
}

/** Whether the data of a backup is older than the recovery point objective allows. */
export function isOlderThan(dataTime: Instant, maxAgeHours: number, now: Instant): boolean {
  return hoursBetween(dataTime, now) > maxAgeHours;
}

/** The order of preference, the better backup first: data time, then end, then the greater id. Total but for equal records. */
export function compareBackups(a: RestorableBackup, b: RestorableBackup): number {
  return (
    descending(a.dataTime, b.dataTime) ||
    descending(a.backupEndTime ?? "", b.backupEndTime ?? "") ||
    descending(BigInt(a.crossBackupId), BigInt(b.crossBackupId))
  );
}

/** Compares so that a sort puts the greater one first. */
export function descending<T extends string | number | bigint>(a: T, b: T): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
