import { spreadOf, type Spread } from "./spread";

/** What is measured: a clock's ratio scatters, a count does not. */
export type Unit = "×" | "requests" | "round trips" | "lookups" | "s" | "share" | "count";

/** One figure of a target, beside its limit. */
export interface Check {
  /** The number of the target. */
  readonly target: number;
  readonly what: string;
  readonly unit: Unit;
  /** Absent if it could not be measured. */
  readonly spread?: Spread;
  /** The most it may be; absent if the figure is for information only. */
  readonly limit?: number;
  /** Why it could not be measured. */
  readonly failure?: string;
}

/** The outcome of a check. */
export type Verdict = "pass" | "fail" | "information";

/** A check of the figures of several runs. */
export function check(target: number, what: string, unit: Unit, values: readonly number[], limit?: number): Check {
  return { target, what, unit, spread: spreadOf(values), limit };
}

/** A figure without a limit. */
export function information(target: number, what: string, unit: Unit, values: readonly number[]): Check {
  return check(target, what, unit, values);
}

/** Times and sizes are judged by the median, counts by the worst run. */
export function verdictOf({ unit, spread, limit, failure }: Check): Verdict {
  if (failure !== undefined) {
    return "fail";
  }
  if (limit === undefined || spread === undefined) {
    return "information";
  }
  const isRatio = unit === "×" || unit === "share" || unit === "s";
  return (isRatio ? spread.median : spread.max) <= limit ? "pass" : "fail";
}
