import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultKind, startSimulator } from "../../lib/simulator";
import { environmentOf, filesBelow, projectRoot, readText, runNode, temporaryFolders, testWorld } from "../fixtures";
import { twoLookupsApp } from "./two-lookups-app";

const temporaryFolder = temporaryFolders();

const lockedBackup = {
  crossBackupId: "14562",
  restoreRegions: ["cn-shanghai"],
  dataTime: "2024-03-05T02:22:54Z",
  backupStartTime: "2024-03-05T02:22:45Z",
  backupEndTime: "2024-03-05T02:23:37Z",
  crossBackupRegion: "cn-shanghai",
};

describe("a thread that dies in the middle of a lookup", () => {
  const ends = {
    "leaves the process": "process.exit(9)",
    "throws an error that nobody catches": 'throw new Error("of the thread")',
    "runs out of memory": "const kept = []; for (;;) kept.push(new Array(1e5).fill(Math.random()))",
  };

  /** Synthesises beside an API that never answers, in a process whose threads end as the script says. */
  async function synthesiseWith(end: string, environment: Readonly<Record<string, string>>) {
    const simulator = await startSimulator({ world: testWorld, faults: [{ kind: FaultKind.NO_ANSWER }] });
    const folder = temporaryFolder();
    const preload = join(folder, "end.js");
    const script = `if (!require("node:worker_threads").isMainThread) setTimeout(() => { ${end} }, 700);`;
    writeFileSync(preload, script);
    const begin = performance.now();
    const finished = await runNode(["--max-old-space-size=200", "--require", preload, "-e", twoLookupsApp], {
      cwd: projectRoot,
      environment: { ...environmentOf(simulator.url), OUTDIR: folder, ...environment },
    });
    await simulator.stop();
    return { ...finished, ms: performance.now() - begin, files: filesBelow(join(folder, "stacks")) };
  }

  test.each(Object.entries(ends))("as it %s is noticed at once, and is an error", async (_, end) => {
    const { code, stderr, ms, files } = await synthesiseWith(end, {});

    expect(stderr).toContain("The lookup failed with LookupThreadDied: its thread ended without an answer");
    expect(stderr).toContain("the same for 1 other lookup: lookup/billing");
    expect(stderr).not.toContain("ERR_WORKER");
    expect({ code, files }).toEqual({ code: 1, files: [] });
    expect(ms).toBeLessThan(15_000);
  });

  test.each(Object.entries(ends))("as it %s is made up for by the lock file", async (_, end) => {
    const lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    const entries = ["orders", "billing"].map((name) => [
      `latest rm-${name} regionId=cn-hangzhou`,
      { query: { dbInstanceId: `rm-${name}`, regionId: "cn-hangzhou" }, backup: lockedBackup },
    ]);
    writeFileSync(lockFile, JSON.stringify({ version: 1, answers: Object.fromEntries(entries) as object }));

    const { code, stderr, ms, files } = await synthesiseWith(end, { RDS_DR_LOCK_FILE: lockFile });

    expect({ code, stderr, files }).toEqual({ code: 0, stderr: "synthesised\n", files: ["cdk.tf.json"] });
    expect(ms).toBeLessThan(15_000);
  });
});

test("a thread that has died since the last wait is replaced", async () => {
  const simulator = await startSimulator({ world: testWorld });
  const folder = temporaryFolder();
  const preload = join(folder, "end.js");
  const script = `if (!require("node:worker_threads").isMainThread) setTimeout(() => process.exit(9), 1000);`;
  writeFileSync(preload, script);
  const twice = `${twoLookupsApp}
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    new LatestCrossRegionBackup(stack, "stale", { dbInstanceId: "rm-stale", regionId: "cn-hangzhou" });
    app.synth();
  `;
  const environment = { ...environmentOf(simulator.url), OUTDIR: folder };
  const finished = await runNode(["--require", preload, "-e", twice], { cwd: projectRoot, environment });
  await simulator.stop();

  expect(finished).toEqual({ code: 0, stdout: "", stderr: "synthesised\n" });
  expect(readText(folder, "stacks", "lookup", "cdk.tf.json")).toContain("stale_cross_backup_id");
});
