import { EngineFamily, engineFamilyOf, engineSpellings } from "../../backup/engine-family";
import type { Instant } from "../../backup/instant";
import {
  documentedStorage,
  isDocumentedStorage,
  resourceStorageTypeOf,
} from "../../rds-api/actions/check-create-ddr-db-instance";
import type { BackupFacts } from "../cross-region-backup";

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
export const restorableEngines: readonly EngineFamily[] = [EngineFamily.MYSQL, EngineFamily.SQL_SERVER];

/** How records spell those engines, in lower case, with the resource's own spelling. */
export const restorableSpellings = Object.fromEntries(
  Object.entries(engineSpellings).filter(([, family]) => restorableEngines.includes(family)),
);

/** Bytes of a GB, as RDS counts the GB of a disk. */
export const bytesPerGb = 1024 ** 3;

/** The rules judge what the lookup finds now, which has nothing to do with an instance that exists. */
const pinHint =
  'if the instance exists already, pin the backup that it was restored from (npx rds-dr pin --db-instance-id … --reason "…"), or pass its facts to fromCrossRegionBackupAttributes';

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
    isBroken: ({ engine }) => engine !== undefined && engineFamilyOf(engine) === undefined,
    message: (facts) =>
      `the engine of ${named(facts)} is "${facts.engine ?? ""}", but RDS restores only ${Object.values(EngineFamily).join(", ")} in another region`,
    hint: () => "pass the backup of an instance with one of these engines",
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
      `${pinHint}, and do not resize it; otherwise set storageGb to the size of the source's disk, at least: the data needs more than the compressed file`,
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
