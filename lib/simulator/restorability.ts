import type { RecordSwitches, WorldRecord } from "./world";

/** Whether a backup can be restored to a region: what CheckCreateDdrDBInstance looks at. */
export function isRestorableTo(record: WorldRecord, regionId: string): boolean {
  const { "x-restorable": stated } = record as RecordSwitches;
  return stated ?? (isWholeInstance(record) && restoreRegionsOf(record).includes(regionId));
}

/** An engine whatever its spelling: records say `mssql` where requests say `SQLServer`. */
export function engineOf(name: unknown): "mysql" | "sqlserver" | "postgresql" | undefined {
  switch (typeof name === "string" ? name.toLowerCase() : "") {
    case "mysql":
      return "mysql";
    case "mssql":
    case "sqlserver":
      return "sqlserver";
    case "pgsql":
    case "postgresql":
      return "postgresql";
    default:
      return undefined;
  }
}

function isWholeInstance(record: WorldRecord): boolean {
  const { BackupType, BackupMethod, BackupSetScale = 0, BackupSetStatus = 0, BackupEndTime } = record;
  const file = typeof record["CrossBackupSetFile"] === "string" ? record["CrossBackupSetFile"] : "";
  return (
    BackupType === "F" &&
    BackupMethod !== "L" &&
    Number(BackupSetScale) === 0 &&
    Number(BackupSetStatus) === 0 &&
    BackupEndTime !== undefined &&
    (engineOf(record["Engine"]) !== "sqlserver" || file.endsWith(".zip"))
  );
}

/** The page's own sample packs several regions, with quotes, into one text. */
function restoreRegionsOf(record: WorldRecord): string[] {
  const list = (record["RestoreRegions"] as { RestoreRegion?: unknown } | null | undefined)?.RestoreRegion;
  const texts = (Array.isArray(list) ? list : [list]).filter((item) => typeof item === "string");
  return texts.flatMap((text) => text.match(/[\w-]+/g) ?? []);
}
