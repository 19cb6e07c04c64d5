import { existsSync, fstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { SettleRun } from "../lock/answer-by-mode";
import { fallBack } from "../lock/outage-fallback";
import { errorAnswer, type LookupAnswer } from "../lookup/answer";
import { subjectOf } from "../lookup/query";
import { RdsApiError, type RdsApiFailure } from "../rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../validation/checks";
import { packageName } from "../validation/own-package";
import { refuse } from "./lookup-error";

/** What the worker says to the thread that waits for it. */
export interface WorkerReply {
  readonly answers?: readonly LookupAnswer[];
  /** In place of answers: what the user must correct, in the parts of an InvalidRequestError. */
  readonly invalid?: Pick<InvalidRequestError, "allowed" | "parameter" | "value">;
  /** In place of answers: a defect in words. A thrown error would take all of its properties with it. */
  readonly defect?: string;
}

/** What the worker and the thread that waits for it share. */
export interface WorkerLink {
  readonly workerPort: MessagePort;
  /** 1 once the worker has replied. */
  readonly replied: Int32Array;
  /** The number of a file that is open while the worker lives; 0 before it has started. */
  readonly lifeLine: Int32Array;
}

const workerFile = join(__dirname, "lookup-worker.js");

/** What the wait grants the worker beyond the deadline of the lookups: to start, and to say that it is over. */
const graceMs = 10_000;

/** How long the thread may take to start, milliseconds: nobody sees it die before. */
const startMs = 5_000;

/** How often the wait checks whether the thread lives, milliseconds. */
const pollMs = 100;

/** A thread that does lookups, and what is shared with it. */
interface LookupThread extends Omit<WorkerLink, "workerPort"> {
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** Nearly always one; an app may wait more than once. */
let thread: LookupThread | undefined;

/**
 * Answers queries over the network while the main thread waits.
 *
 * Constructs are made and resolved synchronously, and Node's network is not: a worker thread does the
 * lookups. JSON text crosses the boundary both ways, so that nothing depends on the realm of an object.
 *
 * @throws InvalidRequestError if the lock file cannot be written
 * @throws LookupError if a bundler omitted the worker's file
 */
export function waitForLookups(run: SettleRun): readonly LookupAnswer[] {
  if (thread === undefined || isDead(thread)) {
    thread = startThread();
  }
  const reply = waitFor(thread, run);
  if (typeof reply !== "string") {
    // A thread that hangs, or died, is of no use to the next wait.
    void thread.worker.terminate();
    thread = undefined;
    return run.queries.map((query) => {
      const { error } = errorAnswer(subjectOf(query), new RdsApiError(reply));
      return fallBack(query, error, run.lock, run.now);
    });
  }
  const { answers, invalid, defect = "no reply" } = JSON.parse(reply) as WorkerReply;
  if (invalid !== undefined) {
    throw new InvalidRequestError(invalid.parameter, invalid.value, invalid.allowed);
  }
  if (answers === undefined) {
    throw new Error(`a defect of the lookup, please report it: ${defect}`);
  }
  return answers;
}

/** What the thread says, or why it says nothing. */
function waitFor(lookupThread: LookupThread, run: SettleRun): string | RdsApiFailure {
  const { worker, port, replied, lifeLine } = lookupThread;
  const action = "The lookup";
  const begin = performance.now();
  worker.postMessage(JSON.stringify(run));
  for (;;) {
    Atomics.store(replied, 0, 0);
    // A thread that has just died may have answered before.
    const hasDied = isDead(lookupThread);
    const reply = receiveMessageOnPort(port);
    if (reply !== undefined) {
      return String(reply.message);
    }
    const waitedMs = performance.now() - begin;
    if (hasDied || (Atomics.load(lifeLine, 0) === 0 && waitedMs > startMs)) {
      return { action, code: "LookupThreadDied", reason: "its thread ended without an answer" };
    }
    if (waitedMs > run.deadlineSeconds * 1_000 + graceMs) {
      return { action, code: "DeadlineExceeded", reason: "its thread did not respond" };
    }
    Atomics.wait(replied, 0, 0, pollMs);
  }
}

/**
 * Whether the thread has ended. Only an event loop sees the events of a thread, and this one stands still. But Node
 * closes the files of a thread that ends, whatever ends it. The program of Node is such a file: those of the package may be
 * in an archive of Yarn, which numbers them for each thread.
 */
function isDead({ lifeLine }: LookupThread): boolean {
  const file = Atomics.load(lifeLine, 0);
  try {
    return file !== 0 && fstatSync(file).ino !== statSync(process.execPath).ino;
  } catch {
    return true;
  }
}

function startThread(): LookupThread {
  // A thread without a file would be silent until the wait is over.
  if (!existsSync(workerFile)) {
    const message = `its worker ${workerFile} is missing: a bundler copied the package into the app without this file`;
    const hint = `mark ${packageName} as external in the bundler (esbuild: --external:${packageName}, webpack: externals). RDS_DR_MODE=locked needs no worker`;
    refuse(packageName, "WorkerMissing", message, hint);
  }
  const { port1: port, port2: workerPort } = new MessageChannel();
  const signal = (): Int32Array => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const link: WorkerLink = { workerPort, replied: signal(), lifeLine: signal() };
  const worker = new Worker(workerFile, { workerData: link, transferList: [workerPort] });
  worker.unref();
  // Whoever waited has learnt what ended the thread; an error without a listener would end this process as well.
  worker.on("error", () => undefined);
  return { ...link, worker, port };
}
