import { check } from "../../../bench/check";
import { curveTable, table, targetTable } from "../../../bench/report/tables";
import { spreadOf } from "../../../bench/spread";

test("a cell keeps its bars and stays on its line", () => {
  expect(table(["a"], [["x | y\nz"]])).toBe("| a |\n| --- |\n| x \\| y z |");
});

test("a check stands beside its limit and what came of it", () => {
  const rows = targetTable([
    check(1, "time", "×", [1.5, 1, 2], 1.2),
    check(2, "pages", "requests", [1, 1], 1),
    check(3, "start", "s", [12.345]),
    { target: 4, what: "could not be measured", unit: "count", failure: "it died" },
  ]).split("\n");
  expect(rows.slice(2)).toEqual([
    "| 1 | time | 1.50 × (1.00 to 2.00) | at most 1.20 × | fail |",
    "| 2 | pages | 1 request | at most 1 request | pass |",
    "| 3 | start | 12.3 s |  |  |",
    "| 4 | could not be measured | it died |  | fail |",
  ]);
});

test("a curve has a row for each value, and says what was left out", () => {
  const series = [
    { name: "ours", points: [{ x: 1_000, spread: spreadOf([0.5]) }] },
    { name: "theirs", points: [{ x: 1_000, leftOut: "would take about 99 s" }] },
  ];
  expect(curveTable({ title: "Pages", axis: "pages", isLogarithmic: true, series })).toBe(
    "| pages | ours | theirs |\n| --- | --- | --- |\n| 1,000 | 0.50 s | would take about 99 s |",
  );
});
