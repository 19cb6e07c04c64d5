import type { LookupQuery } from "../lookup/query";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import type { LockedAnswers } from "./locked-answers";

/**
 * The questions that a lock file holds the answers to, to be asked anew.
 *
 * @throws InvalidRequestError where an answer does not say its question
 */
export function lockedQueries(answers: LockedAnswers): readonly LookupQuery[] {
  return Object.entries(answers).map(([key, { query }]) => {
    if (query === undefined) {
      const allowed = "given: without its question an answer cannot be looked up anew";
      throw new InvalidRequestError(`"query" of [${JSON.stringify(key)}]`, undefined, allowed);
    }
    const kind = key.startsWith("list ") ? "list" : "latest";
    return { kind, request: query, connection: {} } as unknown as LookupQuery;
  });
}
