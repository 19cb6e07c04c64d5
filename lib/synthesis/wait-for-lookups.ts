import { existsSync, fstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { SettleRun } from "../lock/answer-by-mode";
import { fallBack } from "../lock/outage-fallback";
import { errorAnswer, type LookupAnswer } from "../lookup/answer";
import { subjectOf } from "../lookup/query";
import { RdsApiError, type RdsApiFailure } from "../rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { fail, misuse } from "./lookup-error";
import { Signal, type WorkerReply } from "./worker-reply";

const workerFile = join(__dirname, "lookup-worker.js");

/** What the wait grants the worker beyond the deadline of the lookups: to start, and to say that it is over. */
const graceMs = 10_000;

/** How long the thread may take to start, milliseconds: one that dies before is not seen to die. */
const startMs = 5_000;

/** How often it is looked whether the thread lives, milliseconds. */
const pollMs = 100;

/** A thread that does lookups, and what is shared with it. */
interface LookupThread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signals: Int32Array;
}

/** Nearly always one; an app may wait more than once. */
let thread: LookupThread | undefined;

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
  const { answers, invalid, defect = "no reply" } = replyTo(run);
  if (invalid !== undefined) {
    throw new InvalidRequestError(invalid.parameter, invalid.value, invalid.allowed);
  }
  if (answers === undefined) {
    throw new Error(`a defect of the lookup, please report it: ${defect}`);
  }
  return answers;
}

function replyTo(run: SettleRun): WorkerReply {
  if (thread === undefined || isDeadThread(thread.signals)) {
    thread = startThread();
  }
  const reply = waitFor(thread, run);
  if (typeof reply === "string") {
    return JSON.parse(reply) as WorkerReply;
  }
  // A thread that hangs, or died, is of no use to the next wait.
  void thread.worker.terminate();
  thread = undefined;
  const answers = run.queries.map((query) => {
    const { error } = errorAnswer(subjectOf(query), new RdsApiError(reply));
    return fallBack(query, error, run.lock, run.now);
  });
  return { answers };
}

/** What the thread says, or why it says nothing. */
function waitFor({ worker, port, signals }: LookupThread, run: SettleRun): string | RdsApiFailure {
  const action = "The lookup";
  const begin = performance.now();
  worker.postMessage(JSON.stringify(run));
  for (;;) {
    Atomics.store(signals, Signal.REPLIED, 0);
    // A thread that has just died may have answered before.
    const isDead = isDeadThread(signals);
    const reply = receiveMessageOnPort(port);
    if (reply !== undefined) {
      return String(reply.message);
    }
    const waitedMs = performance.now() - begin;
    if (isDead || (Atomics.load(signals, Signal.LIFE_LINE) === 0 && waitedMs > startMs)) {
      return { action, code: "LookupThreadDied", reason: "its thread ended without an answer" };
    }
    if (waitedMs > run.deadlineSeconds * 1_000 + graceMs) {
      return { action, code: "DeadlineExceeded", reason: "its thread gave no sign of life" };
    }
    Atomics.wait(signals, Signal.REPLIED, 0, pollMs);
  }
}

/**
 * Whether the thread has ended. Events of a thread are seen by an event loop, and this one stands still. But Node
 * closes the files of a thread that ends, whatever ends it.
 */
function isDeadThread(signals: Int32Array): boolean {
  const lifeLine = Atomics.load(signals, Signal.LIFE_LINE);
  try {
    return lifeLine !== 0 && fstatSync(lifeLine).ino !== statSync(workerFile).ino;
  } catch {
    return true;
  }
}

/** A thread without a file would only be silent, until the wait is over. */
function checkWorkerFile(): void {
  if (!existsSync(workerFile)) {
    const message = `its worker ${workerFile} is missing: a bundler copied the package into the app, without this file`;
    const hint =
      "mark cdktf-alicloud-rds-dr as external in the bundler (esbuild: --external:cdktf-alicloud-rds-dr, webpack: externals). RDS_DR_MODE=locked needs no worker";
    fail(misuse("cdktf-alicloud-rds-dr", "WorkerMissing", message, hint));
  }
}

function startThread(): LookupThread {
  checkWorkerFile();
  const { port1: port, port2: workerPort } = new MessageChannel();
  const signals = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(workerFile, { workerData: { workerPort, signals }, transferList: [workerPort] });
  worker.unref();
  // What ended the thread was told to whoever waited; unheard, it would end this process as well.
  worker.on("error", () => undefined);
  return { worker, port, signals };
}
