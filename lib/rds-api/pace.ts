/** Over so long a time it is counted what a limit lets through, milliseconds. */
const countedMs = 1_000;

/** So much of what was counted is sent: where a limit is met exactly, every timer that is early is a refusal. */
const margin = 0.97;

/** A burst of refusals leaves at least so much of the rate, and is no measure of it if it were to leave less. */
const leastLeft = 1 / 3;

/** Requests a second at least, while any pass. */
const leastRate = 1;

/** While none is refused, a first guess at the rate doubles in this time, milliseconds: it may be far too low. */
const guessDoublingMs = 1_000;

/** The same once the rate was measured. */
const measuredDoublingMs = 10_000;

/** Doublings without a refusal in all, so that a rate of long ago can be lowered within seconds. */
const maxDoublings = 10;

/** Bounds of the pause between two requests while none passes, milliseconds. */
const firstGapMs = 200;
const maxGapMs = 5_000;

/** Each such pause is so many times the one before: a third of the time is lost at most. */
const gapGrowth = 1.5;

/** Timers are late: so far behind its time a request may be sent without moving those after it, milliseconds. */
const latenessMs = 50;

/**
 * When the requests to an API are sent whose limit nobody documents, be it a window that slides, one by the clock or
 * a bucket of tokens. At once until one is refused; then evenly spaced, at the rate that passed in the last second,
 * and the faster the longer none is refused. While none passes at all, ever fewer. Arithmetic alone: all times are
 * milliseconds of a clock that never goes back.
 */
export class Pace {
  /** When requests passed, as far as it counts. */
  private readonly passedAt: number[] = [];
  /** Requests a second at the last refusal; undefined before the first one. */
  private rate: number | undefined;
  /** The rate that the last burst of refusals was the answer to. */
  private tooFast = Infinity;
  private doublingMs = guessDoublingMs;
  /** The refusal of anything that was sent before belongs to the burst that lowered the rate. */
  private loweredAt = -Infinity;
  private refusedAt = -Infinity;
  /** When the last request was due. */
  private dueAt = -Infinity;
  /** The pause before the next request; undefined unless the last answer was a refusal. */
  private closedGapMs: number | undefined;

  /** About how many requests a second the limit lets through; undefined where none was refused of late. */
  limit(now: number): number | undefined {
    return this.rate === undefined || now - this.refusedAt > measuredDoublingMs
      ? undefined
      : Math.max(leastRate, Math.round(this.rate));
  }

  /** How long the next request has to wait. */
  waitMs(now: number): number {
    return Math.max(0, this.dueAt + this.gapMs(now) - now);
  }

  /** Takes note that a request is sent. */
  sent(now: number): void {
    if (this.closedGapMs === undefined) {
      this.dueAt = Math.max(this.dueAt + this.gapMs(now), now - latenessMs);
    } else {
      this.dueAt = now;
      this.closedGapMs = Math.min(maxGapMs, this.closedGapMs * gapGrowth);
    }
  }

  /** Takes note that the limit let a request pass, whatever the answer was. */
  passed(sentAt: number, now: number): void {
    this.passedAt.push(now);
    this.forget(now);
    this.closedGapMs = undefined;
    if (this.rate !== undefined && sentAt < this.loweredAt) {
      // The burst is not over: a refusal may overtake the answers to requests that passed before it.
      this.rate = Math.max(this.rate, Math.min(this.tooFast, this.passingRate(now)));
    }
  }

  /** Takes note that the limit refused a request. */
  refused(sentAt: number, now: number): void {
    if (sentAt >= this.loweredAt && this.closedGapMs === undefined) {
      this.lower(now);
    }
    this.refusedAt = now;
    this.dueAt = Math.max(this.dueAt, now);
    this.closedGapMs ??= Math.min(firstGapMs, this.gapMs(now));
  }

  private lower(now: number): void {
    const passing = this.passingRate(now);
    this.tooFast = this.rateAt(now);
    const least = this.rate === undefined ? leastRate : Math.max(leastRate, this.tooFast * leastLeft);
    if (this.rate !== undefined && passing >= least) {
      this.doublingMs = measuredDoublingMs;
    }
    this.rate = Math.max(least, Math.min(this.tooFast, passing));
    this.loweredAt = now;
  }

  private forget(now: number): void {
    const counted = this.passedAt.findIndex((time) => now - time < countedMs);
    this.passedAt.splice(0, counted < 0 ? this.passedAt.length : counted);
  }

  private passingRate(now: number): number {
    this.forget(now);
    return (margin * this.passedAt.length * 1_000) / countedMs;
  }

  private gapMs(now: number): number {
    return this.closedGapMs ?? 1_000 / this.rateAt(now);
  }

  private rateAt(now: number): number {
    const doublings = ((now - this.refusedAt) / this.doublingMs) ** 2;
    return this.rate === undefined ? Infinity : this.rate * 2 ** Math.min(maxDoublings, doublings);
  }
}
