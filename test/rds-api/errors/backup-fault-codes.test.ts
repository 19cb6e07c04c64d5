import { errorCatalogue } from "../../../lib/rds-api/errors/explain-error";
import { isBackupsFault } from "../../../lib/rds-api/errors/page-error-codes";

const ofTheBackup = [
  "CrossRegionUnsupportTDE",
  "IncorrectBackupSetMethod",
  "IncorrectBackupSetState",
  "IncorrectBackupSetType",
  "IncorrectBaksetVersion",
  "InvalidBackupSet",
  "InvalidBackupSetID.NotFound",
  "NoAvailableDisasterRestoreBakset",
];

test.each(ofTheBackup)("%s is the fault of the backup, and has a next step of its own", (code) => {
  expect(isBackupsFault(code)).toBe(true);
  expect(errorCatalogue.has(code)).toBe(true);
});

test("no other code of the catalogue is, such as those of class, zone, stock, account, access and network", () => {
  expect([...errorCatalogue.keys()].filter(isBackupsFault).sort()).toEqual(ofTheBackup);
});

test.each([
  // What CheckCreateDdrDBInstance documents besides, or may mean the request as well.
  "DisasterRestoreRegionNotMatched",
  "IncorrectDBInstanceType",
  "IncorrectEngineVersion",
  "InvalidBackupType.Format",
  "InvalidDBInstanceClass.NotFound",
  "InvalidStorage.Format",
  "NoBackupSetRegion",
  "OperationDenied.Resource",
  "OperationDenied.ZoneResource",
  "RestoreType.NotFound",
  // Unheard of.
  "InvalidBackupSetID",
  "IncorrectBackupSetState.Unheard",
  "constructor",
  "",
])("%j is in doubt, so it is not", (code) => {
  expect(isBackupsFault(code)).toBe(false);
});
