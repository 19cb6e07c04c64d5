import type { LookupAnswer } from "./answer";
import { Connections } from "./connections";
import { lookUpAll } from "./look-up-all";
import { tellProgress } from "./progress";
import type { LookupRun } from "./lookup-run";

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
