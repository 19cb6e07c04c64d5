import type { Instant } from "../backup/instant";
import type { SelectionCriteria } from "../backup/validity";
import { checkStorageGb, checkStorageType } from "../rds-api/actions/check-create-ddr-db-instance";
import {
  checkDescribeCrossRegionBackups,
  type DescribeCrossRegionBackupsRequest,
} from "../rds-api/actions/describe-cross-region-backups";
import { checkEndpoint, checkEndpointServes } from "../rds-api/endpoint";
import {
  checkHours,
  checkInstanceClass,
  checkInstant,
  checkRegionId,
  checkRoleArn,
  checkTags,
  checkThat,
  ifGiven,
  InvalidRequestError,
} from "../validation/checks";
import type { InstancesRequest } from "./discover";

/** How a query reaches the API: none of it decides which backup is the right one. */
export interface Connection {
  /** Host, host:port or URL of the endpoint, or `vpc`. @default - the public endpoint of the region */
  readonly endpoint?: string;
  /** The same for `restoreRegion`, which a preflight asks. @default - the public endpoint of that region */
  readonly restoreEndpoint?: string;
  /** Profile of the Alibaba Cloud CLI. @default - see `Credentials` */
  readonly profile?: string;
  /** RAM role that those credentials assume. @default - none */
  readonly roleArn?: string;
}

/** What decides which backup of an instance is the latest valid one. */
export interface LatestRequest extends SelectionCriteria {
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  readonly resourceGroupId?: string;
  /** Set if the recoverable window of the backup is asked for as well. */
  readonly recoveryWindow?: true;
  /** Instance type of the restore: only backups that `restoreRegion` accepts for it. @default - it is not asked */
  readonly dbInstanceClass?: string;
  /** Storage of the restore, GB; goes with the class. */
  readonly dbInstanceStorage?: number;
  /** Storage type of the restore as Terraform's resources spell it. @default - that of the backup */
  readonly dbInstanceStorageType?: string;
}

/** How old a backup may be, hours; undefined for any age. */
export interface AgeLimits {
  /** Judges the data time. */
  readonly maxAgeHours?: number | undefined;
  /** Judges the end of the recovery window. */
  readonly maxRecoverableAgeHours?: number | undefined;
}

/**
 * Checks how old a backup may be.
 *
 * @throws InvalidRequestError if a limit is no number of hours, or judges a window that is not looked up
 */
export function checkAgeLimits(
  { maxAgeHours, maxRecoverableAgeHours }: AgeLimits,
  recoveryWindow: boolean | undefined,
): void {
  ifGiven(checkHours, "maxAgeHours", maxAgeHours);
  ifGiven(checkHours, "maxRecoverableAgeHours", maxRecoverableAgeHours);
  if (maxRecoverableAgeHours !== undefined && recoveryWindow !== true) {
    const allowed = "omitted unless the recovery window is looked up (recoveryWindow, or --window)";
    throw new InvalidRequestError("maxRecoverableAgeHours", maxRecoverableAgeHours, allowed);
  }
}

interface Query<K, R> {
  readonly kind: K;
  readonly request: R;
  readonly connection: Connection;
}

/** Asks for the latest valid full backup of an instance. */
export type LatestQuery = Query<"latest", LatestRequest>;

/** Asks for every record that one request of the API names; without id and times, for all that can still be kept. */
export type ListQuery = Query<"list", DescribeCrossRegionBackupsRequest>;

/** Asks about the backups of one instance. */
export type BackupQuery = LatestQuery | ListQuery;

/** Asks which instances there are in a region. */
export type InstancesQuery = Query<"instances", InstancesRequest>;

/** A question to the API, as JSON can carry it. */
export type LookupQuery = BackupQuery | InstancesQuery;

/**
 * Checks a question without asking it.
 *
 * @throws InvalidRequestError names the parameter, the value and what is allowed
 */
export function checkQuery({ kind, request, connection }: LookupQuery): void {
  if (kind === "instances") {
    checkRegionId("regionId", request.regionId);
    ifGiven(checkTrue, "all", request.all);
    ifGiven(checkTags, "tags", request.tags);
    ifGiven(checkProfile, "profile", request.profile);
    ifGiven(checkRoleArn, "roleArn", request.roleArn);
  } else {
    checkDescribeCrossRegionBackups(request);
  }
  if (kind === "latest") {
    ifGiven(checkRegionId, "restoreRegion", request.restoreRegion);
    ifGiven(checkInstant, "notAfter", request.notAfter);
    ifGiven(checkTrue, "recoveryWindow", request.recoveryWindow);
    checkPreflight(request, connection);
  }
  checkEndpointFor("endpoint", connection.endpoint, request.regionId);
  ifGiven(checkProfile, "profile", connection.profile);
  ifGiven(checkRoleArn, "roleArn", connection.roleArn);
}

function checkPreflight(
  { restoreRegion, dbInstanceClass, dbInstanceStorage, dbInstanceStorageType }: LatestRequest,
  { restoreEndpoint }: Connection,
): void {
  if ((dbInstanceClass ?? dbInstanceStorage ?? dbInstanceStorageType) === undefined) {
    if (restoreEndpoint !== undefined) {
      const allowed = "omitted without a preflight: nothing else uses it";
      throw new InvalidRequestError("restoreEndpoint", restoreEndpoint, allowed);
    }
    return;
  }
  checkInstanceClass("dbInstanceClass", dbInstanceClass);
  checkStorageGb("dbInstanceStorage", dbInstanceStorage);
  ifGiven(checkStorageType, "dbInstanceStorageType", dbInstanceStorageType);
  if (restoreRegion === undefined) {
    const allowed = "given with a preflight, which asks that region";
    throw new InvalidRequestError("restoreRegion", undefined, allowed);
  }
  checkEndpointFor("restoreEndpoint", restoreEndpoint, restoreRegion);
}

function checkEndpointFor(name: string, endpoint: string | undefined, regionId: string): void {
  if (endpoint !== undefined) {
    checkEndpoint(name, endpoint);
    checkEndpointServes(name, endpoint, regionId);
  }
}

/** Throws unless the value can be the name of a profile. */
export const checkProfile = checkThat(
  (value) => typeof value === "string" && /\S/.test(value),
  "the name of a profile of the Alibaba Cloud CLI",
);

/** False would be another key for the same question. */
const checkTrue = checkThat((value) => value === true, "true, or omitted");

/**
 * The time now, cut to the second: read once for a run, then passed in.
 *
 * @param epochMs what the clock says, milliseconds since 1970
 */
export function readClock(epochMs = Date.now()): Instant {
  return `${new Date(epochMs).toISOString().slice(0, "yyyy-MM-ddTHH:mm:ss".length)}Z`;
}

/** What a question is about, in words. */
export function subjectOf({ request }: Pick<LookupQuery, "request">): string {
  return "dbInstanceId" in request
    ? `"${request.dbInstanceId}" of ${request.regionId}`
    : `the instances of ${request.regionId}`;
}

/**
 * Readable text that two queries share if and only if they must get the same answer, such as
 * `latest rm-uf6wjk5xxxx regionId=cn-hangzhou restoreRegion=cn-shanghai`, or `instances cn-hangzhou tag:dr=true`.
 */
export function queryKey({ kind, request }: LookupQuery): string {
  const known = keys.get(request);
  if (known?.startsWith(`${kind} `) === true) {
    return known;
  }
  const { tags = {}, ...parameters } = { tags: undefined, ...request };
  const values: Readonly<Record<string, string | number | boolean | undefined>> = parameters;
  const subject = kind === "instances" ? "regionId" : "dbInstanceId";
  let key = `${kind} ${String(values[subject])}`;
  for (const [name, value] of Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))) {
    // If every page is read, their size decides nothing.
    const isIgnored = name === subject || (name === "pageSize" && values["pageNumber"] === undefined);
    if (value !== undefined && !isIgnored) {
      key += ` ${name}=${kind === "instances" ? inKey(String(value)) : String(value)}`;
    }
  }
  for (const tag of Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))) {
    key += ` tag:${tag.map(inKey).join("=")}`;
  }
  keys.set(request, key);
  return key;
}

/** The keys of requests, which never change: each answer that is weighed needs its key several times. */
const keys = new WeakMap<LookupQuery["request"], string>();

/** Any text, such as that of a tag, as a part of a key. */
function inKey(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The instance that is to be created out of a backup. */
export interface Restore {
  /** Region of the **destination**. */
  readonly regionId: string;
  readonly dbInstanceClass: string;
  /** GB. */
  readonly dbInstanceStorage: number;
  /** As Terraform's resources spell it. @default - that of the backup */
  readonly dbInstanceStorageType?: string;
}

/** What a question wants the region of the restore to accept; undefined if it has no preflight. */
export function restoreOf({ request }: LatestQuery): Restore | undefined {
  const { restoreRegion: regionId, dbInstanceClass, dbInstanceStorage, dbInstanceStorageType } = request;
  return regionId === undefined || dbInstanceClass === undefined || dbInstanceStorage === undefined
    ? undefined
    : { regionId, dbInstanceClass, dbInstanceStorage, dbInstanceStorageType };
}

/** A run of the engine, as JSON can carry it to another thread. */
export interface LookupRun {
  readonly queries: readonly LookupQuery[];
  /** The time that counts as now. */
  readonly now: Instant;
  /** How long the whole run may take, seconds. */
  readonly deadlineSeconds: number;
  /** Most requests at once for one endpoint, profile and role. */
  readonly concurrency: number;
  /** The variables in which credentials are found. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
