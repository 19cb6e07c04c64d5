import { startSimulator } from "../../lib/simulator";
import { environmentOf, projectRoot, runNode, temporaryFolders, testWorld, type Finished } from "../fixtures";

const temporaryFolder = temporaryFolders();

const lock = { answers: {}, place: "", remedy: "" };

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
      return () => `{"answers":[]}`;
    },
  }));
  const { waitForLookups } = jest.requireActual<typeof import("../../lib/synthesis/wait-for-lookups")>(
    "../../lib/synthesis/wait-for-lookups",
  );
  const run = { queries: [], now: "2024-03-05T02:22:54Z", environment: {}, lock, concurrency: 16 };

  for (const deadlineSeconds of [30, 300, 30]) {
    expect(waitForLookups({ ...run, deadlineSeconds })).toEqual([]);
  }

  expect(timeouts).toEqual([40_000, 310_000]);
});

describe("a thread that is of no use any more", () => {
  const run = {
    queries: [],
    now: "2024-03-05T02:22:54Z",
    environment: {},
    lock,
    deadlineSeconds: 30,
    concurrency: 16,
  };
  const query = {
    kind: "latest",
    request: { dbInstanceId: "rm-1", regionId: "cn-hangzhou" },
    connection: {},
  } as const;

  /** The wait with threads that fail as they are told, one after the other, then answer. */
  function waitWith(...failures: readonly string[]) {
    const pending = [...failures];
    let started = 0;
    jest.resetModules();
    jest.doMock("synckit", () => ({
      startWorkerThread: () => {
        started++;
        return () => {
          const failure = pending.shift();
          if (failure !== undefined) {
            throw new Error(failure);
          }
          return `{"answers":[]}`;
        };
      },
    }));
    const { waitForLookups } = jest.requireActual<typeof import("../../lib/synthesis/wait-for-lookups")>(
      "../../lib/synthesis/wait-for-lookups",
    );
    return { waitForLookups, started: () => started };
  }

  test("since it hangs is an answer, and the next wait has a new one", () => {
    const { waitForLookups, started } = waitWith("Internal error: Atomics.wait() failed: timed-out");

    expect(waitForLookups({ ...run, queries: [query] })).toMatchObject([
      { status: "error", error: { code: "DeadlineExceeded", kind: "transient" } },
    ]);
    expect(waitForLookups(run)).toEqual([]);
    expect(started()).toBe(2);
  });

  test("since it died is a defect, and the next wait has a new one", () => {
    const { waitForLookups, started } = waitWith("Worker exited with code 1");

    expect(() => waitForLookups(run)).toThrow("Worker exited");
    expect(waitForLookups(run)).toEqual([]);
    expect(started()).toBe(2);
  });
});
