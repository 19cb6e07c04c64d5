import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import { RejectionReason } from "../backup/rejection";
import { optional } from "../backup/row";
import { isWorse, withWarning, type LookupAnswer } from "../lookup/answer";
import type { AnswerById } from "../lookup/by-id";
import { queryKey, subjectOf, type LatestQuery } from "../lookup/query";
import type { StandIn } from "../lookup/stand-in";
import { ErrorKind } from "../rds-api/error-kind";
import { contradictionWarning } from "./contradictions";
import { entryOf, lockedAnswer, type Lock } from "./locked-answers";
import { outages, shown, unusable, withContradiction, type Doubt, type Outcome } from "./reconcile";
import { refusedIn, withRefusals } from "./refusals";

/** Settles a doubt by what the API said when it was asked for the locked backup by its id. Pure. */
export function settleDoubt(doubt: Doubt, standIn: StandIn): Outcome {
  const { query, live, locked } = doubt;
  const contradiction =
    "backup" in standIn ? contradictionWarning(query, locked.backup, standIn.backup) : undefined;
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

function settledBy({ query, live, locked }: Doubt, standIn: StandIn): LookupAnswer {
  // The facts of the API count, as far as it stated them.
  const backup = "backup" in standIn ? withWindowOf(standIn.backup, locked.backup) : locked.backup;
  const finding = `of ${subjectOf(query)} the API lists ${live.status === "none" ? "no valid backup" : `${shown(live.backup)} as the latest`}`;
  const isThere = `${finding}, but the newer, locked ${shown(backup)} is still there`;
  switch (standIn.status) {
    case "error":
      return outages.has(standIn.error.kind)
        ? (unusable(backup, standIn.error) ??
            withWarning(
              locked,
              `${finding}, and did not say (${standIn.error.code}) whether the newer, locked ${shown(backup)} is still there: the locked one is used`,
            ))
        : standIn;
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
      const others = live.rejected.filter(({ reason }) => reason !== RejectionReason.PREFLIGHT_REFUSED);
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

/**
 * Weighs a pinned answer against what the API says of its id. The pinned backup is used whatever that is; its facts
 * are corrected if the API contradicts them. Pure.
 */
export function weighPinned(query: LatestQuery, byId: AnswerById, lock: Lock, now: Instant): Outcome {
  const key = queryKey(query);
  const entry = entryOf(lock.answers, key);
  const answer = lockedAnswer(query, lock, now);
  if (entry?.backup === undefined || entry.backup === null) {
    return { answer, isLive: false };
  }
  const { backup } = entry;
  const pinned = `the pinned backup ${shown(backup)} of ${subjectOf(query)}`;
  switch (byId.status) {
    case "valid": {
      const contradiction = contradictionWarning(query, backup, byId.backup);
      if (contradiction === undefined) {
        return { answer, isLive: false };
      }
      const corrected = { ...entry, backup: withWindowOf(byId.backup, backup), changedAt: now };
      const answers = { ...lock.answers, [key]: corrected };
      return {
        answer: warned(lockedAnswer(query, { ...lock, answers }, now), contradiction),
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

function warned(answer: LookupAnswer, warning: string): LookupAnswer {
  return answer.status === "error" ? answer : withWarning(answer, warning);
}

/** The locked window stays: where a region has lost backups, it may have lost logs as well. */
function withWindowOf(
  backup: CrossRegionBackup,
  { recoverableFrom, recoverableUntil, recoveryGaps }: CrossRegionBackup,
): CrossRegionBackup {
  return {
    ...backup,
    ...optional("recoverableFrom", recoverableFrom),
    ...optional("recoverableUntil", recoverableUntil),
    ...optional("recoveryGaps", recoveryGaps),
  };
}
