import { Fn, Token } from "cdktf";
import { EngineFamily, engineFamilyOf } from "../../backup/engine-family";
import { resourceStorageTypeOf } from "../../rds-api/actions/check-create-ddr-db-instance";
import { restorableSpellings } from "./rules";
import type { RestoreSource } from "./source";

/** What says from what the instance is restored, in the words of the resource. */
export function sourceArguments({ backup, restoreTime }: RestoreSource) {
  return restoreTime === undefined
    ? { restoreType: "BackupSet", backupSetId: backup.crossBackupId }
    : {
        restoreType: "BackupTime",
        restoreTime,
        sourceRegion: backup.regionId,
        sourceDbInstanceName: backup.dbInstanceId,
      };
}

/** The engine as the resource spells it. */
export function engineArgument({ backup, known }: RestoreSource): string {
  if (known !== undefined) {
    return known.text("engine", ({ engine }) => engine && familyOf(engine));
  }
  const { engine } = backup;
  return Token.isUnresolved(engine)
    ? Token.asString(Fn.lookup(restorableSpellings, Fn.lower(engine), engine))
    : familyOf(engine);
}

/**
 * The storage type as the resource spells it, out of that of the backup's source; undefined where only Terraform
 * gets to know that one.
 */
export function storageTypeArgument({ backup, known }: RestoreSource): string | undefined {
  if (known !== undefined) {
    return known.text("dbInstanceStorageType", (facts) => storageTypeOf(facts.dbInstanceStorageType));
  }
  const { dbInstanceStorageType } = backup;
  return Token.isUnresolved(dbInstanceStorageType) ? undefined : storageTypeOf(dbInstanceStorageType);
}

/*
 * The rules of a restore refuse whatever the resource would not take. What is left is a placeholder, of a synthesis
 * to destroy with, and a destroy as well begins with the provider's check of the arguments.
 */

function familyOf(engine: string): EngineFamily {
  return engineFamilyOf(engine) ?? EngineFamily.MYSQL;
}

function storageTypeOf(recorded: string | undefined): string {
  return resourceStorageTypeOf(recorded) ?? "local_ssd";
}
