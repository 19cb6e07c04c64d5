import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";

/** Nothing that is measured takes as long. */
const longestMs = 5 * 60 * 1_000;

/** A process that has ended. */
export interface Finished {
  /** From before its start until after its end, milliseconds. */
  readonly ms: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether any exit code will do. @default false */
  readonly mayFail?: boolean;
  /** Ends the process, which then counts as failed. */
  readonly signal?: AbortSignal;
  /** After this time it is stopped, milliseconds; its exit code is then null. @default - five minutes */
  readonly timeoutMs?: number;
}

/** The path and what keeps a process from the network, so that nobody's settings get in. */
export function bareEnvironment(home: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" };
}

/**
 * Runs a process with no variables but `bareEnvironment` and those given. NODE_EXTRA_CA_CERTS, for one, costs each
 * start of Node tens of milliseconds.
 *
 * @throws Error if it exits with anything but 0
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, environment, mayFail = false, signal, timeoutMs = longestMs }: RunOptions,
): Promise<Finished> {
  const env = { ...bareEnvironment(cwd), ...environment };
  const begin = performance.now();
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    signal,
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const ms = performance.now() - begin;
  if (child.exitCode !== 0 && !mayFail) {
    const end = (stderr || stdout).trim().slice(-500);
    throw new Error(`${command} ${args[0] ?? ""} exited with ${child.exitCode ?? "a signal"}: ${end}`);
  }
  return { ms, code: child.exitCode, stdout, stderr };
}

/** As `runProcess`, for Node. */
export function runNode(args: readonly string[], options: RunOptions): Promise<Finished> {
  return runProcess(process.execPath, args, options);
}
