import { digits, flag, type Form, instant, integer, isQuotable, reason, region } from "../backup/forms";
import { isObject } from "../backup/json-object";
import { apiNames, type CrossRegionBackupRecord, recordFields } from "../backup/record-fields";
import { type RestorableBackup, singleFacts } from "../backup/restorable-backup";
import { sourceInstanceForms } from "../backup/source-instance";
import type { InstancesRequest } from "../lookup/discover";
import type { LatestRequest, LookupQuery } from "../lookup/query";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups";
import { type Check, InvalidRequestError, shownValue } from "../validation/checks";
import type { LockedAnswer, WrittenAnswer } from "./locked-answers";

/** The characters of instances, regions, times and classes, and of encoded tags. */
const ofKey = /^(?:latest|list|instances)(?: [\w.:=%-]+)+$/;

/** The key of a question. */
export const keyForm: Pick<Form<string>, "allowed" | "holds"> = {
  holds: (value): value is string => typeof value === "string" && ofKey.test(value),
  allowed:
    'a question: it begins with "latest", "list" or "instances", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"',
};

/** A name of the file's choice may be anything, such as a signed link. */
export function placeText(name: string): string {
  return `[${keyForm.holds(name) || /^\w+$/.test(name) ? JSON.stringify(name) : shownValue(name)}]`;
}

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

const tags: Check = (place, value) => {
  if (!isObject(value) || Array.isArray(value) || Object.values(value).some((each) => typeof each !== "string")) {
    throw new InvalidRequestError(place, value, "texts by the keys of the tags");
  }
};
const account = { profile: text, roleArn: text };
const instancesRequest: Fields<InstancesRequest> = { regionId: text, all: flag, tags, ...account };

const wholeBackup = fieldsOf(backup, "crossBackupId", "dataTime", "restoreRegions");

const latestEntry: Fields<LockedAnswer> = {
  query: fieldsOf(latestRequest),
  backup: (place, value) => {
    if (value !== null && value !== noBackup) {
      wholeBackup(place, value);
    }
  },
  backups: listOf(fieldsOf(record, "restoreRegions")),
  instances: listOf(fieldsOf(sourceInstanceForms, "dbInstanceId", "regionId")),
  refused: listOf(fieldsOf({ crossBackupId: usableId, detail: reason }, "crossBackupId", "detail")),
  changedAt: instant,
  endpoint: text,
  retentionDays: {
    holds: (value) => integer.holds(value) && value >= 1 && value <= maxRetentionDays,
    allowed: `a whole number of days from 1 to ${maxRetentionDays}`,
  },
  pin: fieldsOf({ reason }, "reason"),
};

/** The form of an answer, by the kind of its question. */
export const checkForm: Readonly<Record<LookupQuery["kind"], Check>> = {
  latest: fieldsOf(latestEntry),
  list: fieldsOf({ ...latestEntry, query: fieldsOf(listRequest) }),
  instances: fieldsOf({ ...latestEntry, query: fieldsOf(instancesRequest) }),
};
