import { Token } from "cdktf";
import { Construct } from "constructs";
import { checkPropNames, type PropNames, unlessToken } from "../../synthesis/check-props";
import { checked, fail, misuse } from "../../synthesis/lookup-error";
import { checkInstant } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import {
  type BackupFacts,
  CrossRegionBackup,
  type ICrossRegionBackup,
  type KnownFacts,
} from "../cross-region-backup";
import type { DisasterRecoveryInstanceProps, PointInTime } from "./props";

/** From what an instance is restored. */
export interface RestoreSource {
  readonly backup: ICrossRegionBackup;
  /** The point in time that the backup and its logs are restored to; undefined for the backup as it is. */
  readonly restoreTime: string | undefined;
  /** What a source of this package gets to know while the app is synthesised; undefined where that is nothing. */
  readonly known: KnownFacts | undefined;
  /** The facts, once the lookups have settled, but for those that only Terraform gets to know. */
  readonly facts: () => BackupFacts | undefined;
}

const pointInTimeNames: PropNames<PointInTime> = { backup: true, restoreTime: true };

/**
 * Reads from what an instance is to be restored.
 *
 * @throws LookupError where it is neither a backup nor a point in time, or one that was not looked up for this
 */
export function restoreSourceOf(path: string, props: DisasterRecoveryInstanceProps): RestoreSource {
  const { backup, pointInTime, regionId } = props;
  if ((backup === undefined) === (pointInTime === undefined)) {
    const [finding, next] =
      backup === undefined
        ? ["neither backup nor pointInTime is given", "pass one of them"]
        : ["both backup and pointInTime are given", "pass one alone"];
    fail(misuse(path, "InvalidRequest", finding, next));
  }
  if (pointInTime !== undefined) {
    checkPropNames(path, pointInTime, pointInTimeNames, "pointInTime");
  }
  const source = backup ?? pointInTime?.backup;
  checkBackup(path, pointInTime === undefined ? "backup" : "pointInTime.backup", source);
  const known = CrossRegionBackup._is(source) ? source._known : undefined;
  if (known?.isForAnyRegion === true) {
    fail(
      misuse(
        path,
        "NoRestoreRegion",
        `the backup "${source.node.path}" is looked up without restoreRegion, so the latest may be one that cannot be restored to "${regionId}"`,
        `set restoreRegion: "${regionId}" in its props`,
      ),
    );
  }
  if (pointInTime === undefined && known?.isJudgedByWindow === true) {
    fail(
      misuse(
        path,
        "JudgedByWindow",
        `the backup "${source.node.path}" is looked up with recoveryWindow, so that its maxAgeHours judges recoverableUntil, but a restore of the backup itself brings no more than its dataTime`,
        "restore it to a point in time (pointInTime), or look it up without recoveryWindow",
      ),
    );
  }
  if (pointInTime !== undefined) {
    checkRestoreTime(path, pointInTime, known);
  }
  return {
    backup: source,
    restoreTime: pointInTime?.restoreTime,
    known,
    facts: () => (known === undefined ? plainFactsOf(source) : known.all()),
  };
}

/** What decides a restore. */
const decisiveFacts = [
  "crossBackupId",
  "engine",
  "engineVersion",
  "restoreRegions",
  "dbInstanceStorageType",
  "crossBackupSetSize",
  "dataTime",
  "recoverableFrom",
  "recoverableUntil",
] as const;

/** The facts of a source of another make, as far as they are plain values. */
function plainFactsOf(backup: ICrossRegionBackup): BackupFacts {
  return Object.fromEntries(
    decisiveFacts
      .map((name) => [name, backup[name]] as const)
      .filter(([, value]) => !Token.isUnresolved(value)),
  );
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
    fail(
      misuse(
        path,
        "InvalidRequest",
        `${name} must be a construct, such as a LatestCrossRegionBackup, but is ${given}`,
        "for a backup whose id is known, pass what LatestCrossRegionBackup.fromCrossRegionBackupAttributes gives",
      ),
    );
  }
}

/** Of the tokens, only the end of the backup's own window is sure to lie within it. */
function checkRestoreTime(
  path: string,
  { backup, restoreTime }: PointInTime,
  known: KnownFacts | undefined,
): void {
  checked(path, () => {
    unlessToken(checkInstant, "pointInTime.restoreTime", restoreTime);
    if (Token.isUnresolved(restoreTime) && known !== undefined && restoreTime !== backup.recoverableUntil) {
      const allowed = "a plain value, or recoverableUntil of the backup";
      throw new InvalidRequestError("pointInTime.restoreTime", "a token", allowed);
    }
  });
}
