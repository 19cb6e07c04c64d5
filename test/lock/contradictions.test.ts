import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import {
  contradictionWarning,
  explainContradictions,
  explainUnprovenDataTime,
  listContradictionWarning,
} from "../../lib/lock/contradictions";
import { fullBackup, without } from "../backup/records";
import { shortBackup, wholeBackup } from "./locked-backups";

type Facts = Partial<RestorableBackup>;

/** As RDS says it: the data time is the ConsistentTime. */
const actual: RestorableBackup = { ...wholeBackup, dataTimeEstimated: false, unreadable: [] };
const { backupStartTime: start, backupEndTime: end, dataTime } = wholeBackup;
const estimated: Facts = { dataTime: start, dataTimeEstimated: true };

test.each<[string, Facts, Facts]>([
  ["that is the same", {}, {}],
  ["whose engine is spelled otherwise", { engine: "MySQL" }, {}],
  ["whose engine has another name", { engine: "SQLServer" }, { engine: "mssql" }],
  [
    "whose data time, which RDS only estimates by now, is the end of the backup",
    { dataTime: end, consistentTime: end },
    { ...estimated, consistentTime: undefined },
  ],
  ["whose unknown engine is spelled the same", { engine: "oracle" }, { engine: "oracle" }],
  ["whose unknown engine differs by case", { engine: "mariadb" }, { engine: "MariaDB" }],
  ["whose edition differs by case", { category: "highavailability" }, {}],
  ["whose storage type is the same one in other words", { dbInstanceStorageType: "local_ssd" }, {}],
  ["whose storage type differs by case", { dbInstanceStorageType: "LOCAL_SSD" }, {}],
  [
    "whose kind of cloud disk RDS does not state any more",
    { dbInstanceStorageType: "cloud_essd" },
    { dbInstanceStorageType: "ecs" },
  ],
  [
    "whose window is its data time, which RDS only estimates by now",
    { recoverableUntil: dataTime },
    { ...estimated, consistentTime: undefined, recoverableUntil: start },
  ],
  ["whose window has grown", { recoverableUntil: end, recoverableFrom: end, recoveryGaps: [] }, {}],
  ["that can be restored to more regions by now", {}, { restoreRegions: ["cn-beijing", "cn-shanghai"] }],
  ["that was locked with its start, as an estimate", { dataTime: start, dataTimeEstimated: true }, {}],
  [
    "whose data time lies between start and end, if RDS only estimates it",
    {},
    { ...estimated, consistentTime: undefined },
  ],
  ["whose end RDS does not state any more", {}, { ...estimated, backupEndTime: undefined }],
  [
    "of which RDS states neither end nor consistent time any more",
    {},
    { ...estimated, backupEndTime: undefined, consistentTime: undefined },
  ],
  ["whose end RDS puts before the start", {}, { backupEndTime: "2001-01-01T00:00:00Z" }],
])("a locked backup %s contradicts nothing", (_, locked, changes) => {
  expect(explainContradictions({ ...actual, ...locked }, { ...actual, ...changes })).toBeUndefined();
});

test("a fact that only one side states contradicts nothing", () => {
  expect(explainContradictions(shortBackup, actual)).toBeUndefined();
  expect(explainContradictions(actual, { ...shortBackup, dataTimeEstimated: false })).toBeUndefined();
});

const other = "2024-03-06T00:00:00Z";

test.each<[keyof RestorableBackup, Facts, Facts]>([
  ["dataTime", { dataTime: other }, {}],
  ["dataTime", { dataTime: start }, {}],
  ["dataTime", { dataTime: other, dataTimeEstimated: true }, {}],
  ["dataTime", { dataTime: other }, { dataTime: start, dataTimeEstimated: true }],
  ["dataTime", { dataTime: other }, { backupStartTime: undefined }],
  ["dataTime", { backupEndTime: undefined }, { ...estimated, backupEndTime: undefined }],
  ["dataTime", { dataTime: end, consistentTime: undefined }, { ...estimated, consistentTime: undefined }],
  ["dataTime", { dataTime: end }, { ...estimated, consistentTime: undefined }],
  ["dataTime", { dataTime: end, consistentTime: undefined }, { ...estimated, backupEndTime: undefined }],
  ["recoverableUntil", { recoverableUntil: "2024-03-05T11:30:01Z" }, {}],
  ["backupStartTime", { backupStartTime: other }, {}],
  ["backupEndTime", { backupEndTime: other }, {}],
  ["consistentTime", { consistentTime: other }, {}],
  ["backupType", { backupType: "I" }, {}],
  ["backupMethod", { backupMethod: "L" }, {}],
  ["backupSetStatus", { backupSetStatus: 1 }, {}],
  ["backupSetScale", { backupSetScale: 1 }, {}],
  ["category", { category: "Basic" }, {}],
  ["crossBackupRegion", { crossBackupRegion: "cn-beijing" }, {}],
  ["crossBackupSetFile", { crossBackupSetFile: "other_qp.xb" }, {}],
  ["crossBackupSetLocation", { crossBackupSetLocation: "nas" }, {}],
  ["crossBackupSetSize", { crossBackupSetSize: 1 }, {}],
  ["crossBackupSetFile", { crossBackupSetFile: "FILE_qp.xb" }, {}],
  ["dbInstanceStorageType", { dbInstanceStorageType: "ecs" }, {}],
  ["dbInstanceStorageType", { dbInstanceStorageType: "cloud_ssd" }, { dbInstanceStorageType: "cloud_essd" }],
  ["engine", { engine: "pgsql" }, {}],
  ["engine", { engine: "oracle" }, { engine: "db2" }],
  ["engineVersion", { engineVersion: "5.7" }, {}],
  ["hasBackupTableMeta", { hasBackupTableMeta: "0" }, {}],
  ["instanceId", { instanceId: "1" }, {}],
  ["restoreRegions", { restoreRegions: ["cn-beijing", "cn-shanghai"] }, {}],
])("another %s is named with both values: %j, %j", (fact, locked, changes) => {
  expect(explainContradictions({ ...actual, ...locked }, { ...actual, ...changes })).toMatch(
    new RegExp(`^${fact} is locked as [^;]+, but RDS says [^;]+$`),
  );
});

test("several contradictions are named together", () => {
  const locked = { ...actual, engine: "pgsql", crossBackupSetSize: 1, restoreRegions: ["cn-beijing"] };

  expect(explainContradictions(locked, actual)).toBe(
    "crossBackupSetSize is locked as 1, but RDS says 5312836; engine is locked as \"pgsql\", but RDS says \"mysql\"; restoreRegions is locked as [ 'cn-beijing' ], but RDS says [ 'cn-shanghai' ]",
  );
});

test("a value is shown on one line, without what may be secret", () => {
  const link = "https://link.example/a?Signature=FAKE\nb";

  expect(explainContradictions({ ...actual, crossBackupSetFile: link }, actual)).toMatch(
    /^crossBackupSetFile is locked as "https:[^\n]*\(hidden\)/,
  );
});

describe("a short answer, written by hand,", () => {
  const query = { request: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" } };
  const unproven: Facts = { ...actual, ...estimated, consistentTime: undefined };

  test.each<[string, Facts]>([
    ["states no ConsistentTime", {}],
    ["states an implausible ConsistentTime", { consistentTime: other }],
  ])("may be right if its data time lies within a backup of which RDS %s", (_, changes) => {
    const unproven: Facts = { ...actual, ...estimated, consistentTime: undefined, ...changes };
    const text = `dataTime is locked as "${dataTime}", but RDS says "${start}"`;

    expect(explainContradictions(shortBackup, unproven)).toBeUndefined();
    expect(explainUnprovenDataTime(shortBackup, unproven)).toBe(
      `${text}, the start of the backup, as it states no plausible ConsistentTime`,
    );
    expect(contradictionWarning(query, shortBackup, unproven)).toContain(text);
  });

  test.each<[string, Facts, Facts]>([
    ["is not within the backup", { dataTime: other }, unproven],
    ["is not the ConsistentTime that RDS states", { dataTime: end }, actual],
    [
      "is not the ConsistentTime, which RDS states without an end",
      { dataTime: end },
      { ...actual, ...estimated, backupEndTime: undefined },
    ],
    ["is locked with the end of the backup", { dataTime: end, backupEndTime: end }, unproven],
  ])("is wrong if its data time %s", (_, locked, facts) => {
    expect(explainContradictions({ ...shortBackup, ...locked }, facts)).toMatch(/^dataTime is locked as/);
    expect(explainUnprovenDataTime({ ...shortBackup, ...locked }, facts)).toBeUndefined();
  });
});

describe("a locked list", () => {
  const query = { request: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" } };
  const records = ["9", "8", "7", "6", "5", "4", "3"].map((crossBackupId) => fullBackup({ crossBackupId }));

  test("contradicts nothing if its records are as RDS lists them, or are not listed", () => {
    const unnamed = without(fullBackup(), "crossBackupId");

    expect(listContradictionWarning(query, records, records)).toBeUndefined();
    expect(listContradictionWarning(query, records, [])).toBeUndefined();
    expect(listContradictionWarning(query, [unnamed], [{ ...unnamed, engine: "pgsql" }])).toBeUndefined();
  });

  test("is compared record by record, and the newest contradictions are named", () => {
    const actual = records.map((record) => ({ ...record, engine: "pgsql" }));
    const [first] = actual.slice(-1);

    expect(listContradictionWarning(query, records, first === undefined ? [] : [first])).toBe(
      'the locked list of "rm-orders" of cn-hangzhou contradicts RDS: 3: engine is locked as "mysql", but RDS says "pgsql": the facts of RDS count, and "npx rds-dr refresh" locks them',
    );
    expect(listContradictionWarning(query, records, actual)).toMatch(/: 9: [^;]+; 8: .*; 5: [^;]+; and 2 more: /);
  });

  test("may contain a backup that was not finished when it was locked", () => {
    const unfinished = without(fullBackup({ crossBackupSetSize: 0, backupSetStatus: 1 }), "backupEndTime");

    expect(listContradictionWarning(query, [unfinished], [fullBackup()])).toBeUndefined();
    expect(listContradictionWarning(query, [unfinished], [fullBackup({ engine: "pgsql" })])).toMatch(/engine/);
  });
});
