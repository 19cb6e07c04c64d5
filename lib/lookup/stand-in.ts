import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { optional } from "../backup/row";
import type { ErrorAnswer, FoundAnswer, NoneAnswer } from "./answer";
import type { AnswerById } from "./by-id";
import type { Preflight } from "./preflight";

/** What the API says of a backup that is to stand in for a live answer that does not know it. */
export type StandIn =
  | Exclude<AnswerById, { readonly status: "valid" }>
  | {
      readonly status: "valid";
      readonly backup: CrossRegionBackup;
      /** Why no preflight tells of it, where that is so. */
      readonly warnings?: readonly string[];
    }
  /** It is there, but the preflight failed for a reason that is not the backup's. */
  | { readonly status: "unchecked"; readonly backup: CrossRegionBackup; readonly failed: ErrorAnswer }
  /** The region of the restore refuses it. */
  | { readonly status: "refused"; readonly instead: FoundAnswer | NoneAnswer | ErrorAnswer };

/**
 * Asks the region of the restore about a backup that is there by its id, as if it had been listed before the live
 * answer: where it is refused, that answer counts, unless it cannot show whether the backup is to blame.
 *
 * @param preflight a new one, which shares its check with that of the live answer: nothing is asked twice
 */
export async function checkStandIn(
  preflight: Preflight,
  backup: CrossRegionBackup,
  live: FoundAnswer | NoneAnswer,
): Promise<StandIn> {
  const answer = await preflight.answerWith(backup, { rejected: [] });
  switch (answer?.status) {
    case "found":
      return { status: "valid", backup, ...optional("warnings", answer.warnings) };
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
  const { leftOut } = live;
  const rejected = {
    rejected: [...preflight.refused.values(), ...live.rejected],
    ...optional("leftOut", leftOut),
  };
  const listed = live.status === "found" ? await preflight.answerWith(live.backup, rejected) : undefined;
  const instead = listed ?? preflight.answerWithNone(rejected);
  return instead.status === "error"
    ? instead
    : { ...instead, warnings: [...new Set([...(instead.warnings ?? []), ...(live.warnings ?? [])])] };
}
