import { matrix } from "../bench/soak/faults/all";
import { Consequence, FaultKind, Run, rowsOf, type Row } from "../bench/soak/fault";
import { expectedCells } from "../bench/soak/tables";
import { randomFaults } from "../bench/soak/random-faults";
import { isExpected, isLate, runRow } from "../bench/soak/run-row";
import { runRows } from "../bench/soak/run-rows";
import { simulated } from "../bench/soak/surroundings";
import { FaultKind as Simulated } from "../lib/simulator";
import { projectRoot, readText } from "./fixtures";

/** Those that need no waiting, of each kind one. */
const fastRows: readonly (readonly [fault: string, run: Run])[] = [
  ["one reset before the request is read", Run.LOOKUP],
  ["what answers does not speak TLS", Run.SYNTHESIS_WITH_LOCK],
  ["once: 500 with JSON that has no code", Run.LOOKUP],
  ["always: 302 to a login page", Run.LOOKUP],
  ["always: 404 of RDS for the instance", Run.SYNTHESIS_WITH_LOCK],
  ["every request is throttled", Run.LOCKED_SYNTHESIS],
  ["one request is throttled", Run.LIST],
  ["the proxy answers 407", Run.LOOKUP],
  ["there are no credentials", Run.SYNTHESIS],
  ["the thread of the lookups is killed", Run.SYNTHESIS_WITH_LOCK],
];

function rowOf([name, run]: readonly [string, Run]): Row {
  const row = matrix.find(({ fault, run: other }) => fault.name === name && other === run);
  if (row === undefined) {
    throw new Error(`the matrix has no row "${name}" with ${run}`);
  }
  return row;
}

/** The rows of the tables that the soak writes; the page explains them before. */
const [, measured = ""] = readText(projectRoot, "docs", "reliability.md").split("<!-- measured: begin -->");
const pageRows = measured
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:fault|-+) /.test(line))
  .map((line) => line.split("|").slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim()));

test("a fast part of the matrix has the outcomes that it should have, in time", async () => {
  const results = await runRows(fastRows.map(rowOf), () => undefined);

  expect(results.map(({ row, outcome }) => [row.fault.name, row.run, outcome])).toEqual(
    fastRows.map((row) => [...row, rowOf(row).expected]),
  );
  expect(results.filter(isLate).map(({ row, ms }) => [row.fault.name, row.run, ms])).toEqual([]);
});

test("a run with another outcome, or that takes too long, is found out", async () => {
  const [row] = rowsOf([
    {
      kind: FaultKind.CREDENTIALS,
      name: "access is denied, though it should pass",
      consequence: Consequence.PASSES,
      surround: () => simulated([{ kind: Simulated.DENIED }]),
      mostSeconds: 0,
    },
  ]);
  if (row === undefined) {
    throw new Error("a fault has a row at least");
  }

  const result = await runRow(row, 0);

  expect({ ...result, isExpected: isExpected(result), isLate: isLate(result) }).toMatchObject({
    outcome: "error 4",
    isExpected: false,
    isLate: true,
  });
});

test("no two rows of the matrix are the same", () => {
  const keys = matrix.map(({ fault, run }) => `${fault.name}: ${run}`);

  expect(new Set(keys).size).toBe(keys.length);
});

test("docs/reliability.md has exactly the rows of the matrix", () => {
  expect(pageRows.map(([fault, run]) => [fault, run])).toEqual(matrix.map(({ fault, run }) => [fault.name, run]));
});

test("docs/reliability.md shows the outcome and the time that each row should have", () => {
  expect(pageRows).toEqual(matrix.map(expectedCells));
});

test("random faults hit their share of the requests, and the same ones for a seed", () => {
  const kinds = [Simulated.SERVER_ERROR, Simulated.RESET];
  const faults = randomFaults(0.3, 1_000, kinds);
  const places = faults.map(({ after = 0 }, before) => after + before);

  expect(places.length / 1_000).toBeCloseTo(0.3, 1);
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(randomFaults(0.3, 1_000, kinds)).toEqual(faults);
  expect(randomFaults(0.3, 1_000, kinds, 2)).not.toEqual(faults);
});
