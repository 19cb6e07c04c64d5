import { type Rejection } from "../backup/validity";
import type { ErrorAnswer, FoundAnswer, LookupAnswer, NoneAnswer } from "../lookup/answer";

type LatestAnswer = FoundAnswer | NoneAnswer | ErrorAnswer;

/** A backup that the region of the restore did not accept, as it is written down: without the reason, which is one. */
export interface Refused {
  readonly crossBackupId: string;
  readonly detail: string;
}

/** The backups that the preflight refused on the way to an answer, the newest first. */
export function refusedIn({ rejected = [] }: LatestAnswer): readonly Refused[] {
  return rejected.flatMap(({ crossBackupId, reason, detail }) =>
    reason === "preflight-refused" && crossBackupId !== undefined ? [{ crossBackupId, detail }] : [],
  );
}

/**
 * Says which locked refusals do not count any more; undefined if all do. New ones are warnings of the preflight
 * already. Pure.
 */
export function explainLiftedRefusals(
  before: readonly Refused[] = [],
  after: readonly Refused[] = [],
): string | undefined {
  const details = new Map(after.map(({ crossBackupId, detail }) => [crossBackupId, detail]));
  const lifted = before
    .filter(({ crossBackupId, detail }) => details.get(crossBackupId) !== detail)
    .map(
      ({ crossBackupId: id }) => `${id} ${details.has(id) ? "for another reason" : "not refused any more"}`,
    );
  return lifted.length === 0 ? undefined : lifted.join(", ");
}

/** Whether the preflight of now refuses the locked backup. */
export function isRefused(live: LatestAnswer, locked: FoundAnswer | undefined): boolean {
  return refusedIn(live).some(({ crossBackupId }) => crossBackupId === locked?.backup.crossBackupId);
}

/** An answer that tells of these refusals as well: its backup stands in for each of them. */
export function withRefusals<T extends LookupAnswer>(answer: T, refused: readonly Refused[]): T {
  if (answer.status === "listed") {
    return answer;
  }
  const known = new Set(refusedIn(answer).map(({ crossBackupId }) => crossBackupId));
  const others = refused.filter(({ crossBackupId }) => !known.has(crossBackupId));
  if (others.length === 0) {
    return answer;
  }
  const rejections = others.map((each): Rejection => ({
    ...each,
    reason: "preflight-refused",
  }));
  const told = { ...answer, rejected: [...rejections, ...(answer.rejected ?? [])] };
  if (answer.status === "error") {
    return told;
  }
  const lines = others.map(
    ({ crossBackupId, detail }) => `the preflight refused ${crossBackupId}: ${detail}`,
  );
  return { ...told, warnings: [...(answer.warnings ?? []), ...lines] };
}
