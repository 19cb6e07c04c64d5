import { openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { SettleRun } from "../lock/answer-by-mode";
import { settleAndRecord } from "../lock/settle";
import { defectText } from "../lookup/answer";
import { InvalidRequestError } from "../validation/checks";
import type { WorkerLink, WorkerReply } from "./wait-for-lookups";

const { workerPort, replied, lifeLine } = workerData as WorkerLink;

// Open for as long as this thread lives: so `wait-for-lookups` sees its end.
Atomics.store(lifeLine, 0, openSync(process.execPath, "r"));

async function replyTo(run: SettleRun): Promise<WorkerReply> {
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

parentPort?.on("message", (text: string) => {
  const run = JSON.parse(text) as SettleRun;
  // The thread began with a copy of the environment, which may have changed since.
  process.env = { ...run.environment };
  void replyTo(run).then((reply) => {
    workerPort.postMessage(JSON.stringify(reply));
    Atomics.store(replied, 0, 1);
    Atomics.notify(replied, 0);
  });
});
