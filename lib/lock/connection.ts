import { optional } from "../backup/json-object";
import { type Connection, type LatestQuery, type LookupQuery, restoreOf } from "../lookup/query";
import { servesRegion } from "../rds-api/endpoint";
import type { Settings } from "./settings";

/** As the other one, for a question that stays one for the latest backup. */
export function withConnection(query: LatestQuery, settings: Settings): LatestQuery;
/**
 * A query that knows how to reach the API: as its code says, else as the settings do. The endpoint that the code names
 * for the region of the source never serves the region of the restore.
 */
export function withConnection(query: LookupQuery, settings: Settings): LookupQuery;
export function withConnection(query: LookupQuery, settings: Settings): LookupQuery {
  const { endpoint, restoreEndpoint, profile = settings.profile } = query.connection;
  const { roleArn = settings.roleArn } = query.connection;
  const restore = query.kind === "latest" ? restoreOf(query) : undefined;
  const ofRestore = restore && (restoreEndpoint ?? serving(restore.regionId, settings.restoreEndpoint));
  const ofSource = endpoint ?? serving(query.request.regionId, settings.endpoint);
  const connection: Connection = {
    ...optional("endpoint", ofSource),
    ...optional("restoreEndpoint", ofRestore),
    ...optional("profile", profile),
    ...optional("roleArn", roleArn),
  };
  return { ...query, connection };
}

/** How a command reaches the region of a replacement. Its one endpoint counts there too, if it serves that region. */
export function connectionToDestination(regionId: string, given: Connection, settings: Settings): Connection {
  const { profile = settings.profile, roleArn = settings.roleArn } = given;
  const endpoint = serving(regionId, given.endpoint) ?? serving(regionId, settings.restoreEndpoint);
  return {
    ...optional("endpoint", given.restoreEndpoint ?? endpoint),
    ...optional("profile", profile),
    ...optional("roleArn", roleArn),
  };
}

/** An endpoint, unless it is a host of RDS itself that does not serve the region: then the region's own is asked. */
function serving(regionId: string, endpoint: string | undefined): string | undefined {
  return endpoint !== undefined && servesRegion(endpoint, regionId) ? endpoint : undefined;
}
