import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { OnStale, onStaleOf } from "../frozen/settings";
import { outcomeOf } from "../lookup/latest-outcome";
import type { LatestRequest } from "../lookup/query";
import type { Judge } from "./lookup";
import { LookupError } from "./lookup-error";

/** How old the data of a backup may be. */
export interface AgeLimit {
  /** Hours; undefined for no limit. */
  readonly maxAgeHours: number | undefined;
  /** Undefined for what the settings say. */
  readonly onStale: OnStale | undefined;
}

/** Judges the answer to a question for the latest backup: none and too old are errors, or too old a warning. */
export function judgeLatest(path: string, request: LatestRequest, limit: AgeLimit): Judge<CrossRegionBackup> {
  return (answer, { settings, now }) => {
    const { backup, failure, stale, caution } = outcomeOf(request, answer, limit.maxAgeHours, now);
    const staleIsFine = onStaleOf(limit.onStale, settings) === OnStale.WARN;
    const trouble = failure ?? (staleIsFine ? undefined : stale);
    if (trouble !== undefined) {
      return { error: new LookupError(path, trouble) };
    }
    return { value: backup, warnings: [stale?.message, caution].filter((warning) => warning !== undefined) };
  };
}
