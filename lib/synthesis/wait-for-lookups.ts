import { existsSync } from "node:fs";
import { join } from "node:path";
import { fallBack } from "../frozen/reconcile";
import type { SettleRun } from "../frozen/settle-run";
import { errorAnswer, type LookupAnswer } from "../lookup/answer";
import { subjectOf } from "../lookup/query";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { RdsApiError } from "../rds-api/rds-api-error";
import { fail, misuse } from "./lookup-error";
import type { WorkerReply } from "./worker-reply";

/** What the wait grants the worker beyond the deadline of the lookups: to start, and to say that it is over. */
const graceMs = 10_000;

type Work = (run: string) => string;

/** A thread for each length of wait, since a thread is bound to one; nearly always there is but one. */
const workers = new Map<number, Work>();

/**
 * Answers queries over the network while the main thread waits.
 *
 * Constructs are made and resolved synchronously, and Node's network is not: a worker thread does the
 * lookups. JSON text crosses the boundary both ways, so that nothing depends on the realm of an object.
 *
 * @throws InvalidRequestError where the lock file cannot be written
 * @throws LookupError if a bundler left out the worker's file
 */
export function waitForLookups(run: SettleRun): readonly LookupAnswer[] {
  const timeout = run.deadlineSeconds * 1_000 + graceMs;
  const work = workers.get(timeout) ?? startWorker(timeout);
  workers.set(timeout, work);
  const { answers, invalid, defect = "no reply" } = replyOf(run, work, timeout);
  if (invalid !== undefined) {
    throw new InvalidRequestError(invalid.parameter, invalid.value, invalid.allowed);
  }
  if (answers === undefined) {
    throw new Error(`a defect of the lookup, please report it: ${defect}`);
  }
  return answers;
}

function replyOf(run: SettleRun, work: Work, timeout: number): WorkerReply {
  try {
    return JSON.parse(work(JSON.stringify(run))) as WorkerReply;
  } catch (error) {
    // A thread that hangs, or died, is of no use to the next wait.
    workers.delete(timeout);
    if (error instanceof Error && error.message.includes("timed-out")) {
      const failure = {
        action: "The lookup",
        code: "DeadlineExceeded",
        reason: "its thread gave no sign of life",
      };
      const answers = run.queries.map((query) => {
        const { error: silence } = errorAnswer(subjectOf(query), new RdsApiError(failure));
        return fallBack(query, silence, run.lock, run.now);
      });
      return { answers };
    }
    throw error;
  }
}

const workerFile = join(__dirname, "lookup-worker.js");

/** A thread without a file would only be silent, until the wait is over. */
function checkWorkerFile(): void {
  if (!existsSync(workerFile)) {
    const message = `its worker ${workerFile} is missing: a bundler copied the package into the app, without this file`;
    const hint =
      "mark cdktf-alicloud-rds-dr as external in the bundler (esbuild: --external:cdktf-alicloud-rds-dr, webpack: externals). RDS_DR_MODE=locked needs no worker";
    fail(misuse("cdktf-alicloud-rds-dr", "WorkerMissing", message, hint));
  }
}

function startWorker(timeout: number): Work {
  checkWorkerFile();
  // Loaded here, since a synthesis from locked answers needs neither this nor the worker.
  const { startWorkerThread } = require("synckit") as typeof import("synckit");
  return startWorkerThread<(run: string) => Promise<string>>(workerFile, {
    timeout,
  });
}
