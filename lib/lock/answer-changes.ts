import { hoursBetween } from "../backup/instant";
import { compareBackups } from "../backup/restorable-backup";
import { sortedById } from "../backup/source-instance";
import type { LookupFailure } from "../lookup/answer";
import { endpointOrigin } from "../rds-api/endpoint";
import type { Settled } from "./answer-by-mode";
import { isSameText } from "./lock-file";
import { entryOf, type LockedAnswer, type LockedAnswers } from "./locked-answers";

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

/**
 * Puts new answers among those of the lock file as it is by now, which another process may have written since. Pure.
 *
 * @param seen the locked answers when the new ones were found
 */
export function mergeAnswers(
  current: LockedAnswers,
  settled: readonly Pick<Settled, "key" | "entry">[],
  seen: LockedAnswers,
): LockedAnswers {
  const merged = settled.flatMap(({ key, entry }) =>
    entry === undefined ? [] : [[key, mergeAnswer(entryOf(current, key), entry, entryOf(seen, key))]],
  );
  return { ...current, ...(Object.fromEntries(merged) as LockedAnswers) };
}

function mergeAnswer(
  current: LockedAnswer | undefined,
  entry: LockedAnswer,
  seen: LockedAnswer | undefined,
): LockedAnswer {
  if (current === undefined) {
    return entry;
  }
  const isRaced = !isSameText(current, seen);
  const isPinned = current.pin !== undefined || entry.pin !== undefined;
  // A pinned entry changes only if its own facts are corrected, and nobody has touched it since.
  const stays = isPinned ? isRaced || entry.pin === undefined : isRaced && isNewer(current, entry);
  if (stays) {
    return current;
  }
  const merged = withAdded(entry, current, seen);
  const changedAt = isSameAnswer(current, merged) ? current.changedAt : merged.changedAt;
  return { ...merged, retentionDays: merged.retentionDays ?? current.retentionDays, changedAt };
}

/** A list with the instances that another process has added since: only a word of the operator takes one away. */
function withAdded(entry: LockedAnswer, current: LockedAnswer, seen: LockedAnswer | undefined): LockedAnswer {
  if (entry.instances === undefined || endpointOrigin(entry.endpoint) !== endpointOrigin(current.endpoint)) {
    return entry;
  }
  const known = new Set([entry, seen].flatMap((each) => each?.instances ?? []).map(({ dbInstanceId }) => dbInstanceId));
  const added = (current.instances ?? []).filter(({ dbInstanceId }) => !known.has(dbInstanceId));
  return added.length === 0 ? entry : { ...entry, instances: sortedById([...entry.instances, ...added]) };
}

/** Ids of instances in a line. */
const shownIds = 10;

/** Which instances come and go between two lists, such as `: +rm-added -rm-gone`; empty if there are no two lists. */
export function movesText(before: LockedAnswer | undefined, after: LockedAnswer | undefined): string {
  const [old, now] = [before, after].map((each) => each?.instances?.map(({ dbInstanceId }) => dbInstanceId));
  if (old === undefined || now === undefined) {
    return "";
  }
  const [olds, nows] = [new Set(old), new Set(now)];
  const added = now.filter((id) => !olds.has(id)).map((id) => `+${id}`);
  const gone = old.filter((id) => !nows.has(id)).map((id) => `-${id}`);
  const moves = [...added, ...gone];
  const more = moves.length > shownIds ? ` and ${moves.length - shownIds} more` : "";
  return moves.length === 0 ? "" : `: ${moves.slice(0, shownIds).join(" ")}${more}`;
}

/** Whether two answers say the same, whenever they were found. */
export function isSameAnswer(a: LockedAnswer, b: LockedAnswer): boolean {
  return isSameText(saidBy(a), saidBy(b));
}

/** A backup that is used in place of refused ones is judged otherwise than one that is not. */
function saidBy({ backup, backups, instances, refused, endpoint }: LockedAnswer): unknown {
  return [backup, backups, instances, refused, endpointOrigin(endpoint)];
}

function isNewer(current: LockedAnswer, { backup, endpoint }: LockedAnswer): boolean {
  return (
    current.backup !== undefined &&
    current.backup !== null &&
    endpointOrigin(current.endpoint) === endpointOrigin(endpoint) &&
    (backup === undefined || backup === null || compareBackups(current.backup, backup) < 0)
  );
}
