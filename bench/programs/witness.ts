/**
 * Loaded before a measured program (`--require`): writes what the program did to the file that
 * BENCH_WITNESS names.
 */
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { isMainThread, Worker } from "node:worker_threads";
import type { Witnessed } from "../witnessed";

const sampleMs = 40;
const bytesPerKib = 1_024;
const file = process.env["BENCH_WITNESS"];

function watch(path: string): void {
  const seen = { sockets: 0, workers: 0, waits: 0, peakHeapBytes: 0 };
  subscribe("net.client.socket", () => (seen.sockets += 1));
  process.on("worker", () => (seen.workers += 1));

  // A wait of the main thread begins with a question to the thread that does the lookups.
  const post: unknown = Object.getOwnPropertyDescriptor(Worker.prototype, "postMessage")?.value;
  Object.defineProperty(Worker.prototype, "postMessage", {
    value(this: Worker, ...args: readonly unknown[]): void {
      seen.waits += 1;
      Reflect.apply(post as (...given: unknown[]) => void, this, args);
    },
  });

  // Without garbage the heap is what the process holds. Node has `gc` if it was started with --expose-gc.
  const { gc } = globalThis;
  if (gc !== undefined) {
    setInterval(() => {
      gc();
      seen.peakHeapBytes = Math.max(seen.peakHeapBytes, process.memoryUsage().heapUsed);
    }, sampleMs).unref();
  }

  process.on("exit", () => {
    const popCoreModules = Object.keys(require.cache).filter((name) => name.includes("pop-core")).length;
    const peakMemoryBytes = process.resourceUsage().maxRSS * bytesPerKib;
    writeFileSync(path, JSON.stringify({ ...seen, popCoreModules, peakMemoryBytes } satisfies Witnessed));
  });
}

if (isMainThread && file !== undefined) {
  watch(file);
}
