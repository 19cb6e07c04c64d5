import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../backup/json-object";
import type { Settled } from "../lock/answer-by-mode";
import { readProjectFile } from "../lock/project-file";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { checkTemporaryFolder } from "./temporary-folder";

/** What an app asked while it was synthesised, and how that ended. */
export interface AppRun {
  readonly settled: readonly Settled[];
  /** Exit code of the app; null where a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that told this process to stop, which it passed on to the app. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** How long an app that was told to stop may take, milliseconds. */
const patienceMs = 3_000;

/**
 * Synthesises the app of a cdktf.json as cdktf-cli does, into a folder that is thrown away, and collects what its
 * lookups were answered. What it prints goes to standard error.
 *
 * @param environment what its lookups are told, beside the environment of this process
 * @param folder an empty one for what the app writes; it is gone afterwards
 * @throws InvalidRequestError if cdktf.json says no app, or names TMPDIR if the app fails without room in the folder
 */
export async function runApp(
  projectFile: string,
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<AppRun> {
  try {
    const report = join(folder, "report.jsonl");
    const { app, context, modules } = readProject(projectFile);
    const end = await synthesise(app, dirname(projectFile), {
      ...withoutTerraformVariables(process.env),
      ...environment,
      TMPDIR: dirname(folder),
      RDS_DR_REFRESH_REPORT: report,
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
      CDKTF_CONTEXT_JSON: contextText(projectFile, { ...context, cdktfRelativeModules: modules }),
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
    });
    if (end.exitCode !== 0 && end.stoppedBy === undefined) {
      checkTemporaryFolder(folder);
    }
    return { settled: readReport(report), ...end };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Project {
  readonly app: string;
  readonly context: object;
  /** Terraform modules of relative paths, which cdktf wants to know of. */
  readonly modules: readonly unknown[];
}

function readProject(projectFile: string): Project {
  const { app, context, terraformModules } = readProjectFile(projectFile);
  if (typeof app !== "string" || app.trim() === "" || app.includes("\0")) {
    throw new InvalidRequestError(`"app" of ${projectFile}`, app, "the command that synthesises the app");
  }
  const modules: readonly unknown[] = Array.isArray(terraformModules) ? terraformModules : [];
  return { app, context: isObject(context) ? context : {}, modules: modules.filter(isRelative) };
}

/** The longest text, in bytes, that a variable of the environment can hold on Linux. */
const maxVariableBytes = 128 * 1024 - "CDKTF_CONTEXT_JSON=".length - 1;

/** cdktf-cli says the context in a variable of the environment as well. */
function contextText(projectFile: string, context: object): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(context);
  } catch {
    // It is nested deeper than the stack reaches.
  }
  if (text === undefined || Buffer.byteLength(text) > maxVariableBytes) {
    const value = text === undefined ? "nested too deep" : `${Buffer.byteLength(text)} bytes of JSON`;
    const allowed = `at most ${maxVariableBytes} bytes of JSON, as a variable of the environment carries it to the app; put locked answers into the lock file`;
    throw new InvalidRequestError(`"context" of ${projectFile}`, value, allowed);
  }
  return text;
}

function isRelative(module: unknown): boolean {
  const source: unknown = isObject(module) ? module["source"] : module;
  return typeof source === "string" && /^\.\.?\//.test(source);
}

/** As cdktf-cli does it: they are for Terraform, when it runs. */
function withoutTerraformVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("TF_VAR_")));
}

/** Runs the app in a process group of its own, which a signal to this process ends as a whole. */
function synthesise(app: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Omit<AppRun, "settled">> {
  const isPosix = process.platform !== "win32";
  return new Promise((resolve, reject) => {
    // Its standard output is our standard error: ours is for results.
    const child = spawn(app, { cwd, env, shell: true, detached: isPosix, stdio: ["ignore", 2, 2] });
    let stoppedBy: NodeJS.Signals | undefined;
    let lastWord: NodeJS.Timeout | undefined;
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) {
        signalTo(isPosix ? -child.pid : child.pid, signal);
      }
    };
    const stop = (signal: NodeJS.Signals): void => {
      stoppedBy = signal;
      kill(signal);
      lastWord ??= setTimeout(kill, patienceMs, "SIGKILL");
    };
    const forget = (): void => {
      clearTimeout(lastWord);
      for (const signal of signals) {
        process.removeListener(signal, stop);
      }
    };
    for (const signal of signals) {
      process.on(signal, stop);
    }
    child.once("error", (error) => {
      forget();
      reject(error);
    });
    child.once("close", (exitCode) => {
      forget();
      if (stoppedBy !== undefined) {
        // What the app had started, and did not take with it.
        kill("SIGKILL");
      }
      resolve({ exitCode, stoppedBy });
    });
  });
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is over already.
  }
}

function readReport(report: string): readonly Settled[] {
  const text = existsSync(report) ? readFileSync(report, "utf8") : "";
  // What follows the last end of a line is nothing, or a line that was cut off.
  return text.split("\n").slice(0, -1).map(settledIn);
}

/** A line after one that was cut off stands behind that one's beginning. */
function settledIn(line: string): Settled {
  try {
    return JSON.parse(line) as Settled;
  } catch {
    const allowed = "whole: the app went on though a lookup failed to report; see above what it said";
    throw new InvalidRequestError("the report of the app's lookups", "cut off", allowed);
  }
}
