import { engineFamilyOf } from "../backup/engine-family";
import { addHours, type Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { type LookupQuery, subjectOf } from "../lookup/query";
import { resourceStorageTypeOf } from "../rds-api/actions/check-create-ddr-db-instance";
import { shownValue } from "../validation/checks";

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
    explainContradictions(locked, actual) ?? explainUnprovenDataTime(locked, actual) ?? (flaw && flawText(flaw));
  return facts && warningOf(`backup ${locked.crossBackupId ?? ""} of ${subjectOf(query)}`, facts);
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
    return facts === undefined ? [] : [`${id}: ${facts}`];
  });
  const more = texts.length > shownRecords ? `; and ${texts.length - shownRecords} more` : "";
  const facts = `${texts.slice(0, shownRecords).join("; ")}${more}`;
  return texts.length === 0 ? undefined : warningOf(`list of ${subjectOf(query)}`, facts);
}

function warningOf(what: string, facts: string): string {
  return `the locked ${what} contradicts RDS: ${facts}: the facts of RDS count, and "npx rds-dr refresh" locks them`;
}

/** A list contains unfinished backups too, of which the end changes a few facts. */
function settledFactsOf(record: Facts): Facts {
  const open = { backupSetStatus: undefined, crossBackupSetFile: undefined, crossBackupSetSize: undefined };
  return record.backupEndTime === undefined ? { ...record, ...open } : record;
}

/** Whether a locked fact and what RDS says agree. */
type Agreement = (locked: Facts, actual: Facts) => boolean;

/** How to compare the facts for which equal words are not the question. */
const agreements: Readonly<Partial<Record<Fact, Agreement>>> = {
  /** An end before the start states nothing: no data time is read off it either. */
  backupEndTime: ({ backupEndTime }, { backupStartTime: start = "", backupEndTime: end = "" }) =>
    backupEndTime === end || end < start,
  /** The store knows two files whose names differ by case alone. */
  crossBackupSetFile: (locked, actual) => locked.crossBackupSetFile === actual.crossBackupSetFile,
  dataTime: isSameDataTime,
  /** `ssd` is `local_ssd`; `ecs` is any kind of cloud disk. */
  dbInstanceStorageType: (locked, actual) => {
    const types = [locked, actual].map(({ dbInstanceStorageType: type = "" }) => type.toLowerCase());
    const [one = "", other = ""] = types.map((type) => resourceStorageTypeOf(type) ?? type);
    return one === other || (types.includes("ecs") && types.some((type) => type.startsWith("cloud_")));
  },
  engine: ({ engine }, actual) =>
    isSameWord(engine, actual.engine) ||
    (engineFamilyOf(engine) !== undefined && engineFamilyOf(engine) === engineFamilyOf(actual.engine)),
  /**
   * The window grows with every log; a locked one that reaches further than the real one claims too much. It reaches
   * the data time in any case, which RDS may only estimate by now.
   */
  recoverableUntil: ({ recoverableUntil = "", dataTime = "" }, actual) =>
    recoverableUntil <= dataTime || recoverableUntil <= (actual.recoverableUntil ?? ""),
  restoreRegions: ({ restoreRegions = [] }, actual) =>
    restoreRegions.every((region) => actual.restoreRegions?.includes(region)),
};

function agree(fact: Fact, locked: Facts, actual: Facts): boolean {
  return agreements[fact]?.(locked, actual) ?? isSameWord(locked[fact], actual[fact]);
}

/** The API's pages spell the same word in several ways. */
function isSameWord(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string"
    ? one.toLowerCase() === other.toLowerCase()
    : one === other;
}

/**
 * An estimate is the start of the backup. If RDS can only estimate, since it does not state the ConsistentTime or the
 * end any more, a locked time counts as far as it was the ConsistentTime.
 */
function isSameDataTime({ dataTime, dataTimeEstimated, ...locked }: Facts, actual: Facts): boolean {
  const isEstimate = dataTimeEstimated === true && dataTime === actual.backupStartTime;
  const stated = actual.consistentTime ?? locked.consistentTime;
  const isOnlyEstimated = actual.dataTimeEstimated === true && dataTime === stated;
  return dataTime === actual.dataTime || isEstimate || (isOnlyEstimated && isWithinBackup(dataTime, locked, actual));
}

function isWithinBackup(time: Instant | undefined, locked: Facts, actual: Facts): boolean {
  const { backupStartTime: start, backupEndTime: end = locked.backupEndTime } = actual;
  // Stryker disable next-line ConditionalExpression,LogicalOperator: undefined fails a comparison anyway
  return time !== undefined && start !== undefined && end !== undefined && start <= time && time <= end;
}

/** Whether a short answer states a data time within the backup, of which RDS can only estimate the data time. */
function isUnproven(locked: Facts, actual: Facts): boolean {
  const { dataTime, backupStartTime, backupEndTime } = locked;
  return (
    (backupStartTime ?? backupEndTime) === undefined &&
    actual.dataTimeEstimated === true &&
    isWithinBackup(dataTime, locked, actual) &&
    !isSameDataTime({ ...locked, consistentTime: undefined }, actual)
  );
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
export function selfContradiction(
  backup: RestorableBackup,
  { now, changedAt = now }: LockedAt,
): SelfContradiction | undefined {
  const { dataTime, backupStartTime: start, backupEndTime: end, consistentTime } = backup;
  const { recoverableFrom: from, recoverableUntil: until, recoveryGaps = [] } = backup;
  // If RDS states an end that makes no sense, a refresh locks it beside the estimate.
  const isEstimate = backup.dataTimeEstimated && dataTime === start;
  const isAfterConsistent =
    isBefore(consistentTime, dataTime) && start !== undefined && !isBefore(consistentTime, start);
  const gap = until === undefined ? undefined : recoveryGaps.find((each) => each.start < until);
  const readAt = changedAt < now ? changedAt : now;
  const isInFuture = until !== undefined && until > addHours(readAt, toleranceHours);
  // What the other facts allow, if they rule a fact out; the first one counts.
  const allowed: readonly (readonly [SelfContradiction["fact"], string | false])[] = [
    ["dataTime", !isEstimate && isBefore(dataTime, start) && `at or after its own backupStartTime, "${start}"`],
    ["dataTime", !isEstimate && isBefore(end, dataTime) && `at or before its own backupEndTime, "${end}"`],
    ["dataTime", !isEstimate && isAfterConsistent && `at or before its own consistentTime, "${consistentTime}"`],
    // A window begins at the data time or later, and ends at the first gap or before; there is none in the future.
    ["recoverableFrom", isBefore(from, dataTime) && `at or after its own dataTime, "${dataTime}"`],
    ["recoverableUntil", isBefore(until, dataTime) && `at or after its own dataTime, "${dataTime}"`],
    [
      "recoverableUntil",
      gap !== undefined && `at or before the gap of its own recoveryGaps that begins at "${gap.start}"`,
    ],
    // The logs were listed when the entry last changed: they lead no further.
    [
      "recoverableUntil",
      isInFuture && `at most an hour after ${readAt === now ? "now" : "its own changedAt"}, "${readAt}"`,
    ],
    // The end of a backup whose data time is estimated may lie after the last log: then no point in time is known.
    ["recoverableFrom", from !== end && isBefore(until, from) && `at or before its own recoverableUntil, "${until}"`],
  ];
  const [fact, ruledOut] = allowed.find(([, each]) => each !== false) ?? [];
  return fact && ruledOut ? { fact, value: backup[fact] ?? "", allowed: ruledOut } : undefined;
}

function isBefore(time: Instant | undefined, other: Instant | undefined): boolean {
  // Stryker disable next-line ConditionalExpression,LogicalOperator: undefined fails a comparison anyway
  return time !== undefined && other !== undefined && time < other;
}

/** A contradiction in words. */
export function flawText({ fact, value, allowed }: SelfContradiction): string {
  return `its ${fact} must be ${allowed}, but is locked as "${value}"`;
}
