import {
  brokenRuleOf,
  explainOddStorage,
  type Replacement,
} from "../../../lib/constructs/disaster-recovery-instance/rules";

const gb = 1024 ** 3;

const facts = {
  crossBackupId: "12490124",
  engine: "mysql",
  engineVersion: "8.0",
  restoreRegions: ["cn-hangzhou", "cn-shanghai"],
  dbInstanceStorageType: "ssd",
  crossBackupSetSize: 42 * gb,
};

const replacement: Replacement = {
  regionId: "cn-shanghai",
  storageGb: 100,
  storageType: undefined,
  restoreTime: undefined,
};

test.each<[string, object, Partial<Replacement>]>([
  ["MySQL on local disks", {}, {}],
  [
    "SQL Server on disks that the user names",
    { engine: "mssql", dbInstanceStorageType: "ecs" },
    { storageType: "cloud_essd" },
  ],
  ["a disk that is just large enough", {}, { storageGb: 42 }],
  ["a record that does not tell its size", { crossBackupSetSize: undefined }, { storageGb: 5 }],
  ["a backup whose regions nobody knows", { restoreRegions: undefined }, {}],
])("lets %s through", (_what, ofRecord, asked) => {
  expect(brokenRuleOf({ ...facts, ...ofRecord }, { ...replacement, ...asked })).toBeUndefined();
});

test.each<[string, object, Partial<Replacement>, string, string, string]>([
  [
    "PostgreSQL",
    { engine: "pgsql", engineVersion: "13.0" },
    {},
    "EngineNotRestorable",
    'the engine of the backup 12490124 is "pgsql", but the provider\'s resource alicloud_rds_ddr_instance restores MySQL and SQLServer only',
    "aliyun rds CreateDdrInstance --RegionId cn-shanghai --RestoreType BackupSet --BackupSetId 12490124 --Engine PostgreSQL --EngineVersion 13.0",
  ],
  [
    "PostgreSQL to a point in time",
    { engine: "PostgreSQL", dbInstanceId: "rm-ledger", regionId: "cn-hangzhou" },
    { restoreTime: "2026-01-01T03:00:00Z" },
    "EngineNotRestorable",
    'is "PostgreSQL"',
    "--RestoreType BackupTime --RestoreTime 2026-01-01T03:00:00Z --SourceRegion cn-hangzhou --SourceDBInstanceName rm-ledger --Engine PostgreSQL",
  ],
  [
    "an engine that nobody knows",
    { engine: "MariaDB" },
    {},
    "EngineNotRestorable",
    'is "MariaDB"',
    "--Engine MariaDB",
  ],
  [
    "another region",
    {},
    { regionId: "cn-beijing" },
    "NotRestorableThere",
    'the backup 12490124 can be restored to cn-hangzhou, cn-shanghai, not to the regionId "cn-beijing"',
    'set regionId to one of these regions, or look up with restoreRegion "cn-beijing"',
  ],
  [
    "a storage type that can be any",
    { dbInstanceStorageType: "ecs" },
    {},
    "StorageTypeNeeded",
    'the backup 12490124 has the storage type "ecs", which can be any kind of disk',
    'set storageType, such as "cloud_essd"',
  ],
  [
    "a storage type that is not told",
    { dbInstanceStorageType: undefined },
    {},
    "StorageTypeNeeded",
    "the backup 12490124 does not tell the storage type of its source",
    "set storageType",
  ],
  [
    "a disk below the compressed file",
    { crossBackupSetSize: 42 * gb + 1 },
    { storageGb: 42 },
    "StorageTooSmall",
    `storageGb is 42, but the compressed file of the backup 12490124 alone has 43 GB (${42 * gb + 1} bytes)`,
    "set storageGb to the size of the source's disk, at least",
  ],
])(
  "refuses %s, with the value, the rule and the next step",
  (_what, ofRecord, asked, code, message, hint) => {
    const broken = brokenRuleOf({ ...facts, ...ofRecord }, { ...replacement, ...asked });

    expect(broken?.code).toBe(code);
    expect(broken?.message).toContain(message);
    expect(broken?.hint).toContain(hint);
  },
);

test.each([5, 100, 2_000])("%d GB are nothing odd", (storageGb) => {
  expect(explainOddStorage(storageGb)).toBeUndefined();
});

test.each([3, 101, 2_005])("%d GB are odd", (storageGb) => {
  expect(explainOddStorage(storageGb)).toBe(
    `storageGb is ${storageGb}: the documents of a cross-region restore know 5 to 2000 GB in steps of 5; another size can fail when the instance is made`,
  );
});
