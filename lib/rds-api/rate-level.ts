import { secondMs } from "./passed-requests";

/** So many answers at least make a share, however long they take. */
export const leastAnswers = 20;

/** So many requests that pass make up for one refusal of a run. */
const passesInRun = 2;

/** How many answers were refusals, of the latest ones. */
export interface RecentAnswers {
  readonly count: number;
  readonly refused: number;
  readonly firstRefusalAt: number;
}

/** The answers to the requests that were sent since the rate was last set. */
export class RateLevel {
  passed = 0;
  refused = 0;
  /** Refusals in a row, or nearly so. */
  run = 0;
  private readonly answers: { readonly at: number; readonly isRefusal: boolean }[] = [];

  /** @param since the answers to requests that were sent before belong to the rate before */
  constructor(readonly since: number) {}

  /** The share of all answers that were refusals. */
  get share(): number {
    return this.refused / Math.max(1, this.passed + this.refused);
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

  /** The answers of the last second, or a few more if these are few. */
  recent(now: number): RecentAnswers {
    const older = this.answers.filter(({ at }) => now - at >= secondMs).length;
    const recent = this.answers.slice(Math.min(older, Math.max(0, this.answers.length - leastAnswers)));
    const refusals = recent.filter(({ isRefusal }) => isRefusal);
    return { count: recent.length, refused: refusals.length, firstRefusalAt: refusals[0]?.at ?? now };
  }
}
