import { runAsWorker } from "synckit";
import type { LookupRun } from "../lookup/lookup-run";
import { runLookups } from "../lookup/run-lookups";

runAsWorker(async (text: string): Promise<string> => {
  const run = JSON.parse(text) as LookupRun;
  // The thread began with a copy of the environment, which may have changed since.
  process.env = { ...run.environment };
  return JSON.stringify(await runLookups(run));
});
