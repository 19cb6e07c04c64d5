import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { selectLatest } from "../backup/select-latest";
import type { ErrorAnswer, FoundAnswer, LookupAnswer, NoneAnswer } from "./answer";
import type { Preflight } from "./preflight";
import type { BackupQuery, LatestQuery, ListQuery } from "./query";

/** What the API says of one backup, under the rules of a question for the latest. */
export type AnswerById =
  | { readonly status: "valid"; readonly backup: RestorableBackup }
  /** What the backup is not, or no longer: `there`, or `valid (…)`. */
  | { readonly status: "invalid"; readonly isNot: string }
  | ErrorAnswer;

/** Asks for one backup of the instance that a question is about. */
export function queryById({ request, connection }: BackupQuery, crossBackupId: string): ListQuery {
  const { dbInstanceId, regionId, resourceGroupId } = request;
  return { kind: "list", request: { dbInstanceId, regionId, resourceGroupId, crossBackupId }, connection };
}

/** Judges the answer to `queryById` by what the question for the latest asks for. Pure. */
export function judgeById(
  { request }: LatestQuery,
  crossBackupId: string,
  answer: LookupAnswer,
  now: Instant,
): AnswerById {
  if (answer.status === "error") {
    return answer;
  }
  const records = answer.status === "listed" ? answer.records : [];
  const ofId = records.filter((record) => record.crossBackupId === crossBackupId);
  const {
    backup,
    rejected: [rejection],
  } = selectLatest(ofId, request, now);
  return backup === undefined
    ? { status: "invalid", isNot: rejection ? `valid (${rejection.reason}: ${rejection.detail})` : "there" }
    : { status: "valid", backup };
}

/** What the API says of a backup that is to be used in place of the answer of now, which does not know it. */
export type SubstituteAnswer =
  | Exclude<AnswerById, { readonly status: "valid" }>
  | {
      readonly status: "valid";
      readonly backup: RestorableBackup;
      /** Why no preflight can check it, if that is so. */
      readonly warnings?: readonly string[];
    }
  /** It is there, but the preflight failed for a reason that is not the backup's. */
  | { readonly status: "unchecked"; readonly backup: RestorableBackup; readonly failed: ErrorAnswer }
  /** The region of the restore refuses it. */
  | { readonly status: "refused"; readonly instead: FoundAnswer | NoneAnswer | ErrorAnswer };

/**
 * Asks the region of the restore about a substitute, as if it had been listed before the live answer. If it is refused,
 * the live answer counts, unless it cannot show whether the backup is to blame.
 *
 * @param preflight a new one, which shares its check with that of the live answer: nothing is asked twice
 */
export async function checkSubstitute(
  preflight: Preflight,
  backup: RestorableBackup,
  live: FoundAnswer | NoneAnswer,
): Promise<SubstituteAnswer> {
  const answer = await preflight.answerWith(backup, { rejected: [] });
  switch (answer?.status) {
    case "found":
      return { status: "valid", backup, warnings: answer.warnings };
    case "error":
      return { status: "unchecked", backup, failed: answer };
    case undefined:
      return { status: "refused", instead: await answerInstead(preflight, live) };
  }
}

async function answerInstead(
  preflight: Preflight,
  live: FoundAnswer | NoneAnswer,
): Promise<FoundAnswer | NoneAnswer | ErrorAnswer> {
  const rejections = { rejected: [...preflight.refused.values(), ...live.rejected], leftOut: live.leftOut };
  const listed = live.status === "found" ? await preflight.answerWith(live.backup, rejections) : undefined;
  const instead = listed ?? preflight.answerWithNone(rejections);
  return instead.status === "error"
    ? instead
    : { ...instead, warnings: [...new Set([...(instead.warnings ?? []), ...(live.warnings ?? [])])] };
}
