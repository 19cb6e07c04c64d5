import type { Command } from "commander";
import type { RestorableBackup } from "../backup/restorable-backup";
import { readLock } from "../lock/lock-file";
import { entryOf, type Lock, type LockedAnswer, type Pin } from "../lock/locked-answers";
import { questionUnder } from "../lock/parse-locked-answers";
import type { Settings } from "../lock/settings";
import { updateLockFile } from "../lock/update-lock-file";
import { flagsOf } from "../lookup/names";
import type { Connection, LatestQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { CommandFailure } from "./exit-code";
import { addLockFileOption, type LockFileOption, lockSettings, once } from "./options";
import { printJson, printText } from "./print";

/** What every command on one locked backup takes: its key, or facts of its question. */
export interface EntryOptions extends LockFileOption {
  readonly key?: string;
  readonly dbInstanceId?: string;
  readonly regionId?: string;
  readonly restoreRegion?: string;
  readonly json: boolean;
}

/** A locked answer with its key. */
export type KeyedEntry = readonly [key: string, entry: LockedAnswer];

/** Adds them to a command. None has a default: a region that a variable says must not decide which answer is meant. */
export function addEntryOptions(command: Command): Command {
  const choosing = command
    .option("--db-instance-id <id>", "the source instance of the locked answer", once)
    .option("--region-id <region>", "where several match: the one for this region of the source")
    .option("--restore-region <region>", "where several match: the one for restores to this region")
    .option("--key <key>", "the key of the locked answer in the lock file, which says all of that");
  return addLockFileOption(choosing).option("--json", "print JSON", false);
}

/**
 * The locked answer to a question for the latest backup that the options name.
 *
 * @throws InvalidRequestError where they say too little, or name a list
 * @throws CommandFailure where there is no such answer
 */
export function chooseEntry(
  lock: Lock,
  { key, dbInstanceId, regionId, restoreRegion }: Omit<EntryOptions, "json">,
): KeyedEntry {
  if (key === undefined && dbInstanceId === undefined) {
    throw new InvalidRequestError("dbInstanceId", undefined, "given, or else --key");
  }
  const facts = { dbInstanceId, regionId, restoreRegion };
  const matching = Object.entries(lock.answers).filter(
    ([own, { query }]) =>
      (key === undefined || key === own) &&
      Object.entries(facts).every(([name, value]) => value === undefined || query?.[name] === value),
  );
  const latest = matching.filter(([, { backup }]) => backup !== undefined);
  const [chosen, ...others] = latest;
  if (chosen !== undefined && others.length > 0) {
    const keys = latest.map(([own]) => JSON.stringify(own)).join(" or ");
    throw new InvalidRequestError("key", undefined, `one of those that match, ${keys}`);
  }
  if (chosen !== undefined) {
    return chosen;
  }
  const [list] = matching;
  throw list === undefined
    ? notLocked(flagsOf({ key: key === undefined ? key : `"${key}"`, ...facts }), lock)
    : new InvalidRequestError("key", list[0], "that of a backup, as a list cannot be pinned");
}

/** That a locked answer is not there, with the keys of those that are. */
export function notLocked(wanted: string, { answers, place, remedy }: Lock): CommandFailure {
  const keys = Object.keys(answers).map((key) => `\n  ${key}`);
  const those = keys.length === 0 ? "" : `; those that are there:${keys.join("")}`;
  const message = `there is no locked answer for ${wanted}${place}${those}`;
  return new CommandFailure({ kind: ErrorKind.MISUSE, code: "NotLocked", message, hint: remedy });
}

/**
 * The question of a locked answer for the latest backup.
 *
 * @throws CommandFailure where somebody wrote the answer down without it
 */
export function questionOf([key, { query }]: KeyedEntry, connection: Connection): LatestQuery {
  if (query === undefined) {
    throw unfit(`the locked answer "${key}" has no "query", which says what to ask the API for`);
  }
  // It is what the key says, which the lock file's reader has seen to.
  return { ...(questionUnder(key, query) as LatestQuery), connection };
}

/** That a locked answer lacks what is needed of it. */
export function unfit(message: string): CommandFailure {
  const hint = 'look it up anew with "npx rds-dr refresh", or add it by hand';
  return new CommandFailure({ kind: ErrorKind.MISUSE, code: "LockedUnfit", message, hint });
}

/** A locked backup after its change. */
export interface ChangedEntry {
  readonly key: string;
  readonly backup: RestorableBackup;
  readonly pin: Pin | undefined;
  /** The pin that it had before. */
  readonly pinBefore: Pin | undefined;
}

/**
 * Changes a locked backup in the lock file.
 *
 * @param prepare gets the entry that the options name, and may ask the network before it says what the change is;
 *   the change is made to the entry as it is by then
 * @throws InvalidRequestError where the options say too little, or the lock file cannot be read or written
 * @throws CommandFailure where there is no such entry, or no backup in it
 */
export async function changeEntry(
  options: EntryOptions,
  prepare: (chosen: KeyedEntry, settings: Settings) => Promise<(entry: LockedAnswer) => LockedAnswer>,
): Promise<ChangedEntry> {
  const settings = lockSettings(options);
  const { answers: inContext, lockFile } = settings;
  if (inContext !== undefined) {
    const allowed = "left out where a lock file is to be changed, as they stand in its place";
    throw new InvalidRequestError('"answers" in the context "rds-dr"', inContext, allowed);
  }
  const lock = readLock(settings);
  if (lockFile === undefined) {
    throw notLocked("any question", lock);
  }
  const chosen = chooseEntry(lock, options);
  const [key] = chosen;
  const change = await prepare(chosen, settings);
  const { before, after } = await updateLockFile(lockFile, (answers) => {
    const [, entry] = chooseEntry({ ...lock, answers }, { key });
    const changed = change(entry);
    backupOf(key, changed);
    return { ...answers, [key]: changed };
  });
  const changed = entryOf(after, key);
  return {
    key,
    backup: backupOf(key, changed),
    pin: changed?.pin,
    pinBefore: entryOf(before, key)?.pin,
  };
}

/** Prints what became of a locked backup: one line, or what scripts rely on. */
export function printEntry(
  { key, backup: { crossBackupId, dataTime }, pin, pinBefore }: ChangedEntry,
  { did, json }: { readonly did: string; readonly json: boolean },
): void {
  if (json) {
    printJson({ key, crossBackupId, dataTime, pin: pin ?? null });
    return;
  }
  const what = `${did} "${key}": ${crossBackupId} with the data of ${dataTime}`;
  const why = (pin ?? pinBefore)?.reason;
  printText([what, why].filter((part) => part !== undefined).join(": "));
}

function backupOf(key: string, entry: LockedAnswer | undefined): RestorableBackup {
  const backup = entry?.backup ?? undefined;
  if (backup === undefined) {
    const message = `the locked answer "${key}" is that there is no valid backup, and only a backup can be pinned`;
    const hint =
      'see whether there is one by now with "npx rds-dr refresh", or name one with --cross-backup-id';
    throw new CommandFailure({ kind: ErrorKind.NOT_FOUND, code: "NoValidBackup", message, hint });
  }
  return backup;
}
