import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import type { Curve, Series } from "../curves";
import { formatFigure } from "../format";
import type { Machine } from "../machine";
import { betweenMarks } from "../report/marks";
import { drawCurves } from "../report/picture";
import { machineList, table } from "../report/tables";
import { projectRoot } from "../setting";
import { spreadOf } from "../spread";
import type { FleetRun } from "./fleet-run";
import type { PublishedFile, Sharing } from "./sharing";

/** The results of one run. */
export interface Scale {
  readonly machine: Machine;
  /** `rds-dr report` at several rates of the API. */
  readonly rates: readonly FleetRun[];
  /** Every command, without a limit of the API. */
  readonly memory: readonly FleetRun[];
  readonly sharing: Sharing;
}

const docs = join(projectRoot, "docs");
const bytesPerMib = 2 ** 20;

/**
 * Writes the results as JSON, as a picture, and as tables between two marks of the page. What was not measured stays as
 * it was.
 */
export async function writeScale(measured: Pick<Scale, "machine"> & Partial<Scale>): Promise<void> {
  const before = JSON.parse(readFileSync(join(docs, "scale.json"), "utf8")) as Scale;
  const results = { ...before, ...measured };
  await writeDoc("scale.json", JSON.stringify(results), "json");
  writeFileSync(join(docs, "scale.svg"), drawCurves([curveOf(results)], caption));
  const page = readFileSync(join(docs, "scale.md"), "utf8");
  await writeDoc("scale.md", betweenMarks(page, measuredText(results)), "markdown");
}

const caption = "How long a report on a fleet takes at the rate that the API allows";

/** Requests for 50,000 instances with their windows, and the rates for which their time is worked out. */
const computedRequests = 152_000;
const computedRates = [10, 20, 50, 100];

function curveOf({ rates }: Scale): Curve {
  const names = [...new Set(rates.map(nameOf))];
  const measured = names.map((name): Series => ({
    name,
    points: rates
      .filter((run) => nameOf(run) === name)
      .map(({ requestsPerSecond: x = 0, seconds }) => ({ x, spread: spreadOf([seconds]) })),
  }));
  const computed: Series = {
    name: "50,000, worked out",
    points: computedRates.map((x) => ({ x, spread: spreadOf([computedRequests / x]) })),
  };
  return {
    title: "Time of a report",
    axis: "requests a second that the API allows",
    isLogarithmic: true,
    // What was measured is drawn over it.
    series: [computed, ...measured],
  };
}

function nameOf({ instances }: FleetRun): string {
  return instances.toLocaleString("en");
}

function passedOf({ requests, throttled }: FleetRun): number {
  return requests - throttled;
}

function measuredText({ machine, rates, memory, sharing }: Scale): string {
  return [
    machineList(machine),
    "### Time against rate",
    `![${caption}](scale.svg)`,
    table(
      ["instances", "requests a second", "requests", "requests ÷ rate", "measured", "throttled", "without an answer"],
      rates.map((run) => [
        nameOf(run),
        String(run.requestsPerSecond ?? ""),
        passedOf(run).toLocaleString("en"),
        minutes(passedOf(run) / (run.requestsPerSecond ?? 1)),
        minutes(run.seconds),
        `${((100 * run.throttled) / run.requests).toFixed(1)} %`,
        String(run.unanswered),
      ]),
    ),
    "### Memory",
    table(
      ["command", "instances", "memory", "time", "JSON"],
      memory.map((run) => [
        `\`rds-dr ${run.command}\``,
        run.instances.toLocaleString("en"),
        mib(run.peakMemoryBytes),
        minutes(run.seconds),
        mib(run.stdoutBytes),
      ]),
    ),
    "### Lock files",
    table(["answers", "bytes", "gzip"], sharing.files.map(fileRow)),
    "### Pipelines",
    table(
      ["pipelines", "got an answer", "requests to RDS", "downloaded", "time"],
      [
        ["with the published file", sharing.shared] as const,
        [
          `each asks, ${sharing.requestsPerSecond} request a second, ${sharing.deadlineSeconds} s`,
          sharing.each,
        ] as const,
      ].map(([name, run]) => [
        `${run.pipelines} ${name}`,
        String(run.succeeded),
        String(run.requests),
        `${run.downloadedBytes.toLocaleString("en")} bytes`,
        formatFigure(run.seconds, "s"),
      ]),
    ),
  ].join("\n\n");
}

function fileRow({ answers, bytes, gzipBytes }: PublishedFile): readonly string[] {
  return [answers, bytes, gzipBytes].map((figure) => figure.toLocaleString("en"));
}

function minutes(seconds: number): string {
  return seconds < 120 ? formatFigure(seconds, "s") : `${(seconds / 60).toFixed(1)} min`;
}

function mib(bytes: number): string {
  return `${(bytes / bytesPerMib).toFixed(bytes < bytesPerMib ? 2 : 0)} MiB`;
}

async function writeDoc(name: string, text: string, parser: string): Promise<void> {
  const style = { parser, printWidth: 110, proseWrap: "always" as const };
  writeFileSync(join(docs, name), await format(text, style));
}
