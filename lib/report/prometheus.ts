import { epochMsOf, type Instant } from "../backup/instant";
import type { InstanceReport } from "./instance-report";
import { isWhole, type Place, placeOf, type Report } from "./report";
import { InstanceState } from "./state";

/** Labels of a series, by their names. */
type Labels = Readonly<Record<string, string | undefined>>;

interface Metric {
  readonly name: string;
  readonly help: string;
  /** The series with their values; without a value there is no series. Each is made when it is written: a fleet has many. */
  readonly series: () => Iterable<readonly [labels: Labels, value: number | undefined]>;
}

/** The metric that says when the last whole report was made. */
export const lastSuccess = "rds_dr_last_success_timestamp_seconds";

/**
 * A report in the text format of Prometheus, by its lines. Times are those of the data, not ages: an age would stand still
 * if the job that writes the file died.
 *
 * @param before the text that this one replaces: a report that is not whole keeps the time of the last whole one
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function* prometheusLines(report: Report, before = ""): Generator<string> {
  for (const { name, help, series } of metricsOf(report, before)) {
    let heading = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    for (const [labels, value] of series()) {
      if (value !== undefined) {
        yield `${heading}${name}${labelsText(labels)} ${value}\n`;
        heading = "";
      }
    }
  }
}

function metricsOf(report: Report, before: string): readonly Metric[] {
  const { instances, places, generatedAt } = report;
  const ofEach = (name: string, help: string, value: (instance: InstanceReport) => number | undefined): Metric => ({
    name,
    help,
    series: () => instances.map((instance) => [labelsOf(instance, report), value(instance)] as const),
  });
  const [, known] = new RegExp(`^${lastSuccess} (\\d+)$`, "m").exec(before) ?? [];
  return [
    ofEach(
      "rds_dr_backup_data_timestamp_seconds",
      "Time of the data in the backup that a restore would use.",
      ({ backup }) => secondsOf(backup?.dataTime),
    ),
    ofEach(
      "rds_dr_recoverable_until_timestamp_seconds",
      "Last time to which the backup and the copied logs can be restored.",
      ({ backup }) => secondsOf(backup?.recoverableUntil),
    ),
    ofEach("rds_dr_expiry_timestamp_seconds", "When the copy of the backup is deleted.", ({ expiresAt }) =>
      secondsOf(expiresAt),
    ),
    ofEach("rds_dr_objective_seconds", "How old the data may be.", ({ objectiveHours }) => objectiveHours * 3_600),
    ofEach("rds_dr_instance_ready", "1 if the instance can be restored within its objective, else 0.", ({ state }) =>
      state === InstanceState.READY ? 1 : 0,
    ),
    ofEach("rds_dr_copying_enabled", "1 if RDS copies the backups of the instance, else 0.", ({ instance }) =>
      numberOf(instance.backupEnabled),
    ),
    ofEach(
      "rds_dr_log_gaps",
      "How many gaps the copied logs have between the backup and now.",
      ({ backup, logGaps }) => (backup?.recoverableUntil === undefined ? undefined : logGaps.length),
    ),
    ofEach(
      "rds_dr_pinned_since_timestamp_seconds",
      "Since when the pinned answer of the lock file is what it is.",
      ({ pinnedSince }) => secondsOf(pinnedSince),
    ),
    {
      name: "rds_dr_instance_info",
      help: "The state of an instance, why, and other facts; always 1.",
      series: () => instances.map((instance) => [{ ...labelsOf(instance, report), ...factsOf(instance) }, 1] as const),
    },
    ofEach("rds_dr_lookup_success", "1 if the state of the instance is known, else 0.", ({ state }) =>
      state === InstanceState.UNKNOWN ? 0 : 1,
    ),
    {
      name: "rds_dr_discovery_success",
      help: "1 if the instances of a region could be listed, else 0.",
      series: () => seriesOfPlaces(places),
    },
    {
      name: lastSuccess,
      help: "When the last report was made in which the state of every instance is known.",
      series: () => [[{}, isWhole(report) ? secondsOf(generatedAt) : known === undefined ? undefined : Number(known)]],
    },
  ];
}

/** No two have the same labels: of a region that is there twice, the worse one counts. */
function seriesOfPlaces(places: readonly Place[]): ReturnType<Metric["series"]> {
  const byLabels = new Map<string, readonly [Labels, number]>();
  for (const { regionId, accountId, failure } of places) {
    const labels = { region_id: regionId, account_id: accountId };
    const key = labelsText(labels);
    const [, before = 1] = byLabels.get(key) ?? [];
    byLabels.set(key, [labels, failure === undefined ? before : 0]);
  }
  return byLabels.values();
}

/** What names an instance. Never `instance`, which is the label of the machine that is scraped. */
function labelsOf(instance: InstanceReport, report: Report): Labels {
  const { dbInstanceId, regionId } = instance.request;
  return {
    db_instance_id: dbInstanceId,
    region_id: regionId,
    account_id: placeOf(report, instance)?.accountId,
  };
}

function factsOf({ request, state, reason, source, backup, instance }: InstanceReport): Labels {
  return {
    state,
    reason,
    source,
    restore_region: request.restoreRegion,
    cross_backup_region: backup?.crossBackupRegion ?? instance.crossBackupRegion,
    cross_backup_id: backup?.crossBackupId,
    engine: instance.engine ?? backup?.engine,
    description: instance.description,
  };
}

/** A label that is not known is empty, which Prometheus takes for absent. */
function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value = ""]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** The only characters that a label value must not contain as they are. */
function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberOf(flag: boolean | undefined): number | undefined {
  return flag === undefined ? undefined : Number(flag);
}

function secondsOf(instant: Instant | undefined): number | undefined {
  return instant === undefined ? undefined : epochMsOf(instant) / 1_000;
}
