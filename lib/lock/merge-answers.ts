import { optional } from "../backup/json-object";
import { compareBackups } from "../backup/restorable-backup";
import { endpointOrigin } from "../rds-api/endpoint";
import { isSameText } from "./lock-file";
import { entryOf, type LockedAnswer, type LockedAnswers } from "./locked-answers";

/** A new answer, and the locked one that was seen when it was found. */
export interface NewAnswer {
  readonly key: string;
  readonly entry: LockedAnswer;
  readonly seen: LockedAnswer | undefined;
}

/** Puts new answers among those of the lock file as it is by now, which another process may have written since. Pure. */
export function mergeAnswers(current: LockedAnswers, found: readonly NewAnswer[]): LockedAnswers {
  const merged = found.map((each) => [each.key, mergeAnswer(entryOf(current, each.key), each)] as const);
  return { ...current, ...Object.fromEntries(merged) };
}

function mergeAnswer(current: LockedAnswer | undefined, { entry, seen }: NewAnswer): LockedAnswer {
  if (current === undefined) {
    return entry;
  }
  const raced = !isSameText(current, seen);
  // A pinned entry changes only if its own facts are corrected, and nobody has touched it since.
  const isPinned = current.pin !== undefined || entry.pin !== undefined;
  const isCorrected = !raced && entry.pin !== undefined;
  if (isPinned ? !isCorrected : raced && isNewer(current, entry)) {
    return current;
  }
  const { retentionDays = current.retentionDays } = entry;
  const merged = { ...entry, ...optional("retentionDays", retentionDays) };
  return isSameAnswer(current, entry) ? { ...merged, changedAt: current.changedAt } : merged;
}

/** Whether two answers say the same, whenever they were found. */
export function isSameAnswer(a: LockedAnswer, b: LockedAnswer): boolean {
  return isSameText(saidBy(a), saidBy(b));
}

/** A backup that stands in for refused ones is judged otherwise than one that does not. */
function saidBy(answer: LockedAnswer): unknown {
  const { backup, backups, refused } = answer;
  return [backup, backups, refused, originOf(answer)];
}

function isNewer(current: LockedAnswer, { backup, endpoint }: LockedAnswer): boolean {
  return (
    current.backup !== undefined &&
    current.backup !== null &&
    originOf(current) === endpointOrigin(endpoint) &&
    (backup === undefined || backup === null || compareBackups(current.backup, backup) < 0)
  );
}

function originOf({ endpoint }: LockedAnswer): string | undefined {
  return endpointOrigin(endpoint);
}
