import { startSimulator } from "../../lib/simulator";
import { environmentOf, projectRoot, runNode, temporaryFolders, testWorld, type Finished } from "../fixtures";
import { twoLookupsApp } from "./two-lookups-app";

const temporaryFolder = temporaryFolders();

/** Synthesises two lookups in a process of its own. */
async function synthesise(latencyMs: number): Promise<Finished> {
  const simulator = await startSimulator({ world: testWorld, latencyMs });
  const environment = { ...environmentOf(simulator.url), OUTDIR: temporaryFolder() };
  const finished = await runNode(["-e", twoLookupsApp], { cwd: projectRoot, environment });
  await simulator.stop();
  return finished;
}

test("standard error reports a wait of more than a second while it lasts", async () => {
  expect(await synthesise(1_400)).toEqual({
    code: 0,
    stdout: "",
    stderr: "rds-dr: waiting for RDS, 0 of 2 lookups answered after 1 s\nsynthesised\n",
  });
});

test("a shorter one is not, and the process ends by itself", async () => {
  expect(await synthesise(0)).toEqual({ code: 0, stdout: "", stderr: "synthesised\n" });
});
