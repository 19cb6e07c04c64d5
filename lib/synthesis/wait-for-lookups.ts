import { join } from "node:path";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupRun } from "../lookup/run-lookups";

/** What the wait grants the worker beyond the deadline of the lookups: to start, and to say that it is over. */
const graceMs = 10_000;

/**
 * Answers queries over the network while the main thread waits.
 *
 * Constructs are made and resolved synchronously, and Node's network is not: a worker thread does the
 * lookups. JSON text crosses the boundary both ways, so that nothing depends on the realm of an object.
 */
export function waitForLookups(run: LookupRun): readonly LookupAnswer[] {
  // Loaded here, since a synthesis from locked answers needs neither this nor the worker.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createSyncFn } = require("synckit") as typeof import("synckit");
  const work = createSyncFn<(run: string) => Promise<string>>(join(__dirname, "lookup-worker.js"), {
    timeout: run.deadlineSeconds * 1_000 + graceMs,
  });
  return JSON.parse(work(JSON.stringify(run))) as readonly LookupAnswer[];
}
