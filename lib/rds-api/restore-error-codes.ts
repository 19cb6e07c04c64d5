import { catalogueEntries, type CatalogueEntry } from "./error-explanation";
import { ErrorKind } from "./error-kind";

const otherBackup =
  "restore from another backup: this one cannot be restored across regions, whatever the instance to be created";

const otherVersion =
  "check what the destination region sells: no instance of this engine and version can be restored there";

/**
 * Codes with which a restore to another region, or the check beforehand, is refused, and which the page of
 * DescribeCrossRegionBackups leaves out.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
export const restoreErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.MISUSE, undefined, {
    "InvalidDBInstanceClass.NotFound":
      "choose an instance class that is sold in the destination region, for the engine and its version",
    "InvalidStorage.Format":
      "choose a storage that the instance class offers: the call takes 5 to 2,000 GB in steps of 5",
  }),
  ...catalogueEntries(ErrorKind.UNSUPPORTED, undefined, {
    "InvalidBackupSetID.NotFound":
      "restore from another backup: the destination region knows none of this id (any more)",
    NoAvailableDisasterRestoreBakset: otherBackup,
    IncorrectBackupSetType: otherBackup,
    IncorrectBackupSetMethod: otherBackup,
    IncorrectBackupSetState: otherBackup,
    IncorrectBaksetVersion: otherBackup,
    CrossRegionUnsupportTDE: otherBackup,
    DisasterRestoreRegionNotMatched:
      "restore to the region of the source, or to the one that keeps its backups: no other is possible",
    IncorrectDBInstanceType: otherVersion,
    IncorrectEngineVersion: otherVersion,
  }),
];
