import { descending } from "../backup/restorable-backup";
import type { InstanceReport } from "./instance-report";
import { type InstanceState, statesWorstFirst } from "./state";

/** Rows by their places. They need not be in the memory. */
interface Rows {
  readonly length: number;
  at(place: number): InstanceReport | undefined;
}

/** What orders and counts the rows: that much is held of each. */
interface Facts {
  readonly place: number;
  readonly state: InstanceState;
  /** The age of the data, hours; an unknown one is the worst. */
  readonly ageHours: number;
  /** What names the instance, and how it was asked about. */
  readonly name: readonly string[];
  readonly hasLogGaps: boolean;
}

/** Instances of a report, the worst first. A row is read whenever it is used, so that a fleet fits into the memory. */
export class ReportedInstances implements Iterable<InstanceReport> {
  private constructor(
    private readonly rows: Rows,
    private readonly facts: readonly Facts[],
  ) {}

  /**
   * Orders rows by state, then by the age of the data. An instance that is there twice, as with two locked questions or two
   * profiles of an account, is the worse of its rows.
   */
  static worstFirst(rows: Rows): ReportedInstances {
    const facts = Array.from({ length: rows.length }, (_, place) => factsOf(rowAt(rows, place), place));
    const seen = new Set<string>();
    const onceEach = facts.sort(compareFacts).filter(({ name: [dbInstanceId, regionId] }) => {
      const key = JSON.stringify([dbInstanceId, regionId]);
      return !seen.has(key) && seen.add(key);
    });
    return new ReportedInstances(rows, onceEach);
  }

  get length(): number {
    return this.facts.length;
  }

  /** Those in one of these states. */
  in(...states: readonly InstanceState[]): ReportedInstances {
    return this.those(({ state }) => states.includes(state));
  }

  /** Those with gaps in their logs. */
  withLogGaps(): ReportedInstances {
    return this.those(({ hasLogGaps }) => hasLogGaps);
  }

  /** Some of them, as `Array.slice`. */
  slice(from: number, to?: number): ReportedInstances {
    return new ReportedInstances(this.rows, this.facts.slice(from, to));
  }

  *[Symbol.iterator](): Generator<InstanceReport> {
    for (const { place } of this.facts) {
      yield rowAt(this.rows, place);
    }
  }

  /** What is made of each, one after the other, as all of a fleet would fill the memory. */
  *map<T>(make: (instance: InstanceReport) => T): Generator<T> {
    for (const instance of this) {
      yield make(instance);
    }
  }

  private those(areMeant: (facts: Facts) => boolean): ReportedInstances {
    return new ReportedInstances(this.rows, this.facts.filter(areMeant));
  }
}

function rowAt(rows: Rows, place: number): InstanceReport {
  const row = rows.at(place);
  if (row === undefined) {
    throw new Error(`the report has no row ${place}`);
  }
  return row;
}

function factsOf(
  { state, ageHours = Infinity, request, profile = "", roleArn = "", logGaps }: InstanceReport,
  place: number,
): Facts {
  const name = [request.dbInstanceId, request.regionId, profile, roleArn];
  return { place, state, ageHours, name, hasLogGaps: logGaps.length > 0 };
}

/** Total but for rows of the same name. */
function compareFacts(a: Facts, b: Facts): number {
  return (
    statesWorstFirst.indexOf(a.state) - statesWorstFirst.indexOf(b.state) ||
    descending(a.ageHours, b.ageHours) ||
    compareNames(a.name, b.name)
  );
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((text, index) => text !== b[index]);
  return different < 0 ? 0 : descending(b[different] ?? "", a[different] ?? "");
}
