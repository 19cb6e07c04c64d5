import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { optional } from "../backup/row";
import { readProjectContext } from "../frozen/project-context";
import { nearestProjectFile, noProjectFile } from "../frozen/project-file";
import { readSettings, type Settings } from "../frozen/settings";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { onOneLine } from "../rds-api/printable";
import { checkText, ifGiven } from "../rds-api/request-checks";
import { printNote, printWarnings } from "./print";

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
