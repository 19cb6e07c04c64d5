import type { CrossRegionBackupRow } from "./cross-region-backup-record";
import { isObject, Row, withoutAbsent, withSecret } from "./row";

/**
 * Reads one element of `Items.Item`. Pure and total: whatever is handed in gives a record, missing where the
 * row says nothing and `unreadable` where it says something that the field cannot mean.
 */
export function parseCrossRegionBackup(item: unknown): CrossRegionBackupRow {
  const row = new Row(item);
  const record = withoutAbsent<CrossRegionBackupRow>({
    crossBackupId: row.digits("CrossBackupId"),
    backupStartTime: row.instant("BackupStartTime"),
    backupEndTime: row.instant("BackupEndTime"),
    consistentTime: row.instant("ConsistentTime"),
    backupType: row.text("BackupType"),
    backupMethod: row.text("BackupMethod"),
    backupSetStatus: row.integer("BackupSetStatus"),
    backupSetScale: row.integer("BackupSetScale"),
    category: row.text("Category"),
    crossBackupRegion: row.text("CrossBackupRegion"),
    crossBackupSetFile: row.text("CrossBackupSetFile"),
    crossBackupSetLocation: row.text("CrossBackupSetLocation"),
    crossBackupSetSize: row.integer("CrossBackupSetSize"),
    dbInstanceStorageType: row.text("DBInstanceStorageType"),
    engine: row.text("Engine"),
    engineVersion: row.text("EngineVersion"),
    hasBackupTableMeta: row.text("HasBackupTableMeta"),
    instanceId: row.digits("InstanceId"),
    restoreRegions: parseRestoreRegions(row.raw("RestoreRegions")),
    unreadable: row.unreadable,
  });
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
