// Runs scripts of package.json one after the other, stops at the first that fails, and writes into
// .cache/times.json how many seconds each of them took. Arguments after `--` go to the last one.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const [scripts, more] = splitAt(process.argv.slice(2), "--");
const cache = join(import.meta.dirname, "..", ".cache");
const seconds = {};

for (const script of scripts) {
  const rest = script === scripts.at(-1) && more.length > 0 ? ["--", ...more] : [];
  const begin = performance.now();
  const { status } = spawnSync("npm", ["run", "--silent", script, ...rest], { stdio: "inherit" });
  seconds[script] = Math.round((performance.now() - begin) / 100) / 10;
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
console.log(
  Object.entries(seconds)
    .map(([script, taken]) => `${script} ${taken} s`)
    .join(", "),
);
// The times of a part of the tests are not those of all.
if (more.length === 0) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "times.json"), `${JSON.stringify(seconds)}\n`);
}

function splitAt(list, mark) {
  const index = list.includes(mark) ? list.indexOf(mark) : list.length;
  return [list.slice(0, index), list.slice(index + 1)];
}
