import { runAsWorker } from "synckit";
import { settleAndRecord } from "../frozen/settle-and-record";
import type { SettleRun } from "../frozen/settle-run";
import { defectText } from "../lookup/failure-text";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import type { WorkerReply } from "./worker-reply";

async function reply(run: SettleRun): Promise<WorkerReply> {
  try {
    return { answers: await settleAndRecord(run) };
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      const { parameter, value, allowed } = error;
      return { invalid: { parameter, value, allowed } };
    }
    return { defect: defectText(error) };
  }
}

runAsWorker(async (text: string): Promise<string> => {
  const run = JSON.parse(text) as SettleRun;
  // The thread began with a copy of the environment, which may have changed since.
  process.env = { ...run.environment };
  return JSON.stringify(await reply(run));
});
