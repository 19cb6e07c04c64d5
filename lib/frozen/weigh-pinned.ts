import { withWarning, type LookupAnswer } from "../lookup/answer";
import type { AnswerById } from "../lookup/by-id";
import { queryKey, subjectOf, type LatestQuery } from "../lookup/query";
import type { Instant } from "../backup/instant";
import { contradictionWarning } from "./contradictions";
import { entryOf, lockedAnswer, type Lock } from "./locked-answers";
import { shown, type Outcome } from "./reconcile";
import { withWindowOf } from "./settle-doubt";

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
