import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { DeclaredQuestion } from "../lock/answer-by-mode";
import { readLock } from "../lock/lock-file";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import type { Connection, LatestRequest } from "../lookup/query";
import type { InstanceAnswers } from "../report/instance-report";
import { InvalidRequestError } from "../validation/checks";
import { copyingOfEach, type Discovery, discoverEach, type DiscoveryOptions, type Group } from "./discovery";
import { readInstances } from "./given-instances";
import type { Io } from "./io";
import type { Journal } from "./journal";
import { notLocked, questionOf } from "./locked-entry";
import { questionsFor } from "./report-app";

/** What a report is about. */
export interface SubjectOptions extends Omit<DiscoveryOptions, "regionId"> {
  readonly regionId?: readonly string[];
  readonly from?: readonly string[];
  readonly locked?: true;
  readonly restoreRegion: string;
  readonly maxAgeHours?: number;
  /** Whether the recovery window is looked up. */
  readonly window: boolean;
}

/** What a report is made of. */
export interface ReportRun {
  readonly options: SubjectOptions;
  /** What the app asks, if it says which instances the report is about. */
  readonly declared: readonly DeclaredQuestion[];
  readonly settings: Settings;
  readonly io: Io;
  /** Keeps the answers for a later run; those of an earlier one are not asked again. */
  readonly journal: Journal | undefined;
}

/** An instance of a report, and what is known of it before its backups are asked for. */
export interface Subject extends Omit<InstanceAnswers, "answer" | "list" | "windowed"> {
  /** False if RDS has no copies of it, and makes none. */
  readonly isCopied: boolean;
  /** The simulator or other host that gave its locked answer. */
  readonly lockedEndpoint?: string;
}

/** What somebody asks about an instance. */
export type Question = Pick<Subject, "connection" | "objectiveHours" | "request">;

/** The instances of a report. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** The regions of accounts that were asked for them. */
  readonly places: readonly Omit<Discovery, "instances">[];
  /** What to know about the choice of instances. */
  readonly warnings?: readonly string[];
}

/**
 * The instances that the options name: those of regions, of files, of the lock file, or else of the app.
 *
 * @throws InvalidRequestError also if one of them has no objective
 * @throws CommandFailure if the lock file has none
 */
export async function subjectsOf(run: ReportRun): Promise<Subjects> {
  const { options, declared, settings, io } = run;
  const { regionId, from, locked } = options;
  if (locked) {
    return lockedSubjects(options, settings);
  }
  if (from !== undefined) {
    return askedSubjects(await questionsOfFiles(options, from, io), run);
  }
  if (regionId !== undefined) {
    return discoveredSubjects({ ...options, regionId }, run);
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
): Promise<Subjects> {
  const objectiveHours = objectiveOf(undefined, options);
  const { endpoint, roleArn } = options;
  const places = await discoverEach(options, settings, io, journal);
  const subjects = places.flatMap(({ instances, profile }) =>
    instances.map((instance): Subject => ({
      request: requestFor(instance, options),
      connection: { endpoint, roleArn, profile },
      objectiveHours,
      instance,
      isCopied: instance.crossBackupRegion !== undefined || instance.backupEnabled !== false,
    })),
  );
  return { subjects, places };
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
async function askedSubjects(questions: readonly Question[], { settings, io, journal }: ReportRun): Promise<Subjects> {
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

/** The questions of the lock file for restores to the region; those that look back to another time are apart. */
function lockedSubjects(options: SubjectOptions, settings: Settings): Subjects {
  const { restoreRegion } = options;
  const objectiveHours = objectiveOf(undefined, options);
  const lock = readLock(settings);
  const entries = Object.entries(lock.answers).filter(
    ([, { query, backup }]) =>
      backup !== undefined && query?.["restoreRegion"] === restoreRegion && query["notAfter"] === undefined,
  );
  if (entries.length === 0) {
    throw notLocked(`restores to ${restoreRegion}`, lock);
  }
  const subjects = entries.map((entry): Subject => {
    const [, { retentionDays, changedAt, endpoint }] = entry;
    return {
      request: questionOf(entry, {}).request,
      connection: {},
      objectiveHours,
      ...optional("retentionDays", retentionDays),
      ...optional("lockedSince", changedAt),
      ...optional("lockedEndpoint", endpoint),
      isCopied: true,
    };
  });
  const regions = new Set(subjects.map(({ request: { regionId } }) => regionId));
  return { subjects, places: [...regions].map((regionId) => ({ regionId, profile: undefined })) };
}

/**
 * Since when a locked answer is pinned, for restores of an instance to the region. When somebody pinned it is not known:
 * it has not changed since, or if that is not written down, since the time of its data.
 */
export function pinsFor(restoreRegion: string, settings: Settings): (subject: Subject) => Instant | undefined {
  const pins = new Map<string, Instant>();
  const { answers } = readLock(settings);
  for (const { query = {}, backup, pin, changedAt } of Object.values(answers)) {
    const since = changedAt ?? backup?.dataTime;
    const { dbInstanceId, regionId, restoreRegion: region = restoreRegion } = query;
    if (pin !== undefined && since !== undefined && region === restoreRegion) {
      const key = JSON.stringify([regionId, dbInstanceId]);
      const known = pins.get(key) ?? since;
      pins.set(key, known < since ? known : since);
    }
  }
  return ({ request }) => pins.get(JSON.stringify([request.regionId, request.dbInstanceId]));
}

function requestFor(
  { dbInstanceId, regionId }: Pick<LatestRequest, "dbInstanceId" | "regionId">,
  { restoreRegion, window }: SubjectOptions,
): LatestRequest {
  return { dbInstanceId, regionId, restoreRegion, ...(window && { recoveryWindow: true }) };
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
