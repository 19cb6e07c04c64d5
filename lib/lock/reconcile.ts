import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { RestorableBackup } from "../backup/restorable-backup";
import {
  type ErrorAnswer,
  type FoundAnswer,
  isWorse,
  type ListedAnswer,
  type LookupAnswer,
  type LookupFailure,
  type NoneAnswer,
  withWarning,
} from "../lookup/answer";
import { type LatestQuery, type LookupQuery, queryKey, subjectOf } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { contradictionWarning, listContradictionWarning } from "./contradictions";
import {
  type Lock,
  lockedAnswer,
  type LockedAnswer,
  lockedAt,
  lockedBackup,
  lockedFacts,
  lockedFlaw,
} from "./locked-answers";
import { isRefused, refusedIn, withRefusals } from "./refusals";
import { flawText, type LockedAt, type SelfContradiction } from "./self-contradiction";

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

/** What the API answered weighed against what is locked: settled, or to be settled by the id of what is locked. */
export type Reconciled = Outcome | { readonly doubt: Doubt } | { readonly lost: LostRecord };

/** A live answer that is worse than the locked backup: the region may have come back without all of its records. */
export interface Doubt {
  readonly query: LatestQuery;
  readonly live: FoundAnswer | NoneAnswer;
  readonly locked: FoundAnswer;
  /** When it was locked, and when it is judged. */
  readonly lockedAt: LockedAt;
  /** The contradiction within the locked backup, if there is one. */
  readonly flaw?: SelfContradiction;
}

/** A live list without the newest of the locked records: that may be gone, or the region came back half-empty. */
export interface LostRecord {
  readonly query: LookupQuery;
  readonly live: ListedAnswer;
  readonly crossBackupId: string;
  readonly backupStartTime: Instant;
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
    return { answer: compared(query, live, lock, now), isLive: true };
  }
  const flaw = lockedFlaw(query, lock, now);
  return { doubt: { query, live, locked, lockedAt: lockedAt(query, lock, now), ...optional("flaw", flaw) } };
}

/** A live answer with the warning that the same backup is locked with other facts, if it is. */
function compared(
  query: LatestQuery,
  live: FoundAnswer | NoneAnswer,
  lock: Lock,
  now: Instant,
): LookupAnswer {
  const facts = lockedFacts(query, lock);
  if (live.status === "none" || facts?.crossBackupId !== live.backup.crossBackupId) {
    return live;
  }
  const flaw = lockedFlaw(query, lock, now);
  return withContradiction(live, contradictionWarning(query, facts, live.backup, flaw));
}

/** An answer that contains the facts of the API, with the warning of a contradiction, if there is one. */
export function withContradiction<T extends Exclude<LookupAnswer, ErrorAnswer>>(
  answer: T,
  contradiction: string | undefined,
): T {
  return contradiction === undefined ? answer : withWarning(answer, contradiction);
}

/** A list counts as the API gives it, with a warning of what is locked otherwise, unless it lacks the newest record. */
function weighList(query: LookupQuery, live: ListedAnswer, lock: Lock, now: Instant): Reconciled {
  const locked = lockedAnswer(query, lock, now);
  const records = locked.status === "listed" ? locked.records : [];
  const answer = withContradiction(live, listContradictionWarning(query, records, live.records));
  const lost = lostRecord(records, live);
  return lost === undefined ? { answer, isLive: true } : { lost: { query, live: answer, ...lost } };
}

/** The newest locked record that can be asked for, if it is newer than all that the API lists. */
function lostRecord(
  locked: readonly CrossRegionBackupRecord[],
  { records }: ListedAnswer,
): Pick<LostRecord, "crossBackupId" | "backupStartTime"> | undefined {
  const { crossBackupId, backupStartTime } =
    locked.find(({ crossBackupId: id = "0" }) => /[1-9]/.test(id)) ?? {};
  if (crossBackupId === undefined || backupStartTime === undefined) {
    return undefined;
  }
  const [newestLive] = records;
  const isListed = records.some((record) => record.crossBackupId === crossBackupId);
  return isListed || backupStartTime <= (newestLive?.backupStartTime ?? "")
    ? undefined
    : { crossBackupId, backupStartTime };
}

/** The locked answer in place of a failure that is the network's or the service's; any other is told. Pure. */
export function fallBack(query: LookupQuery, failure: LookupFailure, lock: Lock, now: Instant): LookupAnswer {
  const locked = lockedAnswer(query, lock, now);
  if (outages.has(failure.kind)) {
    const subject = subjectOf(query);
    const silence = `the API gave no answer for ${subject} (${failure.code})`;
    switch (locked.status) {
      case "found": {
        const flaw = lockedFlaw(query, lock, now);
        return flaw === undefined
          ? withWarning(locked, `${silence}: the locked backup ${shown(locked.backup)} is used`)
          : unusable(query, flaw, failure);
      }
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

/** The failure itself: the locked answer cannot stand in, as it contradicts itself. */
export function unusable(query: LookupQuery, flaw: SelfContradiction, failure: LookupFailure): ErrorAnswer {
  const message = `${failure.message}; the locked answer "${queryKey(query)}" is not used: ${flawText(flaw)}`;
  const hint = `${failure.hint}; or correct the lock file`;
  return { status: "error", error: { ...failure, message, hint } };
}

/** A backup in a message. */
export function shown({ crossBackupId, dataTime }: RestorableBackup): string {
  return `${crossBackupId} (data of ${dataTime})`;
}
