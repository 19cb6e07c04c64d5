import { type World, type WorldInstance, type WorldRecord } from "../../lib/simulator";
import { hoursOld, validBackup } from "../fixtures";

const policy = { BackupEnabled: "Enable", LogBackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai", Retention: 30 };

/** An instance of cn-hangzhou with copies, and what else is given. */
export function copied(
  dbInstanceId: string,
  backups: readonly WorldRecord[],
  { policy: changes, ...more }: Partial<WorldInstance> = {},
): WorldInstance {
  return {
    dbInstanceId,
    regionId: "cn-hangzhou",
    engine: "MySQL",
    engineVersion: "8.0",
    policy: { ...policy, ...changes },
    backupDefaults: validBackup,
    backups,
    ...more,
  };
}

/** Daily backups, the newest so many hours old. */
export function daily(hours: number, id: number, count = 5): WorldRecord {
  return { ...hoursOld(hours, id), "x-repeat": { count, every: "1d" } };
}

/** Logs of half an hour each that follow a backup so many hours old, and end so many hours ago. */
export function logs(from: number, until: number, id = 1): WorldRecord {
  return {
    CrossLogBackupId: id + 1_000,
    CrossBackupRegion: "cn-shanghai",
    LogBeginTime: `now-${until * 60 + 30}m`,
    LogEndTime: `now-${until}h`,
    "x-repeat": { count: (from - until) * 2, every: "30m" },
  };
}

/** An instance in each state, with an objective of 26 hours. */
export const fleet: World = {
  instances: [
    copied("rm-ready", [daily(2, 1_000), { ...hoursOld(1, 1_001), BackupType: "I" }], { logs: [logs(3, 0)] }),
    copied("rm-old", [daily(40, 2_000)], { policy: { DBInstanceDescription: "orders" } }),
    copied("rm-off", [daily(20, 3_000)], { policy: { BackupEnabled: "Disable" } }),
    copied("rm-short", [daily(2, 4_000)], { policy: { Retention: 1 } }),
    copied("rm-failed", [
      { ...hoursOld(2, 5_000), BackupSetStatus: 1 },
      { ...hoursOld(20, 5_001), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } },
    ]),
    copied("rm-denied", [daily(2, 6_000)]),
    { dbInstanceId: "rm-bare", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" },
  ],
};
