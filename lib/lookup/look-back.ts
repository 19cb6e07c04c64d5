import type { Selection } from "../backup/select-latest";
import type { ErrorAnswer, FoundAnswer, NoneAnswer } from "./answer";
import { isLatestOfAll, type Listings } from "./listings";
import type { Preflight } from "./preflight";
import type { LatestQuery } from "./query";

/**
 * Answers a question for the latest backup: looks back further and further, until no later backup can be missing.
 *
 * @param preflight which backups the region of the restore accepts; undefined if nobody asks it
 */
export async function lookBack(
  query: LatestQuery,
  listings: Listings,
  preflight: Preflight | undefined,
): Promise<FoundAnswer | NoneAnswer | ErrorAnswer> {
  const windows = listings.windowsOf(query);
  let rejections: Selection = { rejected: [] };
  for (const window of windows) {
    const latest = await listings.latestIn(query, window);
    const isLast = window === windows.at(-1);
    for (;;) {
      const { backup, ...others } = latest.selection(preflight?.refused);
      rejections = others;
      if (backup === undefined || !(isLast || isLatestOfAll(backup.dataTime, window))) {
        break;
      }
      const answer: FoundAnswer | ErrorAnswer | undefined = preflight
        ? await preflight.answerWith(backup, others)
        : { status: "found", origin: "api", backup, ...others };
      if (answer !== undefined) {
        return answer;
      }
    }
  }
  return preflight?.answerWithNone(rejections) ?? { status: "none", origin: "api", ...rejections };
}
