import { toInstant } from "../backup/instant";
import type { LookupAnswer } from "./answer";
import { Connections } from "./connections";
import { lookUpAll } from "./look-up-all";
import { tellProgress } from "./progress";
import type { LookupQuery } from "./query";

/** A run of the engine, as JSON can carry it to another thread. */
export interface LookupRun {
  readonly queries: readonly LookupQuery[];
  /** The time that counts as now, milliseconds since 1970. */
  readonly nowMs: number;
  /** How long the whole run may take, seconds. */
  readonly deadlineSeconds: number;
  /** Where credentials are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Answers queries over the network, and says on standard error where it stands when that takes over a second. */
export async function runLookups(run: LookupRun): Promise<readonly LookupAnswer[]> {
  const now = toInstant(run.nowMs);
  if (now === undefined) {
    throw new RangeError(`nowMs must be a time in the years 0 to 9999, but is ${run.nowMs}`);
  }
  const connections = new Connections(Date.now() + run.deadlineSeconds * 1_000, run.environment);
  let answered = 0;
  const stopTelling = tellProgress(() => `${answered} of ${run.queries.length} lookups answered`);
  try {
    return await lookUpAll(run.queries, {
      now,
      clientFor: (query) => connections.clientFor(query),
      onAnswer: () => answered++,
    });
  } finally {
    stopTelling();
    connections.close();
  }
}
