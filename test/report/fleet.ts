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

/** A failed backup that is older than the days for which a lookup asks first. */
const longAgo: WorldRecord = { ...hoursOld(15 * 24, 1_002), BackupSetStatus: 1 };

/** An instance in each state, with an objective of 26 hours. */
export const fleet: World = {
  instances: [
    copied("rm-ready", [daily(2, 1_000), { ...hoursOld(1, 1_001), BackupType: "I" }, longAgo], { logs: [logs(3, 0)] }),
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

/** What can be wrong with the backups of an instance: the records, and what else the world knows of it. */
const troubles: readonly ((id: number) => readonly [readonly WorldRecord[], Partial<WorldInstance>?])[] = [
  (id) => [[daily(5, id)], { logs: [logs(6, 0)] }],
  (id) => [[{ ...daily(5, id), BackupSetStatus: 1 }]],
  (id) => [[daily(50, id)], { logs: [logs(51, 45), logs(40, 0, 200)] }],
  (id) => [[daily(25, id)], { logs: [logs(26, 20)] }],
  (id) => [[daily(9, id)], { policy: { BackupEnabled: "Disable" } }],
  (id) => [[daily(2, id)], { policy: { Retention: 1 } }],
  (id) => [[{ ...daily(2, id), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } }, hoursOld(20, id + 50)]],
  (id) => [[{ ...daily(2, id), RestoreRegions: {} }]],
  (id) => [[{ ...hoursOld(-30, id) }, hoursOld(3, id + 50)]],
  (id) => [[{ ...daily(4, id), ConsistentTime: undefined }]],
  (id) => [[{ ...hoursOld(1, 0) }, hoursOld(10, id + 50)]],
  (id) => [[{ ...hoursOld(1, id), BackupStartTime: "yesterday" }, hoursOld(11, id + 50)]],
  (id) => [
    [
      { ...daily(1, id), BackupMethod: "L" },
      { ...daily(2, id + 50), BackupSetScale: 1 },
    ],
  ],
  (id) => [[{ ...daily(1, id), Engine: "SQLServer", CrossBackupSetFile: "file.bak" }]],
  // More of one reason than are listed one by one.
  (id) => [[{ ...hoursOld(1, id), BackupType: "I", "x-repeat": { count: 150, every: "1h" } }, hoursOld(12, id + 500)]],
  // Older than the first days that a lookup asks for, with older ones that are rejected.
  (id) => [[hoursOld(15 * 24, id), { ...hoursOld(40 * 24, id + 50), BackupSetStatus: 1 }]],
  (id) => [[daily(5, id), { ...hoursOld(15 * 24, id + 50), BackupSetStatus: 1 }]],
  (id) => [[hoursOld(200 * 24, id), { ...hoursOld(300 * 24, id + 50), BackupType: "I" }]],
  () => [[]],
  // Copies of one backup that differ.
  (id) => [[hoursOld(3, id), { ...hoursOld(3, id), BackupSetStatus: 1 }, hoursOld(27, id + 50)]],
];

/** A fleet with each trouble so many times. */
export function troubledFleet(times: number): World {
  return {
    instances: Array.from({ length: times * troubles.length }, (_, index) => {
      const [backups, more] = troubles[index % troubles.length]?.(10_000 + index * 1_000) ?? [[]];
      return copied(`rm-uf6${String(index).padStart(6, "0")}`, backups, more);
    }),
  };
}

/** A fleet of so many instances, most of them ready, with a month of daily backups each. Of 1,000, five would be lost. */
export function largeFleet(size: number): World {
  return { instances: Array.from({ length: size }, (_, index) => ofLargeFleet(index)) };
}

function ofLargeFleet(index: number): WorldInstance {
  const id = `rm-uf6${String(index).padStart(6, "0")}`;
  const first = 10_000 + index * 100;
  const name = { policy: { DBInstanceDescription: `orders-${index}` } };
  if (index % 400 === 1) {
    const failed = { ...hoursOld(5, first), BackupSetStatus: 1, "x-repeat": { count: 30, every: "1d" } };
    const elsewhere = { ...daily(5, first, 30), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } };
    return copied(id, [index === 1 ? failed : elsewhere], name);
  }
  if (index % 400 === 5 && index < 800) {
    return { dbInstanceId: id, regionId: "cn-hangzhou", engine: "PostgreSQL", engineVersion: "15.0" };
  }
  if (index === 7) {
    return copied("rm-denied", [daily(2, first)], name);
  }
  switch (index % 100) {
    case 8:
      return copied(id, [daily(4, first, 1)], { policy: { ...name.policy, Retention: 1 } });
    case 2:
    case 3:
      return copied(id, [daily(50, first, 28)], { ...name, logs: [logs(51, 45), logs(40, 0, 200)] });
    case 4:
      return copied(id, [daily(9, first, 20)], { policy: { ...name.policy, BackupEnabled: "Disable" } });
    case 6:
      return copied(id, [daily(14, first, 30)], { ...name, logs: [logs(15, 12)] });
    default: {
      const others = [
        { ...hoursOld(30, first + 50), BackupType: "I" },
        { ...hoursOld(200, first + 51), BackupSetStatus: 1 },
        { ...hoursOld(500, first + 52), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } },
      ];
      return copied(id, [daily(2 + (index % 20), first, 30), ...others], {
        ...name,
        logs: [logs(3 + (index % 20), 0)],
      });
    }
  }
}
