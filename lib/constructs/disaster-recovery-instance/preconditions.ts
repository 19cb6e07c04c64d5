import { Fn, type IResolvable, Op, type Precondition, Token } from "cdktf";
import type { ICrossRegionBackup } from "../cross-region-backup";
import { bytesPerGb, type Replacement, restorableEngines, restorableSpellings } from "./rules";
import type { RestoreSource } from "./source";

/**
 * The rules of a restore for what only Terraform gets to know of a backup. Terraform takes no condition on what is
 * plain: that is judged at synthesis.
 */
export function restorePreconditions(
  { backup, restoreTime }: RestoreSource,
  { regionId, storageGb }: Pick<Replacement, "regionId" | "storageGb">,
): Precondition[] | undefined {
  const { crossBackupId, engine, restoreRegions, crossBackupSetSize } = backup;
  const lower = Fn.lower(engine);
  // A record may not tell its size.
  const size = Fn.try([crossBackupSetSize, 0]) as IResolvable;
  const conditions: (Precondition & { readonly on: unknown })[] = [
    {
      on: engine,
      condition: Fn.contains(Object.keys(restorableSpellings), lower) as IResolvable,
      errorMessage: `the engine of the backup ${crossBackupId} is ${engine}, but alicloud_rds_ddr_instance restores ${restorableEngines.join(" and ")} only: restore it in the RDS console, and import it as an alicloud_db_instance.`,
    },
    {
      on: restoreRegions,
      condition: Fn.contains(restoreRegions, regionId) as IResolvable,
      errorMessage: `the backup ${crossBackupId} can be restored to ${Fn.join(", ", restoreRegions)}, not to ${regionId}: set regionId to one of these regions, or look up with this restoreRegion where the backup is chosen.`,
    },
    {
      on: crossBackupSetSize,
      condition: Op.gte(storageGb * bytesPerGb, size),
      errorMessage: `storageGb is ${storageGb}, but the compressed file of the backup ${crossBackupId} alone has ${Token.asString(size)} bytes: set it to the size of the source's disk, at least.`,
    },
    ...(restoreTime === undefined ? [] : [windowCondition(backup, restoreTime)]),
  ];
  const needed = conditions
    .filter(({ on }) => Token.isUnresolved(on))
    .map(({ on, ...condition }) => condition);
  return needed.length === 0 ? undefined : needed;
}

function windowCondition(
  { crossBackupId, dataTime, recoverableFrom, recoverableUntil }: ICrossRegionBackup,
  restoreTime: string,
): Precondition & { readonly on: unknown } {
  // An answer that was written by hand may not tell where the window begins.
  const from = Fn.try([recoverableFrom, dataTime]) as IResolvable;
  return {
    on: Token.isUnresolved(recoverableFrom) ? recoverableFrom : recoverableUntil,
    // cdktf drops a 0 on the right-hand side of an operator.
    condition: Op.and(
      Op.gt(Fn.timecmp(restoreTime, Token.asString(from)), -1),
      Op.lt(Fn.timecmp(restoreTime, recoverableUntil), 1),
    ),
    errorMessage: `the backup ${crossBackupId} and its logs can be restored from ${Token.asString(from)} to ${recoverableUntil}, not to the restoreTime ${restoreTime}: set it to a time between these.`,
  };
}
