import { flagsOf } from "../backup/record-fields";
import type { Lock, LockedAnswer } from "../lock/locked-answers";
import { questionUnder } from "../lock/parse-locked-answers";
import type { Connection, LatestQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import { CommandFailure } from "./exit-code";
import { once, type OptionRow } from "./options";

/** A locked answer with its key. */
export type KeyedEntry = readonly [key: string, entry: LockedAnswer];

/** How a command names one locked answer: by its key, or by facts of its question. */
export interface EntryOptions {
  readonly key?: string;
  readonly dbInstanceId?: string;
  readonly regionId?: string;
  readonly restoreRegion?: string;
}

/** No variable counts here: a region in the environment must not decide which answer is meant. */
export const entryOptions: readonly OptionRow[] = [
  ["--db-instance-id <id>", "the source instance of the locked answer", { parse: once }],
  ["--region-id <region>", "if several match: the one for this source region"],
  ["--restore-region <region>", "if several match: the one for restores to this region"],
  ["--key <key>", "the key of the locked answer in the lock file, in place of the three above"],
];

/**
 * The locked answer about the latest backup that the options name.
 *
 * @throws InvalidRequestError if they match several answers, or a list
 * @throws CommandFailure if there is no such answer
 */
export function chooseEntry(lock: Lock, { key, dbInstanceId, regionId, restoreRegion }: EntryOptions): KeyedEntry {
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
    : new InvalidRequestError("key", list[0], "the key of a backup: a list cannot be pinned");
}

/**
 * The locked answers about these instances, or about all: lists and latest backups.
 *
 * @throws CommandFailure if an instance has none
 */
export function entriesAbout(lock: Lock, ids: readonly string[] | undefined): readonly KeyedEntry[] {
  const entries = Object.entries(lock.answers);
  const missing = ids?.filter((id) => !entries.some((entry) => isAbout(entry, id))) ?? [];
  if (entries.length === 0 || missing.length > 0) {
    throw notLocked(entries.length === 0 ? "any instance" : `--db-instance-id ${missing.join(" ")}`, lock);
  }
  return entries.filter((entry) => ids?.some((id) => isAbout(entry, id)) ?? true);
}

function isAbout([, { query }]: KeyedEntry, id: string): boolean {
  return query?.["dbInstanceId"] === id;
}

/** That there is no such locked answer, with the keys of those that there are. */
export function notLocked(wanted: string, { answers, place, remedy }: Lock): CommandFailure {
  const keys = Object.keys(answers).map((key) => `\n  ${key}`);
  const those = keys.length === 0 ? "" : `; the locked answers are:${keys.join("")}`;
  const message = `there is no locked answer for ${wanted}${place}${those}`;
  return new CommandFailure({ kind: ErrorKind.MISUSE, code: "NotLocked", message, hint: remedy });
}

/**
 * The question of a locked answer about the latest backup.
 *
 * @throws CommandFailure if somebody wrote the answer by hand, without it
 */
export function questionOf([key, { query }]: KeyedEntry, connection: Connection): LatestQuery {
  if (query === undefined) {
    throw unfit(`the locked answer "${key}" has no "query", so rds-dr does not know what to ask the API`);
  }
  // The reader of the lock file has checked that it fits the key.
  return { ...(questionUnder(key, query) as LatestQuery), connection };
}

/** That a locked answer lacks what a command needs. */
export function unfit(message: string): CommandFailure {
  const hint = 'look it up again with "npx rds-dr refresh", or add it by hand';
  return new CommandFailure({ kind: ErrorKind.MISUSE, code: "LockedUnfit", message, hint });
}
