/** The benchmark. */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { verdictOf, type Check } from "./check";
import { contenders } from "./contenders";
import { measureCurves, type Point } from "./curves";
import { formatFigure, formatLimit, formatSpread } from "./format";
import { describeMachine } from "./machine";
import { Provider } from "./provider";
import { writeResults } from "./report/results";
import { measureTargets, targetCount } from "./targets/all";
import { runProgram } from "./run-program";

const usage = `npm run bench -- [options]

  --quick     fewer runs of smaller things: a quarter of the time
  --only 1,2  the targets of these numbers alone, 1 to ${targetCount}
  --write     write docs/performance.md; takes a whole run
  --help      show this`;

interface Options {
  readonly isQuick: boolean;
  /** The numbers of the targets to measure; undefined for all, and the curves. */
  readonly only: readonly number[] | undefined;
  readonly write: boolean;
  readonly help: boolean;
}

/** What was asked for; throws an error whose message is for the user. */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { quick: isQuick, write, help } = values;
  const only = values.only?.split(",").map(Number);
  if (only?.some((target) => !Number.isInteger(target) || target < 1 || target > targetCount) === true) {
    throw new TypeError(`--only must be numbers of targets, 1 to ${targetCount}, but is "${values.only ?? ""}"`);
  }
  if (write && (isQuick || only !== undefined)) {
    throw new TypeError("--write takes a whole run: leave out --quick and --only");
  }
  return { isQuick, only, write, help };
}

function printCheck(check: Check): void {
  const verdict = { pass: "pass", fail: "FAIL", information: "" }[verdictOf(check)].padEnd(4);
  const limit = formatLimit(check);
  const suffix = limit === "" ? "" : `; ${limit}`;
  console.log(`${verdict}  ${check.target}  ${check.what}: ${formatSpread(check)}${suffix}`);
}

function printPoint(curve: string, name: string, { x, spread, leftOut = "" }: Point): void {
  const figure = spread === undefined ? `not measured: ${leftOut}` : formatFigure(spread.median, "s");
  console.log(`      ${curve.toLowerCase()} ${x.toLocaleString("en")}, ${name}: ${figure}`);
}

async function bench({ isQuick, only, write }: Options): Promise<void> {
  const begin = performance.now();
  const effort = isQuick ? { isQuick, runs: 2, shortRuns: 3 } : { isQuick, runs: 3, shortRuns: 11 };
  const checks = await measureTargets(effort, (target) => only?.includes(target) ?? true, printCheck);
  if (only === undefined) {
    const found = await Provider.find();
    const provider = typeof found === "string" ? undefined : found;
    const providerLeftOut = typeof found === "string" ? found : undefined;
    if (providerLeftOut !== undefined) {
      console.log(`      the provider itself is not measured: ${providerLeftOut}`);
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

runProgram(usage, readOptions, bench);
