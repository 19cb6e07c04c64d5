import { secondMs } from "./passed-requests";

/** So many answers at least make a share, however long they take. */
export const leastAnswers = 20;

/** A lower rate is judged once so many refusals were to be expected of noise. */
const expectedRefusals = 8;

/** So many requests that pass make up for one refusal of a run. */
const passesInRun = 2;

/** More is refused than noise explains if it is so much more of the requests, and so many standard deviations. */
const excessShare = 0.02;
const excessDeviations = 4;

/** More refusals of late than noise explains. */
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
   * @param since the answers to requests that were sent before belong to the rate before
   * @param shareBefore the share of refusals that made the rate go down, until it is known whether that was of use
   */
  constructor(
    readonly since: number,
    public shareBefore: number | undefined,
  ) {}

  /** The share of all answers that were refusals. */
  get share(): number {
    return this.refused / (this.passed + this.refused);
  }

  /** That share as a part of what it was before the rate went down; undefined until enough is known of both. */
  get shareLeft(): number | undefined {
    const before = this.shareBefore ?? 0;
    const expected = Math.max(this.refused, (this.passed + this.refused) * before);
    return before > 0 && expected >= expectedRefusals ? this.share / before : undefined;
  }

  /** Takes note of an answer. */
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
   * The refusals of the last second, or of a few more answers if these are few; undefined if noise explains them.
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
