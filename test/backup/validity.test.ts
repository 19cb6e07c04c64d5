import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { rejectionOf, type RejectionReason, rejectionReasons, type SelectionCriteria } from "../../lib/backup/validity";
import { fullBackup, now, without } from "./records";

const noStatus = without(fullBackup(), "backupSetStatus");
const sqlServer = fullBackup({ engine: "mssql", crossBackupSetFile: "data_20250423.zip" });

describe("a valid full backup", () => {
  test.each<[string, CrossRegionBackupRecord, SelectionCriteria]>([
    ["says everything", fullBackup(), {}],
    ["may leave its status out once it has end, file and size", noStatus, {}],
    ["may leave its scale out", without(fullBackup(), "backupSetScale"), {}],
    ["may leave its method out", without(fullBackup(), "backupMethod"), {}],
    ["may leave its engine out", without(fullBackup(), "engine"), {}],
    ["may have an unknown engine", fullBackup({ engine: "MariaDB" }), {}],
    ["may leave its ConsistentTime out", without(fullBackup(), "consistentTime"), {}],
    [
      "may leave end, file and size out if its status says success",
      without(fullBackup(), "backupEndTime", "crossBackupSetFile", "crossBackupSetSize"),
      {},
    ],
    ["may write its type small", fullBackup({ backupType: "f" }), {}],
    ["of SQL Server ends in .zip", sqlServer, {}],
    ["of SQL Server ends in .ZIP as well", { ...sqlServer, crossBackupSetFile: "DATA.ZIP" }, {}],
    ["is stored where it was asked for", fullBackup(), { crossBackupRegion: "cn-shanghai" }],
    [
      "may leave out where it is stored: the API was asked for that region only",
      without(fullBackup(), "crossBackupRegion"),
      { crossBackupRegion: "cn-shanghai" },
    ],
    ["can be restored where it was asked for", fullBackup(), { restoreRegion: "cn-hangzhou" }],
    ["holds the data of notAfter itself", fullBackup(), { notAfter: "2024-03-05T02:22:54Z" }],
    [
      "may be an hour ahead of this clock",
      fullBackup({ backupStartTime: "2024-03-10T12:59:00Z", backupEndTime: "2024-03-10T13:00:00Z" }),
      {},
    ],
    [
      "may have a file name that cannot be read, which says that there is one",
      {
        ...without(noStatus, "crossBackupSetFile"),
        unreadable: [{ field: "CrossBackupSetFile", value: "a b" }],
      },
      {},
    ],
    [
      "may have a version, and a store that was not asked for, that cannot be read",
      {
        ...without(fullBackup(), "engineVersion", "crossBackupRegion"),
        unreadable: ["EngineVersion", "CrossBackupRegion"].map((field) => ({ field, value: "a b" })),
      },
      {},
    ],
    ["may report neither status nor size", without(noStatus, "crossBackupSetSize"), {}],
    [
      "may have a ConsistentTime that cannot be read: its start is used",
      {
        ...without(fullBackup(), "consistentTime"),
        unreadable: [{ field: "ConsistentTime", value: "<nil>" }],
      },
      {},
    ],
  ])("%s", (_, record, criteria) => {
    expect(rejectionOf(record, criteria, now)).toBeUndefined();
  });
});

describe("a record is rejected", () => {
  const unreadable = (field: string, value: string) => ({ unreadable: [{ field, value }] });
  type Rejected = [RejectionReason, string, CrossRegionBackupRecord, SelectionCriteria?];
  const rejected: Rejected[] = [
    ["not-full", 'BackupType is "I", a full backup has "F"', fullBackup({ backupType: "I" })],
    ["not-full", 'BackupType is absent, a full backup has "F"', without(fullBackup(), "backupType")],
    ["not-successful", "BackupSetStatus is 1, a successful backup has 0", fullBackup({ backupSetStatus: 1 })],
    ["not-successful", "BackupSetStatus is 2, a successful backup has 0", fullBackup({ backupSetStatus: 2 })],
    [
      "not-successful",
      'BackupSetStatus is "fine", a successful backup has 0',
      { ...noStatus, ...unreadable("BackupSetStatus", "fine") },
    ],
    [
      "unfinished",
      "BackupSetStatus is not reported, and there is no BackupEndTime",
      without(noStatus, "backupEndTime"),
    ],
    [
      "unfinished",
      "BackupSetStatus is not reported, and there is no CrossBackupSetFile",
      without(noStatus, "crossBackupSetFile"),
    ],
    [
      "unfinished",
      "BackupSetStatus is not reported, and there is a CrossBackupSetSize of 0",
      { ...noStatus, crossBackupSetSize: 0 },
    ],
    [
      "unfinished",
      "BackupSetStatus is not reported, and there is no BackupEndTime, no CrossBackupSetFile, a CrossBackupSetSize of 0",
      { ...without(noStatus, "backupEndTime", "crossBackupSetFile"), crossBackupSetSize: 0 },
    ],
    ["database-level", "BackupSetScale is 1, a backup of the instance has 0", fullBackup({ backupSetScale: 1 })],
    [
      "database-level",
      'BackupSetScale is "db", a backup of the instance has 0',
      { ...without(fullBackup(), "backupSetScale"), ...unreadable("BackupSetScale", "db") },
    ],
    ["logical", 'BackupMethod is "L", a physical backup has "P"', fullBackup({ backupMethod: "L" })],
    ["logical", 'BackupMethod is "L", a physical backup has "P"', fullBackup({ backupMethod: "l" })],
    ["no-id", 'CrossBackupId is "0", not a number above 0', fullBackup({ crossBackupId: "0" })],
    ["no-id", "CrossBackupId is absent, not a number above 0", without(fullBackup(), "crossBackupId")],
    [
      "no-id",
      'CrossBackupId is "x1", not a number above 0',
      { ...without(fullBackup(), "crossBackupId"), ...unreadable("CrossBackupId", "x1") },
    ],
    ...["BackupMethod", "Engine", "RestoreRegions"].map((field): Rejected => [
      "malformed",
      `${field} is "a b c", which no backup has`,
      { ...fullBackup(), ...unreadable(field, "a b c") },
    ]),
    [
      "malformed",
      'CrossBackupRegion is "a b c", which no backup has',
      { ...without(fullBackup(), "crossBackupRegion"), ...unreadable("CrossBackupRegion", "a b c") },
      { crossBackupRegion: "cn-shanghai" },
    ],
    [
      "not-full",
      'BackupType is "a b c", a full backup has "F"',
      { ...without(fullBackup(), "backupType"), ...unreadable("BackupType", "a b c") },
    ],
    [
      "not-zip",
      'the file of a SQL Server backup must end in .zip, not "a b.zip"',
      { ...without(sqlServer, "crossBackupSetFile"), ...unreadable("CrossBackupSetFile", "a b.zip") },
    ],
    [
      "not-zip",
      'the file of a SQL Server backup must end in .zip, not "data.zip.bak"',
      { ...sqlServer, crossBackupSetFile: "data.zip.bak" },
    ],
    [
      "not-zip",
      "the file of a SQL Server backup must end in .zip, not absent",
      without(sqlServer, "crossBackupSetFile"),
    ],
    [
      "other-storage-region",
      'stored in "cn-shanghai", not in "cn-beijing"',
      fullBackup(),
      { crossBackupRegion: "cn-beijing" },
    ],
    [
      "no-restore-region",
      "the record names no region to restore to",
      fullBackup({ restoreRegions: [] }),
      { restoreRegion: "cn-hangzhou" },
    ],
    ["no-restore-region", "the record names no region to restore to", fullBackup({ restoreRegions: [] }), {}],
    [
      "other-restore-region",
      'can be restored to cn-hangzhou, cn-shanghai, not to "cn-beijing"',
      fullBackup(),
      { restoreRegion: "cn-beijing" },
    ],
    ["unreadable-time", "BackupStartTime is absent", without(fullBackup(), "backupStartTime")],
    [
      "unreadable-time",
      'BackupStartTime is "soon"',
      { ...without(fullBackup(), "backupStartTime"), ...unreadable("BackupStartTime", "soon") },
    ],
    [
      "unreadable-time",
      'BackupEndTime is "2024-02-30"',
      { ...without(noStatus, "backupEndTime"), ...unreadable("BackupEndTime", "2024-02-30") },
    ],
    [
      "in-the-future",
      "2024-03-10T13:00:01Z is more than 1 hour after 2024-03-10T12:00:00Z",
      fullBackup({ backupEndTime: "2024-03-10T13:00:01Z" }),
    ],
    [
      "in-the-future",
      "2025-01-01T00:00:00Z is more than 1 hour after 2024-03-10T12:00:00Z",
      { ...without(fullBackup(), "backupEndTime"), backupStartTime: "2025-01-01T00:00:00Z" },
    ],
    [
      "after-not-after",
      "its data time 2024-03-05T02:22:54Z is after 2024-03-05T02:22:53Z",
      fullBackup(),
      { notAfter: "2024-03-05T02:22:53Z" },
    ],
    [
      "after-not-after",
      "its data time 2024-03-05T02:22:45Z is after 2024-03-05T02:22:44Z",
      without(fullBackup(), "consistentTime"),
      { notAfter: "2024-03-05T02:22:44Z" },
    ],
  ];

  test.each(rejected)("as %s: %s", (reason, detail, record, criteria = {}) => {
    const { crossBackupId } = record;
    expect(rejectionOf(record, criteria, now)).toEqual({
      ...(crossBackupId === undefined ? {} : { crossBackupId }),
      reason,
      detail,
    });
  });

  test("for what it is before what was asked for", () => {
    const record = fullBackup({ backupType: "I", backupSetStatus: 1, restoreRegions: [] });
    expect(rejectionOf(record, { notAfter: "2000-01-01T00:00:00Z" }, now)?.reason).toBe("not-full");
  });

  test("for each of the named reasons", () => {
    // What the region of the restore says of a record is not in the record.
    const ofRecords = rejectionReasons.filter((reason) => reason !== "preflight-refused");
    expect(new Set(rejected.map(([reason]) => reason))).toEqual(new Set(ofRecords));
  });
});
