import type { Fault, WorldInstance, WorldRecord } from "../../simulator";
import { type Engine, type InstanceFacts, readFaults } from "./instance-facts";

interface EngineFacts {
  readonly prefix: string;
  readonly version: string;
  readonly localDisks: boolean;
  /** What differs in its records. */
  readonly record: WorldRecord;
}

const engines: Readonly<Record<Engine, EngineFacts>> = {
  MySQL: {
    prefix: "rm",
    version: "8.0",
    localDisks: true,
    record: { Engine: "mysql", DBInstanceStorageType: "ssd", CrossBackupSetFile: "data_{date}_qp.xb" },
  },
  PostgreSQL: {
    prefix: "pgm",
    version: "15.0",
    localDisks: false,
    record: { Engine: "PostgreSQL", DBInstanceStorageType: "cloud_essd", CrossBackupSetFile: "data_{date}.tar.gz" },
  },
  SQLServer: {
    prefix: "rm",
    version: "2022_web",
    localDisks: false,
    record: { Engine: "mssql", DBInstanceStorageType: "ecs", CrossBackupSetFile: "{date}.zip" },
  },
};

/** What a test must know of an instance. */
export interface StartedInstance {
  /** Its id. */
  readonly dbInstanceId: string;
  /** Its region. */
  readonly regionId: string;
  /** The first region to which its backups can be restored. */
  readonly restoreRegion: string;
  /** Ids of its backups, in the order of `backupHoursAgo`. */
  readonly crossBackupIds: readonly string[];
}

/** An instance, as a world has it, with what a test must know of it. */
export interface WrittenInstance {
  readonly instance: WorldInstance;
  readonly started: StartedInstance;
  readonly faults: readonly Fault[];
}

/**
 * Writes an instance out.
 *
 * @param index its place among the instances: it makes its ids unlike those of the others
 */
export function writeInstance(name: string, given: InstanceFacts, index: number): WrittenInstance {
  const { engine = "MySQL", regionId = "cn-hangzhou", backupHoursAgo = [2], records = [], faults = [] } = given;
  const { prefix, version, localDisks, record } = engines[engine];
  const { engineVersion = version, dbInstanceId = `${prefix}-${name}` } = given;
  const { crossBackupRegion = given.restoreRegions?.[0] ?? "cn-shanghai" } = given;
  const { restoreRegions = [crossBackupRegion] } = given;
  const newestId = 100_000 * (index + 1) + backupHoursAgo.length;
  const crossBackupIds = backupHoursAgo.map((_, place) => String(newestId - place));
  return {
    instance: {
      ...{ dbInstanceId, regionId, engine, engineVersion, localDisks },
      policy: {
        ...{ BackupEnabled: "Enable", LogBackupEnabled: "Enable", CrossBackupRegion: crossBackupRegion },
        ...{ CrossBackupType: "1", RetentType: 1, Retention: 30, LockMode: "Unlock" },
      },
      backupDefaults: {
        ...{ BackupMethod: "P", BackupSetScale: 0, BackupSetStatus: 0, BackupType: "F", Category: "HighAvailability" },
        ...{ CrossBackupRegion: crossBackupRegion, CrossBackupSetLocation: "oss", CrossBackupSetSize: 1_048_576 },
        ...{ EngineVersion: engineVersion, RestoreRegions: { RestoreRegion: restoreRegions } },
        ...record,
      },
      backups: [...backupHoursAgo.map((age, place) => backupOf(crossBackupIds[place], age)), ...records],
      logs: logsOf(given.logsUntilHoursAgo, backupHoursAgo, crossBackupRegion),
    },
    started: { dbInstanceId, regionId, restoreRegion: restoreRegions[0] ?? regionId, crossBackupIds },
    faults: readFaults(faults).map((each) => ({ ...each, dbInstanceId })),
  };
}

function backupOf(id: string | undefined, age: number): WorldRecord {
  const time = timeOf(age);
  return { CrossBackupId: id, BackupStartTime: time, BackupEndTime: time, ConsistentTime: time };
}

/** One log, of the time from the oldest backup on. */
function logsOf(until: number | undefined, ages: readonly number[], CrossBackupRegion: string): readonly WorldRecord[] {
  return until === undefined
    ? []
    : [
        {
          ...{ CrossLogBackupId: 1, CrossBackupRegion, LogFileName: "log.1", CrossLogBackupSize: 1_048_576 },
          ...{ LogBeginTime: timeOf(Math.max(until, ...ages)), LogEndTime: timeOf(until) },
        },
      ];
}

function timeOf(hoursAgo: number): string {
  return `now-${Math.round(hoursAgo * 3600)}s`;
}
