import type { CrossRegionBackupRecord } from "./cross-region-backup-record";
import { dataTimeOf } from "./data-time";
import { EngineFamily, engineFamilyOf } from "./engine-family";
import { addHours, type Instant } from "./instant";
import { type Rejection, RejectionReason } from "./rejection";
import { optional } from "./row";

/** What a backup must satisfy beyond being whole. */
export interface SelectionCriteria {
  /** Only backups stored in this region. */
  readonly crossBackupRegion?: string;
  /** Only backups that can be restored to this region. */
  readonly restoreRegion?: string;
  /** Only backups whose data time is at or before this instant. */
  readonly notAfter?: Instant;
}

/** The API refuses clocks that are off by 15 minutes, so an hour is more than any honest clock needs. */
const clockToleranceHours = 1;

type Rule = (
  record: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
  now: Instant,
) => readonly [RejectionReason, string] | undefined;

/** In the order in which they are reported: what a record is, then what was asked for, then its times. */
const rules: readonly Rule[] = [
  isFull,
  isSuccessful,
  isFinished,
  isOfInstance,
  isPhysical,
  hasId,
  isWellFormed,
  isZip,
  isStoredWhereAsked,
  isRestorable,
  hasReadableTimes,
  isNotInFuture,
  isNotAfter,
];

/** The first rule that a record breaks, or undefined where it is a valid full backup for the criteria. Pure and total. */
export function rejectionOf(
  record: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
  now: Instant,
): Rejection | undefined {
  for (const rule of rules) {
    const broken = rule(record, criteria, now);
    if (broken !== undefined) {
      const [reason, detail] = broken;
      return { ...optional("crossBackupId", record.crossBackupId), reason, detail };
    }
  }
  return undefined;
}

function isFull(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const type = record.backupType ?? unreadable(record, "BackupType");
  return record.backupType?.toUpperCase() === "F"
    ? undefined
    : [RejectionReason.NOT_FULL, `BackupType is ${shown(type)}, a full backup has "F"`];
}

function isSuccessful(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const status = record.backupSetStatus ?? unreadable(record, "BackupSetStatus");
  return status === undefined || status === 0
    ? undefined
    : [RejectionReason.NOT_SUCCESSFUL, `BackupSetStatus is ${shown(status)}, a successful backup has 0`];
}

function isFinished(record: CrossRegionBackupRecord): ReturnType<Rule> {
  if (record.backupSetStatus !== undefined) {
    return undefined;
  }
  const end = record.backupEndTime ?? unreadable(record, "BackupEndTime");
  const file = record.crossBackupSetFile ?? unreadable(record, "CrossBackupSetFile");
  const signs = [
    end === undefined ? "no BackupEndTime" : undefined,
    file === undefined ? "no CrossBackupSetFile" : undefined,
    record.crossBackupSetSize === 0 ? "a CrossBackupSetSize of 0" : undefined,
  ].filter((sign) => sign !== undefined);
  return signs.length === 0
    ? undefined
    : [RejectionReason.UNFINISHED, `BackupSetStatus is not reported, and there is ${signs.join(", ")}`];
}

function isOfInstance(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const scale = record.backupSetScale ?? unreadable(record, "BackupSetScale");
  return scale === undefined || scale === 0
    ? undefined
    : [RejectionReason.DATABASE_LEVEL, `BackupSetScale is ${shown(scale)}, a backup of the instance has 0`];
}

function isPhysical({ backupMethod }: CrossRegionBackupRecord): ReturnType<Rule> {
  return backupMethod?.toUpperCase() === "L"
    ? [RejectionReason.LOGICAL, 'BackupMethod is "L", a physical backup has "P"']
    : undefined;
}

function hasId(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const id = record.crossBackupId ?? unreadable(record, "CrossBackupId");
  return record.crossBackupId === undefined || id === "0"
    ? [RejectionReason.NO_ID, `CrossBackupId is ${shown(id)}, not a number above 0`]
    : undefined;
}

/** The other fields that decide; what only describes a backup is left out instead. */
function isWellFormed(record: CrossRegionBackupRecord, criteria: SelectionCriteria): ReturnType<Rule> {
  const decisive = [
    "BackupMethod",
    "Engine",
    "RestoreRegions",
    ...(criteria.crossBackupRegion === undefined ? [] : ["CrossBackupRegion"]),
  ];
  const malformed = record.unreadable.find(({ field }) => decisive.includes(field));
  return malformed === undefined
    ? undefined
    : [RejectionReason.MALFORMED, `${malformed.field} is ${shown(malformed.value)}, which no backup has`];
}

function isZip(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const { engine, crossBackupSetFile = "" } = record;
  const file = record.crossBackupSetFile ?? unreadable(record, "CrossBackupSetFile");
  return engineFamilyOf(engine) === EngineFamily.SQL_SERVER && !/\.zip$/i.test(crossBackupSetFile)
    ? [RejectionReason.NOT_ZIP, `the file of a SQL Server backup must end in .zip, not ${shown(file)}`]
    : undefined;
}

function isStoredWhereAsked(
  { crossBackupRegion }: CrossRegionBackupRecord,
  criteria: SelectionCriteria,
): ReturnType<Rule> {
  return criteria.crossBackupRegion !== undefined &&
    crossBackupRegion !== undefined &&
    crossBackupRegion !== criteria.crossBackupRegion
    ? [
        RejectionReason.OTHER_STORAGE_REGION,
        `stored in ${shown(crossBackupRegion)}, not in "${criteria.crossBackupRegion}"`,
      ]
    : undefined;
}

function isRestorable(
  { restoreRegions }: CrossRegionBackupRecord,
  { restoreRegion }: SelectionCriteria,
): ReturnType<Rule> {
  if (restoreRegions.length === 0) {
    return [RejectionReason.NO_RESTORE_REGION, "the record names no region to restore to"];
  }
  return restoreRegion === undefined || restoreRegions.includes(restoreRegion)
    ? undefined
    : [
        RejectionReason.OTHER_RESTORE_REGION,
        `can be restored to ${restoreRegions.join(", ")}, not to "${restoreRegion}"`,
      ];
}

function hasReadableTimes(record: CrossRegionBackupRecord): ReturnType<Rule> {
  const startOrNothing = record.backupStartTime ?? unreadable(record, "BackupStartTime");
  if (record.backupStartTime === undefined) {
    return [RejectionReason.UNREADABLE_TIME, `BackupStartTime is ${shown(startOrNothing)}`];
  }
  const unreadableEnd = unreadable(record, "BackupEndTime");
  return unreadableEnd === undefined
    ? undefined
    : [RejectionReason.UNREADABLE_TIME, `BackupEndTime is ${shown(unreadableEnd)}`];
}

function isNotInFuture(
  record: CrossRegionBackupRecord,
  _criteria: SelectionCriteria,
  now: Instant,
): ReturnType<Rule> {
  const latest = addHours(now, clockToleranceHours);
  const future = [record.backupStartTime, record.backupEndTime].find(
    (time) => time !== undefined && time > latest,
  );
  return future === undefined
    ? undefined
    : [RejectionReason.IN_THE_FUTURE, `${future} is more than ${clockToleranceHours} hour after ${now}`];
}

function isNotAfter(record: CrossRegionBackupRecord, { notAfter }: SelectionCriteria): ReturnType<Rule> {
  const dataTime = dataTimeOf(record)?.instant;
  return notAfter !== undefined && dataTime !== undefined && dataTime > notAfter
    ? [RejectionReason.AFTER_NOT_AFTER, `its data time ${dataTime} is after ${notAfter}`]
    : undefined;
}

function unreadable(record: CrossRegionBackupRecord, field: string): string | undefined {
  return record.unreadable.find((entry) => entry.field === field)?.value;
}

function shown(value: string | number | undefined): string {
  return value === undefined ? "absent" : typeof value === "number" ? String(value) : `"${value}"`;
}
