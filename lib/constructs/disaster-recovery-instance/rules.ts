import { EngineFamily, engineFamilyOf, engineSpellings } from "../../backup/engine-family";
import type { RestorableBackup } from "../../backup/restorable-backup";
import {
  documentedStorage,
  isDocumentedStorage,
  resourceStorageTypeOf,
} from "../../rds-api/actions/check-create-ddr-db-instance";

/** The instance that is to be made out of a backup. */
export interface Replacement {
  /** Region that it is made in. */
  readonly regionId: string;
  /** Its disk, GB. */
  readonly storageGb: number;
  /** Type of its disk; undefined for that of the record. */
  readonly storageType: string | undefined;
  /** The point in time that it is restored to; undefined for the backup as it is. */
  readonly restoreTime: string | undefined;
}

/** Why a replacement cannot be made. */
export interface BrokenRule {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The engines that `alicloud_rds_ddr_instance` takes. */
export const restorableEngines: readonly EngineFamily[] = [EngineFamily.MYSQL, EngineFamily.SQL_SERVER];

/** How records spell those engines, in lower case, with the resource's own spelling. */
export const restorableSpellings = Object.fromEntries(
  Object.entries(engineSpellings).filter(([, family]) => restorableEngines.includes(family)),
);

export const bytesPerGb = 1024 ** 3;

/** The rules judge what is looked up now, which an instance that is there has nothing to do with any more. */
export const pinHint =
  'where the instance is there already, freeze what it was restored from: npx rds-dr pin --db-instance-id … --reason "…"';

type Facts = Partial<RestorableBackup> & { readonly dbInstanceId?: string; readonly regionId?: string };
type Rule = (facts: Facts, replacement: Replacement) => BrokenRule | undefined;

const rules: readonly Rule[] = [isEngineRestorable, isRestorableThere, isStorageTypeKnown, isStorageEnough];

/** The first rule that stands against making a replacement out of a backup; undefined where none does. Pure. */
export function brokenRuleOf(facts: Facts, replacement: Replacement): BrokenRule | undefined {
  return rules.map((rule) => rule(facts, replacement)).find((broken) => broken !== undefined);
}

function isEngineRestorable(facts: Facts, replacement: Replacement): ReturnType<Rule> {
  const { engine } = facts;
  const family = engineFamilyOf(engine);
  if (engine === undefined || (family !== undefined && restorableEngines.includes(family))) {
    return undefined;
  }
  return {
    code: "EngineNotRestorable",
    message: `the engine of ${named(facts)} is "${engine}", but the provider's resource alicloud_rds_ddr_instance restores ${restorableEngines.join(" and ")} only`,
    hint: `restore it without Terraform, in the RDS console or with "${createCall(facts, family ?? engine, replacement)}", then bring the instance under Terraform as an alicloud_db_instance with "terraform import"`,
  };
}

/** The call of the RDS API that restores, for who has to do without the resource. */
function createCall(facts: Facts, engine: string, { regionId, restoreTime }: Replacement): string {
  const what =
    restoreTime === undefined
      ? `--RestoreType BackupSet --BackupSetId ${facts.crossBackupId ?? "…"}`
      : `--RestoreType BackupTime --RestoreTime ${restoreTime} --SourceRegion ${facts.regionId ?? "…"} --SourceDBInstanceName ${facts.dbInstanceId ?? "…"}`;
  return `aliyun rds CreateDdrInstance --RegionId ${regionId} ${what} --Engine ${engine} --EngineVersion ${facts.engineVersion ?? "…"} …`;
}

function isRestorableThere({ restoreRegions, ...facts }: Facts, { regionId }: Replacement): ReturnType<Rule> {
  return restoreRegions === undefined || restoreRegions.includes(regionId)
    ? undefined
    : {
        code: "NotRestorableThere",
        message: `${named(facts)} can be restored to ${restoreRegions.join(", ")}, not to the regionId "${regionId}"`,
        hint: `set regionId to one of these regions, or look up with restoreRegion "${regionId}"; ${pinHint}`,
      };
}

function isStorageTypeKnown(
  { dbInstanceStorageType: recorded, ...facts }: Facts,
  { storageType }: Replacement,
): ReturnType<Rule> {
  return storageType !== undefined || resourceStorageTypeOf(recorded) !== undefined
    ? undefined
    : {
        code: "StorageTypeNeeded",
        message: `${named(facts)} ${recorded === undefined ? "does not tell the storage type of its source" : `has the storage type "${recorded}", which can be any kind of disk`}`,
        hint: 'set storageType, such as "cloud_essd", to a type that is sold with the instanceClass',
      };
}

function isStorageEnough(
  { crossBackupSetSize: size = 0, ...facts }: Facts,
  { storageGb }: Replacement,
): ReturnType<Rule> {
  const least = Math.ceil(size / bytesPerGb);
  return storageGb * bytesPerGb >= size
    ? undefined
    : {
        code: "StorageTooSmall",
        message: `storageGb is ${storageGb}, but the compressed file of ${named(facts)} alone has ${least} GB (${size} bytes)`,
        hint: `set storageGb to the size of the source's disk, at least: the data needs more than the compressed file; ${pinHint}`,
      };
}

function named({ crossBackupId }: Facts): string {
  return `the backup ${crossBackupId ?? ""}`;
}

/** Says that a size of a disk is not one of those documented; undefined where it is. */
export function explainOddStorage(storageGb: number): string | undefined {
  return isDocumentedStorage(storageGb)
    ? undefined
    : `storageGb is ${storageGb}: the documents of a cross-region restore know ${documentedStorage}; another size can fail when the instance is made`;
}
