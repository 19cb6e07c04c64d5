import { hoursBetween } from "../backup/instant";
import type { LookupFailure } from "../lookup/answer";
import type { Settled } from "./answer-by-mode";
import { entryOf, type LockedAnswer, type LockedAnswers } from "./locked-answers";
import { isSameAnswer } from "./update-lock-file";

/** What a refresh makes of a locked answer. */
export enum ChangeStatus {
  /** It was not locked before. */
  NEW = "new",
  CHANGED = "changed",
  UNCHANGED = "unchanged",
  /** The API lists less than what is locked, which is still there. */
  KEPT = "kept",
  /** It is pinned, and RDS does not contradict it. */
  PINNED = "pinned",
  /** The API gave no answer; what was locked stays. */
  FAILED = "failed",
  /** Nothing asks for it any more; it stays. */
  UNUSED = "unused",
  /** Nothing asks for it any more; it goes. */
  REMOVED = "removed",
}

/** A locked answer before and after a refresh. */
export interface AnswerChange {
  readonly key: string;
  readonly status: ChangeStatus;
  readonly before: LockedAnswer | undefined;
  readonly after: LockedAnswer | undefined;
  /** Hours by which the data is newer; undefined unless there is a backup before and after. */
  readonly gainedHours: number | undefined;
  readonly warnings: readonly string[];
  readonly failure: LookupFailure | undefined;
}

/** Compares the lock file before and after a refresh, key by key. Pure. */
export function answerChanges(
  settled: readonly Settled[],
  before: LockedAnswers,
  after: LockedAnswers,
): readonly AnswerChange[] {
  const settledBy = new Map(settled.map((each) => [each.key, each]));
  const keys = new Set([...Object.keys(before), ...settledBy.keys()]);
  return [...keys].sort().map((key): AnswerChange => {
    const [old, now] = [entryOf(before, key), entryOf(after, key)];
    const each = settledBy.get(key);
    return {
      key,
      status: statusOf(each, old, now),
      before: old,
      after: now,
      gainedHours: old?.backup && now?.backup ? hoursBetween(old.backup.dataTime, now.backup.dataTime) : undefined,
      warnings: each === undefined || each.answer.status === "error" ? [] : (each.answer.warnings ?? []),
      failure: failureIn(each),
    };
  });
}

/** Why the API gave no answer, even if a locked one stood in for it. */
function failureIn({ answer }: Partial<Settled> = {}): LookupFailure | undefined {
  return answer?.failure ?? (answer?.status === "error" ? answer.error : undefined);
}

function statusOf(
  settled: Settled | undefined,
  before: LockedAnswer | undefined,
  after: LockedAnswer | undefined,
): ChangeStatus {
  if (settled === undefined) {
    return after === undefined ? ChangeStatus.REMOVED : ChangeStatus.UNUSED;
  }
  if (failureIn(settled) !== undefined) {
    return ChangeStatus.FAILED;
  }
  const isSame = before !== undefined && after !== undefined && isSameAnswer(before, after);
  if (after?.pin !== undefined && (isSame || settled.entry === undefined)) {
    return ChangeStatus.PINNED;
  }
  if (settled.entry === undefined) {
    return ChangeStatus.KEPT;
  }
  return before === undefined ? ChangeStatus.NEW : isSame ? ChangeStatus.UNCHANGED : ChangeStatus.CHANGED;
}
