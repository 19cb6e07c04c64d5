import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { OnStale } from "../frozen/settings";
import { explainNone, explainStale } from "../lookup/explain";
import type { LatestRequest } from "../lookup/query";
import type { Judge } from "./lookup";
import { LookupError } from "./lookup-error";

/** How old the data of a backup may be. */
export interface AgeLimit {
  /** Hours; undefined for no limit. */
  readonly maxAgeHours: number | undefined;
  readonly onStale: OnStale;
}

/** Judges the answer to a question for the latest backup: none and too old are errors, or too old a warning. */
export function judgeLatest(path: string, request: LatestRequest, limit: AgeLimit): Judge<CrossRegionBackup> {
  return (answer, { settings, now }) => {
    switch (answer.status) {
      case "error":
        return { error: new LookupError(path, answer.error) };
      case "none":
        return { error: new LookupError(path, explainNone(request, answer.rejected)) };
      case "listed":
        throw new Error(`${path}: a list answers the question for the latest backup`);
      case "found": {
        const { backup } = answer;
        const stale = explainStale(request, backup, limit.maxAgeHours, now);
        if (stale === undefined) {
          return { value: backup };
        }
        return (settings.onStale ?? limit.onStale) === OnStale.WARN
          ? { value: backup, warning: stale.message }
          : { error: new LookupError(path, stale) };
      }
    }
  };
}
