import type { Instant } from "../backup/instant";
import type { LookupAnswer } from "./answer";
import { Connections } from "./connections";
import { lookUpAll } from "./look-up-all";
import { tellProgress } from "./progress";
import type { LookupQuery } from "./query";

/** A run of the engine, as JSON can carry it to another thread. */
export interface LookupRun {
  readonly queries: readonly LookupQuery[];
  /** The time that counts as now. */
  readonly now: Instant;
  /** How long the whole run may take, seconds. */
  readonly deadlineSeconds: number;
  /** Where credentials are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Answers queries over the network, and says on standard error where it stands when that takes over a second. */
export async function runLookups(run: LookupRun): Promise<readonly LookupAnswer[]> {
  const connections = new Connections(Date.now() + run.deadlineSeconds * 1_000, run.environment);
  let answered = 0;
  const stopTelling = tellProgress(() => `${answered} of ${run.queries.length} lookups answered`);
  try {
    return await lookUpAll(run.queries, {
      now: run.now,
      clientFor: (query) => connections.clientFor(query),
      onAnswer: () => answered++,
    });
  } finally {
    stopTelling();
    connections.close();
  }
}
