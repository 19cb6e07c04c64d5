import { closeSync, constants, lstatSync, openSync, writeFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { isObject } from "../backup/json-object";
import { showProgress } from "../lookup/progress";
import { InvalidRequestError } from "../validation/checks";
import { mergeAnswers } from "./answer-changes";
import type { Settled, SettleRun } from "./answer-by-mode";
import { formatLockFile, isSameText, type LockFile, readLockFile, shownPath } from "./lock-file";
import type { LockedAnswers } from "./locked-answers";
import type { LockedRestores } from "./restores";
import { writeWhole } from "./write-whole";

/** A process that has not shown itself for so long is dead: its lock counts no more, milliseconds. */
const staleMs = 5_000;

/** How often another process is waited for, and how long each time, milliseconds: in all some 20 seconds. */
const retries = { retries: 200, factor: 1, minTimeout: 50, maxTimeout: 150, randomize: true };

/** What an update of the lock file came to. */
export interface LockFileUpdate {
  readonly before: LockedAnswers;
  readonly after: LockedAnswers;
  /** False if the file says all of it already: then it keeps its bytes. */
  readonly isWritten: boolean;
}

/**
 * Changes the answers in the lock file.
 *
 * @param change gets the answers of the file as it is by then
 * @throws InvalidRequestError if the file cannot be read, understood or written
 */
export async function updateLockFile(
  path: string,
  change: (answers: LockedAnswers) => LockedAnswers,
): Promise<LockFileUpdate> {
  const { before, after, isWritten } = await updateWhole(path, (file) => ({ ...file, answers: change(file.answers) }));
  return { before: before.answers, after: after.answers, isWritten };
}

/**
 * Changes the restores in the lock file.
 *
 * @param change gets the restores of the file as it is by then
 * @returns the restores that are in the file now
 * @throws InvalidRequestError if the file cannot be read, understood or written
 */
export async function updateRestores(
  path: string,
  change: (restores: LockedRestores) => LockedRestores,
): Promise<LockedRestores> {
  const { after } = await updateWhole(path, (file) => ({ ...file, restores: change(file.restores ?? {}) }));
  return after.restores ?? {};
}

/**
 * Changes the lock file: reads it, changes it and writes it while no other process does. At every moment the file
 * is the old one or the new one, whole.
 */
async function updateWhole(
  path: string,
  change: (file: LockFile) => LockFile,
): Promise<{ readonly before: LockFile; readonly after: LockFile; readonly isWritten: boolean }> {
  const release = await waitForTurn(path);
  try {
    const before = readLockFile(path);
    const after = change(before);
    const isWritten = !isSameText(before, after);
    if (isWritten) {
      await writing(path, () => writeWhole(path, formatLockFile(after)));
    }
    return { before, after, isWritten };
  } finally {
    // It fails if the lock was taken from us, which is no longer ours to mend.
    await release().catch(() => undefined);
  }
}

async function waitForTurn(path: string): Promise<() => Promise<void>> {
  const stopProgress = showProgress(shownPath(path), () => "which another process holds,");
  try {
    await writing(path, () => access(dirname(path), constants.W_OK));
    // The file need not be there yet. Whoever held up for so long that others thought it dead costs at most their
    // change: the file is whole, whoever writes last.
    const { lock } = require("proper-lockfile") as typeof import("proper-lockfile");
    return await writing(path, () =>
      lock(path, { realpath: false, stale: staleMs, retries, onCompromised: () => undefined }),
    );
  } finally {
    stopProgress();
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = isObject(error) ? error["code"] : error;
    throw new InvalidRequestError(path, code, allowedInPlaceOf(path, String(code)));
  }
}

/** Also true of a link that leads nowhere. */
function isInTheWay(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function allowedInPlaceOf(path: string, code: string): string {
  if (code === "ELOCKED") {
    return "free to be written: another process holds it; try again";
  }
  if (notOurs.includes(code) && isInTheWay(`${path}.lock`)) {
    return `free to be written: remove ${shownPath(`${path}.lock`)}, which no process of this package made`;
  }
  const [, remedy = ""] = remedies.find(([codes]) => codes.includes(code)) ?? [];
  return `a file that can be written, in a folder that is there and can be written as well${remedy}`;
}

/** What a system says of something else in the place of the folder by which a process holds a lock file. */
const notOurs = ["EISDIR", "ELOOP", "ENOTDIR", "ENOTEMPTY"];

const otherFile = "or name another lock file with RDS_DR_LOCK_FILE";

/** What to do about what a system says, by its codes. */
const remedies: readonly (readonly [codes: readonly string[], remedy: string])[] = [
  [["EACCES", "EPERM"], `: give this user the right to write the folder, ${otherFile}`],
  [["EBUSY", "EXDEV"], ": a new file takes its place, so mount the folder that contains it, not the file alone"],
  [["EDQUOT", "ENOSPC"], ": its disk is full; free some room, and try again"],
  [["EROFS"], `: its file system is read-only; mount it for writing, ${otherFile}`],
];

/**
 * Locks the answers of a run, or reports them to who runs the app.
 *
 * @throws InvalidRequestError if the lock file cannot be read or written
 */
export async function recordAnswers(
  settled: readonly Settled[],
  { lockFile, refreshReport, lock }: Pick<SettleRun, "lockFile" | "refreshReport" | "lock">,
): Promise<void> {
  if (refreshReport !== undefined) {
    appendReport(refreshReport, settled);
    return;
  }
  if (lockFile !== undefined && settled.some(({ entry }) => entry !== undefined)) {
    await updateLockFile(lockFile, (current) => mergeAnswers(current, settled, lock.answers));
  }
}

/**
 * Adds lines of JSON to the report for who runs the app.
 *
 * @throws InvalidRequestError if it cannot be written
 */
export function appendReport(report: string, lines: readonly object[]): void {
  // To open a FIFO would wait for somebody who reads it.
  const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  try {
    const file = openSync(report, flag);
    try {
      writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = isObject(error) ? error["code"] : error;
    const allowed =
      'a file that can be written: "npx rds-dr refresh" makes it in the folder of TMPDIR; free some room there, or set TMPDIR to another folder';
    throw new InvalidRequestError(`RDS_DR_REFRESH_REPORT, ${report},`, code, allowed);
  }
}
