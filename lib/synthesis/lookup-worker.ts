import { runAsWorker } from "synckit";
import { defectText } from "../lookup/failure-text";
import type { LookupRun } from "../lookup/lookup-run";
import { runLookups } from "../lookup/run-lookups";

runAsWorker(async (text: string): Promise<string> => {
  const run = JSON.parse(text) as LookupRun;
  // The thread began with a copy of the environment, which may have changed since.
  process.env = { ...run.environment };
  const answers = await runLookups(run).catch((defect: unknown) => {
    // synckit carries every property of an error to the main thread, which prints it.
    throw new Error(`a defect of the lookup, please report it: ${defectText(defect)}`);
  });
  return JSON.stringify(answers);
});
