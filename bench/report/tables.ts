import { verdictOf, type Check } from "../check";
import type { Curve, Point } from "../curves";
import { formatFigure, formatLimit, formatSpread } from "../format";
import type { Machine } from "../machine";

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Every check beside its limit. */
export function targetTable(checks: readonly Check[]): string {
  const rows = checks.map((check) => {
    const verdict = verdictOf(check);
    return [
      String(check.target),
      check.what,
      formatSpread(check),
      formatLimit(check),
      verdict === "information" ? "" : verdict,
    ];
  });
  return table(["", "what", "median (from to)", "limit", ""], rows);
}

/** The medians of a curve, a row for each of its values. */
export function curveTable({ axis, series }: Curve): string {
  const [first] = series;
  const rows = (first?.points ?? []).map(({ x }) => [
    x.toLocaleString("en"),
    ...series.map(({ points }) => pointText(points.find((point) => point.x === x))),
  ]);
  return table([axis, ...series.map(({ name }) => name)], rows);
}

/** The machine and the versions, as a list. */
export function machineList({ date, processor, cores, memoryGib, system, versions }: Machine): string {
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `- ${date}, ${system}, ${cores} cores (${processor}), ${memoryGib} GiB\n- ${tools.join(", ")}`;
}

function pointText(point: Point | undefined): string {
  return point?.spread === undefined ? (point?.leftOut ?? "") : formatFigure(point.spread.median, "s");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
