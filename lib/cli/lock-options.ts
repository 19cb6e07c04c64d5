import type { Command } from "commander";
import { optional } from "../backup/row";
import { readProjectContext } from "../frozen/project-context";
import { readSettings, type Settings } from "../frozen/settings";
import { checkText } from "../rds-api/request-checks";

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
 * The environment of this process, in which the option beats RDS_DR_LOCK_FILE.
 *
 * @throws InvalidRequestError for an option without text, such as that of a variable that is not set
 */
export function environmentWith({ lockFile }: LockFileOption): NodeJS.ProcessEnv {
  if (lockFile !== undefined) {
    checkText("lockFile", lockFile, "the path of a lock file");
  }
  return { ...process.env, ...optional("RDS_DR_LOCK_FILE", lockFile) };
}

/**
 * The settings that a synthesis in this folder would have, with the lock file of the option.
 *
 * @throws InvalidRequestError names the setting, the value and what is allowed
 */
export function settingsWith(option: LockFileOption): Settings {
  return readSettings(readProjectContext(process.cwd()), environmentWith(option), process.cwd());
}
