/** The benchmark: `npm run bench -- [--quick] [--only 1,2] [--write]`. */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { verdictOf, type Check } from "./check";
import { contenders } from "./contenders";
import { measureCurves, type Point } from "./curves";
import { formatFigure, formatLimit, formatSpread } from "./format";
import { describeMachine } from "./machine";
import { Provider } from "./provider";
import { writeResults } from "./report/results";
import { measureTargets } from "./targets/all";

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string" }, write: { type: "boolean" } },
});

function printCheck(check: Check): void {
  const verdict = { pass: "pass", fail: "FAIL", information: "" }[verdictOf(check)].padEnd(4);
  const limit = formatLimit(check);
  const suffix = limit === "" ? "" : `; ${limit}`;
  console.log(`${verdict}  ${check.target}  ${check.what}: ${formatSpread(check)}${suffix}`);
}

function printPoint(curve: string, name: string, { x, spread, leftOut = "" }: Point): void {
  const figure = spread === undefined ? `left out: ${leftOut}` : formatFigure(spread.median, "s");
  console.log(`      ${curve.toLowerCase()} ${x.toLocaleString("en")}, ${name}: ${figure}`);
}

async function bench(): Promise<void> {
  const begin = performance.now();
  const { quick: isQuick = false, only, write = false } = values;
  if (write && (isQuick || only !== undefined)) {
    throw new Error("--write takes a whole run: leave out --quick and --only");
  }
  const effort = isQuick ? { isQuick, runs: 2, shortRuns: 3 } : { isQuick, runs: 3, shortRuns: 11 };
  const wanted = only?.split(",");
  const checks = await measureTargets(
    effort,
    (target) => wanted?.includes(String(target)) ?? true,
    printCheck,
  );
  if (only === undefined) {
    const found = await Provider.find();
    const provider = typeof found === "string" ? undefined : found;
    const providerLeftOut = typeof found === "string" ? found : undefined;
    if (providerLeftOut !== undefined) {
      console.log(`      the provider itself is left out: ${providerLeftOut}`);
    }
    const curves = await measureCurves(contenders(provider), effort, printPoint);
    if (write) {
      await writeResults({ machine: await describeMachine(provider), checks, curves, providerLeftOut });
    }
  }
  const failed = checks.filter((check) => verdictOf(check) === "fail").length;
  const passed = checks.filter((check) => verdictOf(check) === "pass").length;
  console.log(`${passed} passed, ${failed} failed, in ${Math.round((performance.now() - begin) / 1_000)} s`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void bench().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
