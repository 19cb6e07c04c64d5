import { addHours, type Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";

/** A fact of a locked backup that its other facts rule out. */
export interface SelfContradiction {
  readonly fact: "dataTime" | "recoverableFrom" | "recoverableUntil";
  readonly value: string;
  /** What the other facts allow, as the end of "must be …". */
  readonly allowed: string;
}

/** When a locked backup was read, and when it is judged. */
export interface LockedAt {
  /** When the entry last changed; absent if it does not say so. */
  readonly changedAt?: Instant;
  readonly now: Instant;
}

/** As far as clocks may differ. */
const toleranceHours = 1;

/** The contradiction within a locked backup; undefined if there is none. What a refresh writes has none. Pure. */
export function selfContradiction(backup: RestorableBackup, at: LockedAt): SelfContradiction | undefined {
  return flawOfDataTime(backup) ?? flawOfWindow(backup, at);
}

/** A contradiction in words. */
export function flawText({ fact, value, allowed }: SelfContradiction): string {
  return `its ${fact} must be ${allowed}, but is locked as "${value}"`;
}

function flawOfDataTime({
  dataTime,
  dataTimeEstimated,
  backupStartTime: start,
  backupEndTime: end,
  consistentTime,
}: RestorableBackup): SelfContradiction | undefined {
  const flawOf = (allowed: string): SelfContradiction => ({ fact: "dataTime", value: dataTime, allowed });
  // If RDS states an end that makes no sense, a refresh locks it beside the estimate.
  if (dataTimeEstimated && dataTime === start) {
    return undefined;
  }
  if (start !== undefined && dataTime < start) {
    return flawOf(`at or after its own backupStartTime, "${start}"`);
  }
  if (end !== undefined && dataTime > end) {
    return flawOf(`at or before its own backupEndTime, "${end}"`);
  }
  const isPlausible = start !== undefined && consistentTime !== undefined && start <= consistentTime;
  return isPlausible && dataTime > consistentTime
    ? flawOf(`at or before its own consistentTime, "${consistentTime}"`)
    : undefined;
}

/** A window begins at the data time or later, and ends at the first gap or before; there is none in the future. */
function flawOfWindow(
  {
    dataTime,
    backupEndTime,
    recoverableFrom: from,
    recoverableUntil: until,
    recoveryGaps = [],
  }: RestorableBackup,
  { now, changedAt = now }: LockedAt,
): SelfContradiction | undefined {
  if (from !== undefined && from < dataTime) {
    return { fact: "recoverableFrom", value: from, allowed: `at or after its own dataTime, "${dataTime}"` };
  }
  if (until === undefined) {
    return undefined;
  }
  const flawOfEnd = (allowed: string): SelfContradiction => ({
    fact: "recoverableUntil",
    value: until,
    allowed,
  });
  if (until < dataTime) {
    return flawOfEnd(`at or after its own dataTime, "${dataTime}"`);
  }
  const gap = recoveryGaps.find((each) => each.start < until);
  if (gap !== undefined) {
    return flawOfEnd(`at or before the gap of its own recoveryGaps that begins at "${gap.start}"`);
  }
  // The logs were listed then: they lead no further.
  const readAt = changedAt < now ? changedAt : now;
  if (until > addHours(readAt, toleranceHours)) {
    const source = readAt === now ? "now" : "its own changedAt";
    return flawOfEnd(`at most an hour after ${source}, "${readAt}"`);
  }
  // The end of a backup whose data time is estimated may lie after the last log: then no point in time is known.
  return from !== undefined && from > until && from !== backupEndTime
    ? { fact: "recoverableFrom", value: from, allowed: `at or before its own recoverableUntil, "${until}"` }
    : undefined;
}
