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

/**
 * What to do with the locked backup after a failure that it does not bridge, by the kind of the failure. It is the
 * operator's choice: the question may be wrong.
 */
const waysOut: Readonly<Partial<Record<ErrorKind, string>>> = {
  [ErrorKind.NOT_FOUND]: "if the instance is gone for good, restore from the locked backup with RDS_DR_MODE=locked",
  [ErrorKind.ACCESS]: "if that takes too long, restore from the locked backup with RDS_DR_MODE=locked",
};

/**
 * The locked answer in place of an outage. Any other failure is the answer, and mentions the locked backup if that is
 * a way out. Pure.
 */
export function fallBack(query: LookupQuery, failure: LookupFailure, lock: Lock, now: Instant): LookupAnswer {
  const locked = lockedAnswer(query, lock, now);
  if (!isOutage(failure)) {
    const wayOut = locked.status === "found" ? waysOut[failure.kind] : undefined;
    return locked.status === "found" && wayOut !== undefined
      ? withRemark(failure, `the locked backup is ${backupText(locked.backup)}`, wayOut)
      : { status: "error", error: failure };
  }
  if (locked.status === "error") {
    return lock.isOutsideProject === true
      ? { status: "error", error: failure }
      : withRemark(failure, locked.error.message, `or ${locked.error.hint}`);
  }
  const flaw = lockedFlaw(query, lock, now);
  if (flaw !== undefined) {
    return notUsable(query, flaw, failure);
  }
  const what = locked.status === "found" ? `backup ${backupText(locked.backup)}` : "answer";
  const silence = `the API gave no answer for ${subjectOf(query)} (${failure.code})`;
  return withWarning(locked, `${silence}: the locked ${what} takes its place`);
}

/** The failure itself: the locked answer is not used in its place, as it contradicts itself. */
export function notUsable(query: LookupQuery, flaw: SelfContradiction, failure: LookupFailure): ErrorAnswer {
  const remark = `the locked answer "${queryKey(query)}" is not used: ${flawText(flaw)}`;
  return withRemark(failure, remark, "or correct the lock file");
}

/** The failure, with what is to be said of the locked answer, and with one more way out. */
function withRemark(failure: LookupFailure, remark: string, wayOut: string): ErrorAnswer {
  const message = `${failure.message}; ${remark}`;
  return { status: "error", error: { ...failure, message, hint: `${failure.hint}; ${wayOut}` } };
}
