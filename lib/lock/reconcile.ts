import type { Instant } from "../backup/instant";
import { backupText, type RestorableBackup } from "../backup/restorable-backup";
import { sortedById } from "../backup/source-instance";
import {
  type DiscoveredAnswer,
  type FoundAnswer,
  isWorse,
  type ListedAnswer,
  type LookupAnswer,
  type NoneAnswer,
  withWarning,
} from "../lookup/answer";
import type { SubstituteAnswer } from "../lookup/by-id";
import { type LatestQuery, type ListQuery, type LookupQuery, subjectOf } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import {
  contradictionWarning,
  listContradictionWarning,
  type LockedAt,
  selfContradiction,
  type SelfContradiction,
} from "./contradictions";
import {
  isRefused,
  type Lock,
  lockedAnswer,
  lockedAt,
  lockedFacts,
  lockedFlaw,
  refusedIn,
  withRefusals,
} from "./locked-answers";
import { fallBack, isOutage, notUsable } from "./outage-fallback";

/** A live answer that is worse than the locked backup: the region may have come back without all of its records. */
export interface Doubt {
  readonly status: "doubt";
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
  readonly status: "lost";
  readonly query: ListQuery;
  readonly live: ListedAnswer;
  readonly crossBackupId: string;
  readonly backupStartTime: Instant;
}

/**
 * Weighs the API's answer against the locked one: the answer to use, or what can be settled only by the id of what is
 * locked. Pure.
 *
 * @param acceptOlder whether the API is believed whatever is locked
 */
export function reconcile(
  query: LookupQuery,
  live: LookupAnswer,
  lock: Lock,
  now: Instant,
  acceptOlder: boolean,
): LookupAnswer | Doubt | LostRecord {
  const locked = lockedAnswer(query, lock, now);
  if (live.status === "error") {
    const failure = live.error;
    const answer = isRefused(live, locked) ? live : fallBack(query, failure, lock, now);
    return { ...withRefusals(answer, refusedIn(live)), failure };
  }
  if (live.status === "discovered") {
    return acceptOlder ? live : withMissing(query, live, locked);
  }
  if (query.kind !== "latest" || live.status === "listed") {
    return live.status === "listed" && query.kind === "list" && !acceptOlder ? weighList(query, live, locked) : live;
  }
  const flaw = lockedFlaw(query, lock, now);
  const isDoubtful = !acceptOlder && locked.status === "found" && isWorse(live, locked.backup);
  // A preflight that refuses the locked backup has seen it: nothing was lost, and the doubt would bring it back.
  if (isDoubtful && !isRefused(live, locked)) {
    return { status: "doubt", query, live, locked, lockedAt: lockedAt(query, lock, now), flaw };
  }
  const facts = lockedFacts(query, lock);
  return live.status === "none" || facts?.crossBackupId !== live.backup.crossBackupId
    ? live
    : withWarning(live, contradictionWarning(query, facts, live.backup, flaw));
}

/**
 * A list counts as the API gives it, with a warning of what is locked otherwise. It is in doubt if the newest locked
 * record that can be asked for is newer than all that the API lists.
 */
function weighList(query: ListQuery, live: ListedAnswer, locked: LookupAnswer): ListedAnswer | LostRecord {
  const records = locked.status === "listed" ? locked.records : [];
  const answer = withWarning(live, listContradictionWarning(query, records, live.records));
  const { crossBackupId, backupStartTime } = records.find(({ crossBackupId: id = "0" }) => /[1-9]/.test(id)) ?? {};
  const [newestLive] = live.records;
  return crossBackupId === undefined ||
    backupStartTime === undefined ||
    live.records.some((record) => record.crossBackupId === crossBackupId) ||
    backupStartTime <= (newestLive?.backupStartTime ?? "")
    ? answer
    : { status: "lost", query, live: answer, crossBackupId, backupStartTime };
}

/** Instances in a warning. */
const shownInstances = 5;

/**
 * A locked instance that the API does not list stays: in a disaster its region may list less, and without its lookup, what was
 * restored from it would be destroyed.
 */
function withMissing(query: LookupQuery, live: DiscoveredAnswer, locked: LookupAnswer): DiscoveredAnswer {
  const ids = new Set(live.instances.map(({ dbInstanceId }) => dbInstanceId));
  const known = locked.status === "discovered" ? locked.instances : [];
  const missing = known.filter(({ dbInstanceId }) => !ids.has(dbInstanceId));
  if (missing.length === 0) {
    return live;
  }
  const shown = missing.slice(0, shownInstances).map(({ dbInstanceId }) => dbInstanceId);
  const more = missing.length > shownInstances ? `, and ${missing.length - shownInstances} more` : "";
  const warning = `${subjectOf(query)} that are locked, but not listed any more, are kept: ${shown.join(", ")}${more}; "npx rds-dr refresh --accept-older" lets them go`;
  return withWarning({ ...live, instances: sortedById([...live.instances, ...missing]) }, warning);
}

/** Settles a doubt by what the API said when it was asked for the locked backup by its id. Pure. */
export function settleDoubt(doubt: Doubt, substitute: SubstituteAnswer): LookupAnswer {
  const { query, live, locked, flaw } = doubt;
  const contradiction =
    "backup" in substitute ? contradictionWarning(query, locked.backup, substitute.backup, flaw) : undefined;
  if (substitute.status === "valid" && !isWorse(live, substitute.backup)) {
    return withWarning(live, contradiction);
  }
  const settled = withRefusals(withWarning(settledBy(doubt, substitute), contradiction), refusedIn(live));
  // The facts of a locked backup that the API contradicts are the API's own.
  return settled.status === "error" || contradiction === undefined ? settled : { ...settled, origin: "api" };
}

function settledBy({ query, live, locked, lockedAt: at, flaw }: Doubt, substitute: SubstituteAnswer): LookupAnswer {
  // The facts of the API count, as far as it stated them.
  const backup = "backup" in substitute ? withLockedWindow(substitute.backup, locked.backup, at) : locked.backup;
  const listed = live.status === "none" ? "no valid backup" : `${backupText(live.backup)} as the latest`;
  const finding = `of ${subjectOf(query)} the API lists ${listed}`;
  const newer = `the newer, locked ${backupText(backup)}`;
  const isThere = `${finding}, but ${newer} is still there`;
  switch (substitute.status) {
    case "error": {
      const { error } = substitute;
      if (!isOutage(error)) {
        return substitute;
      }
      const warning = `${finding}, and did not say (${error.code}) whether ${newer} is still there: the locked one counts`;
      return flaw === undefined ? withWarning(locked, warning) : notUsable(query, flaw, error);
    }
    case "unchecked": {
      const { error } = substitute.failed;
      const warning = `${isThere}, and ${query.request.restoreRegion ?? ""} did not say (${error.code}) whether it still accepts it: the locked one counts`;
      return isOutage(error) ? withWarning({ ...locked, backup }, warning) : substitute.failed;
    }
    case "refused":
      return substitute.instead;
    case "valid": {
      const warning = `${isThere}: the locked one counts, as the region may have come back without all of its records`;
      const others = live.rejected.filter(({ reason }) => reason !== "preflight-refused");
      return {
        ...locked,
        backup,
        rejected: [...locked.rejected, ...others],
        leftOut: live.leftOut,
        warnings: [warning, ...(locked.warnings ?? []), ...(substitute.warnings ?? [])],
      };
    }
    case "invalid":
      return {
        status: "error",
        error: {
          kind: ErrorKind.NOT_FOUND,
          code: "LockedGone",
          message: `${finding}, and ${newer} is no longer ${substitute.isNot}`,
          hint: 'wait until the region has all of its records again; or use the locked one with RDS_DR_MODE=locked; or accept what the API lists with "npx rds-dr refresh --accept-older"',
        },
      };
  }
}

/** Settles what became of the newest record of a locked list by what the API said when it was asked for its id. Pure. */
export function settleLost(lost: LostRecord, byId: LookupAnswer): ListedAnswer {
  const { query, live, crossBackupId, backupStartTime } = lost;
  const finding = `the list of ${subjectOf(query)} has lost its newest record, ${crossBackupId} (started ${backupStartTime})`;
  if (byId.status === "listed" && byId.records.every((record) => record.crossBackupId !== crossBackupId)) {
    const warning = `${finding}, and RDS has none of this id: the list of RDS counts, and "npx rds-dr refresh" locks it`;
    return withWarning(live, warning);
  }
  const silence = byId.status === "error" ? `, and RDS did not say (${byId.error.code}) whether it is still there` : "";
  const warning = `${finding}${silence}: the locked list is kept; "npx rds-dr refresh --accept-older" takes the new one`;
  return { ...withWarning(live, warning), isIncomplete: true };
}

/**
 * The locked window stays if RDS was not asked for it: if a region has lost backups, it may have lost logs as well.
 * It begins no earlier than the data time that RDS states, and goes if it contradicts the facts of RDS.
 */
export function withLockedWindow(
  backup: RestorableBackup,
  { recoverableFrom: start, recoverableUntil: end, recoveryGaps }: RestorableBackup,
  at: LockedAt,
): RestorableBackup {
  if (backup.recoverableUntil !== undefined) {
    return backup;
  }
  const { dataTime } = backup;
  const notBefore = (bound: Instant): Instant => (bound < dataTime ? dataTime : bound);
  const windowed = {
    ...backup,
    ...(start === undefined ? {} : { recoverableFrom: notBefore(start) }),
    ...(end === undefined ? {} : { recoverableUntil: notBefore(end) }),
    ...(recoveryGaps === undefined ? {} : { recoveryGaps }),
  };
  return selfContradiction(windowed, at) === undefined ? windowed : backup;
}
