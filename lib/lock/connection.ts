import { type Connection, type LookupQuery, restoreOf } from "../lookup/query";
import { servesRegion } from "../rds-api/endpoint";
import type { Settings } from "./settings";

/**
 * A query that knows how to reach the API: as its code says, else as the settings do. The endpoint that the code names
 * for the region of the source never serves the region of the restore.
 */
export function withConnection<Q extends LookupQuery>(query: Q, settings: Settings): Q {
  const { endpoint: ofSource, restoreEndpoint, profile, roleArn } = query.connection;
  const restore = query.kind === "latest" ? restoreOf(query) : undefined;
  const connection: Connection = {
    endpoint: ofSource ?? serving(query.request.regionId, settings.endpoint),
    restoreEndpoint: restore && (restoreEndpoint ?? serving(restore.regionId, settings.restoreEndpoint)),
    profile: profile ?? settings.profile,
    roleArn: roleArn ?? settings.roleArn,
  };
  return { ...query, connection };
}

/** How a command reaches the region of the sources. One endpoint of several regions counts in those that it serves. */
export function connectionToSource(regionId: string, given: Connection, settings: Settings): Connection {
  const { profile = settings.profile, roleArn = settings.roleArn } = given;
  return { endpoint: given.endpoint ?? serving(regionId, settings.endpoint), profile, roleArn };
}

/** How a command reaches the region of a replacement. Its one endpoint counts there too, if it serves that region. */
export function connectionToDestination(regionId: string, given: Connection, settings: Settings): Connection {
  const { restoreEndpoint, profile = settings.profile, roleArn = settings.roleArn } = given;
  const ofSettings = serving(regionId, given.endpoint) ?? serving(regionId, settings.restoreEndpoint);
  return { endpoint: restoreEndpoint ?? ofSettings, profile, roleArn };
}

/** An endpoint, unless it is a host of RDS itself that does not serve the region: then the region's own is asked. */
function serving(regionId: string, given: string | undefined): string | undefined {
  return given !== undefined && servesRegion(given, regionId) ? given : undefined;
}
