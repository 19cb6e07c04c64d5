import type { Instant } from "../backup/instant";
import { flagsOf } from "../backup/record-fields";
import { isOlderThan, type RestorableBackup } from "../backup/restorable-backup";
import { type LeftOut, type Rejection, type RejectionReason, summariseRejections } from "../backup/validity";
import { ErrorKind } from "../rds-api/errors/error-kind";
import type { LookupFailure, NoneAnswer } from "./answer";
import { type AgeLimits, type LatestRequest, subjectOf } from "./query";

/** Says that there is no valid backup: why, with the newest record of each reason, and what to do. */
export function explainNone(
  request: LatestRequest,
  { origin, rejected, leftOut = {}, since }: Omit<NoneAnswer, "status">,
): LookupFailure {
  const none = `no valid full backup of ${requestText(request)}`;
  const failure = { kind: ErrorKind.NOT_FOUND, code: "NoValidBackup" };
  if (origin !== "api") {
    const message = `${none}: the locked answer says so${since === undefined ? "" : ` since ${since}`}`;
    return { ...failure, message, hint: 'see whether there is one by now with "npx rds-dr refresh"' };
  }
  if (rejected.length === 0) {
    const isNarrow = request.crossBackupRegion !== undefined || request.resourceGroupId !== undefined;
    return {
      ...failure,
      message: `${none}: the API lists no cross-region backup at all`,
      hint: isNarrow
        ? "check crossBackupRegion and resourceGroupId, or omit them: the API lists only what is there"
        : "check that cross-region backup is enabled for the instance, and since when; a first copy can take a day",
    };
  }
  const count = Object.values(leftOut).reduce((all, ofReason) => all + ofReason, rejected.length);
  const examples = newestOfEachReason(rejected, leftOut).map(
    ({ crossBackupId = "(no id)", reason, detail }) => `\n  ${reason}, such as ${crossBackupId}: ${detail}`,
  );
  const summary = summariseRejections(rejected, leftOut);
  const message = `${none}: of ${count} records none is valid (${summary})${examples.join("")}`;
  return { ...failure, message, hint: hintAtList(request) };
}

/** How to see every record of a question. */
export function hintAtList(request: LatestRequest): string {
  const { dbInstanceId, regionId, crossBackupRegion, restoreRegion, resourceGroupId, notAfter } = request;
  const ofList = { dbInstanceId, regionId, crossBackupRegion, restoreRegion, resourceGroupId, notAfter };
  return `see every record: npx rds-dr list ${flagsOf(ofList)}`;
}

/** Rejections come newest first; the most frequent reason leads. */
function newestOfEachReason(rejected: readonly Rejection[], leftOut: LeftOut): readonly Rejection[] {
  const groups = new Map<RejectionReason, { readonly newest: Rejection; count: number }>();
  for (const newest of rejected) {
    const group = groups.get(newest.reason) ?? { newest, count: leftOut[newest.reason] ?? 0 };
    group.count++;
    groups.set(newest.reason, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count).map(({ newest }) => newest);
}

/**
 * Says that a backup can be restored only to the region of its source, which is no help if that region is down;
 * undefined if that is not so, or if the question names that region.
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

/** Says what is too old if the preflight refused newer backups before it; undefined if it refused none. */
export function explainStaleFallback(stale: LookupFailure, rejected: readonly Rejection[]): LookupFailure | undefined {
  const refused = rejected.filter(({ reason }) => reason === "preflight-refused");
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
  const { crossBackupRegion, restoreRegion, resourceGroupId, notAfter } = request;
  const { dbInstanceClass, dbInstanceStorage = "" } = request;
  const parts = [
    crossBackupRegion && `stored in ${crossBackupRegion}`,
    restoreRegion && `restorable to ${restoreRegion}`,
    dbInstanceClass && `as ${dbInstanceClass} with ${dbInstanceStorage} GB`,
    resourceGroupId && `in the resource group ${resourceGroupId}`,
    notAfter && `not after ${notAfter}`,
  ];
  return [subjectOf({ request }), ...parts.filter((part) => part !== undefined)].join(", ");
}
