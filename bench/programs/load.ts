/** Prints how long cdktf takes to load and, after it, this package, milliseconds. */
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const load = createRequire(__filename);
const times = ["cdktf", "cdktf-alicloud-rds-dr"].map((name) => {
  const begin = performance.now();
  load(name);
  return performance.now() - begin;
});
console.log(JSON.stringify(times));
