import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { optional } from "../backup/json-object";
import { connectionToSource } from "../lock/connection";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import { type Connection, type LatestQuery, type ListQuery, readClock } from "../lookup/query";
import { knownAccount } from "../rds-api/credentials/caller-account";
import { endpointFor, endpointOrigin } from "../rds-api/endpoint";
import { type InstanceReport, reportOn } from "../report/instance-report";
import { type Place, type Report, worstFirst } from "../report/report";
import { ownManifest } from "../validation/own-package";
import { answerEach } from "./answer-queries";
import type { Io } from "./io";
import { type Subject, type SubjectOptions, type Subjects, subjectsOf } from "./report-subjects";

/**
 * Asks for everything that a report says. Of each instance: its records, one request for each 100; with its recovery
 * window one more for each 100 logs since its latest backup, and one more for MySQL. The lists of instances cost one
 * request for each 30.
 *
 * @throws InvalidRequestError before anything is asked
 * @throws CommandFailure
 */
export async function makeReport(options: SubjectOptions, settings: Settings, io: Io): Promise<Report> {
  const { subjects, places } = await subjectsOf(options, settings, io);
  const now = readClock();
  const instances = subjects.filter(({ isCopied }) => !isCopied).map((subject) => reportOn(subject, now));
  const copied = subjects.filter(({ isCopied }) => isCopied);
  const queries = copied.map((subject) => queriesFor(subject, options));
  const [asked] = await Promise.all([
    Promise.all(places.map((place) => placeIn(place, subjects, options, settings, io))),
    answerEach(queries, io, settings, ([answer, list], index, askedAt) => {
      const subject = copied[index];
      if (subject !== undefined) {
        instances.push(reportOn({ ...subject, ...optional("answer", answer), ...optional("list", list) }, askedAt));
      }
    }),
  ]);
  const hosts = [...asked.map(({ endpoint }) => endpoint), ...subjects.map(({ lockedEndpoint }) => lockedEndpoint)];
  return {
    version: ownManifest().version,
    generatedAt: readClock(),
    restoreRegion: options.restoreRegion,
    standIns: [...new Set(hosts.flatMap((host) => endpointOrigin(host) ?? []))],
    lockFile: lockFileOf(settings),
    includesUncopied: options.all === true,
    places: asked,
    instances: onceEach(worstFirst(instances)),
  };
}

/** The questions for the latest backup of an instance and for all its records: one listing answers both. */
function queriesFor(
  { request, profile }: Subject,
  { endpoint, roleArn }: SubjectOptions,
): readonly [LatestQuery, ListQuery] {
  const connection: Connection = { endpoint, roleArn, profile };
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  const all = { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
  return [
    { kind: "latest", request, connection },
    { kind: "list", request: all, connection },
  ];
}

/** Of an instance that is there twice, as with two locked questions, the worse report. */
function onceEach(reports: readonly InstanceReport[]): readonly InstanceReport[] {
  const seen = new Set<string>();
  return reports.filter(({ request: { dbInstanceId, regionId }, profile }) => {
    const key = JSON.stringify([dbInstanceId, regionId, profile]);
    return !seen.has(key) && seen.add(key);
  });
}

async function placeIn(
  { regionId, profile, failure }: Subjects["places"][0],
  subjects: readonly Subject[],
  options: SubjectOptions,
  settings: Settings,
  io: Io,
): Promise<Place> {
  const ofPlace = subjects.filter((each) => each.request.regionId === regionId && each.profile === profile);
  const isUnlisted = failure !== undefined && options.from === undefined;
  const place = { regionId, profile, failure, count: isUnlisted ? undefined : ofPlace.length };
  if (settings.mode === Mode.LOCKED) {
    return { ...place, accountId: undefined, endpoint: undefined };
  }
  const { endpoint, roleArn } = options;
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
