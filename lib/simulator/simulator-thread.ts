import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CreatedInstance } from "./created-instances";
import type { Fault } from "./fault";
import type { RecordedRequest } from "./recorded-request";
import type { SimulatorOptions } from "./simulator-options";
import type { World } from "./world";

/** How a simulator in a thread of its own behaves: all that can be sent to the thread. */
export type SimulatorThreadOptions = Omit<SimulatorOptions, "now">;

/** What is asked of the simulator in the thread. */
export interface ThreadRequest {
  readonly id: number;
  readonly method:
    "requests" | "connections" | "maxInFlight" | "instances" | "setWorld" | "injectFault" | "clearFaults";
  readonly argument?: unknown;
}

/** What it answers. */
export interface ThreadReply {
  readonly id: number;
  readonly value: unknown;
}

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A simulator in a thread of its own; `startSimulatorThread` makes one.
 *
 * A synthesis waits for its lookups, so a simulator in the same thread could never answer it. Use this one if the
 * test itself synthesises the app. It does not keep the process alive. Once it has stopped, or its thread has died,
 * every call of it rejects with an error.
 */
export class SimulatorThread {
  private readonly waiting = new Map<number, Question>();
  private lastId = 0;
  private end: Error | undefined;

  constructor(
    private readonly worker: Worker,
    /** Where it listens, such as `http://127.0.0.1:43210`; an endpoint for every region. */
    readonly url: string,
  ) {
    worker.on("message", ({ id, value }: ThreadReply) => {
      this.waiting.get(id)?.resolve(value);
      this.waiting.delete(id);
      if (this.waiting.size === 0) {
        worker.unref();
      }
    });
    worker.on("error", (cause) => {
      this.refuseAll(new Error(`the simulator's thread has died: ${String(cause)}`, { cause }));
    });
    worker.on("exit", () => {
      this.refuseAll(new Error("the simulator has stopped"));
    });
    // Only now: Node holds on to a thread as soon as somebody listens to its messages.
    worker.unref();
  }

  /** Every request so far, in the order they arrived. */
  async requests(): Promise<readonly RecordedRequest[]> {
    return (await this.ask("requests")) as readonly RecordedRequest[];
  }

  /** How many connections were opened so far. */
  async connections(): Promise<number> {
    return (await this.ask("connections")) as number;
  }

  /** The most requests that were waiting for their answer at the same time. */
  async maxInFlight(): Promise<number> {
    return (await this.ask("maxInFlight")) as number;
  }

  /** Every instance that was created, in that order, also those that are gone. */
  async instances(): Promise<readonly CreatedInstance[]> {
    return (await this.ask("instances")) as readonly CreatedInstance[];
  }

  /** Serves another world from the next request on. */
  async setWorld(world: World): Promise<void> {
    await this.ask("setWorld", world);
  }

  /** Puts one more fault in force. */
  async injectFault(fault: Fault): Promise<void> {
    await this.ask("injectFault", fault);
  }

  /** Lifts every fault. */
  async clearFaults(): Promise<void> {
    await this.ask("clearFaults");
  }

  /** Stops at once, whatever is under way; may be called again. */
  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(method: ThreadRequest["method"], argument?: unknown): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (this.end !== undefined) {
        throw this.end;
      }
      this.worker.postMessage({ id, method, argument } satisfies ThreadRequest);
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
    });
  }

  /** The first reason is the one that callers see: a thread that dies also ends. */
  private refuseAll(reason: Error): void {
    const end = (this.end ??= reason);
    this.waiting.forEach(({ reject }) => {
      reject(end);
    });
    this.waiting.clear();
  }
}

/** Starts an RDS stand-in in a thread of its own; the promise is kept once it listens. Stop it when done. */
export async function startSimulatorThread(options: SimulatorThreadOptions = {}): Promise<SimulatorThread> {
  const worker = new Worker(join(__dirname, "simulator-worker.js"), { workerData: options });
  const [url] = (await once(worker, "message")) as [string];
  return new SimulatorThread(worker, url);
}
