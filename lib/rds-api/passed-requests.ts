/** A rate is what passes in so long a time, milliseconds. */
export const secondMs = 1_000;

/** For so long the best second is remembered, milliseconds: beyond two bursts of others who share the limit. */
const rememberedMs = 7_000;

/** The requests that passed a limit, as far back as they say something about it. */
export class PassedRequests {
  /** When the requests of the last second passed. */
  private readonly times: number[] = [];
  /** The seconds that no later one was as good as, the best one first. */
  private bestSeconds: { readonly end: number; readonly passed: number }[] = [];
  /** What passed until then says nothing about the limit, which was not in force. */
  private startedAt = Infinity;

  /** The time since the last request passed, milliseconds; 0 if there was none in the last second. */
  sinceLast(now: number): number {
    const last = this.times.at(-1);
    return last === undefined ? 0 : now - last;
  }

  /** Takes note that a request passed. */
  add(now: number): void {
    this.times.push(now);
    this.times.splice(
      0,
      this.times.findIndex((time) => now - time < secondMs),
    );
    if (this.startedAt === Infinity) {
      return;
    }
    const passed = this.times.filter((time) => time > this.startedAt).length;
    this.bestSeconds = this.bestSeconds.filter((best) => best.passed > passed);
    this.bestSeconds.push({ end: now, passed });
    const [best] = this.bestSeconds;
    if (best !== undefined && now - best.end > rememberedMs) {
      this.bestSeconds.shift();
    }
  }

  /** How many passed in the last second. */
  inLastSecond(now: number): number {
    return this.times.filter((time) => now - time < secondMs).length;
  }

  /** How many a second passed since a time within the last second. */
  rateSince(start: number, now: number): number {
    const passed = this.times.filter((time) => time >= start).length;
    return (passed * secondMs) / Math.max(1, now - start);
  }

  /** Begins to look for the best second; the first guess at it counts as one that has just ended. */
  startBest(passed: number, now: number): void {
    this.startedAt = now;
    this.bestSeconds = [{ end: now, passed }];
  }

  /** How many passed in the best second of late. */
  get best(): number {
    return this.bestSeconds[0]?.passed ?? 0;
  }
}
