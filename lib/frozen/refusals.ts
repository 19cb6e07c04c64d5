import { RejectionReason, type Rejection } from "../backup/rejection";
import type { ErrorAnswer, FoundAnswer, LookupAnswer, NoneAnswer } from "../lookup/answer";

type LatestAnswer = FoundAnswer | NoneAnswer | ErrorAnswer;

function refusalsIn({ rejected = [] }: LatestAnswer): readonly Rejection[] {
  return rejected.filter(({ reason }) => reason === RejectionReason.PREFLIGHT_REFUSED);
}

/** Whether the preflight of now refuses the locked backup. */
export function isRefused(live: LatestAnswer, locked: FoundAnswer | undefined): boolean {
  return refusalsIn(live).some(({ crossBackupId }) => crossBackupId === locked?.backup.crossBackupId);
}

/** What was refused before the locked answer came in is told with it, and a locked backup stands in for it. */
export function withRefusals<T extends LookupAnswer>(answer: T, live: LatestAnswer): T {
  const refusals = refusalsIn(live);
  if (refusals.length === 0 || answer.status === "listed") {
    return answer;
  }
  const { rejected = [] } = answer;
  const others = rejected.filter(({ reason }) => reason !== RejectionReason.PREFLIGHT_REFUSED);
  const told = { ...answer, rejected: [...refusals, ...others] };
  if (answer.status === "error") {
    return told;
  }
  const lines = refusals.map(
    ({ crossBackupId = "", detail }) => `the preflight refused ${crossBackupId}: ${detail}`,
  );
  return { ...told, warnings: [...(answer.warnings ?? []), ...lines] };
}
