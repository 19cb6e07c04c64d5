import { Consequence, FaultKind, rowsOf, Run, type Row } from "./fault";
import { isExpected, runRow } from "./run-row";
import { simulated } from "./surroundings";

/** How long each run takes if nothing goes wrong, milliseconds; so many of each at once, as in the matrix. */
export async function measureStartUps(atOnce: number): Promise<(run: Run) => number> {
  const rows = rowsOf([
    {
      kind: FaultKind.CONNECTION,
      name: "nothing",
      consequence: Consequence.PASSES,
      surround: () => simulated([]),
      runs: [Run.LOOKUP, Run.SYNTHESIS],
      mostSeconds: 60,
      deadlineSeconds: 60,
    },
  ]);
  const times = new Map<Run, number>();
  for (const row of rows) {
    times.set(row.run, await slowest(row, atOnce));
  }
  return (run) => times.get(run === Run.LOOKUP || run === Run.LIST ? Run.LOOKUP : Run.SYNTHESIS) ?? 0;
}

async function slowest(row: Row, atOnce: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: atOnce }, () => runRow(row, 0)));
  const wrong = results.find((result) => !isExpected(result));
  if (wrong !== undefined) {
    throw new Error(`${row.run} fails though nothing goes wrong: ${wrong.outcome}`);
  }
  return Math.max(...results.map(({ ms }) => ms));
}
