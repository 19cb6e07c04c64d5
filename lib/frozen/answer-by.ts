import type { Instant } from "../backup/instant";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupRun } from "../lookup/lookup-run";
import type { LookupQuery } from "../lookup/query";
import { lockedAnswer } from "./locked-answers";
import { connectionOf, Mode, type Settings } from "./settings";

/** A query that knows how to reach the API: as its code says, else as the settings do. */
export function withConnection(query: LookupQuery, settings: Settings): LookupQuery {
  return { ...query, connection: connectionOf(query.connection, settings) };
}

/**
 * Answers queries as the mode of the settings says.
 *
 * @param lookUp asks the API, now or as a promise; not called where the mode forbids it
 */
export function answerBy<T>(
  settings: Settings,
  now: Instant,
  queries: readonly LookupQuery[],
  lookUp: (run: LookupRun) => T,
): T | readonly LookupAnswer[] {
  const { mode, deadlineSeconds, answers } = settings;
  return mode === Mode.LOCKED
    ? queries.map((query) => lockedAnswer(query, answers, now))
    : lookUp({ queries, now, deadlineSeconds, environment: process.env });
}
