import { conditional, Fn, type IResolvable, Op, type Precondition, Token } from "cdktf";
import { printable } from "../../validation/printable";
import type { FrozenData } from "./frozen-data";
import type { RestoredBackup } from "./frozen-facts";
import { bytesPerGb, restorableEngines, restorableSpellings, type RestoreTarget } from "./restore-rules";

/** A precondition with the fact that it judges. */
type PreconditionOn = Precondition & { readonly on: unknown };

/**
 * The rules of a restore as preconditions, for facts that only Terraform knows. Terraform accepts no condition on a plain
 * value: the synthesis judges that.
 *
 * @param frozen where Terraform keeps the facts; a fact that the source lacks is empty there
 */
export function restorePreconditions(
  backup: RestoredBackup,
  { regionId, storageGb, restoreTime }: Omit<RestoreTarget, "storageType">,
  frozen: FrozenData,
): Precondition[] {
  const { crossBackupId, engine, restoreRegions, crossBackupSetSize: size } = backup;
  const conditions: readonly PreconditionOn[] = [
    {
      on: engine,
      condition: Fn.contains([...Object.keys(restorableSpellings), ""], Fn.lower(engine)) as IResolvable,
      errorMessage: `the engine of the backup ${crossBackupId} is ${engine}, but alicloud_rds_ddr_instance restores only ${restorableEngines.join(" and ")}: look the backup up in the app that restores it, and run "npx rds-dr restore".`,
    },
    {
      on: restoreRegions,
      condition: Fn.anytrue([Fn.contains(restoreRegions, regionId), Fn.contains(restoreRegions, "")]),
      errorMessage: `the backup ${crossBackupId} can be restored to ${Fn.join(", ", restoreRegions)}, not to ${regionId}: set regionId to one of these regions, or set this restoreRegion at the lookup.`,
    },
    {
      on: size,
      condition: Op.gte(storageGb * bytesPerGb, size),
      errorMessage: `storageGb is ${storageGb}, but the compressed file of the backup ${crossBackupId} alone has ${Token.asString(size)} bytes: set it to the size of the source's disk, at least. Never resize an instance that exists for this.`,
    },
    ...(restoreTime === undefined ? [] : [windowPrecondition(backup, restoreTime)]),
  ];
  const ofFacts = conditions
    .filter(({ on }) => Token.isUnresolved(on))
    .map(({ on, errorMessage, ...condition }) => ({
      ...condition,
      errorMessage: printable(`${errorMessage} ${nextStep(frozen)}`),
    }));
  return [completePrecondition(backup, restoreTime !== undefined, frozen), ...ofFacts];
}

/** What to do besides: the facts are those of the first try. */
function nextStep({ address }: FrozenData): string {
  return `Terraform keeps the facts of the backup in ${address}. If there is no instance yet, "terraform apply -replace=${address}" in the folder of the stack takes the backup of today. If there is one, pass the facts of the backup that it was restored from to fromCrossRegionBackupAttributes.`;
}

/** Names all facts that the source lacks, in one message. */
function completePrecondition(backup: RestoredBackup, hasTime: boolean, frozen: FrozenData): Precondition {
  const { crossBackupId, restoreRegions, engine, engineVersion } = backup;
  const needed: Readonly<Record<string, unknown>> = {
    cross_backup_id: crossBackupId,
    restore_regions: Fn.element(restoreRegions, 0),
    engine,
    engine_version: engineVersion,
    ...(hasTime ? factsOfWindow(backup) : {}),
  };
  const missing = Fn.compact(
    Object.entries(needed)
      .filter(([, value]) => Token.isUnresolved(value))
      .map(([name, value]) => Token.asString(conditional(Fn.contains([""], value), name, ""))),
  );
  return {
    // cdktf drops a 0 on the right-hand side of an operator.
    condition: Op.lt(Fn.lengthOf(missing), 1),
    errorMessage: `the source of the backup "${backup.node.path}" lacks ${Fn.join(", ", missing)}. If it is the state of another app, see whether outputPrefix fits the names of its outputs, whether its lookup found a backup, and deploy that app. Without that state, pass all of them to fromCrossRegionBackupAttributes. ${nextStep(frozen)}`,
  };
}

function factsOfWindow({ dbInstanceId, regionId, ...backup }: RestoredBackup): Readonly<Record<string, unknown>> {
  return {
    db_instance_id: dbInstanceId,
    region_id: regionId,
    recoverable_from: Fn.try([beginOf(backup), ""]),
    recoverable_until: backup.recoverableUntil,
  };
}

/** An answer that was written by hand may lack the begin of its window. */
function beginOf({ recoverableFrom, dataTime }: Pick<RestoredBackup, "recoverableFrom" | "dataTime">): unknown {
  return Fn.coalesce([recoverableFrom, dataTime]);
}

function windowPrecondition(backup: RestoredBackup, restoreTime: string): PreconditionOn {
  const { crossBackupId, recoverableFrom, recoverableUntil } = backup;
  // What is missing has a message of its own.
  const orGiven = (time: unknown): string => Token.asString(Fn.try([Fn.coalesce([time]), restoreTime]));
  const from = orGiven(beginOf(backup));
  const until = orGiven(recoverableUntil);
  return {
    on: Token.isUnresolved(recoverableFrom) ? recoverableFrom : recoverableUntil,
    // cdktf drops a 0 on the right-hand side of an operator.
    condition: Op.and(Op.gt(Fn.timecmp(restoreTime, from), -1), Op.lt(Fn.timecmp(restoreTime, until), 1)),
    errorMessage: `the backup ${crossBackupId} and its logs can be restored from ${from} to ${until}, not to the restoreTime ${restoreTime}: set it to a time between these.`,
  };
}
