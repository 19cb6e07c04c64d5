/** The soak: every fault between the package and RDS, and its outcome. */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { FaultKind } from "./fault";
import { matrix } from "./faults/all";
import { failingShare, lookUpMany, manyLookups } from "./many-lookups";
import { writePage } from "./page";
import { isExpected, isLate, type Result } from "./run-row";
import { runRows } from "./run-rows";
import { runProgram } from "../run-program";

const many = "many";

const kinds: readonly string[] = [...Object.values(FaultKind), many];

const usage = `npm run soak -- [options]

  --only KIND  faults of this kind alone: ${kinds.join(", ")}
  --write      write docs/reliability.md; takes a whole run
  --help       show this`;

interface Options {
  readonly only: string | undefined;
  readonly write: boolean;
  readonly help: boolean;
}

/** What was asked for; throws an error whose message is for the user. */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { only, write, help } = values;
  if (only !== undefined && !kinds.includes(only)) {
    throw new TypeError(`--only must be one of ${kinds.join(", ")}, but is "${only}"`);
  }
  if (write && only !== undefined) {
    throw new TypeError("--write takes a whole run: leave out --only");
  }
  return { only, write, help };
}

function isPassed(result: Result): boolean {
  return isExpected(result) && !isLate(result);
}

function print(result: Result): void {
  const { row, outcome, ms } = result;
  const { fault, run, expected, mostSeconds } = row;
  const late = isLate(result) ? `, not at most ${mostSeconds} s and Node's start` : "";
  const wrong = isExpected(result) ? "" : `, not ${expected}`;
  const verdict = isPassed(result) ? "pass" : "FAIL";
  console.log(
    `${verdict}  ${fault.kind}: ${fault.name}; ${run}: ${outcome}${wrong}, ${(ms / 1_000).toFixed(1)} s${late}`,
  );
}

async function soak({ only, write }: Options): Promise<void> {
  const begin = performance.now();
  const asked = only === undefined ? kinds : [only];
  const rows = matrix.filter(({ fault }) => asked.includes(fault.kind));
  const results = rows.length === 0 ? [] : await runRows(rows, print);
  let passed = results.filter(isPassed).length;
  let failed = results.length - passed;
  if (asked.includes(many)) {
    const ofMany = await lookUpMany(manyLookups);
    const { lookups, share, lost, seconds } = ofMany;
    const isAllRight = lost === 0 && Math.abs(share - failingShare) < 0.03;
    const verdict = isAllRight ? "pass" : "FAIL";
    const failing = `${Math.round(100 * share)} % of the requests failing`;
    console.log(`${verdict}  ${lookups} lookups, ${failing}: ${lost} lost, ${seconds.toFixed(1)} s`);
    [passed, failed] = isAllRight ? [passed + 1, failed] : [passed, failed + 1];
    if (write) {
      await writePage(results, ofMany);
    }
  }
  console.log(`${passed} passed, ${failed} failed, in ${Math.round((performance.now() - begin) / 1_000)} s`);
  process.exitCode = failed > 0 ? 1 : 0;
}

runProgram(usage, readOptions, soak);
