import { relative } from "node:path";
import { isObject } from "../backup/row";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { onOneLine } from "../rds-api/printable";
import { parseJsonFile, readTextFile } from "./json-file";
import type { LockedAnswers } from "./locked-answers";
import { parseLockedAnswers } from "./parse-locked-answers";

/** What stands in a lock file. */
export interface LockFile {
  /** Where editors find the schema; what somebody put there stays. */
  readonly schema: string;
  readonly answers: LockedAnswers;
}

/** The version of the form that this package reads and writes. */
const version = 1;

const defaultSchema = "./node_modules/cdktf-alicloud-rds-dr/schema/lock-file.schema.json";

const emptyLockFile: LockFile = { schema: defaultSchema, answers: {} };

/**
 * Reads a lock file; it is empty where there is none yet.
 *
 * @throws InvalidRequestError says where in the file the trouble is, and what to do
 */
export function readLockFile(path: string): LockFile {
  const text = readTextFile(path);
  return text === undefined ? emptyLockFile : parseLockFile(path, text);
}

function parseLockFile(path: string, text: string): LockFile {
  const file = parseLockText(path, text);
  if (!isObject(file) || Array.isArray(file)) {
    throw new InvalidRequestError(path, file, "a lock file: take it from version control, or delete it");
  }
  const { $schema = defaultSchema, version: written, answers, ...others } = file;
  if (written !== version) {
    const newer = typeof written === "number" && written > version;
    const remedy = newer
      ? ": a newer release of cdktf-alicloud-rds-dr wrote it, install that one"
      : ": take the file from version control";
    throw new InvalidRequestError(`"version" of ${path}`, written, `${version}${remedy}`);
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new InvalidRequestError(`a key of ${path}`, unknown, "$schema, version or answers");
  }
  if (typeof $schema !== "string") {
    throw new InvalidRequestError(`"$schema" of ${path}`, $schema, "text");
  }
  return { schema: $schema, answers: parseLockedAnswers(answers, `"answers" of ${path}`) };
}

function parseLockText(path: string, text: string): unknown {
  try {
    const allowed = 'JSON: take it from version control, or delete it and run "npx rds-dr refresh"';
    return parseJsonFile(path, text, allowed);
  } catch (error) {
    const conflict = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/m.exec(text);
    if (conflict === null) {
      throw error;
    }
    const line = text.slice(0, conflict.index).split("\n").length;
    throw new InvalidRequestError(
      path,
      `in conflict at line ${line}`,
      'free of merge conflicts: take either side whole, then run "npx rds-dr refresh"',
    );
  }
}

/** The text of a lock file: sorted, so that the same answers always give the same bytes. */
export function formatLockFile({ schema, answers }: LockFile): string {
  return `${JSON.stringify({ $schema: schema, version, answers: sorted(answers) }, undefined, 2)}\n`;
}

/** Keys in one order at every depth; what has no value, or says nothing, is left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => each !== undefined && !(name === "unreadable" && isEmpty(each)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Whether two values are written the same. */
export function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The path of a lock file as people would type it. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return onOneLine(near === "" || near.startsWith("..") ? path : near);
}
