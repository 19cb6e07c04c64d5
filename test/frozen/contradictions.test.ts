import type { CrossRegionBackup } from "../../lib/backup/cross-region-backup";
import { explainContradictions, selfContradiction } from "../../lib/frozen/contradictions";
import { shortBackup, wholeBackup } from "./locked-backups";

type Facts = Partial<CrossRegionBackup>;

/** As RDS says it: the data time is the ConsistentTime. */
const actual: CrossRegionBackup = { ...wholeBackup, dataTimeEstimated: false, unreadable: [] };
const { backupStartTime: start, backupEndTime: end, dataTime } = wholeBackup;

test.each<[string, Facts, Facts]>([
  ["that is the same", {}, {}],
  ["whose engine is spelled otherwise", { engine: "MySQL" }, {}],
  ["whose unknown engine is spelled the same", { engine: "oracle" }, { engine: "oracle" }],
  ["whose window has moved", { recoverableUntil: end, recoverableFrom: end, recoveryGaps: [] }, {}],
  ["that can be restored to more regions by now", {}, { restoreRegions: ["cn-beijing", "cn-shanghai"] }],
  ["that was locked with its start, as an estimate", { dataTime: start, dataTimeEstimated: true }, {}],
  [
    "whose data time lies between start and end, if RDS only estimates it",
    {},
    { dataTime: start, dataTimeEstimated: true, consistentTime: undefined },
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

test.each<[keyof CrossRegionBackup, Facts, Facts]>([
  ["dataTime", { dataTime: other }, {}],
  ["dataTime", { dataTime: start }, {}],
  ["dataTime", { dataTime: other, dataTimeEstimated: true }, {}],
  ["dataTime", { dataTime: other }, { dataTime: start, dataTimeEstimated: true }],
  ["dataTime", { dataTime: other }, { backupStartTime: undefined }],
  ["dataTime", {}, { dataTime: start, dataTimeEstimated: true, backupEndTime: undefined }],
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
  ["dbInstanceStorageType", { dbInstanceStorageType: "ecs" }, {}],
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

test.each<[string, Facts]>([
  ["whose data time lies between start and end", {}],
  ["whose data time is its start", { dataTime: start }],
  ["whose data time is its end", { dataTime: end }],
  ["of which little is known", { backupStartTime: undefined, backupEndTime: undefined }],
  [
    "whose end RDS puts before the start, as a refresh locks it",
    { dataTime: start, dataTimeEstimated: true, backupEndTime: "2001-01-01T00:00:00Z" },
  ],
])("a backup %s does not contradict itself", (_, changes) => {
  expect(selfContradiction({ ...actual, ...changes })).toBeUndefined();
});

test.each<[string, Facts, string]>([
  [
    "before its start",
    { dataTime: "2024-03-05T02:22:44Z" },
    `at or after its own backupStartTime, "${start}"`,
  ],
  ["after its end", { dataTime: "2024-03-05T02:23:38Z" }, `at or before its own backupEndTime, "${end}"`],
  [
    "after its end, which is before its start",
    { backupEndTime: "2024-03-05T02:00:00Z" },
    'at or before its own backupEndTime, "2024-03-05T02:00:00Z"',
  ],
])("a backup with a data time %s contradicts itself", (_, changes, allowed) => {
  const backup = { ...actual, ...changes };

  expect(selfContradiction(backup)).toEqual({ fact: "dataTime", value: backup.dataTime, allowed });
  expect(dataTime).toBe(actual.dataTime);
});
