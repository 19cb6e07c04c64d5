import { leastAnswers, Noise, PassedRequests, RateLevel, secondMs } from "./rate-level";

/** Refusals that make a limit likely: in a row, or as a share that noise does not explain. */
const manyRefusals = 10;

/** Fewer are enough: in a row once a limit is known, in all while the rate is bounded. */
const fewInRow = 4;
const fewRefusals = 2;

/** How long what passes is measured, in round trips, and at most in milliseconds: the first answers say little. */
const measuredRoundTrips = 5;
const mostMeasuredMs = 500;

/** Noise does not depend on the rate: at a lower rate, the share of refusals stays between these multiples of itself. */
const leastNoise = 0.4;
const mostNoise = 3;

/** Lower rates that must leave the share so before it counts as noise. */
const strikesForNoise = 2;

/** The part of a limit that is used: at the limit itself, every timer that is early causes a refusal. */
const margin = 0.97;

/** Requests a second: the lowest rate, the lowest at the first suspicion, and the rate that counts as no limit. */
const leastRate = 1;
const leastFirstRate = 5;
const freeRate = 10_000;

/** The rate climbs fast to this part of the best recent second: it doubles in so many milliseconds. */
const provenPart = 0.9;
const provenDoublingMs = 250;

/** Beyond that it climbs slowly at first: it doubles in so many milliseconds, sooner if the rate is only a guess. */
const doublingMs = 4_500;
const guessDoublingMs = 2_000;

/** The pause between two requests while none passes: the first, the longest, milliseconds, and its growth. */
const firstGapMs = 200;
const maxGapMs = 5_000;
const gapGrowth = 1.25;

/** How late a request may be sent without delaying those after it, milliseconds: timers are late. */
const latenessMs = 50;

/** How long after its last refusal a limit is reported, milliseconds. */
const reportedMs = 10_000;

/**
 * When to send requests to an API that refuses some of them. It may have a limit that nobody documents: a window that
 * slides, a window by the clock, or a bucket of tokens, and others may use it up. Or it refuses at random.
 *
 * The pace sends all at once until a limit is likely: after a run of refusals, or if their share is more than noise.
 * Then it sends evenly, at the rate that passed, and faster as long as few are refused. A limit refuses fewer at a lower
 * rate. Refusals are noise if their share stays the same, twice. While none passes at all, it sends ever fewer.
 * Pure arithmetic: all times are milliseconds of a clock that never goes back.
 */
export class Pace {
  private readonly passes = new PassedRequests();
  /** Requests a second; infinite unless a limit is suspected. */
  private rate = Infinity;
  private level = new RateLevel(-Infinity, undefined);
  private strikes = 0;
  private readonly noise = new Noise();
  /** Whether a lower rate helped, or nothing passed for a while. */
  private isBelieved = false;
  /** Whether the rate was measured while nothing passed, so that it may be far too low. */
  private isGuess = false;
  /** Whether a guess caused the halt. */
  private overshot = false;
  /** How long the rate has climbed beyond what is proven, milliseconds. */
  private climbedMs = 0;
  /** When requests began to pass. */
  private openedAt: number | undefined;
  private refusedAt = -Infinity;
  /** When the latest refused request was sent, and when the last request of all was due. */
  private refusedSentAt = -Infinity;
  private dueAt = -Infinity;
  /** The pause before the next request; undefined unless the pace halts. */
  private closedGapMs: number | undefined;

  /** About how many requests a second the limit lets through; undefined if none refused a request recently. */
  limit(now: number): number | undefined {
    return this.isBelieved && now - this.refusedAt <= reportedMs ? Math.round(this.rate) : undefined;
  }

  /** How long the next request has to wait. */
  waitMs(now: number): number {
    return Math.max(0, this.dueAt + this.gapMs - now);
  }

  /** Records that a request is sent. */
  sent(now: number): void {
    this.openedAt ??= now;
    if (this.closedGapMs === undefined) {
      this.dueAt = Math.max(this.dueAt + this.gapMs, now - latenessMs);
    } else {
      this.dueAt = now;
      this.closedGapMs = Math.min(maxGapMs, this.closedGapMs * gapGrowth);
    }
  }

  /** Records that the limit let a request pass, whatever the answer was. */
  passed(sentAt: number, now: number): void {
    const sinceLastMs = this.passes.sinceLast(now);
    this.passes.add(now);
    const isReopened = this.closedGapMs !== undefined && sentAt > this.refusedSentAt;
    if (isReopened) {
      this.closedGapMs = undefined;
      this.openedAt = now;
    }
    if (sentAt > this.level.since) {
      this.answered(false, now);
      this.judge(now);
      this.climb(isReopened ? 0 : sinceLastMs);
    }
  }

  /** Records that the limit refused a request. */
  refused(sentAt: number, now: number): void {
    this.refusedAt = now;
    this.refusedSentAt = Math.max(this.refusedSentAt, sentAt);
    if (sentAt <= this.level.since) {
      return;
    }
    if (this.closedGapMs !== undefined) {
      this.dueAt = Math.max(this.dueAt, now);
      this.isBelieved = true;
      this.isGuess = !this.overshot;
      return;
    }
    this.answered(true, now);
    if (this.level.run >= this.noticeableRun) {
      this.halt(now);
    } else if (this.level.shareBefore === undefined) {
      this.weigh(now, now - sentAt);
    } else {
      this.judge(now);
    }
  }

  private get isFree(): boolean {
    return this.rate === Infinity;
  }

  private get gapMs(): number {
    return this.closedGapMs ?? secondMs / this.rate;
  }

  private get noticeableRun(): number {
    return Math.max(this.noise.longestRun, this.isBelieved ? fewInRow : manyRefusals);
  }

  private answered(isRefusal: boolean, now: number): void {
    this.level.add(isRefusal, now);
    this.noise.add(isRefusal);
  }

  /** Nearly stops after a run of refusals, and goes down to the rate that passed in the last second. */
  private halt(now: number): void {
    const passing = this.passes.inLastSecond(now);
    const wasFree = this.isFree;
    this.overshot = this.isGuess;
    if (wasFree) {
      this.passes.startBest(passing, now);
      this.goDown(Math.max(leastFirstRate, margin * passing), 1, now);
    } else {
      this.isBelieved = true;
      this.goDown(margin * passing, undefined, now);
    }
    this.isGuess = wasFree;
    this.dueAt = Math.max(this.dueAt, now);
    this.closedGapMs = firstGapMs;
  }

  /** Goes down to the rate that passes if noise does not explain the refusals. */
  private weigh(now: number, roundTripMs: number): void {
    const excess = this.level.excess(this.noise.share, this.isFree ? manyRefusals : fewRefusals, now);
    if (excess === undefined) {
      return;
    }
    const { share, firstAt } = excess;
    if (!this.isFree) {
      const open = Math.max(now - secondMs, this.openedAt ?? now);
      // A window by the clock refuses nothing until it is full, nor does a bucket: neither figure is enough alone.
      const passing = Math.min(this.passes.rateSince(open, now), this.rate * (1 - share));
      this.goDown(margin * passing, share, now);
    } else if (now - firstAt >= Math.min(mostMeasuredMs, measuredRoundTrips * roundTripMs)) {
      const passing = this.passes.rateSince(firstAt, now);
      this.passes.startBest(passing, now);
      this.goDown(margin * passing, share, now);
    }
  }

  /** Decides whether the lower rate helped. */
  private judge(now: number): void {
    const { share, shareLeft } = this.level;
    if (shareLeft === undefined) {
      return;
    }
    this.level.shareBefore = undefined;
    this.climbedMs = 0;
    if (shareLeft <= leastNoise) {
      this.strikes = Math.max(0, this.strikes - 1);
      this.isBelieved = true;
    } else if (shareLeft <= mostNoise && ++this.strikes === strikesForNoise) {
      this.noise.found(share);
      this.goFree(now);
    }
  }

  private goFree(now: number): void {
    this.strikes = 0;
    this.isBelieved = false;
    this.dueAt = -Infinity;
    this.setRate(Infinity, undefined, now);
  }

  private goDown(rate: number, shareBefore: number | undefined, now: number): void {
    this.setRate(Math.max(leastRate, Math.min(this.rate, rate)), shareBefore, now);
  }

  private setRate(rate: number, shareBefore: number | undefined, now: number): void {
    this.rate = rate;
    this.isGuess = false;
    this.climbedMs = 0;
    this.level = new RateLevel(now, shareBefore);
  }

  /** Raises the rate for the time since the last request passed. */
  private climb(ms: number): void {
    if (this.isFree || (this.level.shareBefore !== undefined && !this.isGuess)) {
      return;
    }
    const proven = provenPart * this.passes.best;
    if (this.rate < proven) {
      this.rate = Math.min(proven, this.rate * 2 ** (ms / provenDoublingMs));
      return;
    }
    const doubling = this.isGuess ? guessDoublingMs : doublingMs;
    const before = this.climbedMs;
    // At a few requests a second, answers count, not the time.
    this.climbedMs += Math.min(ms, this.isGuess ? secondMs : secondMs / leastAnswers);
    this.rate *= 2 ** ((this.climbedMs / doubling) ** 3 - (before / doubling) ** 3);
    if (this.rate > freeRate) {
      this.goFree(this.level.since);
    }
  }
}
