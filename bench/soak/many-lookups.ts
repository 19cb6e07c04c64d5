import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulatorThread } from "cdktf-alicloud-rds-dr/simulator";
import { instanceIds, regionId, worldOf } from "../fleet";
import { runNode } from "../run-process";
import { cli, failedLookups, inFolder } from "../setting";
import { passingFaults, randomFaults } from "./random-faults";
import { environmentOf } from "./surroundings";

/** What came of many lookups. */
export interface ManyLookups {
  readonly lookups: number;
  /** The share of the requests that failed, of 1. */
  readonly share: number;
  readonly lost: number;
  readonly seconds: number;
}

/** So many lookups are one run of the soak. */
export const manyLookups = 10_000;

/** So many of their requests fail, of 1. */
export const failingShare = 0.3;

const deadlineSeconds = 240;

/** Looks up many instances in one run, while a share of the requests fails at random. */
export function lookUpMany(lookups: number): Promise<ManyLookups> {
  return inFolder(async (folder) => {
    const world = worldOf({ instances: lookups, records: 1, latencyMs: 0 }, new Date());
    const faults = randomFaults(failingShare, 5 * lookups, passingFaults);
    const simulator = await startSimulatorThread({ world, faults });
    try {
      const file = join(folder, "ids.txt");
      writeFileSync(file, instanceIds(lookups).join("\n"));
      const finished = await runNode([cli, "lookup", "--json", "--region-id", regionId, "--from", file], {
        cwd: folder,
        environment: { ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: String(deadlineSeconds) },
        mayFail: true,
      });
      const requests = await simulator.requests();
      return {
        lookups,
        share: requests.filter(({ fault }) => fault !== undefined).length / requests.length,
        lost: failedLookups(finished, lookups),
        seconds: finished.ms / 1_000,
      };
    } finally {
      await simulator.stop();
    }
  });
}
