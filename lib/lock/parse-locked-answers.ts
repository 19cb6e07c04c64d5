import { isObject } from "../backup/json-object";
import { checkQuery, type LookupQuery, queryKey } from "../lookup/query";
import { checkEndpointForm } from "../rds-api/endpoint";
import { InvalidRequestError, renaming } from "../validation/checks";
import { checkForm, keyForm, noBackup, placeText } from "./answer-forms";
import type { LockedAnswer, LockedAnswers, WrittenAnswer } from "./locked-answers";

/**
 * Checks locked answers, and fills in what may be left out.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function parseLockedAnswers(value: unknown, where: string): LockedAnswers {
  if (!isObject(value) || Array.isArray(value)) {
    throw new InvalidRequestError(where, value, "an object, by the keys of the queries");
  }
  return renaming(
    (parameter) => `${parameter} of ${where}`,
    () => {
      const answers = Object.entries(value).map(([key, each]) => [key, parseForm(key, each)] as const);
      for (const [key, entry] of answers) {
        checkEntry(key, entry);
      }
      return Object.fromEntries(answers);
    },
  );
}

/** An entry of a lock file, filled in with what a file omits if it says nothing. */
function parseForm(key: string, value: unknown): LockedAnswer {
  const place = placeText(key);
  if (!keyForm.holds(key)) {
    throw new InvalidRequestError(place, key, keyForm.allowed);
  }
  checkForm[kindOf(key)](place, value);
  const { backup, backups, instances, ...others } = value as WrittenAnswer;
  if ([backup, backups, instances].filter((each) => each !== undefined).length !== 1) {
    throw new InvalidRequestError(place, value, "one of backup, backups and instances");
  }
  if (instances !== undefined) {
    return { ...others, instances };
  }
  const found = backup === noBackup ? null : backup;
  return backups === undefined
    ? { ...others, backup: found && Object.assign({ unreadable: [], dataTimeEstimated: false }, found) }
    : { ...others, backups: backups.map((each) => Object.assign({ unreadable: [] }, each)) };
}

/** What the answer to each kind of question is called. */
const contents = { latest: "backup", list: "backups", instances: "instances" } as const;

/** The first word of a key. */
function kindOf(key: string): LookupQuery["kind"] {
  return key.slice(0, key.indexOf(" ")) as LookupQuery["kind"];
}

/** What the form alone does not show: a key that somebody changed by hand would give one question another's answer. */
function checkEntry(key: string, entry: LockedAnswer): void {
  const { query, backup: found, instances = [], refused, endpoint, pin } = entry;
  const place = placeText(key);
  const reject = (field: string, value: unknown, allowed: string): void => {
    if (value !== undefined) {
      throw new InvalidRequestError(`${place}["${field}"]`, value, allowed);
    }
  };
  if (endpoint !== undefined) {
    checkEndpointForm(`${place}["endpoint"]`, endpoint);
  }
  const needed = contents[kindOf(key)];
  if (entry[needed] === undefined) {
    const other = Object.values(contents).find((name) => entry[name] !== undefined);
    throw new InvalidRequestError(place, other, `${needed}, which is what its key asks for`);
  }
  const ids = new Set<string>();
  instances.forEach(({ dbInstanceId, regionId }, index) => {
    const [field, wrong, allowed] = ids.has(dbInstanceId)
      ? ["dbInstanceId", dbInstanceId, "the id of an instance that stands once"]
      : ["regionId", key.split(" ")[1] === regionId ? undefined : regionId, "the region of its key"];
    reject(`instances[${index}].${field}`, wrong, allowed);
    ids.add(dbInstanceId);
  });
  // A preflight that accepts the locked backup refuses others, each of them once.
  const refusedIds = (refused ?? []).map(({ crossBackupId }) => crossBackupId);
  const own = refusedIds.find((id) => id === found?.crossBackupId);
  const once = new Set<string>();
  const twice = refusedIds.find((id) => once.size === once.add(id).size);
  const isNone = found === undefined || found === null;
  reject("refused", needed === "backup" ? undefined : refused, "omitted, as there is no preflight of a list");
  reject("refused", own, "a list of other backups than the locked one, which was accepted");
  reject("refused", twice, "a list of backups in which each stands once");
  reject("pin", isNone ? pin : undefined, "omitted, as there is no backup that could be pinned");
  if (query !== undefined) {
    checkQuestion(questionUnder(key, query), key, `${place}["query"]`);
  }
}

function checkQuestion(query: LookupQuery, key: string, place: string): void {
  renaming(
    (parameter) => `${parameter} in ${place}`,
    () => {
      checkQuery(query);
    },
  );
  if (queryKey(query) !== key) {
    throw new InvalidRequestError(place, queryKey(query), "the same question as its key");
  }
}

/**
 * The question under a key: its first word is the kind, the rest is what its parameters say.
 *
 * @param parameters what the answer says of its question; as yet unchecked
 */
export function questionUnder(key: string, parameters: NonNullable<LockedAnswer["query"]>): LookupQuery {
  const { profile, roleArn } = parameters;
  return { kind: kindOf(key), request: parameters, connection: { profile, roleArn } } as unknown as LookupQuery;
}

/**
 * The questions that a lock file contains the answers to, to be asked anew.
 *
 * @throws InvalidRequestError if an answer does not say its question
 */
export function lockedQueries(answers: LockedAnswers): readonly LookupQuery[] {
  return Object.entries(answers).map(([key, { query }]) => {
    if (query === undefined) {
      const allowed = "given: without its question an answer cannot be looked up again";
      throw new InvalidRequestError(`"query" of [${JSON.stringify(key)}]`, undefined, allowed);
    }
    return questionUnder(key, query);
  });
}
