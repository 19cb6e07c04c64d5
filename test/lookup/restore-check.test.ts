import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { type RestorableBackup, toRestorableBackup } from "../../lib/backup/restorable-backup";
import { conclusiveCheckFor } from "../../lib/lookup/preflight";
import { restoreOf } from "../../lib/lookup/query";
import { fullBackup } from "../backup/records";
import { latest } from "./queries";

const restore = { regionId: "cn-shanghai", dbInstanceClass: "rds.mysql.s3.large", dbInstanceStorage: 100 };

function backup(changes: Partial<CrossRegionBackupRecord>): RestorableBackup {
  const made = toRestorableBackup(fullBackup(changes));
  if (made === undefined) {
    throw new Error("no backup");
  }
  return made;
}

test("what is to be restored is what the question says", () => {
  const { regionId: restoreRegion, ...instance } = restore;

  expect(restoreOf(latest({ restoreRegion, ...instance }))).toEqual(restore);
  expect(restoreOf(latest({ restoreRegion, ...instance, dbInstanceStorageType: "local_ssd" }))).toEqual({
    ...restore,
    dbInstanceStorageType: "local_ssd",
  });
  expect(restoreOf(latest({ restoreRegion }))).toBeUndefined();
});

test.each<[string, string | undefined, string | undefined]>([
  ["the record says local SSD in its own words", undefined, "ssd"],
  ["the record says local SSD", undefined, "local_ssd"],
  ["nobody says a storage type", undefined, undefined],
  ["the record says a word that is new", undefined, "tape"],
  ["the question says local SSD, whatever the record does", "local_ssd", "ecs"],
])("a backup set is asked about if %s", (_, dbInstanceStorageType, ofRecord) => {
  const check = conclusiveCheckFor(
    { ...restore, ...(dbInstanceStorageType === undefined ? {} : { dbInstanceStorageType }) },
    backup(ofRecord === undefined ? {} : { dbInstanceStorageType: ofRecord }),
  );

  expect(check).toEqual({
    request: { ...restore, engine: "MySQL", engineVersion: "8.0", backupSetId: "14562" },
  });
});

test.each<[string, string | undefined, string]>([
  ["the record says ECS", undefined, "ecs"],
  ["the record says ESSD", undefined, "cloud_essd"],
  ["the record says premium ESSD", undefined, "general_essd"],
  ["the question says ESSD, whatever the record does", "cloud_essd", "ssd"],
])("nothing is asked about cloud disks: %s", (_, dbInstanceStorageType, ofRecord) => {
  const check = conclusiveCheckFor(
    { ...restore, ...(dbInstanceStorageType === undefined ? {} : { dbInstanceStorageType }) },
    backup({ dbInstanceStorageType: ofRecord }),
  );

  expect(check).toEqual({
    inconclusive: `CheckCreateDdrDBInstance does not know cloud disks (${dbInstanceStorageType ?? ofRecord})`,
  });
});

test.each<[string, string]>([
  ["mssql", "SQLServer"],
  ["pgsql", "PostgreSQL"],
  ["MySQL", "MySQL"],
])("the engine %s is asked about as %s", (engine, family) => {
  expect(conclusiveCheckFor(restore, backup({ engine }))).toMatchObject({ request: { engine: family } });
});

test.each<[string, Partial<CrossRegionBackupRecord>, string]>([
  ["no engine", { engine: undefined }, "(none) 8.0"],
  ["a new engine", { engine: "oracle" }, "oracle 8.0"],
  ["no version", { engineVersion: undefined }, "mysql (none)"],
])("nothing is asked if the record names %s", (_, changes, names) => {
  expect(conclusiveCheckFor(restore, backup(changes))).toEqual({
    inconclusive: `its record names no usable engine and version: ${names}`,
  });
});
