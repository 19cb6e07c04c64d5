import { check } from "../../bench/check";
import type { Curve } from "../../bench/curves";
import { drawCurves } from "../../bench/report/picture";
import { curveTable, targetTable } from "../../bench/report/tables";
import { spreadOf } from "../../bench/spread";

const curve: Curve = {
  title: "Pages & more",
  axis: "pages",
  isLogarithmic: true,
  series: [
    {
      name: "ours",
      points: [
        { x: 1, spread: spreadOf([0.2, 0.5, 0.6]) },
        { x: 1_000, spread: spreadOf([1, 2, 3]) },
      ],
    },
    {
      name: "theirs",
      points: [
        { x: 1, spread: spreadOf([5]) },
        { x: 1_000, leftOut: "would take about 500 s" },
      ],
    },
  ],
};

test("the tables show each figure with its limit and verdict, and why a figure is absent", () => {
  const rows = targetTable([
    check(1, "time", "×", [1.5, 1, 2], 1.2),
    check(2, "pages", "requests", [1, 1], 1),
    { target: 4, what: "could not be measured", unit: "count", failure: "it | died" },
  ]).split("\n");

  expect(rows.slice(2)).toEqual([
    "| 1 | time | 1.50 × (1.00 to 2.00) | at most 1.20 × | fail |",
    "| 2 | pages | 1 request | at most 1 request | pass |",
    "| 4 | could not be measured | it \\| died |  | fail |",
  ]);
  expect(curveTable(curve).split("\n").slice(2)).toEqual([
    "| 1 | 0.50 s | 5.00 s |",
    "| 1,000 | 2.00 s | would take about 500 s |",
  ]);
});

test("the picture has a line through what was measured, for each series", () => {
  const picture = drawCurves([curve, { ...curve, title: "Latency", isLogarithmic: false }]);

  const lines = [...picture.matchAll(/class="line" d="([^"]+)"/g)].map(([, path = ""]) => path);
  expect(lines.map((path) => path.match(/[ML]/g)?.length)).toEqual([2, 1, 2, 1]);
  expect(picture).not.toContain("NaN");
  expect(picture).toContain("Pages &amp; more");
});
