import { Fn, type IResolvable, Op, type Precondition, Token } from "cdktf";
import { EngineFamily, engineFamilyOf, engineSpellings } from "../../backup/engine-family";
import type { Instant } from "../../backup/instant";
import {
  documentedStorage,
  isDocumentedStorage,
  resourceStorageTypeOf,
} from "../../rds-api/actions/check-create-ddr-db-instance";
import type { BackupFacts, ICrossRegionBackup } from "../cross-region-backup";

/** The instance to make out of a backup. */
export interface RestoreTarget {
  readonly regionId: string;
  readonly storageGb: number;
  /** Type of its disk; undefined for that of the record. */
  readonly storageType: string | undefined;
  /** The point in time that it is restored to; undefined for the backup as it is. */
  readonly restoreTime: string | undefined;
}

/** Why a restore is impossible, and what to do about it. */
export interface BrokenRule {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The engines that `alicloud_rds_ddr_instance` restores. */
const restorableEngines: readonly EngineFamily[] = [EngineFamily.MYSQL, EngineFamily.SQL_SERVER];

/** How records spell those engines, in lower case, with the resource's own spelling. */
export const restorableSpellings = Object.fromEntries(
  Object.entries(engineSpellings).filter(([, family]) => restorableEngines.includes(family)),
);

const bytesPerGb = 1024 ** 3;

/** The rules judge what the lookup finds now, which has nothing to do with an instance that exists. */
const pinHint =
  'if the instance exists already, pin the backup that it was restored from: npx rds-dr pin --db-instance-id … --reason "…"';

/** A rule of the facts, and of the instance to make out of them. */
interface RestoreRule {
  readonly code: string;
  readonly isBroken: (facts: BackupFacts, target: RestoreTarget) => boolean;
  readonly message: (facts: BackupFacts, target: RestoreTarget) => string;
  readonly hint: (facts: BackupFacts, target: RestoreTarget) => string;
}

const rules: readonly RestoreRule[] = [
  {
    code: "EngineNotRestorable",
    isBroken: ({ engine }) =>
      engine !== undefined && !restorableEngines.some((family) => family === engineFamilyOf(engine)),
    message: (facts) =>
      `the engine of ${named(facts)} is "${facts.engine ?? ""}", but the provider's resource alicloud_rds_ddr_instance restores only ${restorableEngines.join(" and ")}`,
    hint: (facts, target) =>
      `restore it without Terraform, in the RDS console or with "${createCall(facts, target)}", then bring the instance under Terraform as an alicloud_db_instance with "terraform import"`,
  },
  {
    code: "NotRestorableThere",
    isBroken: ({ restoreRegions }, { regionId }) => restoreRegions?.includes(regionId) === false,
    message: (facts, { regionId }) =>
      `${named(facts)} can be restored to ${facts.restoreRegions?.join(", ") ?? ""}, not to the regionId "${regionId}"`,
    hint: (_, { regionId }) =>
      `set regionId to one of these regions, or look up with restoreRegion "${regionId}"; ${pinHint}`,
  },
  {
    code: "StorageTypeNeeded",
    isBroken: ({ dbInstanceStorageType }, { storageType }) =>
      (storageType ?? resourceStorageTypeOf(dbInstanceStorageType)) === undefined,
    message: ({ dbInstanceStorageType: recorded, ...facts }) =>
      `${named(facts)} ${recorded === undefined ? "does not contain the storage type of its source" : `has the storage type "${recorded}", which can be any kind of disk`}`,
    hint: () => 'set storageType, such as "cloud_essd", to a type that is sold with the instanceClass',
  },
  {
    code: "StorageTooSmall",
    isBroken: ({ crossBackupSetSize: size = 0 }, { storageGb }) => storageGb * bytesPerGb < size,
    message: ({ crossBackupSetSize: size = 0, ...facts }, { storageGb }) =>
      `storageGb is ${storageGb}, but the compressed file of ${named(facts)} alone has ${Math.ceil(size / bytesPerGb)} GB (${size} bytes)`,
    hint: () =>
      `set storageGb to the size of the source's disk, at least: the data needs more than the compressed file; ${pinHint}`,
  },
];

/** The first rule that a restore breaks; undefined if it breaks none. */
export function brokenRuleOf(facts: BackupFacts, target: RestoreTarget): BrokenRule | undefined {
  const broken = rules.find(({ isBroken }) => isBroken(facts, target));
  return (
    broken && {
      code: broken.code,
      message: broken.message(facts, target),
      hint: broken.hint(facts, target),
    }
  );
}

/** The call of the RDS API that restores without the resource. */
function createCall(facts: BackupFacts, { regionId, restoreTime }: RestoreTarget): string {
  const { crossBackupId = "…", engine = "…", engineVersion = "…" } = facts;
  const what =
    restoreTime === undefined
      ? `--RestoreType BackupSet --BackupSetId ${crossBackupId}`
      : `--RestoreType BackupTime --RestoreTime ${restoreTime} --SourceRegion ${facts.regionId ?? "…"} --SourceDBInstanceName ${facts.dbInstanceId ?? "…"}`;
  return `aliyun rds CreateDdrInstance --RegionId ${regionId} ${what} --Engine ${engineFamilyOf(engine) ?? engine} --EngineVersion ${engineVersion} …`;
}

function named({ crossBackupId = "" }: BackupFacts): string {
  return `the backup ${crossBackupId}`;
}

/** Says that the size of a disk is not a documented one; undefined if it is. */
export function explainOddStorage(storageGb: number): string | undefined {
  return isDocumentedStorage(storageGb)
    ? undefined
    : `storageGb is ${storageGb}, but the documents of a cross-region restore say ${documentedStorage}: RDS may refuse another size when it makes the instance`;
}

/** Why a backup and its logs cannot be restored to a point in time; undefined if they can. */
export function brokenWindowOf(facts: BackupFacts, restoreTime: Instant): BrokenRule | undefined {
  const { dataTime, recoverableFrom = dataTime, recoverableUntil, recoveryGaps = [] } = facts;
  const backup = `${named(facts)} and its logs`;
  if (recoverableFrom === undefined || recoverableUntil === undefined) {
    return {
      code: "NoRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but nobody knows to which points in time ${backup} can be restored`,
      hint: "look it up with recoveryWindow: true; for a backup that you know, pass dataTime and recoverableUntil",
    };
  }
  const outside = (why: string, hint: string): BrokenRule => ({
    code: "OutsideRecoveryWindow",
    message: `restoreTime is "${restoreTime}", but ${backup} can be restored ${why}`,
    hint,
  });
  const earlierBackup = `look up with notAfter: "${restoreTime}", which chooses an earlier backup`;
  if (recoverableFrom > recoverableUntil) {
    return outside(
      `to no known point in time: its data may be as late as ${recoverableFrom}, and the logs end at ${recoverableUntil}`,
      `restore the backup as it is, without pointInTime, or ${earlierBackup}`,
    );
  }
  const window = `from ${recoverableFrom} to ${recoverableUntil}`;
  if (restoreTime < recoverableFrom) {
    return outside(
      window,
      dataTime === undefined || restoreTime < dataTime
        ? earlierBackup
        : `set it to ${recoverableFrom} or later, or look up with a notAfter before ${dataTime}, which chooses an earlier backup`,
    );
  }
  if (restoreTime > recoverableUntil) {
    const gaps = recoveryGaps.map(({ start, end }) => `from ${start} ${end === undefined ? "on" : `to ${end}`}`);
    return outside(
      gaps.length === 0 ? window : `${window}: no log covers the time ${gaps.join(", ")}`,
      "set it to that time or earlier; recoverableUntil of the backup is the latest possible time",
    );
  }
  return undefined;
}

/**
 * The same rules as preconditions, for facts that only Terraform knows. Terraform accepts no condition on a plain
 * value: the synthesis judges that.
 */
export function restorePreconditions(
  backup: ICrossRegionBackup,
  { regionId, storageGb, restoreTime }: Omit<RestoreTarget, "storageType">,
): Precondition[] | undefined {
  const { crossBackupId, engine, restoreRegions, crossBackupSetSize } = backup;
  // A record may lack its size.
  const size = Fn.try([crossBackupSetSize, 0]) as IResolvable;
  const conditions: readonly PreconditionOn[] = [
    {
      on: engine,
      condition: Fn.contains(Object.keys(restorableSpellings), Fn.lower(engine)) as IResolvable,
      errorMessage: `the engine of the backup ${crossBackupId} is ${engine}, but alicloud_rds_ddr_instance restores only ${restorableEngines.join(" and ")}: restore it in the RDS console, and import it as an alicloud_db_instance.`,
    },
    {
      on: restoreRegions,
      condition: Fn.contains(restoreRegions, regionId) as IResolvable,
      errorMessage: `the backup ${crossBackupId} can be restored to ${Fn.join(", ", restoreRegions)}, not to ${regionId}: set regionId to one of these regions, or set this restoreRegion at the lookup.`,
    },
    {
      on: crossBackupSetSize,
      condition: Op.gte(storageGb * bytesPerGb, size),
      errorMessage: `storageGb is ${storageGb}, but the compressed file of the backup ${crossBackupId} alone has ${Token.asString(size)} bytes: set it to the size of the source's disk, at least.`,
    },
    ...(restoreTime === undefined ? [] : [windowPrecondition(backup, restoreTime)]),
  ];
  const needed = conditions.filter(({ on }) => Token.isUnresolved(on)).map(({ on, ...condition }) => condition);
  return needed.length === 0 ? undefined : needed;
}

/** A precondition with the fact that it judges. */
type PreconditionOn = Precondition & { readonly on: unknown };

function windowPrecondition(
  { crossBackupId, dataTime, recoverableFrom, recoverableUntil }: ICrossRegionBackup,
  restoreTime: string,
): PreconditionOn {
  // An answer that was written by hand may lack the begin of its window.
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
