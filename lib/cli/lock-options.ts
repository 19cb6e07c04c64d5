import type { Command } from "commander";
import { optional } from "../backup/row";
import { readProjectContext } from "../frozen/project-context";
import { readSettings, type Settings } from "../frozen/settings";
import { onOneLine } from "../rds-api/printable";
import { checkText, ifGiven } from "../rds-api/request-checks";
import { printNote, printWarnings } from "./print";

/** What every command that uses the lock file takes. */
export interface LockFileOption {
  readonly lockFile?: string;
}

/** Adds it to a command. */
export function addLockFileOption(command: Command): Command {
  return command.option(
    "--lock-file <file>",
    "lock file (default: RDS_DR_LOCK_FILE, else rds-dr.lock.json beside the nearest cdktf.json)",
  );
}

/**
 * The settings that a synthesis in this folder would have, with the lock file of the option. Says on standard error
 * which cdktf.json governs them, and the place of the lock file, and what to know of them.
 *
 * @param more variables that beat those of the environment
 * @throws InvalidRequestError names the setting, the value and what is allowed; also for an option without text, such
 * as that of a variable that is not set
 */
export function settingsWith({ lockFile }: LockFileOption, more: NodeJS.ProcessEnv = {}): Settings {
  ifGiven(checkLockFile, "lockFile", lockFile);
  const folder = process.cwd();
  const environment = { ...process.env, ...optional("RDS_DR_LOCK_FILE", lockFile), ...more };
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
