import { optional } from "../backup/json-object";
import type { Lock } from "../lock/locked-answers";
import { Mode } from "../lock/mode";
import type { Connection, LatestRequest } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import { copyingOfEach, type Discovery, discoverEach, type DiscoveryOptions, type Group } from "./discovery";
import { readInstances } from "./given-instances";
import type { Io } from "./io";
import { questionsFor } from "./report-app";
import { goneFromLists, lockedSubjects } from "./report-lock";
import type { Question, ReportRun, Subject, SubjectOptions, Subjects } from "./report-run";

/**
 * The instances that the options name: those of regions, of files, of the lock file, or else of the app.
 *
 * @throws InvalidRequestError also if one of them has no objective
 * @throws CommandFailure if the lock file has none
 */
export async function subjectsOf(run: ReportRun, lock: Lock): Promise<Subjects> {
  const { options, declared, io } = run;
  const { regionId, from, locked } = options;
  if (locked) {
    return lockedSubjects(options.restoreRegion, objectiveOf(undefined, options), lock);
  }
  if (from !== undefined) {
    return askedSubjects(await questionsOfFiles(options, from, io), run);
  }
  if (regionId !== undefined) {
    return discoveredSubjects({ ...options, regionId }, run, lock);
  }
  const { questions, warnings } = questionsFor(options.restoreRegion, declared);
  const asked = questions.map((question): Question => ({
    request: question.query.request,
    connection: connectionOf(options, question.query.connection),
    objectiveHours: objectiveOf(question.maxAgeHours, options),
  }));
  return { ...(await askedSubjects(asked, run)), warnings };
}

/** The connection of the command line beats another one. */
function connectionOf({ endpoint, roleArn, profile: [profile] = [] }: SubjectOptions, own: Connection): Connection {
  return {
    ...own,
    ...optional("endpoint", endpoint),
    ...optional("roleArn", roleArn),
    ...optional("profile", profile),
  };
}

async function discoveredSubjects(
  options: SubjectOptions & DiscoveryOptions,
  { settings, io, journal }: ReportRun,
  lock: Lock,
): Promise<Subjects> {
  const objectiveHours = objectiveOf(undefined, options);
  checkAway(options.regionId, options);
  const { endpoint, roleArn } = options;
  const places = await discoverEach(options, settings, io, journal);
  const subjects = places.flatMap(({ instances, profile }) => {
    const connection = { endpoint, roleArn, profile };
    return instances.map((instance): Subject => ({
      request: requestFor(instance, options),
      connection,
      objectiveHours,
      instance,
      isCopied: instance.crossBackupRegion !== undefined || instance.backupEnabled !== false,
    }));
  });
  const isWhole = places.every(({ failure }) => failure === undefined);
  return { subjects, places, warnings: isWhole ? goneFromLists(options, lock, subjects) : [] };
}

async function questionsOfFiles(
  options: SubjectOptions,
  from: readonly string[],
  io: Io,
): Promise<readonly Question[]> {
  const instances = await readInstances({ from, ...optional("regionId", options.regionId?.[0]) }, io);
  return instances.map((instance) => ({
    request: requestFor(instance, options),
    connection: connectionOf(options, { profile: instance.profile }),
    objectiveHours: objectiveOf(instance.maxAgeHours, options),
  }));
}

/** The instances that somebody asks about, with what RDS says of their copying. */
async function askedSubjects(
  questions: readonly Question[],
  { options, settings, io, journal }: ReportRun,
): Promise<Subjects> {
  checkAway(
    questions.map(({ request }) => request.regionId),
    options,
  );
  const groups = new Map<string, Omit<Group, "ids"> & { readonly ids: Set<string> }>();
  for (const { request, connection } of questions) {
    const key = keyOf(request, connection);
    const group = groups.get(key) ?? { ...connection, regionId: request.regionId, ids: new Set() };
    groups.set(key, group);
    group.ids.add(request.dbInstanceId);
  }
  const asked = [...groups.values()].map(({ ids, ...place }) => ({ ...place, ids: [...ids] }));
  // In the mode locked, nobody is asked.
  const places: readonly Discovery[] =
    settings.mode === Mode.LOCKED
      ? asked.map((place) => ({ ...place, instances: [] }))
      : await copyingOfEach(asked, settings, io, journal);
  const failures = new Map(places.map((place) => [keyOf(place, place), place.failure]));
  const known = new Map(
    places.flatMap((place) =>
      place.instances.map((instance) => [keyOf(place, place, instance.dbInstanceId), instance]),
    ),
  );
  const subjects = questions.map((question): Subject => {
    const { request, connection } = question;
    return {
      ...question,
      ...optional("instance", known.get(keyOf(request, connection, request.dbInstanceId))),
      ...optional("copyingFailure", failures.get(keyOf(request, connection))),
      isCopied: true,
    };
  });
  return { subjects, places };
}

/** A place, or an instance of it, as the key of a map. */
function keyOf(
  { regionId }: Pick<Group, "regionId">,
  { profile, roleArn }: Pick<Connection, "profile" | "roleArn">,
  dbInstanceId?: string,
): string {
  return JSON.stringify([regionId, profile, roleArn, dbInstanceId]);
}

function requestFor(
  { dbInstanceId, regionId }: Pick<LatestRequest, "dbInstanceId" | "regionId">,
  { restoreRegion, window }: SubjectOptions,
): LatestRequest {
  return { dbInstanceId, regionId, restoreRegion, ...(window && { recoveryWindow: true }) };
}

/** @throws InvalidRequestError if an instance would be restored in the region that is lost with it */
function checkAway(regions: readonly string[], { restoreRegion }: SubjectOptions): void {
  if (regions.includes(restoreRegion)) {
    const allowed = "another region than that of the instances: what is restored there is lost with them";
    throw new InvalidRequestError("restoreRegion", restoreRegion, allowed);
  }
}

/** The objective of the instance itself beats the one of the command line. */
function objectiveOf(own: number | undefined, { maxAgeHours }: SubjectOptions): number {
  const objective = own ?? maxAgeHours;
  if (objective === undefined) {
    const allowed =
      'given, or "maxAgeHours" in each instance of --from, or maxAgeHours at each lookup of the app: without an objective, no backup is too old';
    throw new InvalidRequestError("maxAgeHours", undefined, allowed);
  }
  return objective;
}
