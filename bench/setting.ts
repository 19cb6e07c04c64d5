import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode, type Finished } from "./run-process";
import { instanceIds, regionId } from "./fleet";
import type { StandIn } from "./stand-in";

/** The project's folder, two above the compiled file. */
export const projectRoot = join(__dirname, "..", "..");

interface PackageJson {
  readonly bin: Readonly<Record<string, string>>;
}

const { bin } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as PackageJson;

/** The file of the command `rds-dr`, as npm installs it. */
export const cli = join(projectRoot, bin["rds-dr"] ?? "");

/** No deadline shall decide a measurement. */
const deadlineSeconds = "300";

/** How much is measured. */
export interface Effort {
  readonly isQuick: boolean;
  /** How many runs of what takes seconds. */
  readonly runs: number;
  /** How many runs of what takes a part of a second. */
  readonly shortRuns: number;
}

/** A program of the benchmark. */
export function programPath(name: string): string {
  return join(__dirname, "programs", `${name}.js`);
}

/** Hands over an empty folder, and removes it. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rds-dr-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How `rds-dr lookup` is run. */
export interface LookupOptions {
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the result is printed as JSON. @default true */
  readonly json?: boolean;
}

/** Runs `rds-dr lookup` for every instance of a stand-in. */
export function runLookup(
  standIn: StandIn,
  cwd: string,
  { nodeOptions = [], environment, json = true }: LookupOptions = {},
): Promise<Finished> {
  const ids = instanceIds(standIn.recipe.instances);
  const args = [cli, "lookup", ...(json ? ["--json"] : []), "--region-id", regionId, "--db-instance-id", ...ids];
  return runNode([...nodeOptions, ...args], {
    cwd,
    environment: { RDS_DR_DEADLINE_SECONDS: deadlineSeconds, ...standIn.environment, ...environment },
    mayFail: json,
  });
}

/** How many lookups of a result that `runLookup` printed did not find a backup. */
export function failedLookups({ stdout, stderr }: Finished, expected: number): number {
  if (stdout === "") {
    throw new Error(`rds-dr lookup printed no result: ${stderr.trim().slice(-500)}`);
  }
  const { lookups } = JSON.parse(stdout) as { readonly lookups: readonly { readonly status: string }[] };
  return expected - lookups.filter(({ status }) => status === "found").length;
}

/** Runs a program of the benchmark for every instance of a stand-in. */
export function runProgram(
  name: string,
  standIn: StandIn,
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Finished> {
  return runNode([programPath(name)], {
    cwd,
    signal,
    environment: {
      RDS_DR_DEADLINE_SECONDS: deadlineSeconds,
      BENCH_INSTANCES: String(standIn.recipe.instances),
      ...standIn.environment,
      ...environment,
    },
  });
}
