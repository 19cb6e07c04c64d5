import type { World, WorldInstance, WorldRecord } from "cdktf-alicloud-rds-dr/simulator";

/** The region of every instance of the benchmark. */
export const regionId = "cn-hangzhou";

/** The region that the backups are in. */
export const restoreRegion = "cn-shanghai";

/** The most records on a page that the API has. */
export const pageSize = 100;

/** Every 28th record is a full backup, as with one a day and an incremental one each hour but the longer ones. */
const recordsPerFull = 28;

/** Close enough together for 10,000 of them to lie in the narrowest window that a lookup may ask. */
const secondsBetweenRecords = 20;

/** A stand-in to be measured against. */
export interface Recipe {
  readonly instances: number;
  /** Records of each instance. */
  readonly records: number;
  /** Whether the world is a fleet for `rds-dr report`, with copying and logs; it has records of its own. @default false */
  readonly isFleet?: boolean;
  readonly latencyMs: number;
  readonly requestsPerSecond?: number;
  /** The share of the requests that is refused at random. */
  readonly refused?: number;
}

/** The ids of so many instances. */
export function instanceIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `rm-bench${index}`);
}

/** The instances of a recipe, their newest record an hour older than `now`. */
export function worldOf({ instances, records }: Recipe, now: Date): World {
  return {
    instances: instanceIds(instances).map((dbInstanceId, index) => instanceOf(dbInstanceId, index, records, now)),
  };
}

/** How many bytes of JSON one record is. */
export function bytesOfRecord(): number {
  return JSON.stringify({ ...recordDefaults, ...recordOf(1, 0, new Date(0)) }).length;
}

/** What each record says, unless it says otherwise. */
export const recordDefaults: WorldRecord = {
  BackupMethod: "P",
  BackupSetScale: 0,
  BackupSetStatus: 0,
  Category: "HighAvailability",
  CrossBackupDownloadLink: "https://link.example/hins8161047_data.xb?Expires=1893456000&Signature=BENCH",
  CrossBackupRegion: restoreRegion,
  CrossBackupSetFile: "hins8161047_data_{date}_qp.xb",
  CrossBackupSetLocation: "oss",
  CrossBackupSetSize: 5_312_836,
  DBInstanceStorageType: "ssd",
  Engine: "mysql",
  EngineVersion: "8.0",
  InstanceId: 8_161_047,
  RestoreRegions: { RestoreRegion: [restoreRegion, regionId] },
};

function instanceOf(dbInstanceId: string, index: number, records: number, now: Date): WorldInstance {
  return {
    dbInstanceId,
    regionId,
    engine: "MySQL",
    engineVersion: "8.0",
    localDisks: true,
    backupDefaults: recordDefaults,
    // Ids of their own for each instance, the newest the greatest.
    backups: Array.from({ length: records }, (_, place) => recordOf((index + 1) * 1_000_000 - place, place, now)),
  };
}

function recordOf(id: number, place: number, now: Date): WorldRecord {
  const at = (seconds: number): string => {
    const time = now.getTime() - (3_600 + place * secondsBetweenRecords - seconds) * 1_000;
    return `${new Date(time).toISOString().slice(0, 19)}Z`;
  };
  return {
    CrossBackupId: id,
    BackupType: place % recordsPerFull === 0 ? "F" : "I",
    BackupStartTime: at(-12),
    ConsistentTime: at(-6),
    BackupEndTime: at(0),
  };
}
