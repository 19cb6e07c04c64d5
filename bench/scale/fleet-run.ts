import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { regionId, restoreRegion } from "../fleet";
import { runNode } from "../run-process";
import { cli, inFolder } from "../setting";
import { StandIn } from "../stand-in";
import { readWitnessed, witnessEnvironment, witnessOptions } from "../witnessed";
import { objectiveHours } from "./fleet";

/** A run of a command on a fleet. */
export interface FleetRun {
  readonly command: "discover" | "lookup" | "report";
  readonly instances: number;
  /** The limit of the API, requests a second; absent if it has none. */
  readonly requestsPerSecond?: number;
  readonly seconds: number;
  /** Requests in all, and those of them that the API throttled. */
  readonly requests: number;
  readonly throttled: number;
  /** Instances without an answer. */
  readonly unanswered: number;
  readonly peakMemoryBytes: number;
  readonly stdoutBytes: number;
}

/** No run takes as long. */
const deadlineSeconds = 7_200;

/** Node takes more memory than it needs if the machine has it. This is enough for every run, whatever its size. */
const heapLimit = "--max-old-space-size=100";

/** What `rds-dr report` writes beside its JSON. */
const files = ["--html", "fleet.html", "--prometheus", "fleet.prom"];

const region = ["--region-id", regionId];
const restore = ["--restore-region", restoreRegion];

const argsOf: Readonly<Record<FleetRun["command"], readonly string[]>> = {
  discover: ["discover", ...region, "--json"],
  lookup: ["lookup", "--from", "fleet.json", ...restore, "--json"],
  report: ["report", ...region, ...restore, "--max-age-hours", String(objectiveHours), ...files, "--json"],
};

/** Runs a command on a fleet of so many instances. */
export function runOnFleet(
  command: FleetRun["command"],
  instances: number,
  requestsPerSecond?: number,
): Promise<FleetRun> {
  const recipe = { instances, records: 0, isFleet: true, latencyMs: 20, requestsPerSecond };
  return StandIn.with(recipe, (standIn) =>
    inFolder(async (cwd) => {
      const run = (args: readonly string[]): ReturnType<typeof runNode> =>
        runNode([heapLimit, ...witnessOptions, cli, ...args], {
          cwd,
          environment: {
            ...standIn.environment,
            ...witnessEnvironment(cwd),
            RDS_DR_DEADLINE_SECONDS: String(deadlineSeconds),
          },
          mayFail: true,
          timeoutMs: deadlineSeconds * 1_000,
        });
      if (command === "lookup") {
        writeFileSync(join(cwd, "fleet.json"), (await run(argsOf.discover)).stdout);
        await standIn.tally();
      }
      const { ms, stdout } = await run(argsOf[command]);
      const { arrivals } = await standIn.tally();
      return {
        command,
        instances,
        ...(requestsPerSecond !== undefined && { requestsPerSecond }),
        seconds: ms / 1_000,
        requests: arrivals.length,
        throttled: arrivals.filter(({ isThrottled }) => isThrottled).length,
        unanswered: unansweredIn(stdout),
        peakMemoryBytes: readWitnessed(cwd).peakMemoryBytes,
        stdoutBytes: Buffer.byteLength(stdout),
      };
    }),
  );
}

/** Instances of a printed result whose state nobody knows. */
function unansweredIn(stdout: string): number {
  const { summary, lookups = [] } = JSON.parse(stdout) as {
    readonly summary?: { readonly unknown: number };
    readonly lookups?: readonly { readonly status: string }[];
  };
  return summary?.unknown ?? lookups.filter(({ status }) => status === "error").length;
}
