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

/** Says what is wrong with a record: the value that decides, and what it should be. Else it says nothing. */
type Complaint = (
  record: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
  now: Instant,
) => string | false | undefined;

/**
 * What can be wrong with a record, by the reason for which it is rejected. The first complaint counts: first of what it
 * is, then of what was asked for, then of its times.
 */
const complaints = {
  /** BackupType is not `F`. */
  "not-full": (record) =>
    record.backupType?.toUpperCase() !== "F" && `${said(record, "backupType")}, a full backup has "F"`,
  /** BackupSetStatus says anything but success. */
  "not-successful": (record) =>
    (stated(record, "backupSetStatus") ?? 0) !== 0 && `${said(record, "backupSetStatus")}, a successful backup has 0`,
  /** No status is reported, and there is no end time or no file name, or the size is 0. */
  unfinished: (record) => {
    const signs = record.backupSetStatus === undefined ? signsOfUnfinished(record) : [];
    return signs.length > 0 && `BackupSetStatus is not reported, and there is ${signs.join(", ")}`;
  },
  /** A backup of a single database, not of the instance. */
  "database-level": (record) =>
    (stated(record, "backupSetScale") ?? 0) !== 0 &&
    `${said(record, "backupSetScale")}, a backup of the instance has 0`,
  /** A logical dump: a restore needs a physical backup. */
  logical: ({ backupMethod }) =>
    backupMethod?.toUpperCase() === "L" && 'BackupMethod is "L", a physical backup has "P"',
  /** No CrossBackupId that a restore could name. */
  "no-id": (record) =>
    (record.crossBackupId ?? "0") === "0" && `${said(record, "crossBackupId")}, not a number above 0`,
  /** A field that decides breaks its form, such as an engine of `${…}`. */
  malformed: ({ unreadable: fields }, { crossBackupRegion }) => {
    const decisive = ["BackupMethod", "Engine", "RestoreRegions"];
    const asked = crossBackupRegion === undefined ? decisive : [...decisive, "CrossBackupRegion"];
    const broken = fields.find(({ field }) => asked.includes(field));
    return broken && `${broken.field} is "${broken.value}", which no backup has`;
  },
  /** A SQL Server backup whose file does not end in `.zip`. */
  "not-zip": (record) =>
    engineFamilyOf(record.engine) === EngineFamily.SQL_SERVER &&
    !/\.zip$/i.test(record.crossBackupSetFile ?? "") &&
    `the file of a SQL Server backup must end in .zip, not ${shown(stated(record, "crossBackupSetFile"))}`,
  /** Stored in another region than the one that was asked for. */
  "other-storage-region": ({ crossBackupRegion: region }, { crossBackupRegion: asked }) =>
    region !== undefined &&
    asked !== undefined &&
    region !== asked &&
    `stored in ${shown(region)}, not in ${shown(asked)}`,
  /** Can be restored to no region at all. */
  "no-restore-region": ({ restoreRegions }) =>
    restoreRegions.length === 0 && "the record names no region to restore to",
  /** Cannot be restored to the region that was asked for. */
  "other-restore-region": ({ restoreRegions }, { restoreRegion }) =>
    restoreRegion !== undefined &&
    !restoreRegions.includes(restoreRegion) &&
    `can be restored to ${restoreRegions.join(", ")}, not to ${shown(restoreRegion)}`,
  /** A time of the backup is missing or cannot be read. */
  "unreadable-time": (record) =>
    record.backupStartTime === undefined
      ? said(record, "backupStartTime")
      : unreadable(record, "backupEndTime") !== undefined && said(record, "backupEndTime"),
  /** A time of the backup lies more than an hour in the future. */
  "in-the-future": ({ backupStartTime, backupEndTime }, _, now) => {
    const latest = addHours(now, clockToleranceHours);
    const future = [backupStartTime, backupEndTime].find((time) => time !== undefined && time > latest);
    return future && `${future} is more than ${clockToleranceHours} hour after ${now}`;
  },
  /** The data is later than `notAfter`. */
  "after-not-after": (record, { notAfter }) => {
    const dataTime = dataTimeOf(record)?.instant;
    const isAfter = notAfter !== undefined && dataTime !== undefined && dataTime > notAfter;
    return isAfter && `its data time ${dataTime} is after ${notAfter}`;
  },
} satisfies Record<string, Complaint>;

/**
 * Why a record is not a valid full backup for what was asked: what is wrong with it, or, as no record shows, that the
 * region of the restore refuses it in its preflight.
 */
export type RejectionReason = keyof typeof complaints | "preflight-refused";

const complaintsInOrder = Object.entries(complaints) as [RejectionReason, Complaint][];

/** Every reason, in the order in which they count. */
export const rejectionReasons: readonly RejectionReason[] = [
  ...complaintsInOrder.map(([reason]) => reason),
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

/** The first complaint about a record; undefined if it is a valid full backup for the criteria. Pure and total. */
export function rejectionOf(
  record: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
  now: Instant,
): Rejection | undefined {
  for (const [reason, complaint] of complaintsInOrder) {
    const detail = complaint(record, criteria, now);
    if (typeof detail === "string") {
      return { ...optional("crossBackupId", record.crossBackupId), reason, detail };
    }
  }
  return undefined;
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
