import type { Instant } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
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

type Latest = ReadonlyMap<string, LatestAmong>;

/**
 * The listings of many questions: each set of records is listed once, whoever asks for it. What the questions for the
 * latest want of it is chosen while its pages come in.
 */
export class Listings {
  /** What is wanted of the records of each instance, by its text. */
  private readonly wanted = new Map<string, Map<string, SelectionCriteria>>();
  private readonly latest = new Map<string, Promise<Latest>>();
  private readonly records = new Map<string, Promise<readonly CrossRegionBackupRecord[]>>();

  constructor(
    queries: readonly LookupQuery[],
    private readonly now: Instant,
    private readonly clientFor: (asked: Asked) => RdsClient,
  ) {
    for (const query of queries) {
      if (query.kind === "latest") {
        const criteria = criteriaOf(query);
        this.wantedOf(query).set(textOf(criteria), criteria);
      }
    }
  }

  /** The latest backup of a window that suits a question. */
  async latestIn(query: LatestQuery, window: Window): Promise<LatestAmong> {
    const request = { ...sourceOf(query), ...window };
    const listing = known(this.latest, keyOf(query, request), () => this.listLatest(query, request));
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
    return known(this.records, keyOf(query, request), () =>
      describeCrossRegionBackups(this.clientFor(query), request),
    );
  }

  private wantedOf(query: LatestQuery): Map<string, SelectionCriteria> {
    return known(this.wanted, keyOf(query, sourceOf(query)), () => new Map<string, SelectionCriteria>());
  }

  private async listLatest(query: LatestQuery, request: DescribeCrossRegionBackupsRequest): Promise<Latest> {
    const wanted = [...this.wantedOf(query)];
    const { latest } = await foldCrossRegionBackups(this.clientFor(query), request, () => {
      const latest = new Map(wanted.map(([text, criteria]) => [text, new LatestAmong(criteria, this.now)]));
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

/** The value under a key of a map, made once. */
function known<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
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
