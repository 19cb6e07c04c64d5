import { runAsWorker } from "synckit";
import { runLookups, type LookupRun } from "../lookup/run-lookups";

runAsWorker(async (text: string): Promise<string> => {
  const run = JSON.parse(text) as LookupRun;
  // The thread began with a copy of the environment, which may have changed since.
  process.env = { ...run.environment };
  return JSON.stringify(await runLookups(run));
});
