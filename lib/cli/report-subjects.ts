import { optional } from "../backup/json-object";
import { readLock } from "../lock/lock-file";
import type { Settings } from "../lock/settings";
import type { LatestRequest } from "../lookup/query";
import type { InstanceAnswers } from "../report/instance-report";
import { InvalidRequestError } from "../validation/checks";
import { copyingOfEach, type Discovery, discoverEach, type DiscoveryOptions, type Group } from "./discovery";
import { type GivenInstance, readInstances } from "./given-instances";
import type { Io } from "./io";
import type { Journal } from "./journal";
import { notLocked, questionOf } from "./locked-entry";

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

/** An instance of a report, and what is known of it before its backups are asked for. */
export interface Subject extends Omit<InstanceAnswers, "answer" | "list"> {
  /** False if RDS has no copies of it, and makes none. */
  readonly isCopied: boolean;
  /** The simulator or other host that gave its locked answer. */
  readonly lockedEndpoint?: string;
}

/** The instances of a report. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** The regions of accounts that were asked for them. */
  readonly places: readonly Omit<Discovery, "instances">[];
}

/**
 * The instances that the options name: those of regions, of files, or of the lock file.
 *
 * @throws InvalidRequestError also if one of them has no objective
 * @throws CommandFailure if the lock file has none
 */
export async function subjectsOf(
  options: SubjectOptions,
  settings: Settings,
  io: Io,
  journal: Journal | undefined,
): Promise<Subjects> {
  if (options.locked) {
    return lockedSubjects(options, settings);
  }
  return options.from === undefined
    ? discoveredSubjects({ ...options, regionId: options.regionId ?? [] }, settings, io, journal)
    : givenSubjects(options, options.from, settings, io, journal);
}

async function discoveredSubjects(
  options: SubjectOptions & DiscoveryOptions,
  settings: Settings,
  io: Io,
  journal: Journal | undefined,
): Promise<Subjects> {
  const objectiveHours = objectiveOf(undefined, options);
  const places = await discoverEach(options, settings, io, journal);
  const subjects = places.flatMap(({ instances, profile }) =>
    instances.map((instance): Subject => ({
      request: requestFor(instance, options),
      ...optional("profile", profile),
      objectiveHours,
      instance,
      isCopied: instance.crossBackupRegion !== undefined || instance.backupEnabled !== false,
    })),
  );
  return { subjects, places };
}

async function givenSubjects(
  options: SubjectOptions,
  from: readonly string[],
  settings: Settings,
  io: Io,
  journal: Journal | undefined,
): Promise<Subjects> {
  const [ofCommand] = options.profile ?? [];
  const instances = await readInstances({ from, ...optional("regionId", options.regionId?.[0]) }, io);
  const given = instances.map((instance) => ({ ...instance, ...optional("profile", ofCommand ?? instance.profile) }));
  const objectives = given.map((instance) => objectiveOf(instance, options));
  const groups = new Map<string, Omit<Group, "ids"> & { readonly ids: Set<string> }>();
  for (const { regionId, profile, dbInstanceId } of given) {
    const key = keyOf(regionId, profile);
    const group = groups.get(key) ?? { regionId, profile, ids: new Set() };
    groups.set(key, group);
    group.ids.add(dbInstanceId);
  }
  const asked = [...groups.values()].map(({ ids, ...place }) => ({ ...place, ids: [...ids] }));
  const places = await copyingOfEach(asked, options, settings, io, journal);
  const failures = new Map(places.map((place) => [keyOf(place.regionId, place.profile), place.failure]));
  const known = new Map(
    places.flatMap(({ instances: found, regionId, profile }) =>
      found.map((instance) => [keyOf(regionId, profile, instance.dbInstanceId), instance]),
    ),
  );
  const subjects = given.map((instance, index): Subject => {
    const { dbInstanceId, regionId, profile } = instance;
    return {
      request: requestFor(instance, options),
      ...optional("profile", profile),
      objectiveHours: objectives[index] ?? 0,
      ...optional("instance", known.get(keyOf(regionId, profile, dbInstanceId))),
      ...optional("copyingFailure", failures.get(keyOf(regionId, profile))),
      isCopied: true,
    };
  });
  return { subjects, places };
}

/** A place, or an instance of it, as the key of a map. */
function keyOf(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts);
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

function requestFor(
  { dbInstanceId, regionId }: Pick<GivenInstance, "dbInstanceId" | "regionId">,
  { restoreRegion, window }: SubjectOptions,
): LatestRequest {
  return { dbInstanceId, regionId, restoreRegion, ...(window && { recoveryWindow: true }) };
}

/** The objective of the instance itself beats the one of the command line. */
function objectiveOf(instance: GivenInstance | undefined, { maxAgeHours }: SubjectOptions): number {
  const objective = instance?.maxAgeHours ?? maxAgeHours;
  if (objective === undefined) {
    const allowed = `given, or "maxAgeHours" in each instance of --from: without an objective, no backup is too old`;
    throw new InvalidRequestError("maxAgeHours", undefined, allowed);
  }
  return objective;
}
