/** A request as it came to the stand-in. */
export interface Arrival {
  /** When, within a few milliseconds, on a clock that never goes back. */
  readonly atMs: number;
  /** The instance and the time window that were asked for, and no page. */
  readonly listing: string;
  readonly isThrottled: boolean;
}

const firstSecondMs = 1_000;

/** The instance that those ask about who share the limit. */
export const otherInstance = "rm-of-others";

/**
 * How many round trips follow one another: the longest chain of requests of which each came after the answer to the
 * one before, if every answer takes `latencyMs`.
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

/** The share of the requests that were throttled after the first second. */
export function wastedShare(arrivals: readonly Arrival[]): number {
  const begin = Math.min(...arrivals.map(({ atMs }) => atMs));
  const later = arrivals.filter(({ atMs }) => atMs >= begin + firstSecondMs);
  return later.length === 0 ? 0 : later.filter(({ isThrottled }) => isThrottled).length / later.length;
}

/** How many listings (an instance in a time window) were asked for, whatever the number of pages. */
export function listingsOf(arrivals: readonly Arrival[]): number {
  return new Set(arrivals.map(({ listing }) => listing)).size;
}

/** The requests of the package, and those of others who share the limit. */
export function byOwner(arrivals: readonly Arrival[]): {
  readonly own: readonly Arrival[];
  readonly others: readonly Arrival[];
} {
  const isOfOthers = ({ listing }: Arrival): boolean => listing.startsWith(`${otherInstance} `);
  return { own: arrivals.filter((arrival) => !isOfOthers(arrival)), others: arrivals.filter(isOfOthers) };
}

/** The part of what others leave of a limit that is not used, while the package sends requests. */
export function unusedShare(arrivals: readonly Arrival[], requestsPerSecond: number): number {
  const { own, others } = byOwner(arrivals);
  const begin = Math.min(...own.map(({ atMs }) => atMs));
  const end = Math.max(...own.map(({ atMs }) => atMs));
  const passed = (some: readonly Arrival[]): number =>
    some.filter(({ atMs, isThrottled }) => !isThrottled && atMs >= begin && atMs <= end).length;
  const left = ((end - begin) / 1_000) * requestsPerSecond - passed(others);
  return 1 - passed(own) / left;
}
