import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { Lock } from "../lock/locked-answers";
import type { DiscoveryOptions } from "./discovery";
import { notLocked, questionOf } from "./locked-entry";
import { tagsOf } from "./options";
import type { Subject, Subjects } from "./report-run";

/**
 * The instances of the lock file: its questions for restores to the region; those that look back to another time are
 * apart.
 *
 * @throws CommandFailure if there are none
 */
export function lockedSubjects(restoreRegion: string, objectiveHours: number, lock: Lock): Subjects {
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
 * Which instances the lock file lists for the same regions and tags, but RDS does not list any more: RDS shortens a list
 * in silence if rights are missing.
 */
export function goneFromLists(
  { regionId, tag = [] }: DiscoveryOptions,
  { answers }: Lock,
  listed: readonly Subject[],
): readonly string[] {
  const ids = new Set(listed.map(({ request: { dbInstanceId } }) => dbInstanceId));
  const tags = JSON.stringify(Object.entries(tagsOf("tag", tag)).sort());
  return Object.values(answers).flatMap(({ query, instances = [] }) => {
    const isSameList =
      regionId.some((id) => id === query?.["regionId"]) &&
      JSON.stringify(Object.entries(query?.["tags"] ?? {}).sort()) === tags;
    const gone = isSameList ? instances.filter(({ dbInstanceId }) => !ids.has(dbInstanceId)) : [];
    return gone.map(
      (instance) =>
        `${instance.dbInstanceId} of ${instance.regionId} is in the lock file, but RDS does not list it any more: it is not in the report`,
    );
  });
}

/**
 * Since when a locked answer is pinned, for restores of an instance to the region. When somebody pinned it is not known:
 * it has not changed since, or if that is not written down, since the time of its data.
 */
export function pinsFor(restoreRegion: string, { answers }: Lock): (subject: Subject) => Instant | undefined {
  const pins = new Map<string, Instant>();
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
