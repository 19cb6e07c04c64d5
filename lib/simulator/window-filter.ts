import type { TimeWindow } from "./parameters";
import { WindowFilter, type World, type WorldRecord } from "./world";
import { timeOf } from "./world-records";

/** The fields that hold the start and the end of a kind of record. */
export interface TimeFields {
  readonly start: string;
  readonly end: string;
}

/**
 * Whether a record is in the window of a request, by the time that the world filters on. A record without such a
 * time is in every window: it is there to be judged, not to be missed.
 */
export function isInWindow(record: WorldRecord, window: TimeWindow, fields: TimeFields, world: World): boolean {
  const time = timeOf(record, world.windowFilters === WindowFilter.END ? fields.end : fields.start);
  return time === undefined || (time >= window.startMs && time <= window.endMs);
}
