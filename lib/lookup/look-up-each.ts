import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { compareRecords, type Selection } from "../backup/select-latest";
import { isBounded } from "../rds-api/actions/describe-cross-region-backups";
import type { RdsClient } from "../rds-api/rds-client";
import { errorAnswer, type LookupAnswer } from "./answer";
import type { Asked } from "./connections";
import { Listings } from "./listings";
import { isLatestOfAll, lookBackWindows } from "./look-back";
import { Preflight } from "./preflight";
import { type Check, sharedCheck } from "./preflight-request";
import { type LatestQuery, type ListQuery, type LookupQuery, subjectOf } from "./query";
import { lookUpRecoveryWindows } from "./recovery-window";

/** What the engine needs besides the queries. */
export interface LookUpOptions {
  /** The time that counts as now, for windows and for times in the future. */
  readonly now: Instant;
  /** The client for what is asked; one client may serve many questions. */
  readonly clientFor: (asked: Asked) => RdsClient;
  /** Shared with whatever else asks. @default - one of its own */
  readonly check?: Check;
  /** Told after each query that has got its answer. */
  readonly onAnswer?: () => void;
}

/**
 * Answers many queries at once, in their order, each as soon as it can be. Those that need the same records share
 * one listing. A failure is an answer; only a defect throws.
 */
export function lookUpEach(
  queries: readonly LookupQuery[],
  options: LookUpOptions,
): readonly Promise<LookupAnswer>[] {
  const listings = new Listings(queries, options);
  const { check = sharedCheck(options.clientFor) } = options;
  return queries.map(async (query) => {
    try {
      return await (query.kind === "latest"
        ? withWindow(
            query,
            await answerLatest(query, listings, new Preflight(query, check), options.now),
            options,
          )
        : answerList(query, listings, options.now));
    } catch (error) {
      return errorAnswer(subjectOf(query), error);
    } finally {
      options.onAnswer?.();
    }
  });
}

async function answerLatest(
  query: LatestQuery,
  listings: Listings,
  preflight: Preflight,
  now: Instant,
): Promise<LookupAnswer> {
  const windows = lookBackWindows(now, query.request.notAfter);
  let selection: Selection = { rejected: [] };
  for (const window of windows) {
    const latest = await listings.latestIn(query, window);
    const isLatest = ({ dataTime }: RestorableBackup): boolean =>
      window === windows.at(-1) || isLatestOfAll(dataTime, window);
    selection = latest.selection(preflight.refused);
    while (selection.backup !== undefined && isLatest(selection.backup)) {
      const answer = await preflight.answerWith(selection.backup, selection);
      if (answer !== undefined) {
        return answer;
      }
      selection = latest.selection(preflight.refused);
    }
  }
  return preflight.answerWithNone(selection);
}

/** An answer with the recoverable window of its backup, where the question asks for it. */
async function withWindow(
  query: LatestQuery,
  answer: LookupAnswer,
  { clientFor, now }: LookUpOptions,
): Promise<LookupAnswer> {
  const { request } = query;
  if (answer.status !== "found" || request.recoveryWindow === undefined) {
    return answer;
  }
  const [backup = answer.backup] = await lookUpRecoveryWindows(
    clientFor(query),
    request,
    [answer.backup],
    now,
  );
  return { ...answer, backup };
}

async function answerList(query: ListQuery, listings: Listings, now: Instant): Promise<LookupAnswer> {
  const { request } = query;
  const window = isBounded(request) ? undefined : lookBackWindows(now, undefined).at(-1);
  const records = await listings.recordsOf(query, { ...request, ...window });
  return { status: "listed", records: [...records].sort(compareRecords) };
}
