import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import {
  isWorse,
  withWarning,
  type ErrorAnswer,
  type FoundAnswer,
  type ListedAnswer,
  type LookupAnswer,
  type LookupFailure,
  type NoneAnswer,
} from "../lookup/answer";
import { subjectOf, type LatestQuery, type LookupQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/error-kind";
import { contradictionWarning, selfContradiction } from "./contradictions";
import { lockedAnswer, lockedBackup, lockedFacts, type Lock, type LockedAnswer } from "./locked-answers";
import { isRefused, refusedIn, withRefusals } from "./refusals";

/** Failures that are not of the question: the network's, the service's, or of its load. */
export const outages: ReadonlySet<ErrorKind> = new Set([ErrorKind.TRANSIENT, ErrorKind.THROTTLED]);

/** The answer to a query, and whether it is the API's own; why it is not, where the API failed. */
export interface Outcome {
  readonly answer: LookupAnswer;
  readonly isLive: boolean;
  /** What is to be locked of an answer that is not the API's own. */
  readonly entry?: LockedAnswer;
  readonly failure?: LookupFailure;
}

/** What the API answered weighed against what is locked: settled, or to be settled by the id of the locked backup. */
export type Reconciled = Outcome | { readonly doubt: Doubt };

/** A live answer that is worse than the locked backup: the region may have come back without all of its records. */
export interface Doubt {
  readonly query: LatestQuery;
  readonly live: FoundAnswer | NoneAnswer;
  readonly locked: FoundAnswer;
}

/**
 * Weighs the API's answer against the locked one. Pure.
 *
 * @param acceptOlder whether the API is believed whatever is locked
 */
export function reconcile(
  query: LookupQuery,
  live: LookupAnswer,
  lock: Lock,
  now: Instant,
  acceptOlder: boolean,
): Reconciled {
  if (live.status === "error") {
    const failure = live.error;
    const isOfUse = !isRefused(live, lockedBackup(query, lock, now));
    const fallback = isOfUse ? fallBack(query, failure, lock, now) : live;
    return { answer: withRefusals(fallback, refusedIn(live)), isLive: false, failure };
  }
  if (query.kind === "list" || live.status === "listed") {
    return live.status === "listed" && !acceptOlder
      ? weighList(query, live, lock, now)
      : { answer: live, isLive: true };
  }
  const locked = lockedBackup(query, lock, now);
  // A preflight that refuses the locked backup has seen it: nothing was lost, and the doubt would bring it back.
  if (acceptOlder || locked === undefined || !isWorse(live, locked.backup) || isRefused(live, locked)) {
    return { answer: compared(query, live, lock), isLive: true };
  }
  return { doubt: { query, live, locked } };
}

/** A live answer with the warning that the same backup is locked with other facts, if it is. */
function compared(query: LatestQuery, live: FoundAnswer | NoneAnswer, lock: Lock): LookupAnswer {
  const facts = lockedFacts(query, lock);
  if (live.status === "none" || facts?.crossBackupId !== live.backup.crossBackupId) {
    return live;
  }
  return withContradiction(live, contradictionWarning(query, facts, live.backup));
}

/** An answer that contains the facts of the API, with the warning of a contradiction, if there is one. */
export function withContradiction<T extends Exclude<LookupAnswer, ErrorAnswer>>(
  answer: T,
  contradiction: string | undefined,
): T {
  return contradiction === undefined ? answer : withWarning(answer, contradiction);
}

/** A list that has lost its newest record is used as it is, but does not take the place of the locked one. */
function weighList(query: LookupQuery, live: ListedAnswer, lock: Lock, now: Instant): Outcome {
  const locked = lockedAnswer(query, lock, now);
  const [newest] = locked.status === "listed" ? locked.records : [];
  const [newestLive] = live.records;
  const ofSameId = live.records.find(({ crossBackupId }) => crossBackupId === newest?.crossBackupId);
  if (newest?.crossBackupId !== undefined && ofSameId !== undefined) {
    const contradiction = contradictionWarning(query, newest, ofSameId);
    return { answer: withContradiction(live, contradiction), isLive: true };
  }
  const start = newest?.backupStartTime;
  if (start === undefined || start <= (newestLive?.backupStartTime ?? "")) {
    return { answer: live, isLive: true };
  }
  const answer = withWarning(
    live,
    `the list of ${subjectOf(query)} has lost its newest record, ${newest?.crossBackupId ?? "without an id"} (started ${start}): the locked list is kept; "npx rds-dr refresh --accept-older" takes the new one`,
  );
  return { answer, isLive: false };
}

/** The locked answer in place of a failure that is the network's or the service's; any other is told. Pure. */
export function fallBack(query: LookupQuery, failure: LookupFailure, lock: Lock, now: Instant): LookupAnswer {
  const locked = lockedAnswer(query, lock, now);
  if (outages.has(failure.kind)) {
    const subject = subjectOf(query);
    const silence = `the API gave no answer for ${subject} (${failure.code})`;
    switch (locked.status) {
      case "found":
        return (
          unusable(locked.backup, failure) ??
          withWarning(locked, `${silence}: the locked backup ${shown(locked.backup)} is used`)
        );
      case "none":
      case "listed":
        return withWarning(locked, `${silence}: the locked answer is used`);
      case "error":
        return { status: "error", error: failure };
    }
  }
  if (failure.kind === ErrorKind.NOT_FOUND && locked.status === "found") {
    const message = `${failure.message}; the locked backup is ${shown(locked.backup)}`;
    const hint = `${failure.hint}; if the instance is gone for good, restore from the locked backup with RDS_DR_MODE=locked`;
    return { status: "error", error: { ...failure, message, hint } };
  }
  return { status: "error", error: failure };
}

/** The failure itself, if a locked backup cannot stand in for the answer as it contradicts itself. */
export function unusable(backup: CrossRegionBackup, failure: LookupFailure): ErrorAnswer | undefined {
  const flaw = selfContradiction(backup);
  if (flaw === undefined) {
    return undefined;
  }
  const { fact, value, allowed } = flaw;
  const message = `${failure.message}; the locked backup ${backup.crossBackupId} is not used: its ${fact} must be ${allowed}, but is "${value}"`;
  const hint = `${failure.hint}; or correct the lock file`;
  return { status: "error", error: { ...failure, message, hint } };
}

/** A backup in a message. */
export function shown({ crossBackupId, dataTime }: CrossRegionBackup): string {
  return `${crossBackupId} (data of ${dataTime})`;
}
