import { EngineFamily } from "../../../lib/backup/engine-family";
import {
  brokenRuleOf,
  brokenWindowOf,
  explainOddStorage,
  restorableSpellings,
  type RestoreTarget,
} from "../../../lib/constructs/disaster-recovery-instance/restore-rules";

const gb = 1024 ** 3;

const facts = {
  crossBackupId: "12490124",
  engine: "mysql",
  engineVersion: "8.0",
  restoreRegions: ["cn-hangzhou", "cn-shanghai"],
  dbInstanceStorageType: "ssd",
  crossBackupSetSize: 42 * gb,
};

const target: RestoreTarget = {
  regionId: "cn-shanghai",
  storageGb: 100,
  storageType: undefined,
  restoreTime: undefined,
};

test.each<[string, object, Partial<RestoreTarget>]>([
  ["MySQL on local disks", {}, {}],
  [
    "SQL Server on disks that the user names",
    { engine: "mssql", dbInstanceStorageType: "ecs" },
    { storageType: "cloud_essd" },
  ],
  ["a disk that is just large enough", {}, { storageGb: 42 }],
  ["a record without a size", { crossBackupSetSize: undefined }, { storageGb: 5 }],
  ["PostgreSQL, which a command restores", { engine: "pgsql" }, {}],
  ["a backup with unknown regions", { restoreRegions: undefined }, {}],
])("accepts %s", (_what, ofRecord, asked) => {
  expect(brokenRuleOf({ ...facts, ...ofRecord }, { ...target, ...asked })).toBeUndefined();
});

test.each<[string, object, Partial<RestoreTarget>, string, string, string]>([
  ["an unknown engine", { engine: "MariaDB" }, {}, "EngineNotRestorable", 'is "MariaDB"', "one of these engines"],
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
    "a record without a storage type",
    { dbInstanceStorageType: undefined },
    {},
    "StorageTypeNeeded",
    "the backup 12490124 does not contain the storage type of its source",
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
])("refuses %s, with the value, the rule and the next step", (_what, ofRecord, asked, code, message, hint) => {
  const broken = brokenRuleOf({ ...facts, ...ofRecord }, { ...target, ...asked });

  expect(broken?.code).toBe(code);
  expect(broken?.message).toContain(message);
  expect(broken?.hint).toContain(hint);
});

test.each([5, 100, 2_000])("%d GB are not odd", (storageGb) => {
  expect(explainOddStorage(storageGb)).toBeUndefined();
});

test.each([3, 101, 2_005])("%d GB are odd", (storageGb) => {
  expect(explainOddStorage(storageGb)).toBe(
    `storageGb is ${storageGb}, but the documents of a cross-region restore say 5 to 2000 GB in steps of 5: RDS may refuse another size when it makes the instance`,
  );
});

test("a backup of an unknown engine is not judged by its engine", () => {
  expect(brokenRuleOf({ ...facts, engine: undefined }, target)).toBeUndefined();
});

test("Terraform is given the spellings of the engines that the resource restores, and no other one", () => {
  expect(restorableSpellings).toEqual({
    mysql: EngineFamily.MYSQL,
    mssql: EngineFamily.SQL_SERVER,
    sqlserver: EngineFamily.SQL_SERVER,
    "sql server": EngineFamily.SQL_SERVER,
  });
});

const windowFacts = {
  crossBackupId: "12490124",
  dataTime: "2026-01-01T02:00:00Z",
  recoverableUntil: "2026-01-01T20:00:00Z",
};

test.each(["2026-01-01T02:00:00Z", "2026-01-01T11:30:00Z", "2026-01-01T20:00:00Z"])(
  "a backup can be restored to %s, within its window",
  (restoreTime) => {
    expect(brokenWindowOf(windowFacts, restoreTime)).toBeUndefined();
  },
);

test("a time before the data of the backup is refused, with the way to an earlier one", () => {
  expect(brokenWindowOf(windowFacts, "2026-01-01T01:59:59Z")).toEqual({
    code: "OutsideRecoveryWindow",
    message:
      'restoreTime is "2026-01-01T01:59:59Z", but the backup 12490124 and its logs can be restored from 2026-01-01T02:00:00Z to 2026-01-01T20:00:00Z',
    hint: 'look up with notAfter: "2026-01-01T01:59:59Z", which chooses an earlier backup',
  });
});

test.each([
  ["2026-01-01T02:00:05Z", /^set it to 2026-01-01T03:00:00Z or later, or .+notAfter before 2026-01-01T02:00:00Z/],
  ["2026-01-01T01:00:00Z", /^look up with notAfter: "2026-01-01T01:00:00Z"/],
])("a time before the window, which begins after the data time, is refused: %s", (restoreTime, hint) => {
  const broken = brokenWindowOf({ ...windowFacts, recoverableFrom: "2026-01-01T03:00:00Z" }, restoreTime);

  expect(broken?.code).toBe("OutsideRecoveryWindow");
  expect(broken?.message).toContain("from 2026-01-01T03:00:00Z to 2026-01-01T20:00:00Z");
  expect(broken?.hint).toMatch(hint);
  expect(
    brokenWindowOf({ ...windowFacts, recoverableFrom: "2026-01-01T03:00:00Z" }, "2026-01-01T03:00:00Z"),
  ).toBeUndefined();
});

test("a window that ends before it begins contains no point in time, and the message says so", () => {
  const broken = brokenWindowOf({ ...windowFacts, recoverableFrom: "2026-01-01T20:00:01Z" }, "2026-01-01T20:00:00Z");

  expect(broken?.message).toContain(
    "to no known point in time: its data may be as late as 2026-01-01T20:00:01Z, and the logs end at 2026-01-01T20:00:00Z",
  );
  expect(broken?.hint).toMatch(/^restore the backup as it is/);
});

test("a window of one instant contains that instant", () => {
  const oneInstant = { ...windowFacts, recoverableFrom: windowFacts.recoverableUntil };

  expect(brokenWindowOf(oneInstant, windowFacts.recoverableUntil)).toBeUndefined();
});

test("the hint for the data time itself, before its window, keeps the backup", () => {
  const broken = brokenWindowOf({ ...windowFacts, recoverableFrom: "2026-01-01T03:00:00Z" }, windowFacts.dataTime);

  expect(broken?.hint).toMatch(/^set it to 2026-01-01T03:00:00Z or later/);
});

test("a time after a window without known gaps is refused without a word about logs", () => {
  const broken = brokenWindowOf(windowFacts, "2026-01-01T20:00:01Z");

  expect(broken?.message).toMatch(/to 2026-01-01T20:00:00Z$/);
});

test("a time after the window is refused, with the gaps of the logs", () => {
  const recoveryGaps = [
    { start: "2026-01-01T20:00:00Z", end: "2026-01-01T21:00:00Z" },
    { start: "2026-01-01T23:00:00Z" },
  ];

  const broken = brokenWindowOf({ ...windowFacts, recoveryGaps }, "2026-01-01T22:00:00Z");

  expect(broken?.code).toBe("OutsideRecoveryWindow");
  expect(broken?.message).toContain(
    "to 2026-01-01T20:00:00Z: no log covers the time from 2026-01-01T20:00:00Z to 2026-01-01T21:00:00Z, from 2026-01-01T23:00:00Z on",
  );
  expect(broken?.hint).toContain("recoverableUntil of the backup is the latest possible time");
});

test.each([{ dataTime: undefined }, { recoverableUntil: undefined }])("an unknown window is refused: %p", (unknown) => {
  const broken = brokenWindowOf({ ...windowFacts, ...unknown }, "2026-01-01T11:30:00Z");

  expect(broken?.code).toBe("NoRecoveryWindow");
  expect(broken?.hint).toContain("recoveryWindow: true");
});
