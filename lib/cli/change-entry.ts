import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { entryOf, type LockedAnswer, type Pin } from "../frozen/locked-answers";
import { readLock } from "../frozen/read-lock";
import type { Settings } from "../frozen/settings";
import { updateLockFile } from "../frozen/update-lock-file";
import { ErrorKind } from "../rds-api/error-kind";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { chooseEntry, notLocked, type EntryOptions, type KeyedEntry } from "./choose-entry";
import { CommandFailure } from "./command-failure";
import { lockSettings } from "./lock-options";
import { printJson, printText } from "./print";

/** A locked backup after its change. */
export interface ChangedEntry {
  readonly key: string;
  readonly backup: CrossRegionBackup;
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

function backupOf(key: string, entry: LockedAnswer | undefined): CrossRegionBackup {
  const backup = entry?.backup ?? undefined;
  if (backup === undefined) {
    const message = `the locked answer "${key}" is that there is no valid backup, and only a backup can be pinned`;
    const hint =
      'see whether there is one by now with "npx rds-dr refresh", or name one with --cross-backup-id';
    throw new CommandFailure({ kind: ErrorKind.NOT_FOUND, code: "NoValidBackup", message, hint });
  }
  return backup;
}
