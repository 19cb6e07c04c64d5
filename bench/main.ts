/** The benchmark: `npm run bench -- [--quick] [--write] [--only 1,2]`. */
import { parseArgs } from "node:util";
import { verdictOf, type Check } from "./check";
import { formatLimit, formatSpread } from "./format";
import { measureTargets } from "./targets/all";

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, write: { type: "boolean" }, only: { type: "string" } },
});

function print(check: Check): void {
  const verdict = { pass: "pass", fail: "FAIL", information: "    " }[verdictOf(check)];
  console.log(`${verdict}  ${check.target}  ${check.what}: ${formatSpread(check)}  ${formatLimit(check)}`);
}

async function main(): Promise<void> {
  const isQuick = values.quick === true;
  const effort = isQuick ? { isQuick, runs: 2, shortRuns: 3 } : { isQuick, runs: 3, shortRuns: 9 };
  const only = values.only?.split(",");
  const begin = performance.now();
  const checks = await measureTargets(
    effort,
    (target) => only?.includes(String(target)) ?? true,
    (c) => {
      print(c);
      console.log(((performance.now() - begin) / 1000).toFixed(0));
    },
  );
  process.exitCode = checks.some((c) => verdictOf(c) === "fail") ? 1 : 0;
}

void main();
