import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { RestorableBackup } from "../backup/restorable-backup";
import { isWorse, type LookupAnswer, withWarning } from "../lookup/answer";
import type { StandIn } from "../lookup/by-id";
import type { AnswerOnLocked } from "../lookup/engine";
import { type LatestQuery, queryKey, subjectOf } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { contradictionWarning } from "./contradictions";
import { entryOf, type Lock, lockedAt, lockedFlaw, usableAnswer } from "./locked-answers";
import {
  type Doubt,
  type LostRecord,
  outages,
  type Outcome,
  shown,
  unusable,
  withContradiction,
} from "./reconcile";
import { refusedIn, withRefusals } from "./refusals";
import { type LockedAt, selfContradiction } from "./self-contradiction";

/** Settles a doubt by what the API said when it was asked for the locked backup by its id. Pure. */
export function settleDoubt(doubt: Doubt, standIn: StandIn): Outcome {
  const { query, live, locked, flaw } = doubt;
  const contradiction =
    "backup" in standIn ? contradictionWarning(query, locked.backup, standIn.backup, flaw) : undefined;
  if (standIn.status === "valid" && !isWorse(live, standIn.backup)) {
    return { answer: withContradiction(live, contradiction), isLive: true };
  }
  const settled = settledBy(doubt, standIn);
  const told = settled.status === "error" ? settled : withContradiction(settled, contradiction);
  // Who refuses the locked backup has seen it: nothing was lost, and what is listed is the API's own answer. So are
  // the facts of a locked backup that it contradicts.
  return {
    answer: withRefusals(told, refusedIn(live)),
    isLive: standIn.status === "refused" || contradiction !== undefined,
  };
}

function settledBy({ query, live, locked, lockedAt, flaw }: Doubt, standIn: StandIn): LookupAnswer {
  // The facts of the API count, as far as it stated them.
  const backup = "backup" in standIn ? withWindowOf(standIn.backup, locked.backup, lockedAt) : locked.backup;
  const finding = `of ${subjectOf(query)} the API lists ${live.status === "none" ? "no valid backup" : `${shown(live.backup)} as the latest`}`;
  const isThere = `${finding}, but the newer, locked ${shown(backup)} is still there`;
  switch (standIn.status) {
    case "error":
      if (!outages.has(standIn.error.kind)) {
        return standIn;
      }
      return flaw === undefined
        ? withWarning(
            locked,
            `${finding}, and did not say (${standIn.error.code}) whether the newer, locked ${shown(backup)} is still there: the locked one is used`,
          )
        : unusable(query, flaw, standIn.error);
    case "unchecked": {
      const { error } = standIn.failed;
      const { restoreRegion = "" } = query.request;
      return outages.has(error.kind)
        ? withWarning(
            { ...locked, backup },
            `${isThere}, and ${restoreRegion} did not say (${error.code}) whether it still accepts it: the locked one is used`,
          )
        : standIn.failed;
    }
    case "refused":
      return standIn.instead;
    case "valid": {
      const used = withWarning(
        { ...locked, backup },
        `${isThere}: the locked one is used, as the region may have come back without all of its records`,
      );
      const others = live.rejected.filter(({ reason }) => reason !== "preflight-refused");
      return {
        ...used,
        rejected: [...used.rejected, ...others],
        ...optional("leftOut", live.leftOut),
        warnings: [...(used.warnings ?? []), ...(standIn.warnings ?? [])],
      };
    }
    case "invalid":
      return {
        status: "error",
        error: {
          kind: ErrorKind.NOT_FOUND,
          code: "LockedGone",
          message: `${finding}, and the newer, locked ${shown(backup)} is no longer ${standIn.isNot}`,
          hint: 'wait until the region has all of its records again; or use the locked one all the same with RDS_DR_MODE=locked; or take knowingly what the API lists with "npx rds-dr refresh --accept-older"',
        },
      };
  }
}

/** Settles what became of the newest record of a locked list by what the API said when it was asked for its id. Pure. */
export function settleLost(lost: LostRecord, byId: LookupAnswer): Outcome {
  const { query, live, crossBackupId, backupStartTime } = lost;
  const finding = `the list of ${subjectOf(query)} has lost its newest record, ${crossBackupId} (started ${backupStartTime})`;
  const isGone =
    byId.status === "listed" && byId.records.every((record) => record.crossBackupId !== crossBackupId);
  if (isGone) {
    const warning = `${finding}, and RDS has none of this id: the list of RDS counts, and "npx rds-dr refresh" locks it`;
    return { answer: withWarning(live, warning), isLive: true };
  }
  const silence =
    byId.status === "error" ? `, and RDS did not say (${byId.error.code}) whether it is still there` : "";
  const warning = `${finding}${silence}: the locked list is kept; "npx rds-dr refresh --accept-older" takes the new one`;
  return { answer: withWarning(live, warning), isLive: false };
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
): Outcome {
  const answer = usableAnswer(query, lock, now);
  const pinned = `the pinned backup ${shown(backup)} of ${subjectOf(query)}`;
  switch (byId.status) {
    case "valid": {
      const { windowFailure } = byId;
      const silence = (fate: string): string | undefined =>
        windowFailure &&
        `RDS did not say how far ${pinned} can be recovered: ${windowFailure.message}: its locked window is ${fate}`;
      const flaw = lockedFlaw(query, lock, now);
      const contradiction = contradictionWarning(query, backup, byId.backup, flaw);
      if (contradiction === undefined) {
        return { answer: warned(answer, silence("used as it is")), isLive: false };
      }
      const key = queryKey(query);
      const facts = withWindowOf(byId.backup, backup, lockedAt(query, lock, now));
      const corrected = { ...entryOf(lock.answers, key), backup: facts, changedAt: now };
      const fate = facts.recoverableUntil === undefined ? "left out, as it contradicts itself" : "kept";
      const answers = { ...lock.answers, [key]: corrected };
      const used = usableAnswer(query, { ...lock, answers }, now);
      return {
        answer: warned(warned(used, silence(fate)), contradiction),
        isLive: false,
        entry: corrected,
      };
    }
    case "invalid": {
      const warning = `${pinned} is no longer ${byId.isNot}: it is used as it is; unpin it with "npx rds-dr unpin", or pin another one with "npx rds-dr pin"`;
      return { answer: warned(answer, warning), isLive: false };
    }
    case "error": {
      const warning = `RDS did not say whether ${pinned} is still there: ${byId.error.message}: it is used as it is`;
      return { answer: warned(answer, warning), isLive: false };
    }
  }
}

function warned(answer: LookupAnswer, warning: string | undefined): LookupAnswer {
  return answer.status === "error" || warning === undefined ? answer : withWarning(answer, warning);
}

/**
 * The locked window stays if RDS was not asked for it: where a region has lost backups, it may have lost logs as well.
 * It begins no earlier than the data time that RDS states, and goes if it contradicts the facts of RDS.
 */
function withWindowOf(
  backup: RestorableBackup,
  { recoverableFrom, recoverableUntil, recoveryGaps }: RestorableBackup,
  at: LockedAt,
): RestorableBackup {
  if (backup.recoverableUntil !== undefined) {
    return backup;
  }
  const { dataTime } = backup;
  const notBefore = (bound: Instant | undefined): Instant | undefined =>
    bound !== undefined && bound < dataTime ? dataTime : bound;
  const windowed = {
    ...backup,
    ...optional("recoverableFrom", notBefore(recoverableFrom)),
    ...optional("recoverableUntil", notBefore(recoverableUntil)),
    ...optional("recoveryGaps", recoveryGaps),
  };
  return selfContradiction(windowed, at) === undefined ? windowed : backup;
}
