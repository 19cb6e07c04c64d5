import type { CrossRegionBackupRow } from "./cross-region-backup-record";
import { isObject, optional, Row, withSecret } from "./row";

/**
 * Reads one element of `Items.Item`. Pure and total: whatever is handed in gives a record, missing where the
 * row says nothing and `unreadable` where it says something that the field cannot mean.
 */
export function parseCrossRegionBackup(item: unknown): CrossRegionBackupRow {
  const row = new Row(item);
  const record: CrossRegionBackupRow = {
    ...optional("crossBackupId", row.digits("CrossBackupId")),
    ...optional("backupStartTime", row.instant("BackupStartTime")),
    ...optional("backupEndTime", row.instant("BackupEndTime")),
    ...optional("consistentTime", row.instant("ConsistentTime")),
    ...optional("backupType", row.text("BackupType")),
    ...optional("backupMethod", row.text("BackupMethod")),
    ...optional("backupSetStatus", row.integer("BackupSetStatus")),
    ...optional("backupSetScale", row.integer("BackupSetScale")),
    ...optional("category", row.text("Category")),
    ...optional("crossBackupRegion", row.text("CrossBackupRegion")),
    ...optional("crossBackupSetFile", row.text("CrossBackupSetFile")),
    ...optional("crossBackupSetLocation", row.text("CrossBackupSetLocation")),
    ...optional("crossBackupSetSize", row.integer("CrossBackupSetSize")),
    ...optional("dbInstanceStorageType", row.text("DBInstanceStorageType")),
    ...optional("engine", row.text("Engine")),
    ...optional("engineVersion", row.text("EngineVersion")),
    ...optional("hasBackupTableMeta", row.text("HasBackupTableMeta")),
    ...optional("instanceId", row.digits("InstanceId")),
    restoreRegions: parseRestoreRegions(row.raw("RestoreRegions")),
    unreadable: row.unreadable,
  };
  return withSecret(record, "crossBackupDownloadLink", row.text("CrossBackupDownloadLink"));
}

/**
 * The regions of `RestoreRegions`: a list, a lone text, or the page's own sample, which puts several quoted
 * names into one element.
 */
function parseRestoreRegions(value: unknown): readonly string[] {
  const names = textsIn(value)
    .flatMap((text) => text.split(","))
    .map((name) => name.replace(/["'[\]\s]/g, ""))
    .filter((name) => name !== "");
  return [...new Set(names)].sort();
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(textsIn);
  }
  return isObject(value) ? textsIn(value["RestoreRegion"]) : [];
}
