import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { connectionToSource } from "../lock/connection";
import type { Settings } from "../lock/settings";
import { errorAnswer, type LookupFailure } from "../lookup/answer";
import { Connections } from "../lookup/connections";
import { type DiscoveredInstance, discoverInstances, lookUpCopying } from "../lookup/discover";
import { checkProfile, type Connection, readClock } from "../lookup/query";
import { askerOf } from "../rds-api/credentials/caller-account";
import { checkEndpoint } from "../rds-api/endpoint";
import type { RdsClient } from "../rds-api/rds-client";
import { checkRegionId, checkRoleArn, ifGiven } from "../validation/checks";
import { onOneLine } from "../validation/printable";
import type { Io, NamedFailure } from "./io";
import type { Journal } from "./journal";
import { connectionOptions, type OptionRow, tagsOf } from "./options";

/** What a command is asked to discover. */
export interface DiscoveryOptions extends Omit<Connection, "profile"> {
  readonly regionId: readonly string[];
  readonly profile?: readonly string[];
  readonly all?: true;
  readonly tag?: readonly string[];
}

/** How the API is reached, with the profiles of several accounts. */
export const connectionsOptions: readonly OptionRow[] = connectionOptions.map(([flags, ...rest]) =>
  flags.startsWith("--profile") ? ["--profile <name...>", ...rest] : [flags, ...rest],
);

/** @throws InvalidRequestError before anything is asked */
export function checkDiscovery({ regionId, profile, tag, endpoint, roleArn }: DiscoveryOptions): void {
  regionId.forEach((id) => {
    checkRegionId("regionId", id);
  });
  profile?.forEach((name) => {
    checkProfile("profile", name);
  });
  tagsOf("tag", tag ?? []);
  ifGiven(checkEndpoint, "endpoint", endpoint);
  ifGiven(checkRoleArn, "roleArn", roleArn);
}

/** A region of an account, and how it is reached. */
export interface AccountRegion extends Pick<Connection, "endpoint" | "roleArn"> {
  readonly regionId: string;
  /** Undefined for the credentials of the environment. */
  readonly profile?: string | undefined;
}

/** Instances, and the ids of the requests that found them. */
type Found = Pick<Discovery, "instances" | "requestIds">;

/** A region of an account, and the instances that are there, or why nobody knows. */
export interface Discovery extends AccountRegion {
  readonly instances: readonly DiscoveredInstance[];
  readonly failure?: LookupFailure;
  /** Ids of the requests that found them. */
  readonly requestIds?: readonly string[];
  /** When an earlier run found them; absent if this one did. */
  readonly resumedFrom?: Instant;
  /** Who asked whom; absent without a journal. */
  readonly askedAs?: object;
}

/** Instances of a region of an account, by their ids. */
export interface Group extends AccountRegion {
  readonly ids: readonly string[];
}

/**
 * Asks each region with each profile, all at once: the client keeps to the pace of the API.
 *
 * @param journal keeps the answers for a later run; those of an earlier one are not asked again
 */
export function discoverEach(
  options: DiscoveryOptions,
  settings: Settings,
  io: Io,
  journal?: Journal,
): Promise<readonly Discovery[]> {
  const tags = options.tag && { tags: tagsOf("tag", options.tag) };
  const profiles: readonly (string | undefined)[] = options.profile ?? [undefined];
  const { endpoint, roleArn } = options;
  const places = [...new Set(profiles)].flatMap((profile) =>
    [...new Set(options.regionId)].map((regionId) => ({ profile, regionId, endpoint, roleArn })),
  );
  const requests = places.map((place) => ({ ...place, ...tags, ...(options.all && { all: options.all }) }));
  return askEach(requests, settings, io, journal, (client, { profile: _, endpoint: __, roleArn: ___, ...request }) =>
    discoverInstances(client, request),
  );
}

/** Asks how the backups of instances are copied. The journal is as for `discoverEach`. */
export function copyingOfEach(
  groups: readonly Group[],
  settings: Settings,
  io: Io,
  journal?: Journal,
): Promise<readonly Discovery[]> {
  return askEach(groups, settings, io, journal, (client, { regionId, ids }) => lookUpCopying(client, regionId, ids));
}

async function askEach<T extends AccountRegion>(
  places: readonly T[],
  settings: Settings,
  io: Io,
  journal: Journal | undefined,
  ask: (client: RdsClient, place: T) => Promise<readonly DiscoveredInstance[]>,
): Promise<readonly Discovery[]> {
  const deadline = performance.now() + settings.deadlineSeconds * 1_000;
  const connections = new Connections(deadline, settings.concurrency, io.environment, undefined, true);
  try {
    return await Promise.all(
      places.map(async (place) => {
        const { regionId, profile, roleArn, endpoint } = place;
        const asked: AccountRegion = { regionId, profile, roleArn, endpoint };
        const connection = connectionToSource(regionId, asked, settings);
        let askedAs: object | undefined;
        try {
          const client = connections.clientFor({ request: { regionId }, connection });
          askedAs = journal && {
            connection,
            asker: await askerOf(connection, io.environment, settings.deadlineSeconds),
          };
          const known = journal?.find<Found>({ place, askedAs });
          if (known !== undefined) {
            return { ...asked, ...known.answer, resumedFrom: known.askedAt, ...optional("askedAs", askedAs) };
          }
          const askedAt = readClock();
          const instances = await ask(client, place);
          const found: Found = { instances, requestIds: client.takeRequestIds(regionId) };
          journal?.record({ place, askedAs }, { askedAt, answer: found });
          return { ...asked, ...found, ...optional("askedAs", askedAs) };
        } catch (error) {
          const { error: failure } = errorAnswer(instancesOf(place), error);
          return { ...asked, instances: [], failure, ...optional("askedAs", askedAs) };
        }
      }),
    );
  } finally {
    connections.close();
  }
}

/** Why places could not be asked. */
export function failuresOf(places: readonly Omit<Discovery, "instances">[]): readonly NamedFailure[] {
  return places.flatMap(({ failure, ...place }) =>
    failure === undefined ? [] : [{ name: instancesOf(place), failure }],
  );
}

function instancesOf(place: Parameters<typeof placeText>[0]): string {
  return `the instances of ${placeText(place)}`;
}

/** A region of an account, in words. */
export function placeText({ regionId, profile }: Pick<Discovery, "regionId" | "profile">): string {
  return `${regionId}${profile === undefined ? "" : ` (profile ${onOneLine(profile)})`}`;
}
