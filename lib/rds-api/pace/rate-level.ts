/** The unit of time of a rate, milliseconds. */
export const secondMs = 1_000;

/** How long the best second is remembered, milliseconds: longer than two bursts of others who share the limit. */
const rememberedMs = 7_000;

/** The requests that passed a limit, as far back as they say something about the limit. */
export class PassedRequests {
  /** When the requests of the last second passed. */
  private readonly times: number[] = [];
  /** Seconds, the best one first; no later second was as good. */
  private bestSeconds: { readonly end: number; readonly passed: number }[] = [];
  /** What passed before says nothing about the limit, which was not in force. */
  private startedAt = Infinity;

  /** The time since the last request passed, milliseconds; 0 if there was none in the last second. */
  sinceLast(now: number): number {
    const last = this.times.at(-1);
    return last === undefined ? 0 : now - last;
  }

  /** Records that a request passed. */
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

  /** Begins to look for the best second; the first guess counts as a second that has just ended. */
  startBest(passed: number, now: number): void {
    this.startedAt = now;
    this.bestSeconds = [{ end: now, passed }];
  }

  /** How many passed in the best recent second. */
  get best(): number {
    return this.bestSeconds[0]?.passed ?? 0;
  }
}

/** A share needs so many answers, however long they take. */
export const leastAnswers = 20;

/** A lower rate is judged when noise would have caused so many refusals. */
const expectedRefusals = 8;

/** Requests that pass and so cancel one refusal of a run. */
const passesInRun = 2;

/** Noise does not explain a share that exceeds it by so much, and by so many standard deviations. */
const excessShare = 0.02;
const excessDeviations = 4;

/** More recent refusals than noise explains. */
export interface Excess {
  /** The share of the requests that was refused. */
  readonly share: number;
  readonly firstAt: number;
}

/** The answers to the requests that were sent since the rate was last set. */
export class RateLevel {
  private passed = 0;
  private refused = 0;
  /** Refusals in a row, or nearly so. */
  run = 0;
  private readonly answers: { readonly at: number; readonly isRefusal: boolean }[] = [];

  /**
   * @param since answers to requests that were sent earlier belong to the rate before
   * @param shareBefore the share of refusals that lowered the rate, until it is known whether that helped
   */
  constructor(
    readonly since: number,
    public shareBefore: number | undefined,
  ) {}

  /** The share of all answers that were refusals. */
  get share(): number {
    return this.refused / (this.passed + this.refused);
  }

  /** That share as a part of the share before the rate went down; undefined until there are enough answers. */
  get shareLeft(): number | undefined {
    const before = this.shareBefore ?? 0;
    const expected = Math.max(this.refused, (this.passed + this.refused) * before);
    return before > 0 && expected >= expectedRefusals ? this.share / before : undefined;
  }

  /** Records an answer. */
  add(isRefusal: boolean, now: number): void {
    this.passed += isRefusal ? 0 : 1;
    this.refused += isRefusal ? 1 : 0;
    this.run = isRefusal ? this.run + 1 : Math.max(0, this.run - passesInRun);
    this.answers.push({ at: now, isRefusal });
    const [oldest] = this.answers;
    if (this.answers.length > leastAnswers && oldest !== undefined && now - oldest.at > secondMs) {
      this.answers.shift();
    }
  }

  /**
   * The refusals of the last second, or of the last few answers if there are fewer; undefined if noise explains them.
   *
   * @param noise the share of requests that is refused at random
   * @param fewest so many refusals are needed
   */
  excess(noise: number, fewest: number, now: number): Excess | undefined {
    const older = this.answers.filter(({ at }) => now - at >= secondMs).length;
    const recent = this.answers.slice(Math.min(older, Math.max(0, this.answers.length - leastAnswers)));
    const refusals = recent.filter(({ isRefusal }) => isRefusal);
    const [first] = refusals;
    if (first === undefined || refusals.length < fewest || recent.length < leastAnswers) {
      return undefined;
    }
    const share = refusals.length / recent.length;
    const deviation = Math.sqrt((noise * (1 - noise)) / recent.length);
    const isExcess = share - noise > Math.max(excessShare, excessDeviations * deviation);
    return isExcess ? { share, firstAt: first.at } : undefined;
  }
}

/** The recent share of refusals is that of about so many answers. */
const recentAnswers = 200;

/** A run of refusals means something if chance causes it less often than this. */
const rareRun = 3e-4;

/** Refusals that do not depend on the rate. */
export class Noise {
  /** The share of requests that is refused at random. */
  share = 0;
  private recentShare = 0;

  /** Records an answer. The share goes down with the recent share. */
  add(isRefusal: boolean): void {
    this.recentShare += (Number(isRefusal) - this.recentShare) / recentAnswers;
    this.share = Math.min(this.share, this.recentShare);
  }

  /** Records that this share of requests is refused at random. */
  found(share: number): void {
    this.share = share;
    this.recentShare = share;
  }

  /** A longer run of refusals is hardly chance. */
  get longestRun(): number {
    const share = Math.max(this.share, this.recentShare);
    return share === 0 ? 0 : Math.log(rareRun) / Math.log(share);
  }
}
