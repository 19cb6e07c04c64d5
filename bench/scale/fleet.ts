import type { World, WorldInstance } from "cdktf-alicloud-rds-dr/simulator";
import { recordDefaults, regionId, restoreRegion } from "../fleet";

/** Daily backups of an instance, and logs of half an hour each since about the latest one. */
const dailyBackups = 30;
const logs = 48;

/** How old the data may be, hours. */
export const objectiveHours = 26;

/** Of so many instances, one is in each kind of trouble. */
const perTrouble = 100;

/** The id of an instance of the fleet, such as `rm-uf6000042`. */
function idOf(index: number): string {
  return `rm-uf6${String(index).padStart(6, "0")}`;
}

/**
 * A fleet of so many instances with a month of daily backups and a day of logs each; one in a hundred is too old, one
 * has failed backups only, and one is not copied any more. The number alone says what is in it, and each instance takes
 * a few hundred bytes: the simulator writes its records out when they are asked for.
 */
export function fleetOf(size: number): World {
  return { instances: Array.from({ length: size }, (_, index) => instanceOf(index)) };
}

function instanceOf(index: number): WorldInstance {
  const trouble = index % perTrouble;
  const hours = trouble === 1 ? 50 : 1 + (index % 20);
  const every = { "x-repeat": { count: dailyBackups, every: "1d" } };
  return {
    dbInstanceId: idOf(index),
    regionId,
    engine: "MySQL",
    engineVersion: "8.0",
    localDisks: true,
    policy: {
      BackupEnabled: trouble === 2 ? "Disable" : "Enable",
      CrossBackupRegion: restoreRegion,
      DBInstanceDescription: `orders-${index}`,
      LogBackupEnabled: "Enable",
      Retention: dailyBackups,
    },
    backupDefaults: { ...recordDefaults, BackupType: "F" },
    backups: [
      {
        CrossBackupId: 10_000 + index * perTrouble,
        BackupStartTime: `now-${hours}h`,
        ConsistentTime: `now-${hours}h`,
        BackupEndTime: `now-${hours * 60 - 10}m`,
        ...(trouble === 3 && { BackupSetStatus: 1 }),
        ...every,
      },
    ],
    logDefaults: { CrossBackupRegion: restoreRegion },
    logs: [
      {
        CrossLogBackupId: 1_000 + index * perTrouble,
        LogBeginTime: "now-30m",
        LogEndTime: "now",
        "x-repeat": { count: logs, every: "30m" },
      },
    ],
  };
}
