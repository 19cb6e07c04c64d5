import { readFileSync } from "node:fs";
import { table } from "./markdown.mjs";

/** `terraform plan` with the provider's data source, measured once; `x` is the place of our figure in its curve. */
const cases = [
  {
    what: "1 instance with 28 backups",
    provider: "3.1 s, 29 requests",
    requests: "1 request",
    curve: "Instances",
    x: 1,
  },
  {
    what: "100 instances with 28 backups",
    provider: "18.2 s, 2,900 requests",
    requests: "100 requests",
    curve: "Instances",
    x: 100,
  },
  {
    what: "1 instance with 1,000 backups",
    provider: "56.1 s, 1,021 requests",
    requests: "10 requests",
    curve: "Pages",
    x: 10,
  },
];

/** The provider's data source beside this package, with the medians of the last benchmark. */
export function comparison() {
  const { curves } = JSON.parse(readFileSync("docs/performance.json", "utf8"));
  const median = (title, x) =>
    curves
      .find((curve) => curve.title === title)
      .series.find(({ name }) => name === "rds-dr lookup")
      .points.find((point) => point.x === x).spread.median;
  const rows = cases.map(({ what, provider, requests, curve, x }) => [
    what,
    provider,
    `${median(curve, x).toFixed(2)} s, ${requests}`,
  ]);
  return table(["", "provider 1.289.0", "this package"], rows);
}
