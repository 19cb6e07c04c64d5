/** A request as it came to the stand-in. */
export interface Arrival {
  /** When, within a few milliseconds, on a clock that never goes back. */
  readonly atMs: number;
  /** The instance and the time window that were asked for, and no page. */
  readonly listing: string;
  readonly isThrottled: boolean;
}

const firstSecondMs = 1_000;

/**
 * How many round trips follow one another: the longest chain of requests of which each came after the answer to the
 * one before, where every answer takes `latencyMs`.
 */
export function depthOf(arrivals: readonly Arrival[], latencyMs: number): number {
  let depth = 0;
  let answeredAt = -Infinity;
  for (const { atMs } of [...arrivals].sort((a, b) => a.atMs - b.atMs)) {
    if (atMs >= answeredAt) {
      depth += 1;
      answeredAt = atMs + latencyMs;
    }
  }
  return depth;
}

/** The share of the requests that were refused for their number, once the first second is over. */
export function wastedShare(arrivals: readonly Arrival[]): number {
  const begin = Math.min(...arrivals.map(({ atMs }) => atMs));
  const later = arrivals.filter(({ atMs }) => atMs >= begin + firstSecondMs);
  return later.length === 0 ? 0 : later.filter(({ isThrottled }) => isThrottled).length / later.length;
}

/** How many listings (an instance in a time window) were asked for, whatever the number of pages. */
export function listingsOf(arrivals: readonly Arrival[]): number {
  return new Set(arrivals.map(({ listing }) => listing)).size;
}
