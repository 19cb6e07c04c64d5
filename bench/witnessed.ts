import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programPath } from "./setting";

/** What a program was seen doing. */
export interface Witnessed {
  /** Sockets that it opened, of its main thread. */
  readonly sockets: number;
  readonly workers: number;
  /** Questions to a worker, for whose answers the main thread waits. */
  readonly waits: number;
  /** Modules of pop-core that its main thread loaded. */
  readonly popCoreModules: number;
  /** The most that was held at once; 0 unless Node was started with --expose-gc. */
  readonly peakHeapBytes: number;
  /** The most memory that the process took, as the system counts it (resident set size). */
  readonly peakMemoryBytes: number;
}

/** What Node is started with for a program to be watched. */
export const witnessOptions: readonly string[] = ["--require", programPath("witness")];

/** The variable that has the witness write into a folder. */
export function witnessEnvironment(folder: string): Readonly<Record<string, string>> {
  return { BENCH_WITNESS: join(folder, "witness.json") };
}

/** What the last program that was watched in a folder did. */
export function readWitnessed(folder: string): Witnessed {
  return JSON.parse(readFileSync(join(folder, "witness.json"), "utf8")) as Witnessed;
}
