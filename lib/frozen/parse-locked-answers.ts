import * as v from "valibot";
import { isInstant } from "../backup/instant";
import { checkQuery, queryKey, type LookupQuery } from "../lookup/query";
import { checkEndpoint } from "../rds-api/endpoint";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import type { LockedAnswer, LockedAnswers } from "./locked-answers";
import { questionUnder } from "./locked-queries";

const instant = v.pipe(v.string(), v.check(isInstant, "yyyy-MM-ddTHH:mm:ssZ"));
const digits = v.pipe(v.string(), v.regex(/^\d+$/, "a string of digits"));
const regions = v.array(v.pipe(v.string(), v.nonEmpty("the id of a region")));

/** Every fact of a record that may be kept; the download link may not. */
const record = {
  crossBackupId: v.optional(digits),
  backupStartTime: v.optional(instant),
  backupEndTime: v.optional(instant),
  consistentTime: v.optional(instant),
  backupType: v.optional(v.string()),
  backupMethod: v.optional(v.string()),
  backupSetStatus: v.optional(v.number()),
  backupSetScale: v.optional(v.number()),
  category: v.optional(v.string()),
  crossBackupRegion: v.optional(v.string()),
  crossBackupSetFile: v.optional(v.string()),
  crossBackupSetLocation: v.optional(v.string()),
  crossBackupSetSize: v.optional(v.number()),
  dbInstanceStorageType: v.optional(v.string()),
  engine: v.optional(v.string()),
  engineVersion: v.optional(v.string()),
  hasBackupTableMeta: v.optional(v.string()),
  instanceId: v.optional(digits),
  restoreRegions: regions,
  unreadable: v.optional(v.array(v.strictObject({ field: v.string(), value: v.string() })), []),
};

const backup = {
  ...record,
  crossBackupId: v.pipe(digits, v.regex(/[1-9]/, "a number above 0")),
  dataTime: instant,
  dataTimeEstimated: v.optional(v.boolean(), false),
  recoverableFrom: v.optional(instant),
  recoverableUntil: v.optional(instant),
  recoveryGaps: v.optional(v.array(v.strictObject({ from: instant, until: v.optional(instant) }))),
  restoreRegions: v.pipe(regions, v.nonEmpty("at least one region")),
};

/** A hundred years; the API keeps copies for 1,825 days at most. */
const maxRetentionDays = 36_500;
const wholeDays = `a whole number of days from 1 to ${maxRetentionDays}`;

const entry = v.pipe(
  v.strictObject({
    query: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.literal(true)]))),
    backup: v.nullish(v.strictObject(backup)),
    backups: v.optional(v.array(v.strictObject(record))),
    refused: v.optional(v.array(v.strictObject({ crossBackupId: digits, detail: v.string() }))),
    changedAt: v.optional(instant),
    endpoint: v.optional(v.string()),
    retentionDays: v.optional(
      v.pipe(
        v.number(),
        v.integer(wholeDays),
        v.minValue(1, wholeDays),
        v.maxValue(maxRetentionDays, wholeDays),
      ),
    ),
    pin: v.optional(v.strictObject({ reason: v.pipe(v.string(), v.regex(/\S/, "text that says why")) })),
  }),
  v.check(
    (answer) => (answer.backup === undefined) !== (answer.backups === undefined),
    "either backup or backups",
  ),
);

const answers = v.record(
  v.pipe(v.string(), v.regex(/^(?:latest|list) /, 'a key that begins with "latest" or "list"')),
  entry,
);

/**
 * Checks locked answers.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function parseLockedAnswers(value: unknown, where: string): LockedAnswers {
  // A record of valibot takes a list for one without keys.
  const result = v.safeParse(answers, Array.isArray(value) ? undefined : value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const path = (issue.path ?? []).map(({ key }) => `[${JSON.stringify(key)}]`).join("");
    throw path === ""
      ? new InvalidRequestError(where, value, "an object, by the keys of the queries")
      : new InvalidRequestError(`${path} of ${where}`, issue.input, allowedBy(issue));
  }
  for (const [key, entry] of Object.entries(result.output)) {
    checkEntry(key, entry, where);
  }
  return result.output;
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
    checkEndpoint(place("endpoint"), endpoint);
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

/** What an issue allows, as the end of "must be …". */
function allowedBy(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === "validation") {
    return issue.message;
  }
  if (issue.expected === "never") {
    return "left out, as an answer has nothing of this name";
  }
  return issue.input === undefined ? "given" : (words[issue.expected ?? ""] ?? issue.message);
}

const words: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an object",
  boolean: "true or false",
  number: "a number",
  string: "text",
  "(string | number | true)": "text, a number or true",
};
