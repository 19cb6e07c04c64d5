import type { Command } from "commander";
import type { Lock, LockedAnswer } from "../frozen/locked-answers";
import { questionUnder } from "../frozen/locked-queries";
import { flagsOf } from "../lookup/flag";
import type { Connection, LatestQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/error-kind";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { CommandFailure } from "./command-failure";
import { once } from "./common-options";
import { addLockFileOption, type LockFileOption } from "./lock-options";

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
