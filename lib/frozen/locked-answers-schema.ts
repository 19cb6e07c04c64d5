import * as v from "valibot";
import { isInstant } from "../backup/instant";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import type { LockedAnswers } from "./locked-answers";
import { maxRetentionDays } from "./well-formed";

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
 * Checks the form of locked answers, and fills in what may be left out.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function checkForm(value: unknown, where: string): LockedAnswers {
  // A record of valibot takes a list for one without keys.
  const result = v.safeParse(answers, Array.isArray(value) ? undefined : value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const path = (issue.path ?? []).map(({ key }) => `[${JSON.stringify(key)}]`).join("");
    throw path === ""
      ? new InvalidRequestError(where, value, "an object, by the keys of the queries")
      : new InvalidRequestError(`${path} of ${where}`, issue.input, allowedBy(issue));
  }
  return result.output;
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
