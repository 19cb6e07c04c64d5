import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { isInstant } from "../backup/instant";
import { isObject } from "../backup/row";
import type { LatestRequest } from "../lookup/query";
import type { LockedAnswer } from "./locked-answers";

/** A hundred years; the API keeps copies for 1,825 days at most. */
export const maxRetentionDays = 36_500;

/**
 * An answer that is surely of the right form, with what may be left out filled in. Undefined where that takes a closer
 * look: the schema tells then what is wrong, if anything. An app may have a thousand answers, nearly all of them as a
 * refresh wrote them, and to hold each against the schema would take longer than all else about it.
 */
export function wellFormed(key: string, entry: unknown): LockedAnswer | undefined {
  if (!key.startsWith("latest ") || !hasForm(entryForm, entry)) {
    return undefined;
  }
  const { backup, query, ...others } = entry as LockedAnswer;
  return backup === undefined || backup === null
    ? undefined
    : { ...others, ...(query && { query: { ...query } }), backup: wholeBackup(backup) };
}

/** A copy, as the user's context may be what it is taken of, with what a file leaves out where it says nothing. */
function wholeBackup(backup: CrossRegionBackup): CrossRegionBackup {
  const { restoreRegions, dataTimeEstimated = false, unreadable = [] } = backup as Partial<CrossRegionBackup>;
  return { ...backup, restoreRegions: [...(restoreRegions ?? [])], dataTimeEstimated, unreadable };
}

/** Whether a value is surely what a field may hold. */
type IsSure = (value: unknown) => boolean;

type Form<T> = Readonly<Record<keyof T, IsSure>>;

function hasForm(form: Readonly<Record<string, IsSure>>, value: unknown): boolean {
  return (
    isObject(value) &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, each]) => Object.hasOwn(form, name) && form[name]?.(each) === true)
  );
}

const seldom: IsSure = () => false;
const text: IsSure = (value) => typeof value === "string";
const number: IsSure = (value) => typeof value === "number" && Number.isFinite(value);
const instant: IsSure = (value) => typeof value === "string" && isInstant(value);
const digits: IsSure = (value) => typeof value === "string" && /^\d+$/.test(value);
const regions: IsSure = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((region) => typeof region === "string" && region !== "");

const backupForm: Form<CrossRegionBackup> = {
  crossBackupId: (value) => typeof value === "string" && /^\d*[1-9]\d*$/.test(value),
  dataTime: instant,
  dataTimeEstimated: (value) => typeof value === "boolean",
  recoverableFrom: instant,
  recoverableUntil: instant,
  recoveryGaps: seldom,
  restoreRegions: regions,
  backupStartTime: instant,
  backupEndTime: instant,
  consistentTime: instant,
  backupType: text,
  backupMethod: text,
  backupSetStatus: number,
  backupSetScale: number,
  category: text,
  crossBackupRegion: text,
  crossBackupSetFile: text,
  crossBackupSetLocation: text,
  crossBackupSetSize: number,
  dbInstanceStorageType: text,
  engine: text,
  engineVersion: text,
  hasBackupTableMeta: text,
  instanceId: digits,
  unreadable: seldom,
};

const requestForm: Form<LatestRequest> = {
  dbInstanceId: text,
  regionId: text,
  crossBackupRegion: text,
  restoreRegion: text,
  notAfter: text,
  resourceGroupId: text,
  recoveryWindow: (value) => value === true,
  dbInstanceClass: text,
  dbInstanceStorage: number,
  dbInstanceStorageType: text,
};

const entryForm: Form<LockedAnswer> = {
  query: (value) => hasForm(requestForm, value),
  backup: (value) =>
    hasForm(backupForm, value) &&
    ["crossBackupId", "dataTime", "restoreRegions"].every((name) => Object.hasOwn(value as object, name)),
  backups: seldom,
  refused: seldom,
  changedAt: instant,
  endpoint: text,
  retentionDays: (value) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxRetentionDays,
  pin: seldom,
};
