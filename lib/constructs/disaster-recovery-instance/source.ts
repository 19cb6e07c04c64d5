import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily, engineFamilyOf } from "../../backup/engine-family";
import { factNames } from "../../backup/restorable-backup";
import { resourceStorageTypeOf } from "../../rds-api/actions/check-create-ddr-db-instance";
import { checkProps, type PropRules } from "../../synthesis/check-props";
import { refuse } from "../../synthesis/lookup-error";
import { checkInstant } from "../../validation/checks";
import {
  type BackupFacts,
  CrossRegionBackup,
  type ICrossRegionBackup,
  type KnownFacts,
  type SharedFact,
} from "../cross-region-backup";
import type { FrozenData } from "./frozen-data";
import type { RestoredBackup } from "./frozen-facts";
import { projectIdOf, restoreIdentity } from "./identity";
import type { DisasterRecoveryInstanceProps, PointInTime } from "./props";
import { restorableSpellings } from "./restore-rules";

/** What an instance is restored from. */
export interface RestoreSource {
  readonly backup: RestoredBackup;
  /** The point in time that the backup and its logs are restored to; undefined for the backup as it is. */
  readonly restoreTime: string | undefined;
  /** Where Terraform keeps the facts that only it knows; undefined if the synthesis knows all. */
  readonly frozen: FrozenData | undefined;
  /** What the synthesis knows of a source of this package; undefined if that is nothing. */
  readonly known: KnownFacts | undefined;
  /** The facts, once the lookups have settled, apart from those that only Terraform knows. */
  readonly facts: () => BackupFacts | undefined;
}

const pointInTimeRules: PropRules<PointInTime> = {
  backup: { mayBeToken: true },
  restoreTime: { check: checkInstant, isRequired: true, mayBeToken: true },
};

/**
 * Reads what an instance is restored from, and has Terraform keep what only it knows.
 *
 * @throws LookupError for what is neither a backup nor a point in time, or was not looked up for this
 */
export function restoreSourceOf(scope: Construct, props: DisasterRecoveryInstanceProps): RestoreSource {
  const { path } = scope.node;
  const { backup, pointInTime, regionId } = props;
  if ((backup === undefined) === (pointInTime === undefined)) {
    const [finding, next] =
      backup === undefined
        ? ["neither backup nor pointInTime is given", "pass one of them"]
        : ["both backup and pointInTime are given", "pass only one of them"];
    refuse(path, "InvalidRequest", finding, next);
  }
  if (pointInTime !== undefined) {
    checkProps(path, pointInTime, pointInTimeRules, "pointInTime");
  }
  const source = backup ?? pointInTime?.backup;
  checkBackup(path, pointInTime === undefined ? "backup" : "pointInTime.backup", source);
  const known = CrossRegionBackup._is(source) ? source._known : undefined;
  if (known?.isForAnyRegion === true) {
    refuse(
      path,
      "NoRestoreRegion",
      `the lookup of the backup "${source.node.path}" has no restoreRegion, so the latest backup may not be restorable to "${regionId}"`,
      `set restoreRegion: "${regionId}" in its props`,
    );
  }
  known?.require(neededFacts(props));
  const restoreTime = pointInTime?.restoreTime;
  // Of all tokens, only the end of the backup's own window is sure to be within it.
  if (Token.isUnresolved(restoreTime) && known !== undefined && restoreTime !== source.recoverableUntil) {
    const allowed = "a plain value, or recoverableUntil of the backup";
    refuse(
      path,
      "InvalidRequest",
      `pointInTime.restoreTime must be ${allowed}, but is another token`,
      `set it to ${allowed}`,
    );
  }
  if (known !== undefined) {
    return { backup: source, restoreTime, frozen: undefined, known, facts: () => known.all() };
  }
  const { freezeFacts } = require("./frozen-facts") as typeof import("./frozen-facts");
  const { backup: kept, frozen } = freezeFacts(scope, source, restoreTime !== undefined);
  return {
    backup: kept,
    restoreTime: restoreTime === source.recoverableUntil ? kept.recoverableUntil : restoreTime,
    frozen,
    known,
    facts: () => plainFactsOf(source),
  };
}

/** The facts without which an instance cannot be declared. */
function neededFacts({ pointInTime, storageType }: DisasterRecoveryInstanceProps): readonly SharedFact[] {
  return [
    "engine",
    "engineVersion",
    ...(storageType === undefined ? (["dbInstanceStorageType"] as const) : []),
    ...(pointInTime === undefined ? [] : (["dbInstanceId", "regionId", "recoverableUntil"] as const)),
  ];
}

/** The facts of a source of another make, if they are plain values. */
function plainFactsOf(backup: BackupFacts): BackupFacts {
  const facts = factNames.map((name) => [name, backup[name]] as const);
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined && !Token.isUnresolved(value)));
}

/** What the name of an instance says of its restore. */
export function identityOf(
  path: string,
  { backup, known }: RestoreSource,
  { regionId: restoreRegion, generation = 1 }: DisasterRecoveryInstanceProps,
): string {
  const { dbInstanceId, regionId: sourceRegion } = known?.instance ?? plainFactsOf(backup);
  const projectId = projectIdOf(process.cwd());
  return restoreIdentity({
    ...{ projectId, path, dbInstanceId, sourceRegion, restoreRegion },
    generation: generation === 1 ? undefined : generation,
  });
}

/** A JavaScript caller may pass the id alone. */
function checkBackup(path: string, name: string, value: unknown): asserts value is ICrossRegionBackup {
  if (
    typeof value !== "object" ||
    !Construct.isConstruct(value) ||
    !("crossBackupId" in value) ||
    typeof value.crossBackupId !== "string"
  ) {
    const given = typeof value === "string" ? JSON.stringify(value) : typeof value;
    refuse(
      path,
      "InvalidRequest",
      `${name} must be a construct, such as a LatestCrossRegionBackup, but is ${given}`,
      "for a backup whose id you know, pass what LatestCrossRegionBackup.fromCrossRegionBackupAttributes returns",
    );
  }
}

/** What the instance is restored from, in the arguments of the resource. */
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

/**
 * The engine as the resource spells it.
 *
 * @param families the engines that the resource takes
 */
export function engineArgument({ backup, known }: RestoreSource, families: readonly EngineFamily[]): string {
  if (known !== undefined) {
    return known.text("engine", ({ engine }) => engine && familyOf(engine, families));
  }
  const { engine } = backup;
  return Token.isUnresolved(engine)
    ? Token.asString(Fn.lookup(restorableSpellings, Fn.lower(engine), engine))
    : familyOf(engine, families);
}

/**
 * The storage type of the backup's source as the resource spells it; undefined if only Terraform knows it.
 */
export function storageTypeArgument({ backup, known }: RestoreSource): string | undefined {
  if (known !== undefined) {
    return known.text("dbInstanceStorageType", (facts) => storageTypeOf(facts.dbInstanceStorageType));
  }
  const { dbInstanceStorageType } = backup;
  return Token.isUnresolved(dbInstanceStorageType) ? undefined : storageTypeOf(dbInstanceStorageType);
}

/*
 * The rules of a restore refuse whatever the resource would refuse. What is left is the placeholder of a synthesis for a
 * destroy, and a destroy begins with the provider's check of the arguments as well.
 */

function familyOf(engine: string, families: readonly EngineFamily[]): EngineFamily {
  return families.find((family) => family === engineFamilyOf(engine)) ?? EngineFamily.MYSQL;
}

function storageTypeOf(recorded: string | undefined): string {
  return resourceStorageTypeOf(recorded) ?? "local_ssd";
}
