/** What a large fleet costs: time against the API's rate, memory, and pipelines that share answers. */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine";
import { runProgram } from "../run-program";
import { type FleetRun, runOnFleet } from "./fleet-run";
import { writeScale } from "./page";
import { measureSharing, type Sharing } from "./sharing";

const parts = ["rates", "memory", "sharing"] as const;

const usage = `npm run scale -- [options]

  --only PART  one part: ${parts.join(", ")}
  --quick      a hundredth of the instances, which takes a minute
  --write      write docs/scale.md; parts that were not measured stay. All take 50 minutes
  --help       show this`;

interface Options {
  readonly only: readonly string[];
  readonly isQuick: boolean;
  readonly write: boolean;
  readonly help: boolean;
}

/** What was asked for; throws an error whose message is for the user. */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [...parts] },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { only, quick: isQuick, write, help } = values;
  if (only.some((part) => !parts.some((known) => known === part))) {
    throw new TypeError(`--only must be one of ${parts.join(", ")}, but is "${only.join(" ")}"`);
  }
  if (write && isQuick) {
    throw new TypeError("--write takes a whole run: leave out --quick");
  }
  return { only, isQuick, write, help };
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

/** Measured alone, as it takes a processor: 26 minutes. */
const largest: Point = { instances: 50_000, rate: 100 };

const sizes = [1_000, 5_000, 50_000];

const pipelines = 60;

async function scale({ only, isQuick, write }: Options): Promise<void> {
  const begin = performance.now();
  const divisor = isQuick ? 100 : 1;
  const rates = only.includes("rates") ? await measureRates(divisor) : [];
  const memory = only.includes("memory") ? await measureMemory(divisor) : [];
  const sharing = only.includes("sharing") ? await measurePipelines(divisor) : undefined;
  if (write) {
    const measured = {
      ...(rates.length > 0 && { rates }),
      ...(memory.length > 0 && { memory }),
      ...(sharing && { sharing }),
    };
    await writeScale({ machine: await describeMachine(undefined), ...measured });
  }
  const unanswered = [...rates, ...memory].reduce((sum, run) => sum + run.unanswered, 0);
  console.log(`${unanswered} instances without an answer, in ${Math.round((performance.now() - begin) / 1_000)} s`);
  process.exitCode = unanswered > 0 || (sharing?.shared.requests ?? 0) > 0 ? 1 : 0;
}

async function measureRates(divisor: number): Promise<readonly FleetRun[]> {
  const runs: FleetRun[] = [];
  const measureRow = async (row: readonly Point[]): Promise<void> => {
    for (const { instances, rate } of row) {
      runs.push(await measure("report", instances / divisor, rate));
    }
  };
  await Promise.all(rows.map(measureRow));
  runs.push(await measure("report", largest.instances / divisor, largest.rate));
  return runs.sort((a, b) => a.instances - b.instances || (a.requestsPerSecond ?? 0) - (b.requestsPerSecond ?? 0));
}

async function measureMemory(divisor: number): Promise<readonly FleetRun[]> {
  const runs: FleetRun[] = [];
  for (const command of ["discover", "lookup", "report"] as const) {
    for (const instances of sizes) {
      runs.push(await measure(command, instances / divisor));
    }
  }
  return runs;
}

async function measurePipelines(divisor: number): Promise<Sharing> {
  const answers = [1, ...sizes].map((size) => Math.ceil(size / divisor));
  const sharing = await measureSharing({ pipelines: Math.ceil(pipelines / divisor), answers });
  console.log(JSON.stringify(sharing, undefined, 2));
  return sharing;
}

async function measure(...asked: Parameters<typeof runOnFleet>): Promise<FleetRun> {
  const run = await runOnFleet(...asked);
  print(run);
  return run;
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
