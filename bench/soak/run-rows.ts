import type { Row } from "./fault";
import { isLate, runRow, type Result } from "./run-row";
import { measureStartUps } from "./start-up";

/** Runs at once: most of a run is waiting. */
const atOnce = 4;

/**
 * Runs rows, the slowest first, and returns their results in the order of the rows. A run that was late is run once
 * more by itself, as the others take their share of the machine.
 *
 * @param report takes each result that counts
 */
export async function runRows(rows: readonly Row[], report: (result: Result) => void): Promise<readonly Result[]> {
  const startMs = await measureStartUps(atOnce);
  const results = new Map<Row, Result>();
  const left = rows.toSorted((one, other) => other.deadlineSeconds - one.deadlineSeconds);
  const work = async (): Promise<void> => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const result = await runRow(row, startMs(row.run));
      results.set(row, result);
      if (!isLate(result)) {
        report(result);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [row, result] of results) {
    if (isLate(result)) {
      const again = await runRow(row, startMs(row.run));
      results.set(row, again);
      report(again);
    }
  }
  return rows.flatMap((row) => results.get(row) ?? []);
}
