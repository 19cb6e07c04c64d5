// Installs the packed package into empty projects, as its users do, and runs an app and a test in each of them.
// `--package FILE` takes a packed file in place of this repository, `--only NAME` runs one case, or several if it is given
// again. A case is skipped if the registry lacks one of its tools; in CI, nobody would see that, so it is a failure.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { cases } from "./install/cases.mjs";
import { readPacked, withPacked } from "./install/packed.mjs";
import { stopAll } from "./install/process.mjs";
import { Skipped } from "./install/tools.mjs";
import { shown } from "./install/versions.mjs";

const { values: options } = parseArgs({
  options: { package: { type: "string" }, only: { type: "string", multiple: true } },
});

/** How many cases run at once. */
const concurrency = 2;

const names = cases.map(({ name }) => name);
const wrong = options.only?.find((name) => !names.includes(name));
if (wrong !== undefined) {
  throw new Error(`--only must be one of ${names.join(", ")}, but is "${wrong}"`);
}
const chosen = cases.filter(({ name }) => options.only?.includes(name) ?? true);
process.once("SIGINT", () => {
  stopAll();
  process.exit(130);
});
const results = await (options.package === undefined ? withPacked(runCases) : runCases(options.package));
report(results);
const isFine = ({ result }) => result === "passed" || (result === "skipped" && process.env.CI === undefined);
process.exitCode = results.every(isFine) && results.some(({ result }) => result === "passed") ? 0 : 1;

async function runCases(file) {
  const packed = readPacked(file);
  const { name, version, peers, sizes } = packed;
  console.log(`${name} ${version} with ${peers.join(" and ")}: ${JSON.stringify(sizes)}`);
  const waiting = [...chosen];
  const done = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      done.push(await runCase(next, packed));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return chosen.map(({ name }) => done.find((each) => each.name === name));
}

async function runCase({ name, tools, check }, packed) {
  const begin = performance.now();
  const end = (result, detail) => {
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    console.log(`${result}: ${name}, ${seconds} s`);
    return { name, tools, result, detail, seconds };
  };
  try {
    await check(packed);
    return end("passed");
  } catch (error) {
    return end(error instanceof Skipped ? "skipped" : "failed", error.message);
  }
}

/** Prints what was wrong, and a table of all cases. */
function report(results) {
  for (const { name, result, detail } of results.filter(({ detail }) => detail !== undefined)) {
    console.log(`\n${name} ${result}: ${detail}`);
  }
  const table = new Table({ head: ["case", "versions", "result", "seconds"], style: { head: [], border: [] } });
  table.push(
    ...results.map(({ name, tools, result, seconds }) => [name, tools.map(shown).join(", "), result, seconds]),
  );
  console.log(`\n${table}`);
  const count = (wanted) => results.filter(({ result }) => result === wanted).length;
  console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
}
