import { optional } from "../backup/json-object";
import type { RestorableBackup } from "../backup/restorable-backup";
import { explainContradictions, explainUnprovenDataTime, flawText } from "../lock/contradictions";
import { type Lock, lockedAnswer, lockedFlaw } from "../lock/locked-answers";
import { connectionToDestination, withConnection } from "../lock/connection";
import type { LookupFailure } from "../lookup/answer";
import type { AnswerOnLocked, Engine } from "../lookup/engine";
import { checkRequestFor, conclusiveCheckFor } from "../lookup/preflight";
import { checkQuery, type Connection, type LatestQuery, restoreOf } from "../lookup/query";
import { type CheckCreateDdrDbInstanceRequest, checkDdrRequest } from "../rds-api/actions/check-create-ddr-db-instance";
import { checkEndpointServes } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import type { Circumstances } from "./answer-queries";
import { ExitCode, exitCodeFor } from "./exit-code";
import { type KeyedEntry, questionOf, unfit } from "./locked-entry";

/** What the API says to one question about a locked backup. */
export interface ApiWord {
  readonly verdict: "yes" | "no" | "unknown" | "not-asked";
  /** Why it is "no". */
  readonly detail?: string;
  /** The error by which the API says "no", or because of which the word is unknown. */
  readonly failure?: LookupFailure;
}

/** A locked answer, and what the API says about it. */
export interface LockedCheck {
  readonly key: string;
  readonly query: LatestQuery;
  /** Undefined if the answer is that there is no valid backup. */
  readonly backup: RestorableBackup | undefined;
  /** The region of the instance that would be created; undefined if the API is not asked about one. */
  readonly destination: string | undefined;
  /** What to know about the locked backup, such as that it is pinned, or expires. */
  readonly warnings: readonly string[];
  /** Whether the backup is still there as it is locked, and valid for its question. */
  readonly existence: ApiWord;
  /** Whether the destination accepts it. */
  readonly restorability: ApiWord;
}

/** The instance that is to be created from the locked backups. */
export interface WantedInstance {
  readonly dbInstanceClass: string;
  /** GB. */
  readonly dbInstanceStorage: number;
  readonly restoreRegion?: string;
}

/** What all checks of a run share. */
export interface CheckRun extends Circumstances {
  readonly lock: Lock;
  /** How the command reaches the API. */
  readonly given: Connection;
  readonly wanted: WantedInstance | undefined;
}

const notAsked: ApiWord = { verdict: "not-asked" };

const remedy =
  'lock another one with "npx rds-dr refresh" (an older one with --accept-older), or with "npx rds-dr pin" if it is pinned';

const noneLocked = 'no valid backup is locked; see whether there is one now with "npx rds-dr refresh"';

const correction = 'lock what RDS says with "npx rds-dr refresh"; a pinned one is corrected too, and keeps its pin';

/**
 * Prepares the check of a locked answer, without asking anything yet.
 *
 * @returns the check, which asks the region of the source and that of the destination
 * @throws InvalidRequestError if the region of the instance to create is not known
 * @throws CommandFailure if the answer was written by hand, without what the questions need
 */
export function prepareCheck(entry: KeyedEntry, run: CheckRun): (engine: Engine) => Promise<LockedCheck> {
  const { lock, settings, given, now } = run;
  const [key, { backup: locked }] = entry;
  const query = withConnection(questionOf(entry, { ...given, restoreEndpoint: undefined }), settings);
  checkQuery(query);
  const answer = lockedAnswer(query, lock, now);
  const base = { key, query, backup: locked ?? undefined, destination: undefined, warnings: [] };
  if (answer.status !== "found") {
    const existence: ApiWord =
      answer.status === "error" ? { verdict: "unknown", failure: answer.error } : { verdict: "no", detail: noneLocked };
    return () => Promise.resolve({ ...base, existence, restorability: notAsked });
  }
  const { backup, warnings: known = [] } = answer;
  const { request, unchecked } = requestFor(key, query, backup, run);
  if (request !== undefined && given.restoreEndpoint !== undefined) {
    checkEndpointServes("restoreEndpoint", given.restoreEndpoint, request.regionId);
  }
  const destination = request && connectionToDestination(request.regionId, given, settings);
  const flaw = lockedFlaw(query, lock, now);
  return async (engine) => {
    const [byId, restorability] = await Promise.all([
      engine.lookUpLocked(query, backup),
      request === undefined ? notAsked : askDestination(engine, destination ?? {}, request),
    ]);
    const unproven = byId.status === "valid" ? explainUnprovenDataTime(backup, byId.backup) : undefined;
    const doubt = unproven && `"${key}" may be older than it says: ${unproven}; ${correction}`;
    const warnings = [...known, unchecked, doubt].filter((each) => each !== undefined);
    const existence = existenceOf(backup, byId, flaw && flawText(flaw));
    return { ...base, backup, destination: request?.regionId, warnings, existence, restorability };
  };
}

/** The request that asks the destination, or why there is none. */
function requestFor(
  key: string,
  query: LatestQuery,
  backup: RestorableBackup,
  { wanted }: CheckRun,
): { readonly request?: CheckCreateDdrDbInstanceRequest; readonly unchecked?: string } {
  if (wanted !== undefined) {
    return { request: requestForWanted(key, query, backup, wanted) };
  }
  const restore = restoreOf(query);
  const check = restore && conclusiveCheckFor(restore, backup);
  return check === undefined || "request" in check
    ? { ...optional("request", check?.request) }
    : { unchecked: `"${key}" is not checked: ${check.inconclusive}` };
}

function requestForWanted(
  key: string,
  { request }: LatestQuery,
  backup: RestorableBackup,
  { dbInstanceClass, dbInstanceStorage, restoreRegion }: WantedInstance,
): CheckCreateDdrDbInstanceRequest {
  const { restoreRegions, engine = "(none)", engineVersion = "(none)" } = backup;
  const [away, ...others] = restoreRegions.filter((region) => region !== request.regionId);
  const regionId = restoreRegion ?? request.restoreRegion ?? (others.length === 0 ? away : undefined);
  if (regionId === undefined) {
    const allowed = `given for "${key}", whose backup can be restored to ${restoreRegions.join(", ")} (if it is not for all, use --db-instance-id)`;
    throw new InvalidRequestError("restoreRegion", undefined, allowed);
  }
  const made = checkRequestFor({ regionId, dbInstanceClass, dbInstanceStorage }, backup);
  if (made === undefined) {
    const names = `${engine} ${engineVersion}`;
    throw unfit(`the locked answer "${key}" names no usable engine and version: ${names}`);
  }
  checkDdrRequest(made);
  return made;
}

/** What contradicts itself is not there as it is locked, even if the region of the source gives no answer. */
function existenceOf(locked: RestorableBackup, answer: AnswerOnLocked, selfContradiction: string | undefined): ApiWord {
  const { crossBackupId } = locked;
  if (answer.status === "invalid") {
    return { verdict: "no", detail: `${crossBackupId} is no longer ${answer.isNot}; ${remedy}` };
  }
  const facts =
    (answer.status === "valid" ? explainContradictions(locked, answer.backup) : undefined) ?? selfContradiction;
  if (facts !== undefined) {
    return { verdict: "no", detail: `${crossBackupId} is not as it is locked: ${facts}; ${correction}` };
  }
  const failure = answer.status === "error" ? answer.error : answer.windowFailure;
  return failure === undefined ? { verdict: "yes" } : { verdict: "unknown", failure };
}

async function askDestination(
  engine: Engine,
  destination: Connection,
  request: CheckCreateDdrDbInstanceRequest,
): Promise<ApiWord> {
  const answer = await engine.checkCreate(request, destination);
  if (typeof answer === "object") {
    const { error } = answer;
    return isRefusal(error)
      ? { verdict: "no", detail: error.sharedReason ?? error.message, failure: error }
      : { verdict: "unknown", failure: error };
  }
  const { regionId, dbInstanceClass, dbInstanceStorage } = request;
  const detail = `CheckCreateDdrDBInstance, which knows no cloud disks, does not accept it for ${dbInstanceClass} with ${dbInstanceStorage} GB in ${regionId}`;
  return answer ? { verdict: "yes" } : { verdict: "no", detail };
}

const kindsOfRefusals: ReadonlySet<ErrorKind> = new Set([ErrorKind.MISUSE, ErrorKind.NOT_FOUND, ErrorKind.UNSUPPORTED]);

/** Whether the API itself says no by an error: it has read what it gives a request id to. */
function isRefusal({ kind, requestId }: LookupFailure): boolean {
  return requestId !== undefined && kindsOfRefusals.has(kind);
}

/**
 * Whether it does not matter that the region of the source gives no answer: it may be the failed one. The
 * destination accepts the backup, so it has seen its id.
 */
export function isVouchedFor({ existence, restorability }: LockedCheck): boolean {
  return exitCodeOfWord(existence) === ExitCode.UNREACHABLE && restorability.verdict === "yes";
}

/** The exit code of a check: the greater one of its two words. */
export function exitCodeOfCheck(check: LockedCheck): number {
  const existence = isVouchedFor(check) ? ExitCode.DONE : exitCodeOfWord(check.existence);
  return Math.max(existence, exitCodeOfWord(check.restorability));
}

function exitCodeOfWord({ verdict, failure }: ApiWord): ExitCode {
  return verdict === "no" ? ExitCode.NO_BACKUP : exitCodeFor(failure);
}
