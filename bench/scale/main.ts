/** What a large fleet costs: time against the API's rate, memory, and pipelines that share answers. */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine";
import { runProgram } from "../run-program";
import { type FleetRun, runOnFleet } from "./fleet-run";
import { writeScale } from "./page";
import { measureSharing } from "./sharing";

const usage = `npm run scale -- [options]

  --quick   a hundredth of the instances, which takes a minute
  --write   write docs/scale.md; takes a whole run, 25 minutes
  --help    show this`;

interface Options {
  readonly isQuick: boolean;
  readonly write: boolean;
  readonly help: boolean;
}

/** What was asked for; throws an error whose message is for the user. */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { quick: isQuick, write, help } = values;
  if (write && isQuick) {
    throw new TypeError("--write takes a whole run: leave out --quick");
  }
  return { isQuick, write, help };
}

interface Point {
  readonly instances: number;
  /** Requests a second. */
  readonly rate: number;
}

/** Runs that wait for the API most of the time go on side by side: a row of them takes five minutes. */
const rows: readonly (readonly Point[])[] = [
  [{ instances: 1_000, rate: 10 }],
  [
    { instances: 1_000, rate: 20 },
    { instances: 1_000, rate: 50 },
    { instances: 1_000, rate: 100 },
    { instances: 5_000, rate: 100 },
  ],
  [{ instances: 5_000, rate: 50 }],
];

/** Measured alone, as it takes a processor. */
const largest: Point = { instances: 50_000, rate: 300 };

const sizes = [1_000, 5_000, 50_000];

async function scale({ isQuick, write }: Options): Promise<void> {
  const begin = performance.now();
  const divisor = isQuick ? 100 : 1;
  const measure = async (...[command, instances, rate]: Parameters<typeof runOnFleet>): Promise<FleetRun> => {
    const run = await runOnFleet(command, instances / divisor, rate);
    print(run);
    return run;
  };
  const rates: FleetRun[] = [];
  const measureRow = async (row: readonly Point[]): Promise<void> => {
    for (const { instances, rate } of row) {
      rates.push(await measure("report", instances, rate));
    }
  };
  await Promise.all(rows.map(measureRow));
  await measureRow([largest]);
  const memory: FleetRun[] = [];
  for (const instances of sizes) {
    for (const command of ["discover", "lookup", "report"] as const) {
      const known = rates.find((run) => run.command === command && run.instances === largest.instances / divisor);
      const isLargest = instances === largest.instances && known !== undefined;
      memory.push(isLargest ? known : await measure(command, instances));
    }
  }
  const pipelines = isQuick ? 4 : 60;
  const sharing = await measureSharing({ pipelines, answers: [1, ...sizes].map((size) => Math.ceil(size / divisor)) });
  console.log(JSON.stringify(sharing, undefined, 2));
  if (write) {
    await writeScale({ machine: await describeMachine(undefined), rates, memory, sharing });
  }
  const unanswered = [...rates, ...memory].reduce((sum, run) => sum + run.unanswered, 0);
  console.log(`${unanswered} instances without an answer, in ${Math.round((performance.now() - begin) / 1_000)} s`);
  process.exitCode = unanswered > 0 || sharing.shared.requests > 0 ? 1 : 0;
}

function print(run: FleetRun): void {
  const { command, instances, requestsPerSecond, seconds, requests, throttled, peakMemoryBytes } = run;
  const limit = requestsPerSecond === undefined ? "without a limit" : `at ${requestsPerSecond} requests a second`;
  const memory = Math.round(peakMemoryBytes / 2 ** 20);
  console.log(
    `${command} of ${instances} ${limit}: ${seconds.toFixed(1)} s, ${requests} requests, of which ${throttled} throttled, ${memory} MiB`,
  );
}

runProgram(usage, readOptions, scale);
