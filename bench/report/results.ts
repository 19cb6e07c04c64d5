import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { verdictOf, type Check } from "../check";
import type { Curve } from "../curves";
import type { Machine } from "../machine";
import { projectRoot } from "../setting";
import { betweenMarks } from "./marks";
import { drawCurves } from "./picture";
import { curveTable, machineList, targetTable } from "./tables";

/** The results of one run of the benchmark. */
export interface Results {
  readonly machine: Machine;
  readonly checks: readonly Check[];
  readonly curves: readonly Curve[];
  /** Why the provider itself is not among the contenders; undefined if it is. */
  readonly providerLeftOut?: string;
}

const docs = join(projectRoot, "docs");

/** Writes the results as JSON, as a picture, and as tables between two marks of the page. */
export async function writeResults(results: Results): Promise<void> {
  const checks = results.checks.map((check) => ({ ...check, verdict: verdictOf(check) }));
  await writeDoc("performance.json", JSON.stringify({ ...results, checks }), "json");
  writeFileSync(join(docs, "performance.svg"), drawCurves(results.curves));
  const page = readFileSync(join(docs, "performance.md"), "utf8");
  await writeDoc("performance.md", betweenMarks(page, measuredText(results)), "markdown");
}

function measuredText({ machine, checks, curves, providerLeftOut }: Results): string {
  return [
    machineList(machine),
    "## Targets",
    targetTable(checks),
    "## Growth",
    "![How the time of a lookup grows with pages, instances and latency](performance.svg)",
    "Seconds of the whole process, medians.",
    ...curves.map(curveTable),
    ...(providerLeftOut === undefined ? [] : [`The provider itself was not measured: ${providerLeftOut}.`]),
  ].join("\n\n");
}

async function writeDoc(name: string, text: string, parser: string): Promise<void> {
  const style = { parser, printWidth: 110, proseWrap: "always" as const };
  writeFileSync(join(docs, name), await format(text, style));
}
