import { engineFamilyOf } from "../backup/engine-family";
import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { type LookupQuery, subjectOf } from "../lookup/query";
import { resourceStorageTypeOf } from "../rds-api/actions/check-create-ddr-db-instance";
import { shownValue } from "../validation/invalid-request-error";
import { flawText, type SelfContradiction } from "./self-contradiction";

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
