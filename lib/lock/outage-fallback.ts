import type { Instant } from "../backup/instant";
import { backupText } from "../backup/restorable-backup";
import { type ErrorAnswer, type LookupAnswer, type LookupFailure, withWarning } from "../lookup/answer";
import { type LookupQuery, queryKey, subjectOf } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { flawText, type SelfContradiction } from "./contradictions";
import { type Lock, lockedAnswer, lockedFlaw } from "./locked-answers";

/** Whether a failure is not of the question, but of the network, of the service or of its load. */
export function isOutage({ kind }: LookupFailure): boolean {
  return kind === ErrorKind.TRANSIENT || kind === ErrorKind.THROTTLED;
}

/** The locked answer in place of an outage; any other failure is the answer. Pure. */
export function fallBack(query: LookupQuery, failure: LookupFailure, lock: Lock, now: Instant): LookupAnswer {
  const locked = lockedAnswer(query, lock, now);
  const isGone = failure.kind === ErrorKind.NOT_FOUND && locked.status === "found";
  if (isGone) {
    const message = `${failure.message}; the locked backup is ${backupText(locked.backup)}`;
    const hint = `${failure.hint}; if the instance is gone for good, restore from the locked backup with RDS_DR_MODE=locked`;
    return { status: "error", error: { ...failure, message, hint } };
  }
  if (locked.status === "error" || !isOutage(failure)) {
    return { status: "error", error: failure };
  }
  const flaw = lockedFlaw(query, lock, now);
  if (flaw !== undefined) {
    return notUsable(query, flaw, failure);
  }
  const what = locked.status === "found" ? `backup ${backupText(locked.backup)}` : "answer";
  const silence = `the API gave no answer for ${subjectOf(query)} (${failure.code})`;
  return withWarning(locked, `${silence}: the locked ${what} is used`);
}

/** The failure itself: the locked answer is not used in its place, as it contradicts itself. */
export function notUsable(query: LookupQuery, flaw: SelfContradiction, failure: LookupFailure): ErrorAnswer {
  const message = `${failure.message}; the locked answer "${queryKey(query)}" is not used: ${flawText(flaw)}`;
  const hint = `${failure.hint}; or correct the lock file`;
  return { status: "error", error: { ...failure, message, hint } };
}
