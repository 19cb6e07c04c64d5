import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";

/** The time that counts as now in the tests of the domain. */
export const now = "2024-03-10T12:00:00Z";

/** A valid full MySQL backup that can be restored to cn-hangzhou and cn-shanghai, with a few fields changed. */
export function fullBackup(changes: Partial<CrossRegionBackupRecord> = {}): CrossRegionBackupRecord {
  return {
    crossBackupId: "14562",
    backupStartTime: "2024-03-05T02:22:45Z",
    backupEndTime: "2024-03-05T02:23:37Z",
    consistentTime: "2024-03-05T02:22:54Z",
    backupType: "F",
    backupMethod: "P",
    backupSetStatus: 0,
    backupSetScale: 0,
    crossBackupRegion: "cn-shanghai",
    crossBackupSetFile: "data_20240305022245_qp.xb",
    crossBackupSetSize: 5312836,
    engine: "mysql",
    engineVersion: "8.0",
    restoreRegions: ["cn-hangzhou", "cn-shanghai"],
    unreadable: [],
    ...changes,
  };
}

/** The same without some of its fields. */
export function without(
  record: CrossRegionBackupRecord,
  ...fields: (keyof CrossRegionBackupRecord)[]
): CrossRegionBackupRecord {
  const kept = Object.entries(record).filter(([name]) => !fields.some((field) => field === name));
  return Object.fromEntries(kept) as unknown as CrossRegionBackupRecord;
}
