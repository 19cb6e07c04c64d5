import picocolors from "picocolors";
import type { Colouring } from "./record-table";

/** What is asked of a stream that may be a terminal. */
export interface Stream {
  readonly isTTY?: boolean;
  /** 0 where the terminal does not know. */
  readonly columns?: number;
}

/** Characters of a line: what the terminal says, else COLUMNS; without bounds where the stream is no terminal. */
export function terminalWidth(
  { isTTY, columns }: Stream,
  { COLUMNS }: Readonly<Record<string, string | undefined>>,
): number {
  const widths = isTTY === true ? [columns ?? 0, Number(COLUMNS)] : [];
  return widths.find((width) => width > 0) ?? Infinity;
}

/** Colours on a terminal that has them; none where the stream is no terminal, or NO_COLOR is set. */
export function terminalColouring({ isTTY }: Stream): Colouring {
  const { green, dim } = picocolors.createColors(isTTY === true && picocolors.isColorSupported);
  return { latest: green, rejected: dim };
}
