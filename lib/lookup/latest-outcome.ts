import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import type { Rejection } from "../backup/rejection";
import type { LookupAnswer, LookupFailure } from "./answer";
import { explainHomebound, explainNone, explainStale } from "./explain";
import type { LatestRequest } from "./query";

/** What an answer means to whoever asked for the latest backup. */
export interface LatestOutcome {
  readonly backup?: CrossRegionBackup;
  readonly rejected: readonly Rejection[];
  /** Why there is no backup to use; absent where there is one. */
  readonly failure?: LookupFailure;
  /** Why the backup is older than it should be; absent where it is not. */
  readonly stale?: LookupFailure;
  /** What to think about, though the backup is valid. */
  readonly caution?: string;
}

/** Judges the answer to a question for the latest backup, for an age limit in hours. */
export function outcomeOf(
  request: LatestRequest,
  answer: LookupAnswer | undefined,
  maxAgeHours: number | undefined,
  now: Instant,
): LatestOutcome {
  switch (answer?.status) {
    case "found": {
      const { backup, rejected } = answer;
      const stale = explainStale(request, backup, maxAgeHours, now);
      const caution = explainHomebound(request, backup);
      return {
        backup,
        rejected,
        ...(stale === undefined ? {} : { stale }),
        ...(caution === undefined ? {} : { caution }),
      };
    }
    case "none":
      return { rejected: answer.rejected, failure: explainNone(request, answer.rejected) };
    case "error":
      return { rejected: [], failure: answer.error };
    case "listed":
    case undefined:
      throw new Error(`no answer to the question for the latest backup of ${request.dbInstanceId}`);
  }
}
