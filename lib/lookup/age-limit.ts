import type { Instant } from "../backup/instant";
import { explainLeftOutFacts } from "../backup/record-fields";
import type { LeftOut, Rejection } from "../backup/rejection";
import type { RestorableBackup } from "../backup/restorable-backup";
import { optional } from "../backup/row";
import type { LookupAnswer, LookupFailure } from "./answer";
import { explainHomebound, explainNone, explainStale, explainStaleFallback } from "./explain";
import type { AgeLimits, LatestRequest } from "./query";
import { explainWindow } from "./recovery-window";

/** What an answer means to whoever asked for the latest backup. */
export interface LatestOutcome {
  /** The latest valid backup, also where it is too old. */
  readonly backup?: RestorableBackup;
  readonly rejected: readonly Rejection[];
  /** How many more of each reason there are. */
  readonly leftOut?: LeftOut;
  /** Why there is no backup to use. */
  readonly failure?: LookupFailure;
  /** Whether the backup is older than it should be, be that a failure or a warning. */
  readonly isStale: boolean;
  /** What to think about, though there is a backup to use. */
  readonly warnings: readonly string[];
}

/** How old the data of a backup may be. */
export interface AgeLimit extends AgeLimits {
  /** Whether a backup that is older is used all the same; never one that stands in for a refused one. */
  readonly staleIsFine: boolean;
}

/** Judges the answer to a question for the latest backup. */
export function outcomeOf(
  request: LatestRequest,
  answer: LookupAnswer | undefined,
  { staleIsFine, ...limits }: AgeLimit,
  now: Instant,
): LatestOutcome {
  const nothing = { isStale: false, warnings: [] };
  switch (answer?.status) {
    case "found": {
      const { backup, rejected, leftOut, basis, warnings: ofAnswer = [] } = answer;
      const rejections = { rejected, ...optional("leftOut", leftOut) };
      const window = basis === "placeholder" ? undefined : explainWindow(request, backup);
      const ofWindow = window === undefined ? [] : [window];
      const stale = basis === undefined ? explainStale(request, backup, limits, now) : undefined;
      // Whoever accepts an old backup knows that no newer one came, not that the newer one is refused.
      const tooOld = (stale && explainStaleFallback(stale, rejected)) ?? (staleIsFine ? undefined : stale);
      if (tooOld !== undefined) {
        const failure = withReasons(tooOld, [...ofAnswer, ...ofWindow]);
        return { ...nothing, backup, ...rejections, failure, isStale: true };
      }
      const homebound = basis === "placeholder" ? undefined : explainHomebound(request, backup);
      const warnings = [
        ...ofAnswer,
        stale?.message,
        homebound,
        ...ofWindow,
        explainLeftOutFacts([backup]),
      ].filter((warning) => warning !== undefined);
      return { backup, ...rejections, isStale: stale !== undefined, warnings };
    }
    case "none": {
      const { rejected, leftOut, locked, warnings = [] } = answer;
      const failure = withReasons(explainNone(request, rejected, locked, leftOut), warnings);
      return { ...nothing, rejected, ...optional("leftOut", leftOut), failure };
    }
    case "error":
      return { ...nothing, rejected: answer.rejected ?? [], failure: answer.error };
    case "listed":
    case undefined:
      throw new Error(`no answer to the question for the latest backup of ${request.dbInstanceId}`);
  }
}

/** How an answer came about is half of why it is none to use. */
function withReasons(failure: LookupFailure, warnings: readonly string[]): LookupFailure {
  return { ...failure, message: [failure.message, ...warnings].join("\n  ") };
}
