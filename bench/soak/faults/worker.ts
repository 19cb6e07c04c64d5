import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultKind as Simulated } from "cdktf-alicloud-rds-dr/simulator";
import { Consequence, FaultKind, Run, type Fault } from "../fault";
import { simulated } from "../surroundings";

const kind = FaultKind.WORKER;

/** How long the thread of the lookups lives, milliseconds. */
const lifeMs = 500;

export const workerFaults: readonly Fault[] = [
  threadThat("is killed", "process.exit(9);"),
  threadThat("throws an error that nobody catches", 'throw new Error("of the soak");'),
  threadThat("runs out of memory", "const kept = []; for (;;) { kept.push(new Array(1e5).fill(Math.random())); }"),
];

/** A thread of the lookups that ends in the middle of one. */
function threadThat(does: string, end: string): Fault {
  return {
    kind,
    name: `the thread of the lookups ${does}`,
    consequence: Consequence.OUTAGE,
    // Well before the deadline, or the death went unnoticed.
    deadlineSeconds: 20,
    mostSeconds: 6,
    runs: [Run.SYNTHESIS, Run.SYNTHESIS_WITH_LOCK],
    surround: async (folder) => {
      const preload = join(folder, "end-of-thread.js");
      const begin = `if (!require("node:worker_threads").isMainThread) setTimeout(() => { ${end} }, ${lifeMs});`;
      writeFileSync(preload, begin);
      return {
        ...(await simulated([{ kind: Simulated.NO_ANSWER }])),
        nodeOptions: ["--max-old-space-size=200", "--require", preload],
      };
    },
  };
}
