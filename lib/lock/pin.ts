import type { Instant } from "../backup/instant";
import { backupText, type RestorableBackup } from "../backup/restorable-backup";
import { type LookupAnswer, withWarning } from "../lookup/answer";
import type { AnswerOnLocked } from "../lookup/engine";
import { type LatestQuery, type LookupQuery, queryKey, subjectOf } from "../lookup/query";
import { contradictionWarning } from "./contradictions";
import { entryOf, type Lock, lockedAt, lockedFlaw, usableAnswer } from "./locked-answers";
import { withLockedWindow } from "./reconcile";

/**
 * Whether the locked answer to a query is pinned: it is used as it is, in every mode, without lookup. Its origin is
 * "pin", by which the age check (`age-limit.ts`) skips it.
 */
export function isPinned(query: LookupQuery, { answers }: Lock): boolean {
  return entryOf(answers, queryKey(query))?.pin !== undefined;
}

/**
 * Weighs a pinned answer against what the API says of its id. The pinned backup is used whatever that is; its facts
 * are corrected if the API contradicts them, or they contradict each other. Pure.
 *
 * @param backup the pinned backup
 */
export function weighPinned(
  query: LatestQuery,
  backup: RestorableBackup,
  byId: AnswerOnLocked,
  lock: Lock,
  now: Instant,
): LookupAnswer {
  const answer = usableAnswer(query, lock, now);
  const pinned = `the pinned backup ${backupText(backup)} of ${subjectOf(query)}`;
  switch (byId.status) {
    case "valid": {
      const { windowFailure } = byId;
      const silence = (fate: string): string | undefined =>
        windowFailure &&
        `RDS did not say how far ${pinned} can be recovered: ${windowFailure.message}: its locked window is ${fate}`;
      const flaw = lockedFlaw(query, lock, now);
      const contradiction = contradictionWarning(query, backup, byId.backup, flaw);
      if (contradiction === undefined) {
        return withWarning(answer, silence("used as it is"));
      }
      const facts = withLockedWindow(byId.backup, backup, lockedAt(query, lock, now));
      const fate = facts.recoverableUntil === undefined ? "dropped, as it contradicts itself" : "kept";
      const key = queryKey(query);
      const corrected = { ...entryOf(lock.answers, key), backup: facts, changedAt: now };
      const used = usableAnswer(query, { ...lock, answers: { ...lock.answers, [key]: corrected } }, now);
      const warned = withWarning(withWarning(used, silence(fate)), contradiction);
      return warned.status === "found" ? { ...warned, isCorrected: true } : warned;
    }
    case "invalid": {
      const warning = `${pinned} is no longer ${byId.isNot}: it is used as it is; unpin it with "npx rds-dr unpin", or pin another one with "npx rds-dr pin"`;
      return withWarning(answer, warning);
    }
    case "error": {
      const warning = `RDS did not say whether ${pinned} is still there: ${byId.error.message}: it is used as it is`;
      return withWarning(answer, warning);
    }
  }
}
