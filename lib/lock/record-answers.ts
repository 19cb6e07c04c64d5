import { constants } from "node:fs";
import { appendFile } from "node:fs/promises";
import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "../validation/invalid-request-error";
import type { Refresh, Settled } from "./answer-by-mode";
import { entryOf, type LockedAnswers } from "./locked-answers";
import { mergeAnswers, type NewAnswer } from "./merge-answers";
import { updateLockFile } from "./update-lock-file";

/** The answers that are to be locked, each with the locked one that was seen. */
export function newAnswers(settled: readonly Settled[], seen: LockedAnswers): readonly NewAnswer[] {
  return settled.flatMap(({ key, entry }) =>
    entry === undefined ? [] : [{ key, entry, seen: entryOf(seen, key) }],
  );
}

/**
 * Locks the answers of a run.
 *
 * @throws InvalidRequestError where the lock file cannot be read or written
 */
export async function recordAnswers(
  settled: readonly Settled[],
  seen: LockedAnswers,
  { lockFile, report }: Refresh,
): Promise<void> {
  if (report !== undefined) {
    await appendReport(report, settled);
    return;
  }
  const found = newAnswers(settled, seen);
  if (lockFile !== undefined && found.length > 0) {
    await updateLockFile(lockFile, (current) => mergeAnswers(current, found));
  }
}

async function appendReport(report: string, settled: readonly Settled[]): Promise<void> {
  // To open a FIFO would wait for somebody who reads it.
  const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  try {
    await appendFile(report, settled.map((each) => `${JSON.stringify(each)}\n`).join(""), { flag });
  } catch (error) {
    const code = isObject(error) ? error["code"] : error;
    const allowed =
      'a file that can be written: "npx rds-dr refresh" makes it in the folder of TMPDIR; free some room there, or set TMPDIR to another folder';
    throw new InvalidRequestError(`RDS_DR_REFRESH_REPORT, ${report},`, code, allowed);
  }
}
