import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { isObject, optional } from "../backup/json-object";
import { nearestProjectFile, noProjectFile, readProjectFile } from "../lock/project-file";
import { contextKey, readSettings, type Settings } from "../lock/settings";
import type { Connection } from "../lookup/query";
import { checkText, ifGiven, InvalidRequestError } from "../validation/checks";
import { onOneLine } from "../validation/printable";
import { type CommandResult, type Io, printNote, printWarnings } from "./io";

/** A command: what its help says, and the function that runs it. */
export interface CommandSpec<Options> {
  readonly name: string;
  /** What it does, in one line. */
  readonly does: string;
  /** A word that may follow its name; one of the choices must follow it, if there are any. */
  readonly argument?: { readonly name: string; readonly help: string; readonly choices?: readonly string[] };
  readonly options: readonly OptionRow[];
  /** What its help says below the options. */
  readonly notes?: string;
  readonly example: string;
  readonly run: (options: Options, io: Io) => CommandResult | Promise<CommandResult>;
}

/** An option of a command: how it is written, what the help says, and how its value is read. */
export type OptionRow = readonly [flags: string, help: string, reading?: Reading];

/** How the value of an option is read. */
export interface Reading {
  /** Whether the command needs it, if no variable contains it. */
  readonly isRequired?: true;
  readonly byDefault?: unknown;
  /** The variables of the environment that contain the value if the option is omitted; the first one counts. */
  readonly variables?: readonly string[];
  readonly parse?: (text: string, previous: unknown) => unknown;
  /** The words that a completion offers; the command itself checks what it gets. */
  readonly choices?: readonly string[];
}

/** The variables from which the Terraform provider or the Alibaba Cloud CLI takes the region. */
export const regionVariables = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"];

export const regionReading: Reading = { isRequired: true, variables: regionVariables };

/** The value of the first variable that is set and not empty. */
export function variableOf({ environment }: Pick<Io, "environment">, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}

/** An option that may be given once: of two values, the first would be lost without a word. */
export function once(text: string, previous: unknown): string {
  if (previous !== undefined) {
    throw new InvalidArgumentError("It can be given once.");
  }
  return text;
}

/**
 * Reads tags of the form key=value.
 *
 * @throws InvalidRequestError unless each has the form, and a key of its own
 */
export function tagsOf(name: string, given: readonly string[]): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const tag of given) {
    const [, key, value] = /^([^=\s][^=]*)=(.+)$/.exec(tag) ?? [];
    if (key === undefined || value === undefined) {
      throw new InvalidRequestError(name, tag, 'of the form <key>=<value>, such as "team=dr"');
    }
    if (tags.has(key)) {
      throw new InvalidRequestError(name, tag, "of a key that is given once: a tag has one value");
    }
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}

/** Of a command whose run may be stopped. */
export const resumeOption: OptionRow = [
  "--resume <file>",
  "keep the answers in a file until all are there: a run after one that was stopped does not ask them again",
];

/** Reads a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) {
    throw new InvalidArgumentError("It must be a number.");
  }
  return value;
}

/** Reads a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

const endpointDefault = "ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's own";

/** How the API of the restore region is reached. */
export const restoreEndpointOption: OptionRow = [
  "--restore-endpoint <endpoint>",
  `endpoint for the restore region, such as rds.aliyuncs.com or a URL (default: RDS_DR_RESTORE_ENDPOINT, RDS_DR_ENDPOINT, ${endpointDefault})`,
];

/** How the API is reached: the options of a `Connection`. */
export const connectionOptions: readonly OptionRow[] = [
  ["--endpoint <endpoint>", `host, host:port or URL of RDS, or vpc (default: RDS_DR_ENDPOINT, ${endpointDefault})`],
  ["--profile <name>", "profile of the Alibaba Cloud CLI (default: see rds-dr --help)"],
  ["--role-arn <arn>", "RAM role to assume (default: ALICLOUD_ASSUME_ROLE_ARN or ALIBABA_CLOUD_ROLE_ARN)"],
];

export const jsonOption: OptionRow = ["--json", "print JSON"];

/** What every command takes that asks for backups. */
export interface BackupOptions extends Connection {
  readonly regionId: string;
  readonly crossBackupRegion?: string;
  readonly restoreRegion?: string;
  readonly resourceGroupId?: string;
  readonly json?: true;
}

export const backupOptions: readonly OptionRow[] = [
  ["--region-id <region>", "region of the source instance", regionReading],
  ["--cross-backup-region <region>", "only backups that are stored in this region"],
  ["--restore-region <region>", "only backups that can be restored to this region"],
  ["--resource-group-id <id>", "resource group of the instance"],
  ...connectionOptions,
  jsonOption,
];

/** What every command takes that uses the lock file. */
export interface LockFileOptions {
  readonly lockFile?: string;
  readonly appDir?: string;
}

export const appDirOption: OptionRow = [
  "--app-dir <folder>",
  "folder of the app (default: the current one; other paths are always relative to the current one)",
];

export const lockFileOptions: readonly OptionRow[] = [
  ["--lock-file <file>", "lock file (default: RDS_DR_LOCK_FILE, else rds-dr.lock.json beside cdktf.json)"],
  appDirOption,
];

/**
 * The folder from which cdktf.json is looked for.
 *
 * @throws InvalidRequestError if the option names a folder without one
 */
export function appFolder({ appDir }: LockFileOptions, { cwd }: Io): string {
  if (appDir === undefined) {
    return cwd;
  }
  const folder = resolve(cwd, appDir);
  if (appDir === "" || nearestProjectFile(folder) === undefined) {
    throw new InvalidRequestError("appDir", appDir, "the folder of an app, with a cdktf.json in it");
  }
  return folder;
}

/**
 * The settings that a synthesis in this folder would have, with the lock file of the option. Prints on standard error
 * which cdktf.json they come from, if another folder contains it or if it sets anything.
 *
 * @param more variables that beat those of the environment
 * @throws InvalidRequestError names the setting, the value and what is allowed
 */
export function readCommandSettings(
  options: LockFileOptions,
  io: Io,
  more: Readonly<Record<string, string>> = {},
): Settings {
  ifGiven(checkLockFile, "lockFile", options.lockFile);
  const folder = appFolder(options, io);
  // The user names the file from where the user is.
  const file = options.lockFile === undefined ? undefined : resolve(io.cwd, options.lockFile);
  const project = readProjectContext(folder);
  if (project !== undefined) {
    printNote(io, `rds-dr: settings of ${onOneLine(project.file)}`);
  }
  const environment = { ...io.environment, ...optional("RDS_DR_LOCK_FILE", file), ...more };
  const settings = readSettings(project?.settings, environment, folder);
  printWarnings(io, settings.warnings);
  return settings;
}

/**
 * As `readCommandSettings`, for a command that needs a lock file.
 *
 * @throws InvalidRequestError also if there is no app here, but one folder below has one: it suggests --app-dir
 */
export function readLockSettings(...given: Parameters<typeof readCommandSettings>): Settings {
  const settings = readCommandSettings(...given);
  const [, { cwd }] = given;
  const isMissing = settings.lockFile === undefined && settings.answers === undefined;
  const [below, ...others] = isMissing ? appsBelow(cwd) : [];
  if (below !== undefined && others.length === 0) {
    const allowed = `given, as ${noProjectFile}: the folder "${below}" has one, so add --app-dir ${below}`;
    throw new InvalidRequestError("appDir", undefined, allowed);
  }
  return settings;
}

/** The package's part of the context in a `cdktf.json`. */
export interface ProjectContext {
  /** Path of the cdktf.json. */
  readonly file: string;
  readonly settings: unknown;
}

/**
 * Reads the context in the nearest `cdktf.json`. Undefined if there is none, or if it is in the folder itself and has
 * no settings: then the place of the lock file surprises nobody.
 *
 * @throws InvalidRequestError if that file is not JSON
 */
export function readProjectContext(folder: string): ProjectContext | undefined {
  const file = nearestProjectFile(folder);
  if (file === undefined) {
    return undefined;
  }
  const { context } = readProjectFile(file);
  const settings = isObject(context) ? context[contextKey] : undefined;
  return settings === undefined && dirname(file) === folder ? undefined : { file, settings };
}

/** The folders in a folder that contain an app. */
function appsBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => existsSync(join(folder, name, "cdktf.json")));
  } catch {
    return [];
  }
}

/** Throws unless the value can be the path of a lock file. */
export function checkLockFile(name: string, value: string): void {
  checkText(name, value, "the path of a lock file");
}
