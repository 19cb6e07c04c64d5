import { addHours, type Instant } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import { LatestAmong } from "../backup/select-latest";
import {
  describeCrossRegionBackups,
  type DescribeCrossRegionBackupsRequest,
  foldCrossRegionBackups,
  isBounded,
} from "../rds-api/actions/describe-cross-region-backups";
import type { RdsClient } from "../rds-api/rds-client";
import type { Asked } from "./connections";
import type { BackupQuery, LatestQuery, ListQuery } from "./query";

const hoursPerDay = 24;

/**
 * Days that the windows reach back, one after the other: a week of backups with a margin, then a quarter,
 * then all that can be kept (1,825 days) with a margin.
 */
const lookBackDays = [10, 100, 1_828] as const;

/**
 * The documents do not say whether a window filters by the start or the end of a backup, so a record near the
 * start of a window may have a later neighbour outside. No backup is taken to run longer than this.
 */
const marginDays = 2;

/** The end lies ahead, since clocks differ and a backup may end while it is looked up. */
const aheadDays = 1;

/** A time window of a listing. */
export interface Window {
  readonly startTime: Instant;
  readonly endTime: Instant;
}

/** The windows to ask, each within the next; the last one holds everything that can be kept. */
export function lookBackWindows(now: Instant, notAfter: Instant | undefined): readonly Window[] {
  const latest = notAfter !== undefined && notAfter < now ? notAfter : now;
  const oldest = addHours(now, -lookBackDays[2] * hoursPerDay);
  const endTime = addHours(now, aheadDays * hoursPerDay);
  const starts = lookBackDays.map((days) => addHours(latest, -days * hoursPerDay));
  const startTimes = new Set(starts.map((start) => (start > oldest ? start : oldest)));
  return [...startTimes].map((startTime) => ({ startTime, endTime }));
}

/** Whether a backup of this data time, the latest within a window, is the latest of all. */
export function isLatestOfAll(dataTime: Instant, window: Window): boolean {
  return dataTime >= addHours(window.startTime, marginDays * hoursPerDay);
}

type Latest = ReadonlyMap<LatestQuery, LatestAmong>;

/**
 * The listings of many questions: each set of records is listed once, whoever asks for it. What the questions for the
 * latest want of it is chosen while its pages come in. If another question wants all records of their instance, theirs
 * are among them.
 */
export class Listings {
  /** The questions for the latest backup of each source. */
  private readonly asking = new Map<string, LatestQuery[]>();
  private readonly latest = new Map<string, Promise<Latest>>();
  private readonly records = new Map<string, Promise<readonly CrossRegionBackupRecord[]>>();
  /** The questions for all records of each source. */
  private readonly listing = new Map<string, ListQuery>();

  constructor(
    queries: readonly BackupQuery[],
    private readonly now: Instant,
    private readonly clientFor: (asked: Asked) => RdsClient,
  ) {
    for (const query of queries) {
      if (query.kind === "latest") {
        const source = keyOf(query, sourceOf(query));
        this.asking.set(source, [...(this.asking.get(source) ?? []), query]);
      } else if (isWhole(query)) {
        this.listing.set(keyOf(query, sourceOf(query)), query);
      }
    }
  }

  /** The window that holds everything that can be kept. */
  get wholeWindow(): Window | undefined {
    return lookBackWindows(this.now, undefined).at(-1);
  }

  /** The windows to ask for a question, one after the other. */
  windowsOf(query: LatestQuery): readonly Window[] {
    return lookBackWindows(this.now, query.request.notAfter);
  }

  /**
   * The latest backup of a window that suits a question. If all records are listed anyway, those of the window are taken
   * from them: the answer, with all that it rejects, does not depend on what else is asked.
   */
  async latestIn(query: LatestQuery, window: Window): Promise<LatestAmong> {
    const whole = this.listing.get(keyOf(query, sourceOf(query)));
    if (whole !== undefined) {
      const latest = new LatestAmong(query.request, this.now);
      const records = await this.recordsOf(whole, { ...whole.request, ...this.wholeWindow });
      latest.add(records.filter((record) => isWithin(record, window)));
      return latest;
    }
    const request = { ...sourceOf(query), ...window };
    const key = keyOf(query, request);
    const listing = this.latest.get(key) ?? this.listLatest(query, request);
    this.latest.set(key, listing);
    const latest = (await listing).get(query);
    if (latest === undefined) {
      throw new Error(`${query.request.dbInstanceId} is not among the questions of these listings`);
    }
    return latest;
  }

  /** The records that a request names. */
  recordsOf(query: ListQuery, request: DescribeCrossRegionBackupsRequest): Promise<readonly CrossRegionBackupRecord[]> {
    const key = keyOf(query, request);
    const listing = this.records.get(key) ?? describeCrossRegionBackups(this.clientFor(query), request);
    this.records.set(key, listing);
    return listing;
  }

  private async listLatest(query: LatestQuery, request: DescribeCrossRegionBackupsRequest): Promise<Latest> {
    const asking = this.asking.get(keyOf(query, sourceOf(query))) ?? [];
    const { latest } = await foldCrossRegionBackups(this.clientFor(query), request, () => {
      const latest = new Map(asking.map((each) => [each, new LatestAmong(each.request, this.now)]));
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

/** Whether a record is one of a window, as far as its start says it. */
function isWithin({ backupStartTime }: CrossRegionBackupRecord, { startTime, endTime }: Window): boolean {
  return backupStartTime === undefined || (backupStartTime >= startTime && backupStartTime <= endTime);
}

/** Whether a question is for all records that can be kept. */
function isWhole({ request }: ListQuery): boolean {
  return !isBounded(request) && request.pageNumber === undefined && request.backupId === undefined;
}

/** What narrows the listing itself. */
function sourceOf({ request }: BackupQuery): DescribeCrossRegionBackupsRequest {
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  return { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
}

/** Text that says what is asked of whom, whatever its order. */
function keyOf(
  { connection: { endpoint, profile, roleArn } }: BackupQuery,
  request: DescribeCrossRegionBackupsRequest,
): string {
  const given = Object.entries<unknown>({ ...request }).filter(([, value]) => value !== undefined);
  return JSON.stringify([endpoint, profile, roleArn, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
