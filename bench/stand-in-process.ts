/** The stand-in in a process of its own: it would else take its share of the measured process. */
import { performance } from "node:perf_hooks";
import { FaultKind, startSimulator, type Fault, type RecordedRequest } from "cdktf-alicloud-rds-dr/simulator";
import type { Arrival } from "./arrivals";
import { worldOf, type Recipe } from "./fleet";
import { fleetOf } from "./scale/fleet";
import type { Tally } from "./stand-in";

/** How precisely the time of a request is known; the simulator does not record it. */
const pollMs = 2;

function listingOf({ parameters: { DBInstanceId = "", StartTime = "", EndTime = "" } }: RecordedRequest): string {
  return `${DBInstanceId} ${StartTime} ${EndTime}`;
}

/** Throttles this part of the requests at random, as long as no more than so many pass. */
function randomFaults(share: number, passing: number): readonly Fault[] {
  const faults: Fault[] = [];
  for (let after = 0; after < passing;) {
    if (Math.random() < share) {
      // A fault does not see a request that an earlier one hits.
      faults.push({ kind: FaultKind.THROTTLING, after, times: 1 });
    } else {
      after += 1;
    }
  }
  return faults;
}

async function serve(recipe: Recipe): Promise<void> {
  const now = new Date();
  const { instances, latencyMs, requestsPerSecond, refused = 0 } = recipe;
  // With a clock that stands still, records are written out once and not in the first run of each kind.
  const faults = randomFaults(refused, 2 * instances);
  const world = recipe.isFleet === true ? fleetOf(instances) : worldOf(recipe, now);
  const options = { world, latencyMs, requestsPerSecond, faults, now: () => now };
  let simulator = await startSimulator(options);
  const port = Number(new URL(simulator.url).port);
  const times: number[] = [];
  setInterval(() => {
    while (times.length < simulator.requests.length) {
      times.push(performance.now());
    }
  }, pollMs);

  // Each question is about what came since the last one, and a fresh simulator forgets what was.
  process.on("message", () => {
    const arrivals = simulator.requests.map((request, index): Arrival => ({
      atMs: times[index] ?? performance.now(),
      listing: listingOf(request),
      isThrottled: request.code === "Throttling.User",
    }));
    const tally: Tally = { arrivals, maxInFlight: simulator.maxInFlight, connections: simulator.connections };
    void simulator.stop().then(async () => {
      times.length = 0;
      simulator = await startSimulator({ ...options, port });
      process.send?.(tally);
    });
  });
  process.on("disconnect", () => {
    process.exit();
  });
  process.send?.(simulator.url);
}

void serve(JSON.parse(process.argv[2] ?? "") as Recipe);
