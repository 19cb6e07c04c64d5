import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import { digits, instant, integer, isOneLine, isQuotable, region } from "../backup/forms";
import { apiNames, recordFields } from "../backup/record-fields";
import type { RestorableBackup } from "../backup/restorable-backup";
import { isObject } from "../backup/row";
import type { LatestRequest } from "../lookup/query";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups-request";
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
type Check = (value: unknown) => Flaw | undefined;

type Fields<T> = Readonly<Record<keyof T, Check>>;

/** A form as far as a check needs it. */
interface Allowed {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

function valueOf({ holds, allowed }: Allowed): Check {
  return (value) => (holds(value) ? undefined : { path: [], value, allowed });
}

function within(place: string | number, flaw: Flaw | undefined): Flaw | undefined {
  return flaw && { ...flaw, path: [place, ...flaw.path] };
}

function listOf(check: Check, atLeastOne?: string): Check {
  return (value) => {
    if (!Array.isArray(value) || (value.length === 0 && atLeastOne !== undefined)) {
      return { path: [], value, allowed: atLeastOne ?? "a list" };
    }
    const index = value.findIndex((each) => check(each) !== undefined);
    return index < 0 ? undefined : within(index, check(value[index]));
  };
}

/** Every key is one of the list, so that no name of a file's choice reaches Terraform. */
function fieldsOf(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const checks = new Map(Object.entries(fields));
  return (value) => {
    if (!isObject(value) || Array.isArray(value)) {
      return { path: [], value, allowed: "an object" };
    }
    for (const name of Object.keys(value)) {
      const check = checks.get(name);
      if (check === undefined) {
        return { path: [name], value: name, allowed: "left out, as an answer has nothing of this name" };
      }
      const flaw = value[name] === undefined ? undefined : check(value[name]);
      if (flaw !== undefined) {
        return within(name, flaw);
      }
    }
    const missing = required.find((name) => !Object.hasOwn(value, name) || value[name] === undefined);
    return missing === undefined ? undefined : { path: [missing], value: undefined, allowed: "given" };
  };
}

const text = valueOf({ holds: (value) => typeof value === "string", allowed: "text" });
const number = valueOf({ holds: (value) => typeof value === "number", allowed: "a number" });
const flag = valueOf({ holds: (value) => typeof value === "boolean", allowed: "true or false" });
const line = valueOf({
  holds: isOneLine,
  allowed: "one line of text that says why, without control characters",
});
const time = valueOf(instant);

const record: Fields<CrossRegionBackupRecord> = {
  ...(Object.fromEntries(
    Object.entries(recordFields).map(([name, { form }]) => [name, valueOf(form)]),
  ) as Fields<typeof recordFields>),
  restoreRegions: listOf(valueOf(region)),
  unreadable: listOf(
    fieldsOf(
      {
        field: valueOf({
          holds: (value) => typeof value === "string" && apiNames.has(value),
          allowed: "a field of a record in the API's spelling",
        }),
        value: valueOf({ holds: isQuotable, allowed: "the beginning of what the field held" }),
      },
      ["field", "value"],
    ),
  ),
};

/** An id that the API can be asked for: it is a number there, and has no leading zeros. */
const usableId = valueOf({
  holds: (value) => digits.holds(value) && !value.startsWith("0"),
  allowed: `${digits.allowed}, above 0 and without leading zeros`,
});

const backup: Fields<RestorableBackup> = {
  ...record,
  crossBackupId: usableId,
  restoreRegions: listOf(valueOf(region), "a list of at least one region"),
  dataTime: time,
  dataTimeEstimated: flag,
  recoverableFrom: time,
  recoverableUntil: time,
  recoveryGaps: listOf(fieldsOf({ start: time, end: time }, ["start"])),
};

/** What questions say; whether they say it rightly, the checks of a query judge. */
const latestRequest: Fields<LatestRequest> = {
  dbInstanceId: text,
  regionId: text,
  crossBackupRegion: text,
  restoreRegion: text,
  notAfter: text,
  resourceGroupId: text,
  recoveryWindow: flag,
  dbInstanceClass: text,
  dbInstanceStorage: number,
  dbInstanceStorageType: text,
};
const listRequest: Fields<DescribeCrossRegionBackupsRequest> = {
  dbInstanceId: text,
  regionId: text,
  crossBackupRegion: text,
  resourceGroupId: text,
  crossBackupId: text,
  backupId: text,
  startTime: text,
  endTime: text,
  pageSize: number,
  pageNumber: number,
};

const wholeBackup = fieldsOf(backup, ["crossBackupId", "dataTime", "restoreRegions"]);
const backupOrNone: Check = (value) => (value === null ? undefined : wholeBackup(value));

const latestEntry: Fields<LockedAnswer> = {
  query: fieldsOf(latestRequest),
  backup: backupOrNone,
  backups: listOf(fieldsOf(record, ["restoreRegions"])),
  refused: listOf(fieldsOf({ crossBackupId: usableId, detail: line }, ["crossBackupId", "detail"])),
  changedAt: time,
  endpoint: text,
  retentionDays: valueOf({
    holds: (value) => integer.holds(value) && value >= 1 && value <= maxRetentionDays,
    allowed: `a whole number of days from 1 to ${maxRetentionDays}`,
  }),
  pin: fieldsOf({ reason: line }, ["reason"]),
};

const checkLatest = fieldsOf(latestEntry);
const checkList = fieldsOf({ ...latestEntry, query: fieldsOf(listRequest) });

function checkOneAnswer(value: unknown): Flaw | undefined {
  const { backup: one, backups: many } = value as LockedAnswer;
  return (one === undefined) === (many === undefined)
    ? { path: [], value, allowed: "either backup or backups" }
    : undefined;
}

/** The characters of instances, regions, times and classes. */
const keyForm = /^(?:latest|list)(?: [\w.:=-]+)+$/;

/**
 * Checks the form of locked answers, and fills in what may be left out.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function checkForm(value: unknown, where: string): LockedAnswers {
  if (!isObject(value) || Array.isArray(value)) {
    throw new InvalidRequestError(where, value, "an object, by the keys of the queries");
  }
  const answers = Object.entries(value).map(([key, each]) => {
    if (!keyForm.test(key)) {
      const allowed =
        'a question: it begins with "latest" or "list", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"';
      throw new InvalidRequestError(`[${shownValue(key)}] of ${where}`, key, allowed);
    }
    const flaw = (key.startsWith("latest ") ? checkLatest(each) : checkList(each)) ?? checkOneAnswer(each);
    if (flaw !== undefined) {
      const path = [key, ...flaw.path].map(placeText).join("");
      throw new InvalidRequestError(`${path} of ${where}`, flaw.value, flaw.allowed);
    }
    return [key, filledIn(each as LockedAnswer)];
  });
  return Object.fromEntries(answers) as LockedAnswers;
}

/** A name of the file's choice may be anything, such as a signed link. */
function placeText(place: string | number): string {
  const isOwn = typeof place === "number" || keyForm.test(place) || /^\w+$/.test(place);
  return `[${isOwn ? JSON.stringify(place) : shownValue(place)}]`;
}

/** A copy, as the user's context may be what it is taken of, with what a file leaves out if it says nothing. */
function filledIn(given: LockedAnswer): LockedAnswer {
  const { backup: found, backups, ...others } = JSON.parse(JSON.stringify(given)) as LockedAnswer;
  const nothing = { unreadable: [], dataTimeEstimated: false };
  return {
    ...others,
    ...(found === undefined ? {} : { backup: found && Object.assign(nothing, found) }),
    ...(backups && { backups: backups.map((each) => Object.assign({ unreadable: [] }, each)) }),
  };
}
