/**
 * Codes by which CheckCreateDdrDBInstance says that it is the backup that cannot be restored. All the others blame
 * something that the next older backup would share: the class, the storage, the zone, the stock, the account.
 * What could mean either is left out, since a wrong entry would pass over a good backup.
 *
 * The page documents no code for a backup that is not yet, or no longer, whole; `IncorrectBackupSetState` is what
 * the sister calls within one region answer. `InvalidBackupSet` blames a database of the backup, and a check
 * names none but the backup.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
const backupFaultCodes: ReadonlySet<string> = new Set([
  "CrossRegionUnsupportTDE",
  "IncorrectBackupSetMethod",
  "IncorrectBackupSetState",
  "IncorrectBackupSetType",
  "IncorrectBaksetVersion",
  "InvalidBackupSet",
  "InvalidBackupSetID.NotFound",
  "NoAvailableDisasterRestoreBakset",
]);

/** Whether a code says that it is the backup that cannot be restored, so that another one might. */
export function isBackupsFault(code: string): boolean {
  return backupFaultCodes.has(code);
}
