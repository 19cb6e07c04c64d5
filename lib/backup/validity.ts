import { dataTimeOf } from "./data-time";
import { EngineFamily, engineFamilyOf } from "./engine-family";
import { addHours, type Instant } from "./instant";
import { optional } from "./json-object";
import { type CrossRegionBackupRecord, recordFields } from "./record-fields";

/** What a backup must satisfy beyond being whole. */
export interface SelectionCriteria {
  /** Only backups stored in this region. */
  readonly crossBackupRegion?: string;
  /** Only backups that can be restored to this region. */
  readonly restoreRegion?: string;
  /** Only backups whose data time is at or before this instant. */
  readonly notAfter?: Instant;
}

/** The API rejects clocks that are off by 15 minutes, so an hour is more than any honest clock needs. */
const clockToleranceHours = 1;

/** A rule that every valid backup keeps. */
interface Rule {
  /** Whether a record keeps the rule. */
  readonly holds: (record: CrossRegionBackupRecord, criteria: SelectionCriteria, now: Instant) => boolean;
  /** The value that breaks the rule, and what it should be. */
  readonly detail: (record: CrossRegionBackupRecord, criteria: SelectionCriteria, now: Instant) => string;
}

/**
 * The rules of validity, each under the reason for which it rejects a record. A record is rejected for the first rule
 * that it breaks: first for what it is, then for what was asked for, then for its times.
 */
const rules = {
  /** BackupType is not `F`. */
  "not-full": {
    holds: ({ backupType }) => backupType?.toUpperCase() === "F",
    detail: (record) => `${said(record, "backupType")}, a full backup has "F"`,
  },
  /** BackupSetStatus says anything but success. */
  "not-successful": {
    holds: (record) => (stated(record, "backupSetStatus") ?? 0) === 0,
    detail: (record) => `${said(record, "backupSetStatus")}, a successful backup has 0`,
  },
  /** No status is reported, and there is no end time or no file name, or the size is 0. */
  unfinished: {
    holds: (record) => record.backupSetStatus !== undefined || signsOfUnfinished(record).length === 0,
    detail: (record) =>
      `BackupSetStatus is not reported, and there is ${signsOfUnfinished(record).join(", ")}`,
  },
  /** A backup of a single database, not of the instance. */
  "database-level": {
    holds: (record) => (stated(record, "backupSetScale") ?? 0) === 0,
    detail: (record) => `${said(record, "backupSetScale")}, a backup of the instance has 0`,
  },
  /** A logical dump: a restore needs a physical backup. */
  logical: {
    holds: ({ backupMethod }) => backupMethod?.toUpperCase() !== "L",
    detail: () => 'BackupMethod is "L", a physical backup has "P"',
  },
  /** No CrossBackupId that a restore could name. */
  "no-id": {
    holds: ({ crossBackupId = "0" }) => crossBackupId !== "0",
    detail: (record) => `${said(record, "crossBackupId")}, not a number above 0`,
  },
  /** A field that decides contains what it cannot mean, such as an engine of `${…}`. */
  malformed: {
    holds: (record, criteria) => malformedField(record, criteria) === undefined,
    detail: (record, criteria) => {
      const { field = "", value = "" } = malformedField(record, criteria) ?? {};
      return `${field} is "${value}", which no backup has`;
    },
  },
  /** A SQL Server backup whose file does not end in `.zip`. */
  "not-zip": {
    holds: ({ engine, crossBackupSetFile = "" }) =>
      engineFamilyOf(engine) !== EngineFamily.SQL_SERVER || /\.zip$/i.test(crossBackupSetFile),
    detail: (record) =>
      `the file of a SQL Server backup must end in .zip, not ${shown(stated(record, "crossBackupSetFile"))}`,
  },
  /** Stored in another region than the one that was asked for. */
  "other-storage-region": {
    holds: ({ crossBackupRegion: region }, { crossBackupRegion: asked }) =>
      region === undefined || asked === undefined || region === asked,
    detail: ({ crossBackupRegion }, { crossBackupRegion: asked }) =>
      `stored in ${shown(crossBackupRegion)}, not in ${shown(asked)}`,
  },
  /** Can be restored to no region at all. */
  "no-restore-region": {
    holds: ({ restoreRegions }) => restoreRegions.length > 0,
    detail: () => "the record names no region to restore to",
  },
  /** Cannot be restored to the region that was asked for. */
  "other-restore-region": {
    holds: ({ restoreRegions }, { restoreRegion }) =>
      restoreRegion === undefined || restoreRegions.includes(restoreRegion),
    detail: ({ restoreRegions }, { restoreRegion }) =>
      `can be restored to ${restoreRegions.join(", ")}, not to ${shown(restoreRegion)}`,
  },
  /** A time of the backup is missing or cannot be read. */
  "unreadable-time": {
    holds: (record) =>
      record.backupStartTime !== undefined && unreadable(record, "backupEndTime") === undefined,
    detail: (record) =>
      said(record, record.backupStartTime === undefined ? "backupStartTime" : "backupEndTime"),
  },
  /** A time of the backup lies more than an hour in the future. */
  "in-the-future": {
    holds: (record, _, now) => futureTime(record, now) === undefined,
    detail: (record, _, now) =>
      `${futureTime(record, now) ?? ""} is more than ${clockToleranceHours} hour after ${now}`,
  },
  /** The data is later than `notAfter`. */
  "after-not-after": {
    holds: (record, { notAfter }) =>
      notAfter === undefined || (dataTimeOf(record)?.instant ?? notAfter) <= notAfter,
    detail: (record, { notAfter = "" }) =>
      `its data time ${dataTimeOf(record)?.instant ?? ""} is after ${notAfter}`,
  },
} satisfies Record<string, Rule>;

/**
 * Why a record is not a valid full backup for what was asked: the rule that it breaks, or, as no record shows, that the
 * region of the restore refuses it in its preflight.
 */
export type RejectionReason = keyof typeof rules | "preflight-refused";

const rulesInOrder = Object.entries(rules) as [RejectionReason, Rule][];

/** Every reason, in the order of the rules. */
export const rejectionReasons: readonly RejectionReason[] = [
  ...rulesInOrder.map(([reason]) => reason),
  "preflight-refused",
];

/** A record that was not taken, and why: "rejected" by a rule of validity, "refused" by the region's preflight. */
export interface Rejection {
  /** Id of the record; absent if it has none. */
  readonly crossBackupId?: string;
  readonly reason: RejectionReason;
  /** The value that decided, and what it should have been. */
  readonly detail: string;
}

/** How many rejections of each reason are not listed one by one. */
export type LeftOut = Readonly<Partial<Record<RejectionReason, number>>>;

/** The first rule that a record breaks; undefined if it is a valid full backup for the criteria. Pure and total. */
export function rejectionOf(
  record: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
  now: Instant,
): Rejection | undefined {
  const broken = rulesInOrder.find(([, { holds }]) => !holds(record, criteria, now));
  if (broken === undefined) {
    return undefined;
  }
  const [reason, { detail }] = broken;
  return {
    ...optional("crossBackupId", record.crossBackupId),
    reason,
    detail: detail(record, criteria, now),
  };
}

/** One line on many rejections: how many records fell to each reason, the most frequent first. */
export function summariseRejections(rejections: readonly Rejection[], leftOut: LeftOut = {}): string {
  const counts = new Map<RejectionReason, number>();
  for (const { reason } of rejections) {
    counts.set(reason, (counts.get(reason) ?? leftOut[reason] ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}

function signsOfUnfinished(record: CrossRegionBackupRecord): readonly string[] {
  return [
    ...(stated(record, "backupEndTime") === undefined ? ["no BackupEndTime"] : []),
    ...(stated(record, "crossBackupSetFile") === undefined ? ["no CrossBackupSetFile"] : []),
    ...(record.crossBackupSetSize === 0 ? ["a CrossBackupSetSize of 0"] : []),
  ];
}

/** A field that decides and breaks its form; a field that only describes a backup is left out instead. */
function malformedField(
  { unreadable: fields }: CrossRegionBackupRecord,
  { crossBackupRegion }: SelectionCriteria,
): CrossRegionBackupRecord["unreadable"][number] | undefined {
  const decisive = ["BackupMethod", "Engine", "RestoreRegions"];
  return fields.find(
    ({ field }) =>
      decisive.includes(field) || (field === "CrossBackupRegion" && crossBackupRegion !== undefined),
  );
}

function futureTime(
  { backupStartTime, backupEndTime }: CrossRegionBackupRecord,
  now: Instant,
): Instant | undefined {
  const latest = addHours(now, clockToleranceHours);
  return [backupStartTime, backupEndTime].find((time) => time !== undefined && time > latest);
}

type Field = keyof typeof recordFields;

/** What the API said in a field that it filled with something else. */
function unreadable(record: CrossRegionBackupRecord, name: Field): string | undefined {
  const { apiName } = recordFields[name];
  return record.unreadable.find(({ field }) => field === apiName)?.value;
}

/** What the API said in a field, readable or not. */
function stated(record: CrossRegionBackupRecord, name: Field): string | number | undefined {
  return record[name] ?? unreadable(record, name);
}

function said(record: CrossRegionBackupRecord, name: Field): string {
  return `${recordFields[name].apiName} is ${shown(stated(record, name))}`;
}

function shown(value: string | number | undefined): string {
  return value === undefined ? "absent" : typeof value === "number" ? String(value) : `"${value}"`;
}
