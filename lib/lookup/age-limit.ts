import type { Instant } from "../backup/instant";
import { explainLeftOutFacts } from "../backup/record-fields";
import type { Selection } from "../backup/select-latest";
import type { FoundAnswer, LookupAnswer, LookupFailure } from "./answer";
import { explainHomebound, explainNone, explainStale, explainStaleFallback } from "./explain";
import type { AgeLimits, LatestRequest } from "./query";
import { explainWindow } from "./recovery-window";

/** What an answer means to whoever asked for the latest backup. */
export interface LatestOutcome extends Selection {
  /** Why there is no backup to use. */
  readonly failure?: LookupFailure;
  /** Whether the backup is older than it should be, be that a failure or a warning. */
  readonly isStale: boolean;
  /** What to think about, though there is a backup to use. */
  readonly warnings: readonly string[];
}

/** How old the data of a backup may be. */
export interface AgeLimit extends AgeLimits {
  /** Whether a backup that is older is used all the same; never one that is used in place of a refused one. */
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
      const { backup, rejected, leftOut, origin, warnings: ofAnswer = [] } = answer;
      const window = origin === "placeholder" ? undefined : explainWindow(request, backup);
      const ofWindow = window === undefined ? [] : [window];
      const stale = skipsAgeCheck(answer) ? undefined : explainStale(request, backup, limits, now);
      // Whoever accepts an old backup knows that no newer one came, not that the newer one is refused.
      const tooOld = (stale && explainStaleFallback(stale, rejected)) ?? (staleIsFine ? undefined : stale);
      if (tooOld !== undefined) {
        const failure = withReasons(tooOld, [...ofAnswer, ...ofWindow]);
        return { ...nothing, backup, rejected, leftOut, failure, isStale: true };
      }
      const homebound = origin === "placeholder" ? undefined : explainHomebound(request, backup);
      const facts = [homebound, ...ofWindow, explainLeftOutFacts([backup])];
      const warnings = [...ofAnswer, stale?.message, ...facts].filter((warning) => warning !== undefined);
      return { backup, rejected, leftOut, isStale: stale !== undefined, warnings };
    }
    case "none": {
      const { rejected, leftOut, warnings = [] } = answer;
      return { ...nothing, rejected, leftOut, failure: withReasons(explainNone(request, answer), warnings) };
    }
    case "error":
      return { ...nothing, rejected: answer.rejected ?? [], failure: answer.error };
    case "listed":
    case "discovered":
    case undefined:
      throw new Error(`no answer to the question for the latest backup of ${request.dbInstanceId}`);
  }
}

/** A pin skips the age check, and so does a placeholder. */
function skipsAgeCheck({ origin }: FoundAnswer): boolean {
  return origin === "pin" || origin === "placeholder";
}

/** How an answer came about is half of why it cannot be used. */
function withReasons(failure: LookupFailure, warnings: readonly string[]): LookupFailure {
  return { ...failure, message: [failure.message, ...warnings].join("\n  ") };
}
