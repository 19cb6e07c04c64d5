import { digits, flag, type Form, instant, integer, isOneLine, isQuotable, region } from "../backup/forms";
import { isObject } from "../backup/json-object";
import { apiNames, type CrossRegionBackupRecord, recordFields } from "../backup/record-fields";
import { type RestorableBackup, singleFacts } from "../backup/restorable-backup";
import { checkQuery, type LatestRequest, type LookupQuery, queryKey } from "../lookup/query";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups-request";
import { checkEndpointForm } from "../rds-api/endpoint";
import { InvalidRequestError, shownValue } from "../validation/invalid-request-error";
import type { LockedAnswer, LockedAnswers } from "./locked-answers";

/** A hundred years; the API keeps copies for 1,825 days at most. */
const maxRetentionDays = 36_500;

/** What is wrong with a value: the place within it, what is there, and what is allowed. */
interface Flaw {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly allowed: string;
}

/** Looks for what is wrong with a value. */
type Inspection = (value: unknown) => Flaw | undefined;

type Fields<T> = Readonly<Record<keyof T, Inspection>>;

/** What a form says of its values. */
type Allowed = Pick<Form<unknown>, "allowed" | "holds">;

/** A value that a predicate judges. */
function valueThat(holds: (value: unknown) => boolean, allowed: string): Inspection {
  return (value) => (holds(value) ? undefined : { path: [], value, allowed });
}

function valueOf({ holds, allowed }: Allowed): Inspection {
  return valueThat(holds, allowed);
}

function valuesOf<K extends string>(
  facts: Readonly<Record<K, { readonly form: Allowed }>>,
): Record<K, Inspection> {
  const entries = Object.entries<{ readonly form: Allowed }>(facts);
  return Object.fromEntries(entries.map(([name, { form }]) => [name, valueOf(form)])) as Record<
    K,
    Inspection
  >;
}

function within(place: string | number, flaw: Flaw | undefined): Flaw | undefined {
  return flaw && { ...flaw, path: [place, ...flaw.path] };
}

function listOf(inspect: Inspection, atLeastOne?: string): Inspection {
  return (value) => {
    if (!Array.isArray(value) || (value.length === 0 && atLeastOne !== undefined)) {
      return { path: [], value, allowed: atLeastOne ?? "a list" };
    }
    const index = value.findIndex((each) => inspect(each) !== undefined);
    return index < 0 ? undefined : within(index, inspect(value[index]));
  };
}

/** Every key is one of the list, so that no name of a file's choice reaches Terraform. */
function fieldsOf(fields: Readonly<Record<string, Inspection>>, ...required: readonly string[]): Inspection {
  const inspections = new Map(Object.entries(fields));
  return (value) => {
    if (!isObject(value) || Array.isArray(value)) {
      return { path: [], value, allowed: "an object" };
    }
    for (const [name, each] of Object.entries(value)) {
      const inspect = inspections.get(name);
      if (inspect === undefined) {
        return { path: [name], value: name, allowed: "left out, as an answer has nothing of this name" };
      }
      const flaw = each === undefined ? undefined : within(name, inspect(each));
      if (flaw !== undefined) {
        return flaw;
      }
    }
    const missing = required.find((name) => !Object.hasOwn(value, name) || value[name] === undefined);
    return missing === undefined ? undefined : { path: [missing], value: undefined, allowed: "given" };
  };
}

const text = valueThat((value) => typeof value === "string", "text");
const number = valueThat((value) => typeof value === "number", "a number");
const truth = valueOf(flag);
const time = valueOf(instant);
const line = valueThat(isOneLine, "one line of text that says why, without control characters");
const apiName = valueThat(
  (value) => typeof value === "string" && apiNames.has(value),
  "a field of a record in the API's spelling",
);
const quotation = valueThat(isQuotable, "the beginning of what the field held");

/** An id that the API can be asked for: it is a number there, and has no leading zeros. */
const usableId = valueThat(
  (value) => digits.holds(value) && !value.startsWith("0"),
  `${digits.allowed}, above 0 and without leading zeros`,
);

const record: Fields<CrossRegionBackupRecord> = {
  ...valuesOf(recordFields),
  restoreRegions: listOf(valueOf(region)),
  unreadable: listOf(fieldsOf({ field: apiName, value: quotation }, "field", "value")),
};

const backup: Fields<RestorableBackup> = {
  ...record,
  ...valuesOf(singleFacts),
  crossBackupId: usableId,
  restoreRegions: listOf(valueOf(region), "a list of at least one region"),
  recoveryGaps: listOf(fieldsOf({ start: time, end: time }, "start")),
};

/** What questions say; whether they say it rightly, the checks of a query judge. */
const source = { dbInstanceId: text, regionId: text, crossBackupRegion: text, resourceGroupId: text };
const restored = { dbInstanceClass: text, dbInstanceStorage: number, dbInstanceStorageType: text };
const choice = { restoreRegion: text, notAfter: text, recoveryWindow: truth };
const latestRequest: Fields<LatestRequest> = { ...source, ...choice, ...restored };
const ids = { crossBackupId: text, backupId: text };
const pages = { startTime: text, endTime: text, pageSize: number, pageNumber: number };
const listRequest: Fields<DescribeCrossRegionBackupsRequest> = { ...source, ...ids, ...pages };

const wholeBackup = fieldsOf(backup, "crossBackupId", "dataTime", "restoreRegions");

const latestEntry: Fields<LockedAnswer> = {
  query: fieldsOf(latestRequest),
  backup: (value) => (value === null ? undefined : wholeBackup(value)),
  backups: listOf(fieldsOf(record, "restoreRegions")),
  refused: listOf(fieldsOf({ crossBackupId: usableId, detail: line }, "crossBackupId", "detail")),
  changedAt: time,
  endpoint: text,
  retentionDays: valueThat(
    (value) => integer.holds(value) && value >= 1 && value <= maxRetentionDays,
    `a whole number of days from 1 to ${maxRetentionDays}`,
  ),
  pin: fieldsOf({ reason: line }, "reason"),
};

const inspectLatest = fieldsOf(latestEntry);
const inspectList = fieldsOf({ ...latestEntry, query: fieldsOf(listRequest) });

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
  const answers = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, parseForm(key, each, where)]),
  );
  for (const [key, entry] of Object.entries(answers)) {
    checkEntry(key, entry, where);
  }
  return answers;
}

/** A copy, as the user's context may be what it is taken of, with what a file leaves out if it says nothing. */
function parseForm(key: string, value: unknown, where: string): LockedAnswer {
  if (!keyForm.test(key)) {
    const allowed =
      'a question: it begins with "latest" or "list", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"';
    throw new InvalidRequestError(`[${shownValue(key)}] of ${where}`, key, allowed);
  }
  const flaw = key.startsWith("latest ") ? inspectLatest(value) : inspectList(value);
  if (flaw !== undefined) {
    const path = [key, ...flaw.path].map(placeText).join("");
    throw new InvalidRequestError(`${path} of ${where}`, flaw.value, flaw.allowed);
  }
  const { backup: found, backups, ...others } = JSON.parse(JSON.stringify(value)) as LockedAnswer;
  if ((found === undefined) === (backups === undefined)) {
    throw new InvalidRequestError(`${placeText(key)} of ${where}`, value, "either backup or backups");
  }
  return backups === undefined
    ? { ...others, backup: found && Object.assign({ unreadable: [], dataTimeEstimated: false }, found) }
    : { ...others, backups: backups.map((each) => Object.assign({ unreadable: [] }, each)) };
}

/** A name of the file's choice may be anything, such as a signed link. */
function placeText(place: string | number): string {
  const isOwn = typeof place === "number" || keyForm.test(place) || /^\w+$/.test(place);
  return `[${isOwn ? JSON.stringify(place) : shownValue(place)}]`;
}

/** What the form alone does not show: a key that somebody changed by hand would give one question another's answer. */
function checkEntry(
  key: string,
  { query, backup: found, refused, endpoint, pin }: LockedAnswer,
  where: string,
): void {
  const place = (field = ""): string => `${placeText(key)}${field === "" ? "" : `["${field}"]`} of ${where}`;
  if (endpoint !== undefined) {
    checkEndpointForm(place("endpoint"), endpoint);
  }
  const isLatest = key.startsWith("latest ");
  const [needed, other] = isLatest ? ["backup", "backups"] : ["backups", "backup"];
  if ((found === undefined) === isLatest) {
    throw new InvalidRequestError(place(), other, `${needed}, which is what its key asks for`);
  }
  if (refused !== undefined && !isLatest) {
    throw new InvalidRequestError(place("refused"), refused, "left out, as there is no preflight of a list");
  }
  // A preflight that accepts the locked backup refuses others, each of them once.
  const refusedIds = (refused ?? []).map(({ crossBackupId }) => crossBackupId);
  const own = refusedIds.find((id) => id === found?.crossBackupId);
  if (own !== undefined) {
    const allowed = "a list of other backups than the locked one, which was accepted";
    throw new InvalidRequestError(place("refused"), own, allowed);
  }
  const twice = refusedIds.find((id, index) => refusedIds.indexOf(id) < index);
  if (twice !== undefined) {
    throw new InvalidRequestError(place("refused"), twice, "a list of backups in which each stands once");
  }
  if (pin !== undefined && (found === undefined || found === null)) {
    throw new InvalidRequestError(place("pin"), pin, "left out, as there is no backup that could be pinned");
  }
  if (query !== undefined) {
    checkQuestion(questionUnder(key, query), key, place("query"));
  }
}

function checkQuestion(query: LookupQuery, key: string, place: string): void {
  if (queryKey(query) !== key) {
    throw new InvalidRequestError(place, queryKey(query), "the same question as its key");
  }
  try {
    checkQuery(query);
  } catch (error) {
    throw error instanceof InvalidRequestError
      ? new InvalidRequestError(`${error.parameter} in ${place}`, error.value, error.allowed)
      : error;
  }
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
      const allowed = "given: without its question an answer cannot be looked up anew";
      throw new InvalidRequestError(`"query" of [${JSON.stringify(key)}]`, undefined, allowed);
    }
    return questionUnder(key, query);
  });
}
