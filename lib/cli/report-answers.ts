import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { DeclaredQuestion } from "../lock/answer-by-mode";
import { optional } from "../backup/json-object";
import { connectionToSource } from "../lock/connection";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import type { LookupQuery } from "../lookup/query";
import { knownAccount } from "../rds-api/credentials/caller-account";
import { endpointFor, endpointOrigin } from "../rds-api/endpoint";
import { type InstanceReport, reportOn } from "../report/instance-report";
import { type Place, type Report, worstFirst } from "../report/report";
import { ownManifest } from "../validation/own-package";
import { answerQueries } from "./answer-queries";
import type { Io } from "./io";
import { pinsFor, type Subject, type SubjectOptions, type Subjects, subjectsOf } from "./report-subjects";

/**
 * Asks for everything that a report says. Of each instance: its records, one request for each 100; with its recovery
 * window one more for each 100 logs since its latest backup, and one more for MySQL. The lists of instances cost one
 * request for each 30.
 *
 * @param declared what the app asks, if it says which instances the report is about
 * @throws InvalidRequestError before anything is asked
 * @throws CommandFailure
 */
export async function makeReport(
  options: SubjectOptions,
  declared: readonly DeclaredQuestion[],
  settings: Settings,
  io: Io,
): Promise<Report> {
  const { subjects, places, warnings = [] } = await subjectsOf(options, declared, settings, io);
  const copied = subjects.filter(({ isCopied }) => isCopied);
  const queries = copied.map((subject) => queriesFor(subject, options, settings));
  const [{ answers, now }, asked] = await Promise.all([
    answerQueries(queries.flat(), io, settings, { namesRequests: true }),
    Promise.all(places.map((place) => placeIn(place, subjects, options, settings, io))),
  ]);
  let next = 0;
  const answersTo = new Map(
    copied.map((subject, index) => {
      const [answer, list, windowed] = answers.slice(next, (next += queries[index]?.length ?? 0));
      return [subject, { answer, list, windowed }];
    }),
  );
  const pins = pinsFor(options.restoreRegion, settings);
  const hosts = [...asked.map(({ endpoint }) => endpoint), ...subjects.map(({ lockedEndpoint }) => lockedEndpoint)];
  return {
    version: ownManifest().version,
    generatedAt: now,
    restoreRegion: options.restoreRegion,
    standIns: [...new Set(hosts.flatMap((host) => endpointOrigin(host) ?? []))],
    lockFile: lockFileOf(settings),
    includesUncopied: options.all === true,
    places: asked,
    warnings,
    instances: onceEach(
      worstFirst(
        subjects.map((subject) =>
          reportOn({ ...subject, ...answersTo.get(subject), ...optional("pinnedSince", pins(subject)) }, now),
        ),
      ),
    ),
  };
}

/**
 * The questions for the latest backup of an instance and for all its records: one listing answers both. A question of
 * the app is asked as it is, since the lock file knows it so; if it does not want the window, another one does.
 */
function queriesFor(
  { request, connection }: Subject,
  { window }: SubjectOptions,
  { mode }: Settings,
): readonly LookupQuery[] {
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  const all = { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
  const isWindowMissing = window && mode !== Mode.LOCKED && request.recoveryWindow === undefined;
  return [
    { kind: "latest", request, connection },
    { kind: "list", request: all, connection },
    ...(isWindowMissing
      ? [{ kind: "latest", request: { ...request, recoveryWindow: true }, connection } as const]
      : []),
  ];
}

/** Of an instance that is there twice, as with two locked questions, the worse report. */
function onceEach(reports: readonly InstanceReport[]): readonly InstanceReport[] {
  const seen = new Set<string>();
  return reports.filter(({ request: { dbInstanceId, regionId }, profile, roleArn }) => {
    const key = JSON.stringify([dbInstanceId, regionId, profile, roleArn]);
    return !seen.has(key) && seen.add(key);
  });
}

async function placeIn(
  { regionId, profile, roleArn, endpoint, failure, requestIds = [] }: Subjects["places"][0],
  subjects: readonly Subject[],
  options: SubjectOptions,
  settings: Settings,
  io: Io,
): Promise<Place> {
  const ofPlace = subjects.filter(
    ({ request, connection }) =>
      request.regionId === regionId && connection.profile === profile && connection.roleArn === roleArn,
  );
  const isUnlisted = failure !== undefined && options.regionId !== undefined && options.from === undefined;
  const place = { regionId, profile, roleArn, failure, requestIds, count: isUnlisted ? undefined : ofPlace.length };
  if (settings.mode === Mode.LOCKED) {
    return { ...place, accountId: undefined, endpoint: undefined };
  }
  const connection = connectionToSource(regionId, { endpoint, roleArn, profile }, settings);
  return {
    ...place,
    endpoint: endpointFor(regionId, connection.endpoint),
    accountId: await knownAccount(connection, io.environment, settings.deadlineSeconds),
  };
}

/** The lock file that was read, if there is one. */
function lockFileOf({ lockFile, answers }: Settings): Report["lockFile"] {
  if (lockFile === undefined || answers !== undefined || !existsSync(lockFile)) {
    return undefined;
  }
  return { path: lockFile, sha256: createHash("sha256").update(readFileSync(lockFile)).digest("hex") };
}
