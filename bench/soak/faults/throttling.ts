import { setTimeout as sleep } from "node:timers/promises";
import { FaultKind as Simulated, startSimulator } from "cdktf-alicloud-rds-dr/simulator";
import { worldOf } from "../../fleet";
import { Consequence, everyRun, FaultKind, Run, type Fault, type Surroundings } from "../fault";
import { randomFaults } from "../random-faults";
import { environmentOf, simulated } from "../surroundings";

const { OUTAGE, PASSES } = Consequence;

const kind = FaultKind.THROTTLING;

/** The lookups of a row with random faults. */
const instances = 100;

export const throttlingFaults: readonly Fault[] = [
  {
    kind,
    name: "one request is throttled",
    consequence: PASSES,
    surround: () => simulated([{ kind: Simulated.THROTTLING, times: 1 }]),
    runs: [Run.LOOKUP, Run.LIST, Run.SYNTHESIS],
  },
  ...[1, 5, 30].map((percent): Fault => ({
    kind,
    name: `${percent} % of the requests are throttled at random, ${instances} lookups`,
    consequence: PASSES,
    instances,
    deadlineSeconds: 6,
    surround: () => simulated(randomFaults(percent / 100, 10 * instances, [Simulated.THROTTLING])),
  })),
  {
    kind,
    name: "every request is throttled for two seconds",
    consequence: PASSES,
    deadlineSeconds: 10,
    surround: () => throttledFor(2_000),
  },
  {
    kind,
    name: "every request is throttled",
    consequence: OUTAGE,
    surround: () => simulated([{ kind: Simulated.THROTTLING }]),
    runs: everyRun,
  },
];

/** A simulator that throttles everything for so long from its first request on. */
async function throttledFor(ms: number): Promise<Surroundings> {
  const world = worldOf({ instances: 1, records: 3, latencyMs: 0 }, new Date());
  const simulator = await startSimulator({ world, faults: [{ kind: Simulated.THROTTLING }] });
  const over = new AbortController();
  void (async () => {
    while (simulator.requests.length === 0) {
      await sleep(20, undefined, { signal: over.signal });
    }
    await sleep(ms, undefined, { signal: over.signal });
    simulator.clearFaults();
  })().catch(() => undefined);
  return {
    environment: environmentOf(simulator.url),
    connections: () => simulator.connections,
    stop: () => {
      over.abort();
      return simulator.stop();
    },
  };
}
