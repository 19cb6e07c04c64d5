/** The stand-in in a process of its own: it would else take its share of the measured process. */
import { performance } from "node:perf_hooks";
import { startSimulator, type RecordedRequest } from "cdktf-alicloud-rds-dr/simulator";
import type { Arrival } from "./arrivals";
import { worldOf, type Recipe } from "./fleet";
import type { Tally } from "./stand-in";

/** How precisely the time of a request is known; the simulator does not record it. */
const pollMs = 2;

function listingOf({
  parameters: { DBInstanceId = "", StartTime = "", EndTime = "" },
}: RecordedRequest): string {
  return `${DBInstanceId} ${StartTime} ${EndTime}`;
}

async function serve(recipe: Recipe): Promise<void> {
  const now = new Date();
  const { latencyMs, requestsPerSecond } = recipe;
  // With a clock that stands still, records are written out once and not in the first run of each kind.
  const options = { world: worldOf(recipe, now), latencyMs, requestsPerSecond, now: () => now };
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
