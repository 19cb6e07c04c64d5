import { createRequire } from "node:module";
import { isObject } from "../backup/row";
import { checkQuery, queryKey, type LookupQuery } from "../lookup/query";
import { checkEndpointForm } from "../rds-api/endpoint";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { entryOf, type LockedAnswer, type LockedAnswers } from "./locked-answers";
import { questionUnder } from "./locked-queries";
import { wellFormed } from "./well-formed";

/**
 * Checks locked answers, and fills in what may be left out.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function parseLockedAnswers(value: unknown, where: string): LockedAnswers {
  const answers = formed(value, where);
  for (const [key, entry] of Object.entries(answers)) {
    checkEntry(key, entry, where);
  }
  return answers;
}

/** Those that a refresh wrote are told at a glance; what is anything else, the schema looks at. */
function formed(value: unknown, where: string): LockedAnswers {
  const given = isObject(value) && !Array.isArray(value) ? Object.entries(value) : [];
  const answers = given.map(([key, entry]) => [key, wellFormed(key, entry)] as const);
  const doubtful = given.filter((_, index) => answers[index]?.[1] === undefined);
  if (given.length > 0 && doubtful.length === 0) {
    return Object.fromEntries(answers) as LockedAnswers;
  }
  // Loaded here, since the schema library takes its time.
  const load = createRequire(__filename);
  const { checkForm } = load("./locked-answers-schema") as typeof import("./locked-answers-schema");
  const looked = checkForm(given.length === 0 ? value : Object.fromEntries(doubtful), where);
  return Object.fromEntries(
    answers.map(([key, entry]) => [key, entry ?? entryOf(looked, key)]),
  ) as LockedAnswers;
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
  if (pin !== undefined && (backup === undefined || backup === null)) {
    const allowed = "left out, as there is no backup that could be pinned";
    throw new InvalidRequestError(place("pin"), pin, allowed);
  }
  if (query !== undefined) {
    checkQuestion(questionUnder(key, query), key, () => place("query"));
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
