/** What passes in so long a time is the rate that a limit allows, milliseconds. */
const measuredMs = 1_000;

/** Requests a second that are sent at least while the limit lets any pass. */
const leastRate = 1;

/** Bound of the pause between two requests while none passes, milliseconds. */
const maxGapMs = 5_000;

/** Each pause while none passes is so many times the one before: of the time that it takes, a third is lost. */
const gapGrowth = 1.5;

/** So far behind its time a request may be sent without moving the next one, milliseconds: timers are late. */
const lateMs = 50;

/** While nothing is refused, the first rate doubles in this time, milliseconds: the limit may be far above it. */
const guessDoublingMs = 1_000;

/** The same for a rate that was measured while the requests were spaced. */
const measuredDoublingMs = 10_000;

/**
 * When the requests to an API with an undocumented limit are sent: at once until one is refused; then evenly, at the
 * rate that passed in the last second, a little faster as time goes by without a refusal. While none passes at all,
 * fewer and fewer. Arithmetic alone: times are milliseconds of a clock that never goes back.
 */
export class Pace {
  /** When the requests of the last second passed. */
  private passedAt: number[] = [];
  /** Requests a second, as of the last refusal; undefined until there was one. */
  private rate: number | undefined;
  /** The most that `rate` may be: what was too fast. */
  private tooFast = Infinity;
  private doublingMs = guessDoublingMs;
  private startedAt = 0;
  /** When the rate was last lowered: what was sent before, and is refused, is of the same burst. */
  private loweredAt = -Infinity;
  private refusedAt = -Infinity;
  /** The time that the last request was due. */
  private dueAt = -Infinity;
  /** The pause before the next request while none passes. */
  private closedGapMs: number | undefined;

  /** How long the next request has to wait. */
  waitMs(now: number): number {
    return Math.max(0, this.dueAt + this.gapMs(now) - now);
  }

  /** Tells that a request is sent. */
  sent(now: number): void {
    if (this.closedGapMs === undefined) {
      this.dueAt = Math.max(this.dueAt + this.gapMs(now), now - lateMs);
    } else {
      this.dueAt = now;
      this.closedGapMs = Math.min(maxGapMs, this.closedGapMs * gapGrowth);
    }
  }

  /** Tells that the limit let a request pass, whatever the answer was. */
  passed(sentAt: number, now: number): void {
    this.passedAt.push(now);
    this.closedGapMs = undefined;
    if (this.rate !== undefined && sentAt < this.loweredAt) {
      // Refusals may overtake what passed before them.
      this.rate = Math.max(this.rate, Math.min(this.tooFast, this.passedLately(now)));
    }
  }

  /** Tells that the limit refused a request. */
  refused(sentAt: number, now: number): void {
    if (sentAt >= this.loweredAt && this.closedGapMs === undefined) {
      this.lower(now);
    }
    this.refusedAt = now;
    this.dueAt = Math.max(this.dueAt, now);
    this.closedGapMs ??= this.gapMs(now);
  }

  private lower(now: number): void {
    if (this.rate === undefined) {
      this.startedAt = now;
    } else if (now - this.startedAt >= measuredMs) {
      this.doublingMs = measuredDoublingMs;
    }
    this.tooFast = this.rateAt(now);
    this.rate = Math.max(leastRate, Math.min(this.tooFast, this.passedLately(now)));
    this.loweredAt = now;
  }

  private passedLately(now: number): number {
    this.passedAt = this.passedAt.filter((time) => now - time < measuredMs);
    return this.passedAt.length;
  }

  private gapMs(now: number): number {
    return this.closedGapMs ?? 1_000 / this.rateAt(now);
  }

  private rateAt(now: number): number {
    return this.rate === undefined ? Infinity : this.rate * 2 ** (((now - this.refusedAt) / this.doublingMs) ** 2);
  }
}
