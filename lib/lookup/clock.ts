import type { Instant } from "../backup/instant";

/** The time now, cut to the second: read once for a run, then passed in. */
export function readClock(): Instant {
  return `${new Date().toISOString().slice(0, "yyyy-MM-ddTHH:mm:ss".length)}Z`;
}
