import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { RestorableBackup } from "../backup/restorable-backup";
import type { SelfContradiction } from "../lock/contradictions";
import { type Lock, lockedAnswer, lockedFlaw } from "../lock/locked-answers";
import { connectionToDestination, type Settings, withConnection } from "../lock/settings";
import { checkRequestFor, conclusiveCheckFor } from "../lookup/preflight";
import { checkQuery, type Connection, type LatestQuery, restoreOf } from "../lookup/query";
import {
  type CheckCreateDdrDbInstanceRequest,
  checkDdrRequest,
} from "../rds-api/actions/check-create-ddr-db-instance";
import { checkEndpointServes } from "../rds-api/endpoint";
import { InvalidRequestError } from "../validation/invalid-request-error";
import type { Finding } from "./exit-code";
import { type KeyedEntry, notLocked, questionOf, unfit } from "./lock-entry";

/** What is to be asked about a locked answer. */
export interface LockedSubject {
  readonly key: string;
  readonly query: LatestQuery;
  /** The locked backup; absent where none is valid. */
  readonly backup?: RestorableBackup;
  /** Why the API is not to be asked, where that is so. */
  readonly flaw?: Finding;
  /** The contradiction within the locked backup, if there is one. */
  readonly contradiction?: SelfContradiction;
  /** What to know of the locked backup, such as that it is pinned, or expires. */
  readonly warnings: readonly string[];
  /** What is to be created out of it, as the command says, else as its question does; absent where that is not asked. */
  readonly replacement?: CheckCreateDdrDbInstanceRequest;
  /** How the region of the replacement is reached. */
  readonly destination?: Connection;
}

/** What is to be created out of the locked backups. */
export interface Replacement {
  readonly dbInstanceClass: string;
  /** GB. */
  readonly dbInstanceStorage: number;
  readonly restoreRegion?: string;
}

/**
 * The locked answers about these instances, or about all: lists and latest backups.
 *
 * @throws CommandFailure if there is none of one of them
 */
export function entriesAbout(lock: Lock, ids: readonly string[] | undefined): readonly KeyedEntry[] {
  const entries = Object.entries(lock.answers);
  if (entries.length === 0) {
    throw notLocked("any instance", lock);
  }
  const missing = ids?.filter((id) => !entries.some(([, { query }]) => query?.["dbInstanceId"] === id)) ?? [];
  if (missing.length > 0) {
    throw notLocked(`--db-instance-id ${missing.join(" ")}`, lock);
  }
  return entries.filter(([, { query }]) => ids?.some((id) => query?.["dbInstanceId"] === id) ?? true);
}

/** What all locked answers are seen by. */
export interface View {
  readonly lock: Lock;
  readonly settings: Settings;
  /** What the command says of the way to the API. */
  readonly given: Connection;
  readonly replacement: Replacement | undefined;
  readonly now: Instant;
}

/**
 * What is to be asked about a locked answer.
 *
 * @throws InvalidRequestError where the region of the replacement cannot be told
 * @throws CommandFailure where the answer was written down without what the questions need
 */
export function subjectFor(entry: KeyedEntry, view: View): LockedSubject {
  const { lock, settings, replacement, now } = view;
  const { endpoint, profile, roleArn } = view.given;
  const [key, { backup: locked }] = entry;
  const query = withConnection(questionOf(entry, { endpoint, profile, roleArn }), settings);
  checkQuery(query);
  const subject = {
    key,
    query,
    ...optional("backup", locked ?? undefined),
    ...optional("contradiction", lockedFlaw(query, lock, now)),
    warnings: [],
  };
  const answer = lockedAnswer(query, lock, now);
  switch (answer.status) {
    case "found": {
      const { backup, warnings = [] } = answer;
      if (replacement !== undefined) {
        return withReplacement({ ...subject, warnings }, requestFor(key, query, backup, replacement), view);
      }
      const restore = restoreOf(query);
      const check = restore && conclusiveCheckFor(restore, backup);
      if (check === undefined) {
        return { ...subject, warnings };
      }
      return "request" in check
        ? withReplacement({ ...subject, warnings }, check.request, view)
        : { ...subject, warnings: [...warnings, `"${key}" is not checked: ${check.inconclusive}`] };
    }
    case "error":
      return { ...subject, flaw: { verdict: "unknown", failure: answer.error } };
    case "none":
    case "listed": {
      const detail = 'no valid backup is locked; see whether there is one by now with "npx rds-dr refresh"';
      return { ...subject, flaw: { verdict: "no", detail } };
    }
  }
}

function withReplacement(
  subject: LockedSubject,
  replacement: CheckCreateDdrDbInstanceRequest,
  { given, settings }: View,
): LockedSubject {
  const { restoreEndpoint } = given;
  if (restoreEndpoint !== undefined) {
    checkEndpointServes("restoreEndpoint", restoreEndpoint, replacement.regionId);
  }
  const destination = connectionToDestination(replacement.regionId, given, settings);
  return { ...subject, replacement, destination };
}

function requestFor(
  key: string,
  { request }: LatestQuery,
  backup: RestorableBackup,
  { dbInstanceClass, dbInstanceStorage, restoreRegion }: Replacement,
): CheckCreateDdrDbInstanceRequest {
  const { restoreRegions, engine = "(none)", engineVersion = "(none)" } = backup;
  const [away, ...others] = restoreRegions.filter((region) => region !== request.regionId);
  const regionId = restoreRegion ?? request.restoreRegion ?? (others.length === 0 ? away : undefined);
  if (regionId === undefined) {
    const allowed = `given for "${key}", whose backup can be restored to ${restoreRegions.join(", ")} (narrow by --db-instance-id where it is not for all)`;
    throw new InvalidRequestError("restoreRegion", undefined, allowed);
  }
  const made = checkRequestFor({ regionId, dbInstanceClass, dbInstanceStorage }, backup);
  if (made === undefined) {
    const names = `${engine} ${engineVersion}`;
    throw unfit(`the locked answer "${key}" names no engine and version to restore with, but ${names}`);
  }
  checkDdrRequest(made);
  return made;
}
