import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "../validation/checks";
import { parseJsonFile, readTextFile } from "../validation/json-file";
import { packageName } from "../validation/own-package";
import { onOneLine } from "../validation/printable";
import type { Lock, LockedAnswers } from "./locked-answers";
import { Mode } from "./mode";
import { parseLockedAnswers } from "./parse-locked-answers";
import { noProjectFile } from "./project-file";
import type { LockedRestores } from "./restores";
import type { Settings } from "./settings";

/** What stands in a lock file. */
export interface LockFile {
  /** Where editors find the schema; what somebody put there stays. */
  readonly schema: string;
  readonly answers: LockedAnswers;
  /** What "rds-dr restore" made; absent if the file says nothing of it. */
  readonly restores?: LockedRestores;
}

/** The version of the form that this package reads and writes. */
const version = 1;

/** A file below this size is read as a whole, bytes: that takes a few milliseconds. */
const largeBytes = 1024 * 1024;

const schemaFile = "schema/lock-file.schema.json";

/**
 * Reads a lock file; it is empty if there is none yet.
 *
 * @param keys of the answers that are wanted; of a large file, the others are neither read nor checked. @default - all
 * @throws InvalidRequestError says where in the file the trouble is, and what to do
 */
export function readLockFile(path: string, keys?: readonly string[]): LockFile {
  const part = keys && readPart(path, [...new Set(keys)]);
  if (part !== undefined) {
    return part;
  }
  const text = readTextFile(path);
  return text === undefined ? { schema: defaultSchema(path), answers: {} } : parseLockFile(path, text);
}

function readPart(path: string, keys: readonly string[]): LockFile | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size < largeBytes) {
      return undefined;
    }
    // Loaded here, because most lock files are small.
    const { readLockFilePart } = require("./lock-file-part") as typeof import("./lock-file-part");
    const part = readLockFilePart(path, keys);
    return part === undefined ? undefined : parseLockFile(path, part);
  } catch {
    // The whole file says where the trouble is.
    return undefined;
  }
}

/** What an editor checks a lock file by: the file of the package, if npm has put it beside it; else its copy on a mirror. */
function defaultSchema(path: string): string {
  const installed = `./node_modules/${packageName}/${schemaFile}`;
  return existsSync(join(dirname(path), installed)) ? installed : `https://unpkg.com/${packageName}/${schemaFile}`;
}

function parseLockFile(path: string, text: string): LockFile {
  const file = parseLockText(path, text);
  if (!isObject(file) || Array.isArray(file)) {
    throw new InvalidRequestError(path, file, "a lock file: take it from version control, or delete it");
  }
  const { $schema = defaultSchema(path), version: written, answers, restores, ...others } = file;
  if (written !== version) {
    const newer = typeof written === "number" && written > version;
    const remedy = newer
      ? `: a newer release of ${packageName} wrote it, install that one`
      : ": take the file from version control";
    throw new InvalidRequestError(`"version" of ${path}`, written, `${version}${remedy}`);
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new InvalidRequestError(`a key of ${path}`, unknown, "$schema, version, answers or restores");
  }
  if (typeof $schema !== "string") {
    throw new InvalidRequestError(`"$schema" of ${path}`, $schema, "text");
  }
  return {
    schema: $schema,
    answers: parseLockedAnswers(answers, `"answers" of ${path}`),
    ...(restores === undefined ? {} : { restores: restoresIn(restores, path) }),
  };
}

function restoresIn(value: unknown, path: string): LockedRestores {
  // Loaded here, because most lock files have none.
  const { parseRestores } = require("./parse-restores") as typeof import("./parse-restores");
  return parseRestores(value, `"restores" of ${path}`);
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
    const allowed =
      'free of merge conflicts: take either side whole, with the "restores" of both, then run "npx rds-dr refresh"';
    throw new InvalidRequestError(path, `in conflict at line ${line}`, allowed);
  }
}

/** The text of a lock file: sorted, so that the same answers always give the same bytes. */
export function formatLockFile({ schema, answers, restores }: LockFile): string {
  const file = { $schema: schema, version, answers: sorted(answers), restores: sorted(restores) };
  return `${JSON.stringify(file, undefined, 2)}\n`;
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
      .filter(([, each]) => each !== undefined)
      .filter(([name, each]) => name !== "unreadable" || !Array.isArray(each) || each.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

/** Whether two values are written the same. */
export function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The path of a lock file as people would type it in a folder. */
export function shownPath(path: string, folder = process.cwd()): string {
  const near = relative(folder, path);
  return onOneLine(near === "" || near.startsWith("..") ? path : near);
}

/**
 * The locked restores of an app: those of its context, else those of the lock file.
 *
 * @throws InvalidRequestError if the lock file cannot be read or understood, unless nothing but a destroy is wanted
 */
export function readRestores({ restores, lockFile, mode }: Settings): LockedRestores {
  if (restores !== undefined || lockFile === undefined) {
    return restores ?? {};
  }
  try {
    const part = readPart(lockFile, []);
    if (part !== undefined) {
      return part.restores ?? {};
    }
    const text = readTextFile(lockFile);
    // Most lock files have none: then the answers are not read twice.
    return text?.includes('"restores"') === true ? (parseLockFile(lockFile, text).restores ?? {}) : {};
  } catch (error) {
    if (mode === Mode.DESTROY && error instanceof InvalidRequestError) {
      return {};
    }
    throw error;
  }
}

const fill = 'fill it with "npx rds-dr refresh" on a machine that reaches the API';

/**
 * The locked answers of an app: those of its context, else those of the lock file.
 *
 * @param keys as of `readLockFile`
 * @throws InvalidRequestError if the lock file cannot be read or understood, unless nothing but a destroy is wanted
 */
export function readLock(
  { answers, lockFile, mode }: Settings,
  folder = process.cwd(),
  keys?: readonly string[],
): Lock {
  if (answers !== undefined) {
    const remedy = `add it under that key to "answers" in the context "rds-dr" (in a test, by TestAnswers with the props of the construct), or look it up with RDS_DR_MODE=live`;
    return { answers, place: "", remedy };
  }
  if (lockFile === undefined) {
    const place = `: there is no lock file, as ${noProjectFile}`;
    return { answers: {}, place, remedy: `name one with RDS_DR_LOCK_FILE, and ${fill}`, isOutsideProject: true };
  }
  const shown = shownPath(lockFile, folder);
  const place = existsSync(lockFile) ? ` in ${shown}` : `: there is no file ${shown}`;
  try {
    return { answers: readLockFile(lockFile, keys).answers, place, remedy: fill };
  } catch (error) {
    if (mode === Mode.DESTROY && error instanceof InvalidRequestError) {
      return { answers: {}, place: "", remedy: fill };
    }
    throw error;
  }
}
