import type { Instant } from "../../lib/backup/instant";
import type { LookupAnswer } from "../../lib/lookup/answer";
import type { Asked } from "../../lib/lookup/connections";
import { Engine } from "../../lib/lookup/engine";
import type { Connection, LatestQuery, LatestRequest, ListQuery, LookupQuery } from "../../lib/lookup/query";
import type { RdsClient } from "../../lib/rds-api/rds-client";

export const instance = { dbInstanceId: "rm-uf6wjk5t8q2vz71ab", regionId: "cn-hangzhou" };

/** A query for the latest backup of the MySQL instance. */
export function latest(changes: Partial<LatestRequest> = {}, connection: Connection = {}): LatestQuery {
  return { kind: "latest", request: { ...instance, ...changes }, connection };
}

/** A query for the records of the MySQL instance. */
export function list(changes: Partial<ListQuery["request"]> = {}, connection: Connection = {}): ListQuery {
  return { kind: "list", request: { ...instance, ...changes }, connection };
}

/** Answers queries with one client. */
export function lookUpWith(
  client: RdsClient,
  queries: readonly LookupQuery[],
  now: Instant,
): Promise<readonly LookupAnswer[]> {
  return lookUpOver(() => client, queries, now);
}

/** Answers queries with the clients that are given for them, which stay open. */
export async function lookUpOver(
  clientFor: (asked: Asked) => RdsClient,
  queries: readonly LookupQuery[],
  now: Instant,
): Promise<readonly LookupAnswer[]> {
  const run = { clock: () => now, deadlineSeconds: 10, concurrency: 16, environment: {} };
  const engine = new Engine(run, { clientFor, limit: undefined, close: () => undefined });
  try {
    return await Promise.all(engine.lookUpEach(queries));
  } finally {
    engine.close();
  }
}
