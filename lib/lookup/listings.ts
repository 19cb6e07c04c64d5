import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import { LatestAmong } from "../backup/select-latest";
import type { SelectionCriteria } from "../backup/validity";
import {
  describeCrossRegionBackups,
  foldCrossRegionBackups,
} from "../rds-api/actions/describe-cross-region-backups";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups-request";
import type { RdsClient } from "../rds-api/rds-client";
import type { Asked } from "./connections";
import type { Window } from "./look-back";
import type { LatestQuery, ListQuery, LookupQuery } from "./query";

interface ListingOptions {
  readonly now: Instant;
  readonly clientFor: (asked: Asked) => RdsClient;
}

type Latest = ReadonlyMap<string, LatestAmong>;

/**
 * The listings of many questions: each set of records is listed once, whoever asks for it, and what the questions
 * for the latest want of it is chosen while its pages come in.
 */
export class Listings {
  /** What is wanted of the records of each instance, by its text. */
  private readonly wanted = new Map<string, Map<string, SelectionCriteria>>();
  private readonly latest = new Map<string, Promise<Latest>>();
  private readonly records = new Map<string, Promise<readonly CrossRegionBackupRecord[]>>();

  constructor(
    queries: readonly LookupQuery[],
    private readonly options: ListingOptions,
  ) {
    for (const query of queries.filter(({ kind }) => kind === "latest")) {
      const key = keyOf(query, sourceOf(query));
      const criteria = criteriaOf(query as LatestQuery);
      this.wanted.set(
        key,
        (this.wanted.get(key) ?? new Map<string, SelectionCriteria>()).set(textOf(criteria), criteria),
      );
    }
  }

  /** The latest backup of a window that suits a question. */
  async latestIn(query: LatestQuery, window: Window): Promise<LatestAmong> {
    const source = sourceOf(query);
    const request = { ...source, ...window };
    const key = keyOf(query, request);
    const wanted = this.wanted.get(keyOf(query, source)) ?? new Map<string, SelectionCriteria>();
    const listing = this.latest.get(key) ?? this.listLatest(query, request, wanted);
    this.latest.set(key, listing);
    const latest = (await listing).get(textOf(criteriaOf(query)));
    if (latest === undefined) {
      throw new Error(`${query.request.dbInstanceId} is not among the questions of these listings`);
    }
    return latest;
  }

  /** The records that a request names. */
  recordsOf(
    query: ListQuery,
    request: DescribeCrossRegionBackupsRequest,
  ): Promise<readonly CrossRegionBackupRecord[]> {
    const key = keyOf(query, request);
    const listing =
      this.records.get(key) ?? describeCrossRegionBackups(this.options.clientFor(query), request);
    this.records.set(key, listing);
    return listing;
  }

  private async listLatest(
    query: LatestQuery,
    request: DescribeCrossRegionBackupsRequest,
    wanted: ReadonlyMap<string, SelectionCriteria>,
  ): Promise<Latest> {
    const { now, clientFor } = this.options;
    const { latest } = await foldCrossRegionBackups(clientFor(query), request, () => {
      const latest = new Map([...wanted].map(([text, criteria]) => [text, new LatestAmong(criteria, now)]));
      const add = (records: readonly CrossRegionBackupRecord[]): void => {
        latest.forEach((each) => {
          each.add(records);
        });
      };
      return { latest, add };
    });
    return latest;
  }
}

/** What narrows the listing itself. */
function sourceOf({ request }: LookupQuery): DescribeCrossRegionBackupsRequest {
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  return { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
}

function criteriaOf({ request }: LatestQuery): SelectionCriteria {
  const { crossBackupRegion, restoreRegion, notAfter } = request;
  return { crossBackupRegion, restoreRegion, notAfter };
}

function keyOf(
  { connection: { endpoint, profile, roleArn } }: LookupQuery,
  request: DescribeCrossRegionBackupsRequest,
): string {
  return JSON.stringify([endpoint, profile, roleArn, textOf(request)]);
}

/** Text that says what is given, whatever its order. */
function textOf(given: object): string {
  const entries = Object.entries(given) as [string, unknown][];
  return JSON.stringify(
    entries.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
