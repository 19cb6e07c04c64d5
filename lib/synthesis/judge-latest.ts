import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { OnStale, onStaleOf } from "../frozen/on-stale";
import type { LatestRequest } from "../lookup/query";
import type { Judge } from "./lookup";
import { LookupError } from "./lookup-error";

/** Loaded with the first answer. */
let outcomes: typeof import("../lookup/latest-outcome") | undefined;

/** How old the data of a backup may be, as a construct says it. */
export interface GivenAgeLimit {
  /** Hours; undefined for no limit. */
  readonly maxAgeHours: number | undefined;
  /** Undefined for what the settings say. */
  readonly onStale: OnStale | undefined;
}

/** Judges the answer to a question for the latest backup: none and too old are errors, or too old a warning. */
export function judgeLatest(
  path: string,
  request: LatestRequest,
  { maxAgeHours, onStale }: GivenAgeLimit,
): Judge<CrossRegionBackup> {
  return (answer, { settings, now }) => {
    outcomes ??= require("../lookup/latest-outcome") as typeof import("../lookup/latest-outcome");
    const staleIsFine = onStaleOf(onStale, settings) === OnStale.WARN;
    const { backup, failure, warnings } = outcomes.outcomeOf(
      request,
      answer,
      { maxAgeHours, staleIsFine },
      now,
    );
    return failure === undefined ? { value: backup, warnings } : { error: new LookupError(path, failure) };
  };
}
