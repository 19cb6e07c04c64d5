import { openSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { SettleRun } from "../lock/answer-by-mode";
import { settleAndRecord } from "../lock/settle";
import { defectText } from "../lookup/answer";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { Signal, type WorkerReply } from "./worker-reply";

const { workerPort, signals } = workerData as {
  readonly workerPort: MessagePort;
  readonly signals: Int32Array;
};

// Open for as long as this thread lives, so that its end is seen: see `wait-for-lookups`.
Atomics.store(signals, Signal.LIFE_LINE, openSync(__filename, "r"));

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
    Atomics.store(signals, Signal.REPLIED, 1);
    Atomics.notify(signals, Signal.REPLIED);
  });
});
