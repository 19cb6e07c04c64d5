import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import { compareRecords, selectLatest } from "../backup/select-latest";
import {
  describeCrossRegionBackups,
  isBounded,
  type DescribeCrossRegionBackupsRequest,
} from "../rds-api/describe-cross-region-backups";
import type { RdsClient } from "../rds-api/rds-client";
import { errorAnswer, type LookupAnswer } from "./answer";
import { isLatestOfAll, lookBackWindows } from "./look-back";
import { lookUpRecoveryWindows } from "./recovery-window";
import { subjectOf, type LatestQuery, type ListQuery, type LookupQuery } from "./query";

/** What the engine needs besides the queries. */
export interface LookUpOptions {
  /** The time that counts as now, for windows and for times in the future. */
  readonly now: Instant;
  /** The client for a query; one client may serve many. */
  readonly clientFor: (query: LookupQuery) => RdsClient;
  /** Told after each query that has got its answer. */
  readonly onAnswer?: () => void;
}

type Records = readonly CrossRegionBackupRecord[];
type List = (query: LookupQuery, request: DescribeCrossRegionBackupsRequest) => Promise<Records>;

/**
 * Answers many queries at once, in their order, each as soon as it can be. Those that need the same records share
 * one listing. A failure is an answer; only a defect throws.
 */
export function lookUpEach(
  queries: readonly LookupQuery[],
  options: LookUpOptions,
): readonly Promise<LookupAnswer>[] {
  const list = sharedListing(options);
  return queries.map(async (query) => {
    try {
      return await (query.kind === "latest"
        ? withWindow(query, await answerLatest(query, list, options.now), options)
        : answerList(query, list, options.now));
    } catch (error) {
      return errorAnswer(subjectOf(query), error);
    } finally {
      options.onAnswer?.();
    }
  });
}

async function answerLatest(query: LatestQuery, list: List, now: Instant): Promise<LookupAnswer> {
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId, notAfter } = query.request;
  let answer: LookupAnswer = { status: "none", rejected: [] };
  for (const window of lookBackWindows(now, notAfter)) {
    const request = { dbInstanceId, regionId, crossBackupRegion, resourceGroupId, ...window };
    const { backup, rejected } = selectLatest(await list(query, request), query.request, now);
    answer = backup === undefined ? { status: "none", rejected } : { status: "found", backup, rejected };
    if (backup !== undefined && isLatestOfAll(backup.dataTime, window)) {
      break;
    }
  }
  return answer;
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

async function answerList(query: ListQuery, list: List, now: Instant): Promise<LookupAnswer> {
  const { request } = query;
  const window = isBounded(request) ? undefined : lookBackWindows(now, undefined).at(-1);
  const records = await list(query, { ...request, ...window });
  return { status: "listed", records: [...records].sort(compareRecords) };
}

/** Lists each set of records once, whoever asks for it. */
function sharedListing({ clientFor }: LookUpOptions): List {
  const listings = new Map<string, Promise<Records>>();
  return (query, request) => {
    const { endpoint, profile } = query.connection;
    const given = Object.entries(request).filter(([, value]) => value !== undefined);
    const key = JSON.stringify([
      endpoint,
      profile,
      Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))),
    ]);
    const listing = listings.get(key) ?? describeCrossRegionBackups(clientFor(query), request);
    listings.set(key, listing);
    return listing;
  };
}
