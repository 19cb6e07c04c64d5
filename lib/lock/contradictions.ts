import { engineFamilyOf } from "../backup/engine-family";
import { addHours, type Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { type LookupQuery, subjectOf } from "../lookup/query";
import { resourceStorageTypeOf } from "../rds-api/actions/check-create-ddr-db-instance";
import { shownValue } from "../validation/invalid-request-error";

type Fact = keyof RestorableBackup;
type Facts = Partial<RestorableBackup>;

/** The begin and the gaps of a window move with the logs; the others say how a fact was read, not what it is. */
const notCompared: ReadonlySet<Fact> = new Set<Fact>([
  "dataTimeEstimated",
  "recoverableFrom",
  "recoveryGaps",
  "unreadable",
]);

/**
 * Names the facts of a locked backup that RDS states otherwise, with both values; undefined if there are none. A fact
 * that only one side states contradicts nothing. Pure.
 *
 * @param actual what RDS says of the backup with the same id
 */
export function explainContradictions(locked: Facts, actual: Facts): string | undefined {
  const facts = (Object.keys(locked) as Fact[]).filter(
    (fact) =>
      !notCompared.has(fact) &&
      locked[fact] !== undefined &&
      actual[fact] !== undefined &&
      !agree(fact, locked, actual) &&
      !(fact === "dataTime" && isUnproven(locked, actual)),
  );
  const texts = facts.sort().map((fact) => factText(fact, locked, actual));
  return texts.length === 0 ? undefined : texts.join("; ");
}

/**
 * Says that RDS can only estimate the data time of an answer that was written by hand; undefined if it does not. The
 * truth lies between start and end, and may be what is locked; the start alone never flatters. Pure.
 */
export function explainUnprovenDataTime(locked: Facts, actual: Facts): string | undefined {
  return isUnproven(locked, actual)
    ? `${factText("dataTime", locked, actual)}, the start of the backup, as it states no plausible ConsistentTime`
    : undefined;
}

function factText(fact: Fact, locked: Facts, actual: Facts): string {
  return `${fact} is locked as ${shownValue(locked[fact])}, but RDS says ${shownValue(actual[fact])}`;
}

/**
 * As `explainContradictions`, as the warning of an answer that contains the facts of RDS.
 *
 * @param flaw the contradiction within the locked backup, if there is one
 */
export function contradictionWarning(
  query: Pick<LookupQuery, "request">,
  locked: Facts,
  actual: Facts,
  flaw?: SelfContradiction,
): string | undefined {
  const facts =
    explainContradictions(locked, actual) ??
    explainUnprovenDataTime(locked, actual) ??
    (flaw === undefined ? undefined : flawText(flaw));
  return facts === undefined
    ? undefined
    : `the locked backup ${locked.crossBackupId ?? ""} of ${subjectOf(query)} contradicts RDS: ${facts}: the facts of RDS count, and "npx rds-dr refresh" locks them`;
}

/** Records of one refresh that contradict RDS can be many: the newest say enough. */
const shownRecords = 5;

/** As `contradictionWarning`, of the locked records that a list of RDS contains as well. Pure. */
export function listContradictionWarning(
  query: Pick<LookupQuery, "request">,
  locked: readonly Facts[],
  actual: readonly Facts[],
): string | undefined {
  const actualById = new Map(actual.map((record) => [record.crossBackupId, record]));
  const texts = locked.flatMap((record) => {
    const { crossBackupId: id } = record;
    const ofSameId = id === undefined ? undefined : actualById.get(id);
    const facts = ofSameId && explainContradictions(settledFactsOf(record), ofSameId);
    return id === undefined || facts === undefined ? [] : [`${id}: ${facts}`];
  });
  const more = texts.length > shownRecords ? `; and ${texts.length - shownRecords} more` : "";
  return texts.length === 0
    ? undefined
    : `the locked list of ${subjectOf(query)} contradicts RDS: ${texts.slice(0, shownRecords).join("; ")}${more}: the facts of RDS count, and "npx rds-dr refresh" locks them`;
}

/** A list contains unfinished backups too, of which the end changes a few facts. */
function settledFactsOf(record: Facts): Facts {
  const isFinished = record.backupEndTime !== undefined;
  return isFinished
    ? record
    : { ...record, backupSetStatus: undefined, crossBackupSetFile: undefined, crossBackupSetSize: undefined };
}

function isSameEngine({ engine }: Facts, actual: Facts): boolean {
  const family = engineFamilyOf(engine);
  return (
    isSameWord(engine, actual.engine) || (family !== undefined && family === engineFamilyOf(actual.engine))
  );
}

/** `ssd` is `local_ssd`; `ecs` is any kind of cloud disk. */
function isSameStorageType(
  { dbInstanceStorageType: type = "" }: Facts,
  { dbInstanceStorageType: actualType = "" }: Facts,
): boolean {
  const [one, other] = [type.toLowerCase(), actualType.toLowerCase()];
  const isAnyCloudDisk = (a: string, b: string): boolean => a === "ecs" && b.startsWith("cloud_");
  const resourceType = resourceStorageTypeOf(one);
  return (
    one === other ||
    (resourceType !== undefined && resourceType === resourceStorageTypeOf(other)) ||
    isAnyCloudDisk(one, other) ||
    isAnyCloudDisk(other, one)
  );
}

/** The API's pages spell the same word in several ways. */
function isSameWord(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string"
    ? one.toLowerCase() === other.toLowerCase()
    : one === other;
}

/** The store knows two files whose names differ by case alone. */
function isSameFile({ crossBackupSetFile }: Facts, actual: Facts): boolean {
  return crossBackupSetFile === actual.crossBackupSetFile;
}

/**
 * The window grows with every log; a locked one that reaches further than the real one claims too much. It reaches the
 * data time in any case, which RDS may only estimate by now.
 */
function isWithinWindow({ recoverableUntil = "", dataTime = "" }: Facts, actual: Facts): boolean {
  return recoverableUntil <= dataTime || recoverableUntil <= (actual.recoverableUntil ?? "");
}

/** An end before the start states nothing: no data time is read off it either. */
function isSameEnd(
  { backupEndTime }: Facts,
  { backupStartTime: start = "", backupEndTime: end = "" }: Facts,
): boolean {
  return backupEndTime === end || end < start;
}

function areStillThere({ restoreRegions = [] }: Facts, actual: Facts): boolean {
  const regions = new Set(actual.restoreRegions);
  return restoreRegions.every((region) => regions.has(region));
}

/**
 * An estimate is the start of the backup. If RDS can only estimate, since it does not state the ConsistentTime or the
 * end any more, a locked time counts as far as it was the ConsistentTime.
 */
function isSameDataTime({ dataTime, dataTimeEstimated, ...locked }: Facts, actual: Facts): boolean {
  if (dataTime === actual.dataTime) {
    return true;
  }
  const isEstimate = dataTimeEstimated === true && dataTime === actual.backupStartTime;
  const stated = actual.consistentTime ?? locked.consistentTime;
  return (
    isEstimate ||
    (actual.dataTimeEstimated === true && dataTime === stated && isWithinBackup(dataTime, locked, actual))
  );
}

function isWithinBackup(time: Instant | undefined, locked: Facts, actual: Facts): boolean {
  const { backupStartTime: start, backupEndTime: end = locked.backupEndTime } = actual;
  const isAfterStart = time !== undefined && start !== undefined && start <= time;
  return isAfterStart && end !== undefined && time <= end;
}

/** Whether a short answer states a data time within the backup, of which RDS can only estimate the data time. */
function isUnproven(locked: Facts, actual: Facts): boolean {
  const { dataTime, backupStartTime, backupEndTime } = locked;
  const isShort = (backupStartTime ?? backupEndTime) === undefined;
  return (
    isShort &&
    actual.dataTimeEstimated === true &&
    isWithinBackup(dataTime, locked, actual) &&
    !isSameDataTime({ ...locked, consistentTime: undefined }, actual)
  );
}

/** How facts are compared that are not equal as words. */
const comparisons: Readonly<Partial<Record<Fact, (locked: Facts, actual: Facts) => boolean>>> = {
  backupEndTime: isSameEnd,
  crossBackupSetFile: isSameFile,
  dataTime: isSameDataTime,
  dbInstanceStorageType: isSameStorageType,
  engine: isSameEngine,
  recoverableUntil: isWithinWindow,
  restoreRegions: areStillThere,
};

function agree(fact: Fact, locked: Facts, actual: Facts): boolean {
  return comparisons[fact]?.(locked, actual) ?? isSameWord(locked[fact], actual[fact]);
}

/** A fact of a locked backup that its other facts rule out. */
export interface SelfContradiction {
  readonly fact: "dataTime" | "recoverableFrom" | "recoverableUntil";
  readonly value: string;
  /** What the other facts allow, as the end of "must be …". */
  readonly allowed: string;
}

/** When a locked backup was read, and when it is judged. */
export interface LockedAt {
  /** When the entry last changed; absent if it does not say so. */
  readonly changedAt?: Instant;
  readonly now: Instant;
}

/** As far as clocks may differ. */
const toleranceHours = 1;

/** The contradiction within a locked backup; undefined if there is none. What a refresh writes has none. Pure. */
export function selfContradiction(backup: RestorableBackup, at: LockedAt): SelfContradiction | undefined {
  return flawOfDataTime(backup) ?? flawOfWindow(backup, at);
}

/** A contradiction in words. */
export function flawText({ fact, value, allowed }: SelfContradiction): string {
  return `its ${fact} must be ${allowed}, but is locked as "${value}"`;
}

function flawOfDataTime({
  dataTime,
  dataTimeEstimated,
  backupStartTime: start,
  backupEndTime: end,
  consistentTime,
}: RestorableBackup): SelfContradiction | undefined {
  const flawOf = (allowed: string): SelfContradiction => ({ fact: "dataTime", value: dataTime, allowed });
  // If RDS states an end that makes no sense, a refresh locks it beside the estimate.
  if (dataTimeEstimated && dataTime === start) {
    return undefined;
  }
  if (start !== undefined && dataTime < start) {
    return flawOf(`at or after its own backupStartTime, "${start}"`);
  }
  if (end !== undefined && dataTime > end) {
    return flawOf(`at or before its own backupEndTime, "${end}"`);
  }
  const isPlausible = start !== undefined && consistentTime !== undefined && start <= consistentTime;
  return isPlausible && dataTime > consistentTime
    ? flawOf(`at or before its own consistentTime, "${consistentTime}"`)
    : undefined;
}

/** A window begins at the data time or later, and ends at the first gap or before; there is none in the future. */
function flawOfWindow(
  {
    dataTime,
    backupEndTime,
    recoverableFrom: from,
    recoverableUntil: until,
    recoveryGaps = [],
  }: RestorableBackup,
  { now, changedAt = now }: LockedAt,
): SelfContradiction | undefined {
  if (from !== undefined && from < dataTime) {
    return { fact: "recoverableFrom", value: from, allowed: `at or after its own dataTime, "${dataTime}"` };
  }
  if (until === undefined) {
    return undefined;
  }
  const flawOfEnd = (allowed: string): SelfContradiction => ({
    fact: "recoverableUntil",
    value: until,
    allowed,
  });
  if (until < dataTime) {
    return flawOfEnd(`at or after its own dataTime, "${dataTime}"`);
  }
  const gap = recoveryGaps.find((each) => each.start < until);
  if (gap !== undefined) {
    return flawOfEnd(`at or before the gap of its own recoveryGaps that begins at "${gap.start}"`);
  }
  // The logs were listed then: they lead no further.
  const readAt = changedAt < now ? changedAt : now;
  if (until > addHours(readAt, toleranceHours)) {
    const source = readAt === now ? "now" : "its own changedAt";
    return flawOfEnd(`at most an hour after ${source}, "${readAt}"`);
  }
  // The end of a backup whose data time is estimated may lie after the last log: then no point in time is known.
  return from !== undefined && from > until && from !== backupEndTime
    ? { fact: "recoverableFrom", value: from, allowed: `at or before its own recoverableUntil, "${until}"` }
    : undefined;
}

/**
 * The locked window stays if RDS was not asked for it: if a region has lost backups, it may have lost logs as well.
 * It begins no earlier than the data time that RDS states, and goes if it contradicts the facts of RDS.
 */
export function withLockedWindow(
  backup: RestorableBackup,
  { recoverableFrom: start, recoverableUntil: end, recoveryGaps }: RestorableBackup,
  at: LockedAt,
): RestorableBackup {
  if (backup.recoverableUntil !== undefined) {
    return backup;
  }
  const { dataTime } = backup;
  const notBefore = (bound: Instant): Instant => (bound < dataTime ? dataTime : bound);
  const windowed = {
    ...backup,
    ...(start === undefined ? {} : { recoverableFrom: notBefore(start) }),
    ...(end === undefined ? {} : { recoverableUntil: notBefore(end) }),
    ...(recoveryGaps === undefined ? {} : { recoveryGaps }),
  };
  return selfContradiction(windowed, at) === undefined ? windowed : backup;
}
