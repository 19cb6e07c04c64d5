import { appendFile } from "node:fs/promises";
import { entryOf, type LockedAnswers } from "./locked-answers";
import { mergeAnswers, type NewAnswer } from "./merge-answers";
import type { Refresh, Settled } from "./settle-run";
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
    await appendFile(report, settled.map((each) => `${JSON.stringify(each)}\n`).join(""));
    return;
  }
  const found = newAnswers(settled, seen);
  if (lockFile !== undefined && found.length > 0) {
    await updateLockFile(lockFile, (current) => mergeAnswers(current, found));
  }
}
