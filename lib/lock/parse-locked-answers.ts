import { digits, flag, instant, integer, isQuotable, reason, region } from "../backup/forms";
import { isObject } from "../backup/json-object";
import { apiNames, type CrossRegionBackupRecord, recordFields } from "../backup/record-fields";
import { type RestorableBackup, singleFacts } from "../backup/restorable-backup";
import { checkQuery, type LatestRequest, type LookupQuery, queryKey } from "../lookup/query";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups";
import { checkEndpointForm } from "../rds-api/endpoint";
import { type Check, InvalidRequestError, renaming, shownValue } from "../validation/checks";
import type { LockedAnswer, LockedAnswers, WrittenAnswer } from "./locked-answers";

/** A hundred years; the API keeps copies for 1,825 days at most. */
const maxRetentionDays = 36_500;

interface FormOfValue {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

/** What a value must be: its form, or a check that looks within. */
type Rule = FormOfValue | Check;

export type Fields<T> = Readonly<Record<keyof T, Rule>>;

function formsOf<K extends string>(facts: Readonly<Record<K, { readonly form: FormOfValue }>>): Record<K, FormOfValue> {
  const entries = Object.entries<{ readonly form: FormOfValue }>(facts);
  return Object.fromEntries(entries.map(([name, { form }]) => [name, form])) as Record<K, FormOfValue>;
}

function apply(rule: Rule, place: string, value: unknown): void {
  if (typeof rule === "function") {
    rule(place, value);
  } else if (!rule.holds(value)) {
    throw new InvalidRequestError(place, value, rule.allowed);
  }
}

function listOf(rule: Rule, atLeastOne?: string): Check {
  return (place, value) => {
    if (!Array.isArray(value) || (value.length === 0 && atLeastOne !== undefined)) {
      throw new InvalidRequestError(place, value, atLeastOne ?? "a list");
    }
    value.forEach((each, index) => {
      apply(rule, `${place}[${index}]`, each);
    });
  };
}

/** Every key is one of the list, so that no name of a file's choice reaches Terraform. */
export function fieldsOf(fields: Readonly<Record<string, Rule>>, ...required: readonly string[]): Check {
  const rules = new Map(Object.entries(fields));
  return (place, value) => {
    if (!isObject(value) || Array.isArray(value)) {
      throw new InvalidRequestError(place, value, "an object");
    }
    for (const [name, each] of Object.entries(value)) {
      const rule = rules.get(name);
      if (rule === undefined) {
        const allowed = "omitted, as an answer has nothing of this name";
        throw new InvalidRequestError(`${place}${placeText(name)}`, name, allowed);
      }
      // By far the most values are right, and need no text that says where they are.
      if (each !== undefined && (typeof rule === "function" || !rule.holds(each))) {
        apply(rule, `${place}["${name}"]`, each);
      }
    }
    const missing = required.find((name) => !Object.hasOwn(value, name) || value[name] === undefined);
    if (missing !== undefined) {
      throw new InvalidRequestError(`${place}["${missing}"]`, undefined, "given");
    }
  };
}

const text: FormOfValue = { holds: (value) => typeof value === "string", allowed: "text" };
const number: FormOfValue = { holds: (value) => typeof value === "number", allowed: "a number" };
const apiName: FormOfValue = {
  holds: (value) => typeof value === "string" && apiNames.has(value),
  allowed: "a field of a record in the API's spelling",
};
const quotation: FormOfValue = { holds: isQuotable, allowed: "the beginning of what the field held" };

export const noBackup = "none" satisfies WrittenAnswer["backup"];

/** An id that the API can be asked for: it is a number there, and has no leading zeros. */
const usableId: FormOfValue = {
  holds: (value) => digits.holds(value) && !value.startsWith("0"),
  allowed: `${digits.allowed}, above 0 and without leading zeros`,
};

const record: Fields<CrossRegionBackupRecord> = {
  ...formsOf(recordFields),
  restoreRegions: listOf(region),
  unreadable: listOf(fieldsOf({ field: apiName, value: quotation }, "field", "value")),
};

const backup: Fields<RestorableBackup> = {
  ...record,
  ...formsOf(singleFacts),
  crossBackupId: usableId,
  restoreRegions: listOf(region, "a list of at least one region"),
  recoveryGaps: listOf(fieldsOf({ start: instant, end: instant }, "start")),
};

/** What questions say; whether they say it rightly, the checks of a query judge. */
const source = { dbInstanceId: text, regionId: text, crossBackupRegion: text, resourceGroupId: text };
const restored = { dbInstanceClass: text, dbInstanceStorage: number, dbInstanceStorageType: text };
const choice = { restoreRegion: text, notAfter: text, recoveryWindow: flag };
const latestRequest: Fields<LatestRequest> = { ...source, ...choice, ...restored };
const ids = { crossBackupId: text, backupId: text };
const pages = { startTime: text, endTime: text, pageSize: number, pageNumber: number };
const listRequest: Fields<DescribeCrossRegionBackupsRequest> = { ...source, ...ids, ...pages };

const wholeBackup = fieldsOf(backup, "crossBackupId", "dataTime", "restoreRegions");

const latestEntry: Fields<LockedAnswer> = {
  query: fieldsOf(latestRequest),
  backup: (place, value) => {
    if (value !== null && value !== noBackup) {
      wholeBackup(place, value);
    }
  },
  backups: listOf(fieldsOf(record, "restoreRegions")),
  refused: listOf(fieldsOf({ crossBackupId: usableId, detail: reason }, "crossBackupId", "detail")),
  changedAt: instant,
  endpoint: text,
  retentionDays: {
    holds: (value) => integer.holds(value) && value >= 1 && value <= maxRetentionDays,
    allowed: `a whole number of days from 1 to ${maxRetentionDays}`,
  },
  pin: fieldsOf({ reason }, "reason"),
};

const checkLatest = fieldsOf(latestEntry);
const checkList = fieldsOf({ ...latestEntry, query: fieldsOf(listRequest) });

/** The characters of instances, regions, times and classes. */
const keyForm = /^(?:latest|list)(?: [\w.:=-]+)+$/;

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
  if (!keyForm.test(key)) {
    const allowed =
      'a question: it begins with "latest" or "list", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"';
    throw new InvalidRequestError(place, key, allowed);
  }
  (key.startsWith("latest ") ? checkLatest : checkList)(place, value);
  const { backup: given, backups, ...others } = value as WrittenAnswer;
  const found = given === noBackup ? null : given;
  if ((found === undefined) === (backups === undefined)) {
    throw new InvalidRequestError(place, value, "either backup or backups");
  }
  return backups === undefined
    ? { ...others, backup: found && Object.assign({ unreadable: [], dataTimeEstimated: false }, found) }
    : { ...others, backups: backups.map((each) => Object.assign({ unreadable: [] }, each)) };
}

/** A name of the file's choice may be anything, such as a signed link. */
function placeText(name: string): string {
  return `[${keyForm.test(name) || /^\w+$/.test(name) ? JSON.stringify(name) : shownValue(name)}]`;
}

/** What the form alone does not show: a key that somebody changed by hand would give one question another's answer. */
function checkEntry(key: string, { query, backup: found, refused, endpoint, pin }: LockedAnswer): void {
  const place = placeText(key);
  const reject = (field: string, value: unknown, allowed: string): void => {
    if (value !== undefined) {
      throw new InvalidRequestError(`${place}["${field}"]`, value, allowed);
    }
  };
  if (endpoint !== undefined) {
    checkEndpointForm(`${place}["endpoint"]`, endpoint);
  }
  const isLatest = key.startsWith("latest ");
  const [needed, other] = isLatest ? ["backup", "backups"] : ["backups", "backup"];
  if ((found === undefined) === isLatest) {
    throw new InvalidRequestError(place, other, `${needed}, which is what its key asks for`);
  }
  // A preflight that accepts the locked backup refuses others, each of them once.
  const refusedIds = (refused ?? []).map(({ crossBackupId }) => crossBackupId);
  const own = refusedIds.find((id) => id === found?.crossBackupId);
  const once = new Set<string>();
  const twice = refusedIds.find((id) => once.size === once.add(id).size);
  const isNone = found === undefined || found === null;
  reject("refused", isLatest ? undefined : refused, "omitted, as there is no preflight of a list");
  reject("refused", own, "a list of other backups than the locked one, which was accepted");
  reject("refused", twice, "a list of backups in which each stands once");
  reject("pin", isNone ? pin : undefined, "omitted, as there is no backup that could be pinned");
  if (query !== undefined) {
    checkQuestion(questionUnder(key, query), key, `${place}["query"]`);
  }
}

function checkQuestion(query: LookupQuery, key: string, place: string): void {
  if (queryKey(query) !== key) {
    throw new InvalidRequestError(place, queryKey(query), "the same question as its key");
  }
  renaming(
    (parameter) => `${parameter} in ${place}`,
    () => {
      checkQuery(query);
    },
  );
}

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
