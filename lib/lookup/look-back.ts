import { addHours, type Instant } from "../backup/instant";

const hoursPerDay = 24;

/**
 * Days that the windows reach back, one after the other: a week of backups with a margin, then a quarter,
 * then all that can be kept (1,825 days) with a margin.
 */
const lookBackDays = [10, 100, 1_828] as const;

/**
 * The documents do not say whether a window filters by the start or the end of a backup, so a record near the
 * start of a window may have a later neighbour outside. No backup is taken to run longer than this.
 */
const marginDays = 2;

/** The end lies ahead, since clocks differ and a backup may end while it is looked up. */
const aheadDays = 1;

/** A time window of a listing. */
export interface Window {
  readonly startTime: Instant;
  readonly endTime: Instant;
}

/** The windows to ask, each within the next; the last one holds everything that can be kept. */
export function lookBackWindows(now: Instant, notAfter: Instant | undefined): readonly Window[] {
  const latest = notAfter !== undefined && notAfter < now ? notAfter : now;
  const oldest = addHours(now, -lookBackDays[2] * hoursPerDay);
  const endTime = addHours(now, aheadDays * hoursPerDay);
  const starts = lookBackDays.map((days) => addHours(latest, -days * hoursPerDay));
  const startTimes = new Set(starts.map((start) => (start > oldest ? start : oldest)));
  return [...startTimes].map((startTime) => ({ startTime, endTime }));
}

/** Whether a backup of this data time, the latest within a window, is the latest of all. */
export function isLatestOfAll(dataTime: Instant, window: Window): boolean {
  return dataTime >= addHours(window.startTime, marginDays * hoursPerDay);
}
