import { startSimulator } from "../../lib/simulator";
import { environmentOf, projectRoot, runNode, temporaryFolders, testWorld, type Finished } from "../fixtures";

const temporaryFolder = temporaryFolders();

/** Synthesises two lookups in a process of its own. */
async function synthesise(latencyMs: number): Promise<Finished> {
  const simulator = await startSimulator({ world: testWorld, latencyMs });
  const script = `
    const { App, TerraformStack } = require("cdktf");
    const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const app = new App({ outdir: process.env.OUTDIR });
    const stack = new TerraformStack(app, "lookup");
    for (const name of ["orders", "billing"]) {
      new LatestCrossRegionBackup(stack, name, { dbInstanceId: "rm-" + name, regionId: "cn-hangzhou" });
    }
    app.synth();
    process.stderr.write("synthesised\\n");
  `;
  const environment = { ...environmentOf(simulator.url), OUTDIR: temporaryFolder() };
  const finished = await runNode(["-e", script], { cwd: projectRoot, environment });
  await simulator.stop();
  return finished;
}

test("a wait of more than a second is told on standard error, while it lasts", async () => {
  expect(await synthesise(1_400)).toEqual({
    code: 0,
    stdout: "",
    stderr: "rds-dr: waiting for RDS, 0 of 2 lookups answered after 1 s\nsynthesised\n",
  });
});

test("a shorter one is not, and the process ends by itself", async () => {
  expect(await synthesise(0)).toEqual({ code: 0, stdout: "", stderr: "synthesised\n" });
});

test("a deadline that is longer than that of an earlier wait is granted in full", () => {
  const timeouts: unknown[] = [];
  jest.doMock("synckit", () => ({
    startWorkerThread: (_path: string, { timeout }: { readonly timeout: number }) => {
      timeouts.push(timeout);
      return () => "[]";
    },
  }));
  const { waitForLookups } = jest.requireActual<typeof import("../../lib/synthesis/wait-for-lookups")>(
    "../../lib/synthesis/wait-for-lookups",
  );
  const run = { queries: [], now: "2024-03-05T02:22:54Z", environment: {} };

  for (const deadlineSeconds of [30, 300, 30]) {
    expect(waitForLookups({ ...run, deadlineSeconds })).toEqual([]);
  }

  expect(timeouts).toEqual([40_000, 310_000]);
});
