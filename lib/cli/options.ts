import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { isObject, optional } from "../backup/json-object";
import { nearestProjectFile, noProjectFile, readProjectFile } from "../lock/project-file";
import { contextKey, readSettings, type Settings } from "../lock/settings";
import { checkText, ifGiven } from "../validation/checks";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { onOneLine } from "../validation/printable";
import { printNote, printWarnings } from "./print";

/** What every command that asks the API takes. */
export interface CommonOptions {
  readonly regionId: string;
  readonly crossBackupRegion?: string;
  readonly restoreRegion?: string;
  readonly resourceGroupId?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly json: boolean;
}

/** The value of the first of the variables that has one: of two names for a thing, Terraform's comes first. */
export function variableOf(
  environment: Readonly<Record<string, string | undefined>>,
  ...names: readonly string[]
): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}

/** The region that Terraform's provider, or the Alibaba Cloud CLI, would take from the environment. */
export function regionOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return variableOf(environment, "ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID");
}

/** Adds the region of the source instance to a command; required where no variable says it. */
export function addRegionOption(command: Command, environment: NodeJS.ProcessEnv): Command {
  const region = regionOf(environment);
  const help =
    "region of the source instance (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION or ALIBABA_CLOUD_REGION_ID)";
  return region === undefined
    ? command.requiredOption("--region-id <region>", help)
    : command.option("--region-id <region>", help, region);
}

/** Adds them to a command. */
export function addCommonOptions(command: Command, environment: NodeJS.ProcessEnv): Command {
  return addRegionOption(command, environment)
    .option("--cross-backup-region <region>", "only backups stored in this region")
    .option("--restore-region <region>", "only backups that can be restored to this region")
    .option("--resource-group-id <id>", "resource group of the instance")
    .addOption(endpointOption())
    .addOption(profileOption())
    .addOption(roleArnOption())
    .option("--json", "print JSON", false);
}

/** Where the API is. */
export function endpointOption(): Option {
  return new Option(
    "--endpoint <endpoint>",
    "host, host:port or URL of the RDS API, or vpc (default: RDS_DR_ENDPOINT, else ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's)",
  );
}

/** Where the API of the region of the restore is. */
export function restoreEndpointOption(): Option {
  return new Option(
    "--restore-endpoint <endpoint>",
    "the same for the restore region (default: RDS_DR_RESTORE_ENDPOINT, else RDS_DR_ENDPOINT, else ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's)",
  );
}

/** Whose credentials are used. */
export function profileOption(): Option {
  return new Option(
    "--profile <name>",
    "profile of the Alibaba Cloud CLI (default: the environment's access key or profile, else the credential chain)",
  );
}

/** The role that those credentials assume. */
export function roleArnOption(): Option {
  return new Option(
    "--role-arn <arn>",
    "RAM role to assume, such as acs:ram::1234567890123456:role/drill (default: ALICLOUD_ASSUME_ROLE_ARN or ALIBABA_CLOUD_ROLE_ARN, else none)",
  );
}

/** Reads what can be given once: of two instances the first would be passed over without a word. */
export function once(text: string, previous: string | undefined): string {
  if (previous !== undefined) {
    throw new InvalidArgumentError("It can be given once.");
  }
  return text;
}

/** Reads a number on the command line. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) {
    throw new InvalidArgumentError("It must be a number.");
  }
  return number;
}

/** Reads a whole number within bounds on the command line. */
export function parseWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = parseNumber(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/** The package's part of the context in a `cdktf.json`: what an app gets from cdktf. */
export interface ProjectContext {
  /** Path of the cdktf.json. */
  readonly file: string;
  readonly settings: unknown;
}

/**
 * Reads the context in the nearest `cdktf.json`, as `nearestProjectFile` finds it; undefined if there is none, or if it is
 * that of the folder itself and says nothing: nobody is surprised then that the lock file lies beside it.
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

/** What every command that uses the lock file takes. */
export interface LockFileOption {
  readonly lockFile?: string;
  /** Folder of the app. */
  readonly appDir?: string;
}

/** Adds it to a command. */
export function addLockFileOption(command: Command): Command {
  return command
    .option(
      "--lock-file <file>",
      "lock file (default: RDS_DR_LOCK_FILE, else rds-dr.lock.json beside the nearest cdktf.json)",
    )
    .option(
      "--app-dir <folder>",
      "folder of the app: run as if there, but for the path of --lock-file (default: this folder)",
    );
}

/**
 * The folder from which cdktf.json is looked for.
 *
 * @throws InvalidRequestError if the option names a folder without one
 */
export function appFolder({ appDir }: LockFileOption): string {
  const here = process.cwd();
  if (appDir === undefined) {
    return here;
  }
  const folder = resolve(here, appDir);
  if (appDir === "" || nearestProjectFile(folder) === undefined) {
    throw new InvalidRequestError("appDir", appDir, "the folder of an app, with a cdktf.json in it");
  }
  return folder;
}

/**
 * As `settingsWith`, for a command that is of no use without a lock file.
 *
 * @throws InvalidRequestError also if the app is one folder below, to suggest --app-dir
 */
export function lockSettings(options: LockFileOption, more: NodeJS.ProcessEnv = {}): Settings {
  const settings = settingsWith(options, more);
  if (settings.lockFile === undefined && settings.answers === undefined) {
    const [below, ...others] = appsBelow(process.cwd());
    if (below !== undefined && others.length === 0) {
      const allowed = `given, as ${noProjectFile}: the folder "${below}" has one, so add --app-dir ${below}`;
      throw new InvalidRequestError("appDir", undefined, allowed);
    }
  }
  return settings;
}

/** The folders in a folder that hold an app. */
function appsBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => existsSync(join(folder, name, "cdktf.json")));
  } catch {
    return [];
  }
}

/**
 * The settings that a synthesis in this folder would have, with the lock file of the option. Says on standard error
 * which cdktf.json governs them, and the place of the lock file, and what to know of them.
 *
 * @param more variables that beat those of the environment
 * @throws InvalidRequestError names the setting, the value and what is allowed; also for an option without text, such
 * as that of a variable that is not set
 */
export function settingsWith(options: LockFileOption, more: NodeJS.ProcessEnv = {}): Settings {
  const { lockFile } = options;
  ifGiven(checkLockFile, "lockFile", lockFile);
  const folder = appFolder(options);
  // The user names it from where the user is.
  const file = lockFile === undefined || options.appDir === undefined ? lockFile : resolve(lockFile);
  const environment = { ...process.env, ...optional("RDS_DR_LOCK_FILE", file), ...more };
  const project = readProjectContext(folder);
  if (project !== undefined) {
    printNote(`rds-dr: settings of ${onOneLine(project.file)}`);
  }
  const settings = readSettings(project?.settings, environment, folder);
  printWarnings(settings.warnings);
  return settings;
}

function checkLockFile(name: string, value: string): void {
  checkText(name, value, "the path of a lock file");
}
