import { Fn, Op, Token, type IResolvable, type Precondition } from "cdktf";
import type { ICrossRegionBackup } from "./cross-region-backup";
import type { RestoreSource } from "./restore-source";
import { bytesPerGb, restorableEngines, type Replacement } from "./restore/restore-rules";

/** Spellings of the engines that the provider restores, in lower case, with its own. */
const spellings = { mysql: "MySQL", mssql: "SQLServer", sqlserver: "SQLServer" } as const;

/** The engine as the provider spells it, where it is known only when Terraform runs. */
export function engineExpression({ engine }: ICrossRegionBackup): string {
  return Token.asString(Fn.lookup(spellings, Fn.lower(engine), engine));
}

/** The rules of a restore for a backup whose facts are known only when Terraform runs. */
export function restorePreconditions(
  { backup, restoreTime }: RestoreSource,
  { regionId, storageGb }: Pick<Replacement, "regionId" | "storageGb">,
): Precondition[] {
  const { crossBackupId, engine, restoreRegions, crossBackupSetSize } = backup;
  // A record may not tell its size.
  const size = Fn.try([crossBackupSetSize, 0]) as IResolvable;
  const lower = Fn.lower(engine);
  return [
    {
      condition: Fn.contains(Object.keys(spellings), lower) as IResolvable,
      errorMessage: `the engine of the backup ${crossBackupId} is ${engine}, but alicloud_rds_ddr_instance restores ${restorableEngines.join(" and ")} only: restore it in the RDS console, and import it as an alicloud_db_instance.`,
    },
    {
      condition: Fn.contains(restoreRegions, regionId) as IResolvable,
      errorMessage: `the backup ${crossBackupId} can be restored to ${Fn.join(", ", restoreRegions)}, not to ${regionId}: set regionId to one of these regions, or look up with this restoreRegion where the backup is chosen.`,
    },
    {
      condition: Op.gte(storageGb * bytesPerGb, size),
      errorMessage: `storageGb is ${storageGb}, but the compressed file of the backup ${crossBackupId} alone has ${Token.asString(size)} bytes: set it to the size of the source's disk, at least.`,
    },
    ...(restoreTime === undefined ? [] : [windowPrecondition(backup, restoreTime)]),
  ];
}

function windowPrecondition(
  { crossBackupId, dataTime, recoverableUntil }: ICrossRegionBackup,
  restoreTime: string,
): Precondition {
  return {
    condition: Op.and(
      Op.gte(Fn.timecmp(restoreTime, dataTime), 0),
      Op.lte(Fn.timecmp(restoreTime, recoverableUntil), 0),
    ),
    errorMessage: `the backup ${crossBackupId} and its logs can be restored from ${dataTime} to ${recoverableUntil}, not to the restoreTime ${restoreTime}: set it to a time between these.`,
  };
}
