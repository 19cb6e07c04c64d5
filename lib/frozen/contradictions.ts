import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { engineFamilyOf } from "../backup/engine-family";
import { subjectOf, type LookupQuery } from "../lookup/query";
import { shownValue } from "../rds-api/invalid-request-error";

type Fact = keyof CrossRegionBackup;
type Facts = Partial<CrossRegionBackup>;

/** The recoverable window moves all the time; the others say how a fact was read, not what it is. */
const notCompared: ReadonlySet<Fact> = new Set<Fact>([
  "dataTimeEstimated",
  "recoverableFrom",
  "recoverableUntil",
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
      !agree(fact, locked, actual),
  );
  const texts = facts
    .sort()
    .map(
      (fact) => `${fact} is locked as ${shownValue(locked[fact])}, but RDS says ${shownValue(actual[fact])}`,
    );
  return texts.length === 0 ? undefined : texts.join("; ");
}

/** As `explainContradictions`, as the warning of an answer that contains the facts of RDS. */
export function contradictionWarning(
  query: Pick<LookupQuery, "request">,
  locked: Facts,
  actual: Facts,
): string | undefined {
  const facts = explainContradictions(locked, actual);
  return facts === undefined
    ? undefined
    : `the locked backup ${locked.crossBackupId ?? ""} of ${subjectOf(query)} contradicts RDS: ${facts}: the facts of RDS count, and "npx rds-dr refresh" locks them`;
}

function isSameEngine({ engine }: Facts, actual: Facts): boolean {
  const family = engineFamilyOf(engine);
  return engine === actual.engine || (family !== undefined && family === engineFamilyOf(actual.engine));
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

/** An estimate is the start of the backup; the true time, which the other side may know, lies between start and end. */
function isSameDataTime({ dataTime = "", dataTimeEstimated }: Facts, actual: Facts): boolean {
  const { backupStartTime: start, backupEndTime: end } = actual;
  if (dataTime === actual.dataTime) {
    return true;
  }
  if (start === undefined) {
    return false;
  }
  const isBetween = end !== undefined && start <= dataTime && dataTime <= end;
  return (
    (actual.dataTimeEstimated === true && isBetween) || (dataTimeEstimated === true && dataTime === start)
  );
}

/** How facts are compared that may be written in more than one way. */
const comparisons: Readonly<Partial<Record<Fact, (locked: Facts, actual: Facts) => boolean>>> = {
  backupEndTime: isSameEnd,
  dataTime: isSameDataTime,
  engine: isSameEngine,
  restoreRegions: areStillThere,
};

function agree(fact: Fact, locked: Facts, actual: Facts): boolean {
  return comparisons[fact]?.(locked, actual) ?? locked[fact] === actual[fact];
}

/** A fact of a locked backup that its other facts rule out. */
export interface SelfContradiction {
  readonly fact: "dataTime";
  readonly value: string;
  /** What the other facts allow, as the end of "must be …". */
  readonly allowed: string;
}

/** The contradiction within a locked backup, for an answer about which RDS cannot be asked; undefined if there is none. Pure. */
export function selfContradiction({
  dataTime,
  dataTimeEstimated,
  backupStartTime: start,
  backupEndTime: end,
}: CrossRegionBackup): SelfContradiction | undefined {
  // If RDS states an end that makes no sense, a refresh locks it beside the estimate.
  if (dataTimeEstimated && dataTime === start) {
    return undefined;
  }
  if (start !== undefined && dataTime < start) {
    return { fact: "dataTime", value: dataTime, allowed: `at or after its own backupStartTime, "${start}"` };
  }
  return end !== undefined && dataTime > end
    ? { fact: "dataTime", value: dataTime, allowed: `at or before its own backupEndTime, "${end}"` }
    : undefined;
}
