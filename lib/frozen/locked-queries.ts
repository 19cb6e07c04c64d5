import type { LookupQuery } from "../lookup/query";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import type { LockedAnswer, LockedAnswers } from "./locked-answers";

/**
 * The question under a key: its first word is the kind, the rest is what its parameters say.
 *
 * @param parameters what the answer says of its question; as yet unchecked
 */
export function questionUnder(key: string, parameters: NonNullable<LockedAnswer["query"]>): LookupQuery {
  const kind = key.startsWith("list ") ? "list" : "latest";
  return { kind, request: parameters, connection: {} } as unknown as LookupQuery;
}

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
    return questionUnder(key, query);
  });
}
