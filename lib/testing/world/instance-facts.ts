import * as v from "valibot";
import { type Fault, FaultKind, type WorldRecord } from "../../simulator";
import { checkShape } from "../../simulator/check-shape";

/** An engine, in the words of DescribeDBInstances. */
export type Engine = "MySQL" | "PostgreSQL" | "SQLServer";

/** What goes wrong, by its word, such as `"throttling"`. */
export type FaultWord = FaultKind | `${FaultKind}`;

/** A fault of the simulator, with its kind by its word. */
export interface WordedFault extends Omit<Fault, "kind"> {
  /** What goes wrong. */
  readonly kind: FaultWord;
}

/** An instance in a few words. All its backups are valid full ones. */
export interface InstanceFacts {
  /** @default "MySQL" */
  readonly engine?: Engine;
  /** @default - "8.0", "15.0" or "2022_web", by the engine */
  readonly engineVersion?: string;
  /** Its region. @default "cn-hangzhou" */
  readonly regionId?: string;
  /** Its id. @default - "rm-" or "pgm-", by the engine, and its name */
  readonly dbInstanceId?: string;
  /** How old its backups are, hours, the newest first. @default [2] */
  readonly backupHoursAgo?: readonly number[];
  /** Regions to which its backups can be restored. @default - crossBackupRegion */
  readonly restoreRegions?: readonly string[];
  /** Region that stores its backups. @default - the first of restoreRegions, else "cn-shanghai" */
  readonly crossBackupRegion?: string;
  /** Logs follow the oldest backup without a gap, until so many hours ago. @default - it has no logs */
  readonly logsUntilHoursAgo?: number;
  /** Records besides, such as a failed backup: what a record omits is as in a valid one. @default - none */
  readonly records?: readonly WorldRecord[];
  /** What goes wrong with requests about this instance. @default - nothing */
  readonly faults?: readonly (FaultWord | WordedFault)[];
}

const engines: readonly Engine[] = ["MySQL", "PostgreSQL", "SQLServer"];
const text = v.pipe(v.string(), v.nonEmpty());
const hours = v.pipe(v.number("must be a number of hours"), v.finite(), v.minValue(0, "must be 0 hours or more"));
const kind = v.enum(FaultKind, `must be one of ${Object.values(FaultKind).join(", ")}`);
const times = v.pipe(v.number(), v.integer(), v.minValue(0));
const fault = v.strictObject({
  kind,
  action: v.optional(text),
  dbInstanceId: v.optional(text),
  regionId: v.optional(text),
  times: v.optional(times),
  after: v.optional(times),
  isPerformed: v.optional(v.boolean()),
  code: v.optional(text),
  httpStatus: v.optional(times),
  message: v.optional(v.string()),
  latencyMs: v.optional(times),
} satisfies Record<keyof Fault, unknown>);
const faults = v.array(v.lazy((given) => (typeof given === "object" ? fault : kind)));

const facts = {
  engine: v.optional(v.picklist(engines)),
  engineVersion: v.optional(text),
  regionId: v.optional(text),
  dbInstanceId: v.optional(text),
  backupHoursAgo: v.optional(v.array(hours)),
  restoreRegions: v.optional(v.pipe(v.array(text), v.nonEmpty())),
  crossBackupRegion: v.optional(text),
  logsUntilHoursAgo: v.optional(hours),
  records: v.optional(v.array(v.record(v.string(), v.unknown()))),
  faults: v.optional(faults),
} satisfies Record<keyof InstanceFacts, unknown>;

const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/i, "a name has letters, digits and hyphens"));

const schema = v.record(
  name,
  v.strictObject(facts, ({ expected, message }) =>
    expected === "never" ? `there is no such fact; the facts are ${Object.keys(facts).join(", ")}` : message,
  ),
);

/** Checks instances; throws an error that names every wrong place. */
export function checkInstances(instances: unknown): void {
  checkShape(schema, instances, "the world of the test");
}

/** Faults as the simulator has them; throws as `checkInstances`. */
export function readFaults(given: readonly (FaultWord | WordedFault)[]): Fault[] {
  return checkShape(faults, given, "the list of faults").map((each) =>
    typeof each === "string" ? { kind: each } : (each as Fault),
  );
}
