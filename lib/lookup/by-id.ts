import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import { selectLatest } from "../backup/select-latest";
import type { ErrorAnswer, LookupAnswer } from "./answer";
import type { LatestQuery, ListQuery, LookupQuery } from "./query";

/** What the API says of one backup, under the rules of a question for the latest. */
export type AnswerById =
  | { readonly status: "valid"; readonly backup: CrossRegionBackup }
  /** What the backup is not, or no longer: `there`, or `valid (…)`. */
  | { readonly status: "invalid"; readonly isNot: string }
  | ErrorAnswer;

/** Asks for one backup of the instance that a question is about. */
export function queryById({ request, connection }: LookupQuery, crossBackupId: string): ListQuery {
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
  const { backup, rejected } = selectLatest(ofId, request, now);
  if (backup !== undefined) {
    return { status: "valid", backup };
  }
  const [rejection] = rejected;
  const isNot = rejection === undefined ? "there" : `valid (${rejection.reason}: ${rejection.detail})`;
  return { status: "invalid", isNot };
}
