import type { Instant } from "../backup/instant";
import { type LeftOut, type Rejection, RejectionReason, summariseRejections } from "../backup/rejection";
import { type RestorableBackup, isOlderThan } from "../backup/restorable-backup";
import { ErrorKind } from "../rds-api/errors/error-kind";
import type { LookupFailure, NoneAnswer } from "./answer";
import { flagsOf } from "./names";
import type { AgeLimits, LatestRequest } from "./query";

/**
 * Says that there is no valid backup: why, with the newest record of each reason, and what to do.
 *
 * @param locked where a locked answer says so, since when it does; undefined where the API does
 */
export function explainNone(
  request: LatestRequest,
  rejected: readonly Rejection[],
  locked?: NoneAnswer["locked"],
  leftOut: LeftOut = {},
): LookupFailure {
  const asked = requestText(request);
  const failure = { kind: ErrorKind.NOT_FOUND, code: "NoValidBackup" };
  if (locked !== undefined) {
    return {
      ...failure,
      message: `no valid full backup of ${asked}: the locked answer says so${locked.since === undefined ? "" : ` since ${locked.since}`}`,
      hint: 'see whether there is one by now with "npx rds-dr refresh"',
    };
  }
  if (rejected.length === 0) {
    return {
      ...failure,
      message: `no valid full backup of ${asked}: the API lists no cross-region backup at all`,
      hint:
        request.crossBackupRegion === undefined && request.resourceGroupId === undefined
          ? "check that cross-region backup is enabled for the instance, and since when; a first copy can take a day"
          : "check crossBackupRegion and resourceGroupId, or leave them out: the API lists only what is there",
    };
  }
  const count = Object.values(leftOut).reduce((all, ofReason) => all + ofReason, rejected.length);
  const examples = newestOfEachReason(rejected, leftOut).map(
    ({ crossBackupId = "(no id)", reason, detail }) => `\n  ${reason}, such as ${crossBackupId}: ${detail}`,
  );
  return {
    ...failure,
    message: `no valid full backup of ${asked}: of ${count} records none is valid (${summariseRejections(rejected, leftOut)})${examples.join("")}`,
    hint: hintAtList(request),
  };
}

/** How every record of a question is seen. */
export function hintAtList({
  dbInstanceClass: _class,
  dbInstanceStorage: _storage,
  dbInstanceStorageType: _storageType,
  ...ofList
}: LatestRequest): string {
  return `see every record: npx rds-dr list ${flagsOf(ofList)}`;
}

/** Rejections come newest first; the most frequent reason leads. */
function newestOfEachReason(rejected: readonly Rejection[], leftOut: LeftOut): readonly Rejection[] {
  const groups = new Map<RejectionReason, Rejection[]>();
  for (const rejection of rejected) {
    groups.set(rejection.reason, [...(groups.get(rejection.reason) ?? []), rejection]);
  }
  const sizeOf = ([reason, { length }]: readonly [RejectionReason, Rejection[]]): number =>
    length + (leftOut[reason] ?? 0);
  return [...groups].sort((a, b) => sizeOf(b) - sizeOf(a)).flatMap(([, group]) => group.slice(0, 1));
}

/**
 * Says that a backup can be restored only where its source is, which is no help when that region is down;
 * undefined where that is not so, or was asked for.
 */
export function explainHomebound(
  request: LatestRequest,
  { crossBackupId, restoreRegions }: RestorableBackup,
): string | undefined {
  const away = restoreRegions.some((region) => region !== request.regionId);
  return away || request.restoreRegion !== undefined
    ? undefined
    : `the latest valid backup of ${requestText(request)}, ${crossBackupId}, can be restored only to ${request.regionId}, the region of its source: set restoreRegion to the region of the replacement`;
}

/**
 * Says that the latest valid backup is too old; undefined if it is not. `maxAgeHours` judges its data time, and
 * `maxRecoverableAgeHours` the end of its recovery window.
 */
export function explainStale(
  request: LatestRequest,
  { crossBackupId, dataTime, recoverableUntil = dataTime }: RestorableBackup,
  { maxAgeHours, maxRecoverableAgeHours }: AgeLimits,
  now: Instant,
): LookupFailure | undefined {
  const limits = [
    ["maxAgeHours", maxAgeHours, dataTime, "holds the data of", "copy"],
    ["maxRecoverableAgeHours", maxRecoverableAgeHours, recoverableUntil, "can be restored up to", "log"],
  ] as const;
  const broken = limits.flatMap(([limit, hours, time, finding, late]) =>
    hours === undefined || !isOlderThan(time, hours, now)
      ? []
      : [{ finding: `${finding} ${time}, which is more than ${limit} (${hours}) ago`, late }],
  );
  return broken.length === 0
    ? undefined
    : {
        kind: ErrorKind.NOT_FOUND,
        code: "BackupTooOld",
        message: `the latest valid backup of ${requestText(request)}, ${crossBackupId}, ${broken.map(({ finding }) => finding).join(", and ")}`,
        hint: `find out why no newer ${broken.map(({ late }) => late).join(" and no newer ")} arrived; in a real disaster, accept it with onStale "warn" or RDS_DR_ON_STALE=warn`,
      };
}

/** What is too old, where the preflight refused newer backups before it; undefined where it refused none. */
export function explainStaleFallback(
  stale: LookupFailure,
  rejected: readonly Rejection[],
): LookupFailure | undefined {
  const refused = rejected.filter(({ reason }) => reason === RejectionReason.PREFLIGHT_REFUSED);
  if (refused.length === 0) {
    return undefined;
  }
  const ids = refused.map(({ crossBackupId: id = "" }) => id).join(", ");
  return {
    ...stale,
    message: `the preflight refused ${ids}; of the others, ${stale.message}`,
    hint: 'find out what is wrong with the latest copy; onStale "warn" does not accept an older backup in its place; only a greater limit does',
  };
}

/** The question, in words. */
function requestText(request: LatestRequest): string {
  const { dbInstanceId, regionId, crossBackupRegion, restoreRegion, resourceGroupId, notAfter } = request;
  const { dbInstanceClass, dbInstanceStorage = "" } = request;
  return [
    `"${dbInstanceId}" of ${regionId}`,
    crossBackupRegion === undefined ? undefined : `stored in ${crossBackupRegion}`,
    restoreRegion === undefined ? undefined : `restorable to ${restoreRegion}`,
    dbInstanceClass === undefined ? undefined : `as ${dbInstanceClass} with ${dbInstanceStorage} GB`,
    resourceGroupId === undefined ? undefined : `in the resource group ${resourceGroupId}`,
    notAfter === undefined ? undefined : `not after ${notAfter}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}
