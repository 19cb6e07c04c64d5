import Table from "cli-table3";
import picocolors from "picocolors";
import { dataTimeOf } from "../backup/data-time";
import type { JudgedRecord } from "../backup/judge-records";
import type { Io, Terminal } from "./io";

/** A table, and the heads of the columns that it has no room for. */
export interface RecordTable {
  readonly text: string;
  readonly leftOut: readonly string[];
}

/** Characters in a line: what the terminal says, else COLUMNS; no limit if standard output is no terminal. */
export function terminalWidth({ stdout: { isTTY, columns }, environment }: Pick<Io, "stdout" | "environment">): number {
  const widths = isTTY === true ? [columns ?? 0, Number(environment["COLUMNS"])] : [];
  return widths.find((width) => width > 0) ?? Infinity;
}

/** Whether a stream is a terminal that shows colours; not if NO_COLOR is set. */
export function hasColours({ isTTY }: Terminal): boolean {
  return isTTY === true && picocolors.isColorSupported;
}

interface Layout {
  readonly leftOut: readonly string[];
  /** What separates two regions in a cell. */
  readonly separator: string;
}

/** A column that is there only if the windows were asked for. */
const windowHead = "RECOVERABLE UNTIL";

const columns: readonly {
  readonly head: string;
  readonly cell: (judged: JudgedRecord, separator: string) => string;
}[] = [
  { head: "ID", cell: ({ record }) => record.crossBackupId ?? "-" },
  { head: "DATA TIME", cell: ({ record }) => dataTimeOf(record)?.instant ?? "-" },
  { head: windowHead, cell: ({ window }) => window?.recoverableUntil ?? "-" },
  { head: "TYPE", cell: ({ record }) => `${record.backupType ?? "-"}${record.backupMethod ?? "-"}` },
  { head: "STORED IN", cell: ({ record }) => record.crossBackupRegion ?? "-" },
  { head: "RESTORABLE TO", cell: ({ record }, separator) => record.restoreRegions.join(separator) || "-" },
  { head: "BYTES", cell: ({ record }) => String(record.crossBackupSetSize ?? "-") },
  { head: "VERDICT", cell: ({ verdict }) => verdict },
];

/** The columns that may be left out, the least important first. */
const dispensable = ["BYTES", "STORED IN", "TYPE", "RESTORABLE TO"];

/** The widest comes first. Each next one breaks a cell after each region, or leaves out one more column. */
const layouts: readonly Layout[] = Array.from({ length: dispensable.length + 1 }, (_, count) =>
  [",", ",\n"].map((separator) => ({ leftOut: dispensable.slice(0, count), separator })),
).flat();

const narrowest: Layout = { leftOut: dispensable, separator: "," };

const gap = 2;

const borders = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];

/**
 * Lays records out as a table.
 *
 * @param width characters in a line; id, times and verdict are never cut
 */
export function recordTable(judged: readonly JudgedRecord[], width: number, isColoured = false): RecordTable {
  if (judged.length === 0) {
    return { text: "no records", leftOut: [] };
  }
  const { green, dim } = picocolors.createColors(isColoured);
  const colour = (verdict: JudgedRecord["verdict"]): string =>
    verdict === "latest" ? green(verdict) : verdict === "valid" ? verdict : dim(verdict);
  const layout = layouts.find((candidate) => widthOf(judged, candidate) <= width) ?? narrowest;
  const kept = columnsOf(judged, layout);
  const table = new Table({
    head: kept.map(({ head }) => head),
    chars: Object.fromEntries(borders.map((border) => [border, ""])),
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
  });
  for (const each of judged) {
    table.push(
      kept.map(({ head, cell }) => (head === "VERDICT" ? colour(each.verdict) : cell(each, layout.separator))),
    );
  }
  return { text: table.toString().replace(/ +$/gm, ""), leftOut: layout.leftOut };
}

function columnsOf(judged: readonly JudgedRecord[], { leftOut }: Layout): typeof columns {
  const hasWindows = judged.some(({ window }) => window !== undefined);
  return columns.filter(({ head }) => !leftOut.includes(head) && (hasWindows || head !== windowHead));
}

function widthOf(judged: readonly JudgedRecord[], layout: Layout): number {
  const widths = columnsOf(judged, layout).map(({ head, cell }) =>
    judged
      .flatMap((each) => cell(each, layout.separator).split("\n"))
      .reduce((widest, { length }) => Math.max(widest, length), head.length),
  );
  return widths.reduce((sum, each) => sum + gap + each, -gap);
}
