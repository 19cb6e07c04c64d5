import { table } from "../report/tables";
import { FaultKind, type Row } from "./fault";
import type { ManyLookups } from "./many-lookups";
import { isExpected, isLate, type Result } from "./run-row";

const head = ["fault", "what runs", "outcome", "time"];

/** The cells of a row whose outcome is as it should be. */
export function expectedCells(row: Row): readonly string[] {
  return [row.fault.name, row.run, row.expected, timeOf(row)];
}

function cellsOf(result: Result): readonly string[] {
  const { row, outcome, ms } = result;
  return [
    row.fault.name,
    row.run,
    isExpected(result) ? outcome : `**${outcome}**, not ${row.expected}`,
    isLate(result) ? `**${Math.round(ms / 1_000)} s**, not ${timeOf(row)}` : timeOf(row),
  ];
}

/** The same on every machine, or a page that is written again would change. */
function timeOf({ mostSeconds, deadlineSeconds }: Row): string {
  return mostSeconds > deadlineSeconds ? `deadline of ${deadlineSeconds} s` : `at most ${mostSeconds} s`;
}

/** The tables of all kinds, and what came of many lookups. */
export function measuredText(results: readonly Result[], { lookups, share, lost }: ManyLookups): string {
  const tables = Object.values(FaultKind).flatMap((kind) => {
    const rows = results.filter(({ row }) => row.fault.kind === kind).map(cellsOf);
    return [`## ${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, table(head, rows)];
  });
  const percent = Math.round(100 * share);
  const many = `${lookups.toLocaleString("en")} lookups in one run, while ${percent} % of the requests fail at random (500, reset, throttling): ${lost.toLocaleString("en")} lost.`;
  return [...tables, "## Many lookups", many].join("\n\n");
}
