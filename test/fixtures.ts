import { execFile, spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { App, Testing, type TerraformStack } from "cdktf";
import { LookupError } from "../lib/errors";
import type { Io } from "../lib/cli/io";
import { runCommand } from "../lib/cli/program";
import { hastyClock } from "./cli/hasty-clock";
import { simulatorCredentials, type World, type WorldInstance, type WorldRecord } from "../lib/simulator";

/** The project's folder, two above the compiled file. */
export const projectRoot = join(__dirname, "..", "..");

// Child processes take their time on a busy machine.
jest.setTimeout(60_000);

const ownVariables = /^(?:ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_|CDKTF_)/;

/** Gives every test of a file an environment without the variables that decide anything, and puts them back. */
export function isolateEnvironment(): void {
  const saved = { ...process.env };
  const own = (): string[] => Object.keys(process.env).filter((name) => ownVariables.test(name));
  beforeEach(() => {
    for (const name of own()) {
      Reflect.deleteProperty(process.env, name);
    }
    process.env["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true";
  });
  afterAll(() => {
    for (const name of own()) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, saved);
  });
}

/** What makes the package talk to a stand-in, with the credentials that every tool of Alibaba reads. */
export function environmentOf(endpoint: string): Record<string, string> {
  return {
    RDS_DR_ENDPOINT: endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
  };
}

/** Makes folders that are gone after the tests of a file. */
export function temporaryFolders(): (parent?: string) => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (parent = tmpdir()) => {
    const folder = mkdtempSync(join(parent, "rds-dr-test-"));
    made.push(folder);
    return folder;
  };
}

/** An app that writes to a folder. */
export function appIn(outdir: string, settings?: unknown): App {
  return new App({ outdir, ...(settings === undefined ? {} : { context: { "rds-dr": settings } }) });
}

/** An app whose context holds locked answers only. */
export function lockedApp(outdir: string, answers: unknown): App {
  return appIn(outdir, { mode: "locked", answers });
}

/** What the tests read of a stack's JSON. */
export interface StackJson {
  readonly output?: Readonly<Record<string, { readonly value: unknown; readonly description?: string }>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly terraform?: unknown;
}

/** The text of a file. */
export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), "utf8");
}

/** The JSON that a synthesis wrote for a stack. */
export function readStack(outdir: string, stack: string): StackJson {
  return JSON.parse(readText(outdir, "stacks", stack, "cdk.tf.json")) as StackJson;
}

/** The JSON that cdktf's own helper for unit tests makes of a stack. */
export function testingSynth(stack: TerraformStack): StackJson {
  return JSON.parse(Testing.synth(stack)) as StackJson;
}

/** The values of the outputs of a stack. */
export function outputsOf({ output = {} }: StackJson): Record<string, unknown> {
  return Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));
}

/** The names of all files that were written below a folder. */
export function filesBelow(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort()
    : [];
}

/** The error that is thrown; fails where none is. */
export function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) {
      return error;
    }
    throw new Error(`not an Error was thrown: ${String(error)}`, { cause: error });
  }
  throw new Error("nothing was thrown");
}

/** The error of a lookup that is thrown; fails where another one or none is. */
export function lookupErrorOf(action: () => unknown): LookupError {
  const error = errorOf(action);
  if (error instanceof LookupError) {
    return error;
  }
  throw new Error(`not a LookupError was thrown: ${error.message}`, { cause: error });
}

/** What a child process left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a child process is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it finds on its standard input. */
  readonly input?: string;
}

/** Runs Node in a process of its own, with no variables but the path and those given. */
export function runNode(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, args, options);
}

/** As `runNode`, for any command. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, environment, input }: RunOptions = {},
): Promise<Finished> {
  const env = { ...ownEnvironment(cwd ?? tmpdir()), ...environment };
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** The command `rds-dr`: one file, as it is installed. */
export const cliMain = join(projectRoot, "dist", "rds-dr.js");

/** Runs the command `rds-dr` as a process, as a user does. */
export function spawnCli(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return runNode([cliMain, ...args], options);
}

/** How the command is run within this process. */
export interface CommandOptions extends RunOptions {
  readonly clock?: Io["clock"];
  /** Input that comes while the command runs, in place of `input`. */
  readonly typed?: AsyncIterable<string>;
  /** Whether a person types the input. */
  readonly isTerminal?: boolean;
  readonly signals?: EventEmitter;
}

/** Runs the command `rds-dr` within this process, with streams, variables and a folder of its own. */
export async function runCli(
  args: readonly string[],
  { cwd = tmpdir(), environment, input = "", clock = hastyClock, ...others }: CommandOptions = {},
): Promise<Finished> {
  const folder = mkdtempSync(join(tmpdir(), "rds-dr-stderr-"));
  const stderrFile = join(folder, "stderr");
  // A file, as the app that a command runs prints to it too.
  const fd = openSync(stderrFile, "a");
  let stdout = "";
  try {
    const code = await runCommand(args, {
      environment: { ...ownEnvironment(cwd), ...environment },
      cwd,
      stdin: Object.assign(Readable.from(others.typed ?? [input]), { isTTY: others.isTerminal ?? false }),
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => writeSync(fd, text), fd },
      clock,
      signals: others.signals ?? new EventEmitter(),
    });
    return { code, stdout, stderr: readText(stderrFile) };
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variables of a command that is run, without any that decides something. */
function ownEnvironment(home: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" };
}

/** Puts the command into a folder as npm would, where npx looks first; returns the folder of the commands. */
export function installCli(folder: string): string {
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh\nexec "${process.execPath}" "${cliMain}" "$@"\n`;
  writeFileSync(join(bin, "rds-dr"), script, { mode: 0o755 });
  return bin;
}

/** Text without the colours that a command gave its words. */
export function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
}

/** Whether there is such a command. */
export function isOnPath(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** A valid full backup of a world. */
export const validBackup: WorldRecord = {
  BackupMethod: "P",
  BackupSetScale: 0,
  BackupSetStatus: 0,
  BackupType: "F",
  Category: "HighAvailability",
  CrossBackupDownloadLink: "https://link.example/file?Signature=FAKE-LINK-SIGNATURE",
  CrossBackupRegion: "cn-shanghai",
  CrossBackupSetFile: "file_qp.xb",
  CrossBackupSetLocation: "oss",
  CrossBackupSetSize: 5_312_836,
  DBInstanceStorageType: "ssd",
  Engine: "mysql",
  EngineVersion: "8.0",
  InstanceId: 8_161_047,
  RestoreRegions: { RestoreRegion: ["cn-shanghai", "cn-hangzhou"] },
};

/** An instance of cn-hangzhou with these records; each is a valid backup but for what it says. */
export function instance(dbInstanceId: string, backups: readonly WorldRecord[]): WorldInstance {
  return {
    dbInstanceId,
    regionId: "cn-hangzhou",
    engine: "MySQL",
    engineVersion: "8.0",
    backups: backups.map((backup) => ({ ...validBackup, ...backup })),
  };
}

/** A backup whose data is so many hours old. */
export function hoursOld(hours: number, CrossBackupId: number | string): WorldRecord {
  return {
    CrossBackupId,
    BackupStartTime: `now-${hours}h`,
    BackupEndTime: `now-${hours}h`,
    ConsistentTime: `now-${hours}h`,
  };
}

/** Instances for the tests of the constructs and of the command. */
export const testWorld: World = {
  instances: [
    instance("rm-orders", [
      hoursOld(30, 101),
      hoursOld(5, "9007199254740993"),
      { ...hoursOld(2, 103), BackupType: "I" },
    ]),
    instance("rm-billing", [hoursOld(7, 201)]),
    instance("rm-stale", [hoursOld(100, 301)]),
    instance("rm-failed", [{ ...hoursOld(3, 401), BackupSetStatus: 1 }]),
    instance("rm-empty", []),
  ],
};

/** A log file of the time between so many hours ago. */
export function logOfHours(begin: number, end: number): WorldRecord {
  return {
    CrossLogBackupId: 1_000 - begin,
    CrossBackupRegion: "cn-shanghai",
    LogBeginTime: `now-${begin}h`,
    LogEndTime: `now-${end}h`,
  };
}

/** Instances with logs: without a gap, with one, and with none that follows the backup. */
export const loggedWorld: World = {
  instances: [
    { ...instance("rm-whole", [hoursOld(30, 101)]), logs: [logOfHours(31, 2), logOfHours(2, 1)] },
    {
      ...instance("rm-gap", [
        { ...hoursOld(3, 203), BackupType: "I" },
        hoursOld(5, 202),
        hoursOld(29, 201),
        hoursOld(40, 200),
      ]),
      logs: [logOfHours(30, 4), logOfHours(3, 1)],
    },
    { ...instance("rm-dry", [hoursOld(5, 301)]), logs: [logOfHours(7, 6)] },
  ],
};

/** The prop that every lookup of `testWorld` shares. */
export const regionId = "cn-hangzhou";

/** The instant so many hours ago. */
export function hoursAgo(hours: number): string {
  return `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}
