import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isObject } from "../backup/json-object";
import type { DeclaredQuestion, Settled } from "../lock/answer-by-mode";
import { readProjectFile } from "../lock/project-file";
import type { DeclaredRestore } from "../lock/restores";
import { InvalidRequestError } from "../validation/checks";
import { systemErrorWords } from "../validation/printable";
import type { Io } from "./io";
import { variableOf } from "./options";
import { stopSignals } from "./signals";

/** The answers to an app's lookups, and how the app ended. */
export interface AppRun {
  readonly settled: readonly Settled[];
  /** What its lookups ask, if they get placeholders in place of answers. */
  readonly questions: readonly DeclaredQuestion[];
  /** The restores that it declares for `rds-dr restore`. */
  readonly restores: readonly DeclaredRestore[];
  /** Exit code of the app; null if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that this process got and passed on to the app. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

/** How long an app may take to stop after a signal, milliseconds. */
const patienceMs = 3_000;

/**
 * Synthesises the app of a cdktf.json as cdktf-cli does, into a temporary folder, and collects the answers to its
 * lookups. What it prints goes to standard error.
 *
 * @param variables what its lookups get, beside the environment of the command
 * @param mayBeElsewhere whether the temporary folder may be in another place if TMPDIR cannot be written
 * @throws InvalidRequestError if cdktf.json names no app; names TMPDIR if there is no room for temporary files
 */
export async function runApp(
  projectFile: string,
  variables: Readonly<Record<string, string>>,
  io: Io,
  mayBeElsewhere: boolean,
): Promise<AppRun> {
  const folder = makeTemporaryFolder(io, mayBeElsewhere);
  try {
    const report = join(folder, "report.jsonl");
    const { app, context } = readProject(projectFile);
    const environment = {
      ...withoutTerraformVariables(io.environment),
      ...variables,
      TMPDIR: dirname(folder),
      RDS_DR_REFRESH_REPORT: report,
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
      CDKTF_CONTEXT_JSON: contextText(projectFile, context),
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
    };
    const end = await synthesise(app, dirname(projectFile), environment, io);
    if (end.exitCode !== 0 && end.stoppedBy === undefined) {
      checkRoom(folder);
    }
    return { ...readReport(report), ...end };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the app is, and the context that cdktf-cli gives to it: with the Terraform modules of relative paths. */
function readProject(projectFile: string): { readonly app: string; readonly context: object } {
  const { app, context, terraformModules } = readProjectFile(projectFile);
  if (typeof app !== "string" || app.trim() === "" || app.includes("\0")) {
    throw new InvalidRequestError(`"app" of ${projectFile}`, app, "the command that synthesises the app");
  }
  const modules: readonly unknown[] = Array.isArray(terraformModules) ? terraformModules : [];
  const own = isObject(context) ? context : {};
  return { app, context: { ...own, cdktfRelativeModules: modules.filter(isRelative) } };
}

/** The longest text, in bytes, that a variable of the environment can contain on Linux. */
const maxVariableBytes = 128 * 1024 - "CDKTF_CONTEXT_JSON=".length - 1;

/** The context as cdktf-cli gives it to the app: in a variable of the environment. */
function contextText(projectFile: string, context: object): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(context);
  } catch {
    // It is nested deeper than the stack reaches.
  }
  if (text === undefined || Buffer.byteLength(text) > maxVariableBytes) {
    const value = text === undefined ? "nested too deep" : `${Buffer.byteLength(text)} bytes of JSON`;
    const allowed = `at most ${maxVariableBytes} bytes of JSON, as the app gets it in a variable of the environment; put locked answers into the lock file`;
    throw new InvalidRequestError(`"context" of ${projectFile}`, value, allowed);
  }
  return text;
}

function isRelative(module: unknown): boolean {
  const source: unknown = isObject(module) ? module["source"] : module;
  return typeof source === "string" && /^\.\.?\//.test(source);
}

/** As cdktf-cli does it: they are for Terraform, when it runs. */
function withoutTerraformVariables(environment: Io["environment"]): Io["environment"] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("TF_VAR_")));
}

/** Runs the app in a process group of its own. A signal to this process ends the whole group. */
function synthesise(
  app: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  { stderr, signals }: Io,
): Promise<Pick<AppRun, "exitCode" | "stoppedBy">> {
  const isPosix = process.platform !== "win32";
  return new Promise((resolveRun, reject) => {
    // Its standard output is our standard error: ours is for results.
    const child = spawn(app, {
      cwd,
      env,
      shell: true,
      detached: isPosix,
      stdio: ["ignore", stderr.fd, stderr.fd],
    });
    let stoppedBy: NodeJS.Signals | undefined;
    let lastWord: NodeJS.Timeout | undefined;
    const kill = (signal: NodeJS.Signals): void => {
      try {
        process.kill(isPosix ? -(child.pid ?? NaN) : (child.pid ?? NaN), signal);
      } catch {
        // It is over already, or did not start.
      }
    };
    const stop = (signal: NodeJS.Signals): void => {
      stoppedBy = signal;
      kill(signal);
      lastWord ??= setTimeout(kill, patienceMs, "SIGKILL");
    };
    const forget = (): void => {
      clearTimeout(lastWord);
      stopSignals.forEach((signal) => signals.removeListener(signal, stop));
    };
    stopSignals.forEach((signal) => signals.on(signal, stop));
    child.once("error", (error) => {
      forget();
      reject(error);
    });
    child.once("close", (exitCode) => {
      forget();
      if (stoppedBy !== undefined) {
        // The app may have started processes that still run.
        kill("SIGKILL");
      }
      resolveRun({ exitCode, stoppedBy });
    });
  });
}

function readReport(report: string): Pick<AppRun, "questions" | "restores" | "settled"> {
  const text = existsSync(report) ? readFileSync(report, "utf8") : "";
  // After the last end of a line is nothing, or an incomplete line.
  const lines = text.split("\n").slice(0, -1).map(reportIn);
  // Each stack reports all of them.
  const restores = lines.flatMap((line) => ("restore" in line ? [[line.restore.key, line.restore] as const] : []));
  return {
    settled: lines.filter((line) => "answer" in line),
    questions: lines.flatMap((line) => ("question" in line ? [line.question] : [])),
    restores: [...new Map(restores).values()],
  };
}

/** What follows an incomplete line is on the same line, so that neither is JSON. */
function reportIn(
  line: string,
): Settled | { readonly question: DeclaredQuestion } | { readonly restore: DeclaredRestore } {
  try {
    return JSON.parse(line) as ReturnType<typeof reportIn>;
  } catch {
    const allowed = "complete: a lookup could not report its answer, but the app went on; see its output above";
    throw new InvalidRequestError("the report of the app's lookups", "cut off", allowed);
  }
}

/** About as much as the smallest app writes, bytes: a folder with less room is of no use. */
const probeBytes = 64 * 1024;

/** What may replace TMPDIR; the first one is memory. */
const otherParents = ["/dev/shm", "/tmp", "/var/tmp"];

/** @throws InvalidRequestError names TMPDIR if no place can be written */
function makeTemporaryFolder({ environment, cwd }: Io, mayBeElsewhere: boolean): string {
  // The app may run in another folder, where a relative path would be another place.
  const parent = resolve(cwd, variableOf({ environment }, ["TMPDIR"]) ?? tmpdir());
  const also = mayBeElsewhere ? ` (nor can ${otherParents.join(", ")})` : "";
  const faults: unknown[] = [];
  for (const each of mayBeElsewhere ? [parent, ...otherParents] : [parent]) {
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(each, "rds-dr-"));
      probe(folder);
      return folder;
    } catch (error) {
      faults.push(error);
      if (folder !== undefined) {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  throw notWritable(parent, faults[0], `as the app writes its files there${also}`);
}

/** @throws InvalidRequestError names TMPDIR if the folder has become full while the app ran */
function checkRoom(folder: string): void {
  try {
    probe(folder);
  } catch (error) {
    throw notWritable(dirname(folder), error, "as the app failed without room for its files");
  }
}

/** A full disk still has room for the name of a folder: only a write shows that it is full. */
function probe(folder: string): void {
  const file = join(folder, "probe");
  writeFileSync(file, Buffer.alloc(probeBytes));
  rmSync(file);
}

function notWritable(parent: string, error: unknown, reason: string): InvalidRequestError {
  const code = String(isObject(error) ? error["code"] : error);
  const words = systemErrorWords(code);
  const allowed = `a folder that can be written (${code}), ${reason}: ${words === undefined ? "" : `${words}; `}free some room there, or set it to another folder`;
  return new InvalidRequestError("TMPDIR", parent, allowed);
}
