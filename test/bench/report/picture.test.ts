import type { Curve } from "../../../bench/curves";
import { drawCurves } from "../../../bench/report/picture";
import { spreadOf } from "../../../bench/spread";

const curve: Curve = {
  title: "Pages & more",
  axis: "pages",
  isLogarithmic: true,
  series: [
    {
      name: "rds-dr lookup",
      points: [
        { x: 1, spread: spreadOf([0.2, 0.3, 0.4]) },
        { x: 100, spread: spreadOf([1, 2, 3]) },
      ],
    },
    {
      name: "slow",
      points: [
        { x: 1, spread: spreadOf([5]) },
        { x: 100, leftOut: "would take about 500 s" },
      ],
    },
  ],
};

const picture = drawCurves([curve, { ...curve, title: "Latency", isLogarithmic: false }]);

test("every series has a line of what was measured, in each panel", () => {
  const lines = [...picture.matchAll(/class="line" d="([^"]+)"/g)].map(([, path = ""]) => path);
  expect(lines.map((path) => path.match(/[ML]/g)?.length)).toEqual([2, 1, 2, 1]);
  expect(picture).not.toContain("NaN");
});

test("a longer time lies higher", () => {
  const [, first, second] = /class="line" d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/.exec(picture) ?? [];
  expect(Number(second)).toBeLessThan(Number(first));
});

test("it names what it shows, and is read in light and dark themes", () => {
  for (const text of [
    "Pages &amp; more",
    "Latency",
    ">rds-dr lookup<",
    ">slow<",
    "prefers-color-scheme: dark",
  ]) {
    expect(picture).toContain(text);
  }
});
