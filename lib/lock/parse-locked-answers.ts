import { checkQuery, type LookupQuery, queryKey } from "../lookup/query";
import { checkEndpointForm } from "../rds-api/endpoint";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { checkForm } from "./entry-forms";
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

/**
 * Checks locked answers, and fills in what may be left out.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function parseLockedAnswers(value: unknown, where: string): LockedAnswers {
  const answers = checkForm(value, where);
  for (const [key, entry] of Object.entries(answers)) {
    checkEntry(key, entry, where);
  }
  return answers;
}

/** What the form alone does not tell: a key that somebody changed by hand would hand one question's answer to another. */
function checkEntry(
  key: string,
  { query, backup, refused, endpoint, pin }: LockedAnswer,
  where: string,
): void {
  const place = (field?: string): string =>
    `[${JSON.stringify(key)}]${field === undefined ? "" : `["${field}"]`} of ${where}`;
  if (endpoint !== undefined) {
    checkEndpointForm(place("endpoint"), endpoint);
  }
  const isLatest = key.startsWith("latest ");
  const [needed, other] = isLatest ? ["backup", "backups"] : ["backups", "backup"];
  if ((backup === undefined) === isLatest) {
    throw new InvalidRequestError(place(), other, `${needed}, which is what its key asks for`);
  }
  if (refused !== undefined && !isLatest) {
    const allowed = "left out, as there is no preflight of a list";
    throw new InvalidRequestError(place("refused"), refused, allowed);
  }
  checkRefused(refused, backup, place("refused"));
  if (pin !== undefined && (backup === undefined || backup === null)) {
    const allowed = "left out, as there is no backup that could be pinned";
    throw new InvalidRequestError(place("pin"), pin, allowed);
  }
  if (query !== undefined) {
    checkQuestion(questionUnder(key, query), key, () => place("query"));
  }
}

/** A preflight that accepts the locked backup refuses others, each of them once. */
function checkRefused(
  refused: LockedAnswer["refused"] = [],
  backup: LockedAnswer["backup"],
  place: string,
): void {
  const ids = refused.map(({ crossBackupId }) => crossBackupId);
  const own = ids.find((id) => id === backup?.crossBackupId);
  if (own !== undefined) {
    throw new InvalidRequestError(
      place,
      own,
      "a list of other backups than the locked one, which was accepted",
    );
  }
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) {
    throw new InvalidRequestError(place, twice, "a list of backups in which each stands once");
  }
}

function checkQuestion(query: LookupQuery, key: string, place: () => string): void {
  if (queryKey(query) !== key) {
    throw new InvalidRequestError(place(), queryKey(query), "the same question as its key");
  }
  try {
    checkQuery(query);
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      throw new InvalidRequestError(`${error.parameter} in ${place()}`, error.value, error.allowed);
    }
    throw error;
  }
}
