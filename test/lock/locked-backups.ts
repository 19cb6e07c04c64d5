/** The least that a locked backup must say. */
export const shortBackup = {
  crossBackupId: "14562",
  dataTime: "2024-03-05T02:22:54Z",
  restoreRegions: ["cn-shanghai"],
};

/** All that one may say. */
export const wholeBackup = {
  ...shortBackup,
  backupEndTime: "2024-03-05T02:23:37Z",
  backupMethod: "P",
  backupSetScale: 0,
  backupSetStatus: 0,
  backupStartTime: "2024-03-05T02:22:45Z",
  backupType: "F",
  category: "HighAvailability",
  consistentTime: "2024-03-05T02:22:54Z",
  crossBackupRegion: "cn-shanghai",
  crossBackupSetFile: "file_qp.xb",
  crossBackupSetLocation: "oss",
  crossBackupSetSize: 5_312_836,
  dataTimeEstimated: true,
  dbInstanceStorageType: "ssd",
  engine: "mysql",
  engineVersion: "8.0",
  hasBackupTableMeta: "1",
  instanceId: "8161047",
  recoverableFrom: "2024-03-05T02:30:00Z",
  recoverableUntil: "2024-03-05T11:30:00Z",
  recoveryGaps: [{ start: "2024-03-05T11:30:00Z", end: "2024-03-05T12:00:00Z" }, { start: "2024-03-05T12:30:00Z" }],
  unreadable: [{ field: "Category", value: "(object)" }],
};
