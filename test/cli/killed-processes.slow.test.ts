import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Simulator, startSimulator } from "../../lib/simulator";
import {
  cliMain,
  environmentOf,
  type Finished,
  projectRoot,
  readText,
  spawnCli,
  temporaryFolders,
  testWorld,
} from "../fixtures";
import { answersIn } from "./lock-files";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
});
afterAll(() => simulator.stop());

describe("an app that hangs", () => {
  test.each<[string, NodeJS.Signals, number, string]>([
    ["is ended by SIGINT", "SIGINT", 130, ""],
    ["is ended by SIGTERM", "SIGTERM", 143, ""],
    ["and does not listen to SIGINT is ended too", "SIGINT", 130, 'process.on("SIGINT", () => undefined);'],
  ])("%s, and nothing is left of it", async (_, signal, expected, deafness) => {
    const folder = temporaryFolder(join(projectRoot, "dist"));
    writeFileSync(
      join(folder, "main.js"),
      `
        const { App, TerraformStack } = require("cdktf");
        const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
        ${deafness}
        const stack = new TerraformStack(new App(), "lookup");
        const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
        new LatestCrossRegionBackup(stack, "orders", props).lookUp();
        console.log("it hangs");
        setInterval(() => require("node:fs").appendFileSync("alive", "."), 20);
      `,
    );
    // As with npx in between: the shell is not the app.
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "node main.js; true" }));
    const temporary = temporaryFolder();
    const child = spawn(process.execPath, [cliMain, "refresh"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], TMPDIR: temporary, ...environmentOf(simulator.url) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part) => (stdout += String(part)));
    child.stderr.on("data", (part) => (stderr += String(part)));
    while (!(stderr.includes("it hangs") && existsSync(join(folder, "alive")))) {
      await sleep(20);
    }

    const started = Date.now();
    child.kill(signal);
    await once(child, "exit");

    expect(Date.now() - started).toBeLessThan(6_000);
    expect({ code: child.exitCode, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toContain("rds-dr: stopped, and nothing was written\n");
    expect(existsSync(join(folder, "rds-dr.lock.json"))).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
    const lifeSigns = readText(folder, "alive");
    await sleep(200);
    expect(readText(folder, "alive")).toBe(lifeSigns);
  });
});

describe("processes", () => {
  const lockFile = join(temporaryFolder(), "rds-dr.lock.json");

  const keys = Array.from({ length: 10 }, (_, index) => `latest rm-${index} regionId=cn-hangzhou`);
  const backup = { crossBackupId: "1", dataTime: "2026-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };

  test("that pin at the same time lose nothing", async () => {
    writeFileSync(
      lockFile,
      JSON.stringify({ version: 1, answers: Object.fromEntries(keys.map((own) => [own, { backup }])) }),
    );

    const runs = await Promise.all(keys.map((own) => pin(own, `for ${own}`)));

    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(keys.map(() => ({ code: 0, stderr: "" })));
    expect(keys.map((own) => answersIn(lockFile)[own]?.["pin"])).toEqual(keys.map((own) => ({ reason: `for ${own}` })));
  });

  test("that are killed in the middle leave the file whole, and to whoever comes next", async () => {
    // Large, so that reading, changing and writing it take their time.
    const crowd = Array.from({ length: 20_000 }, (_, index) => `latest rm-x${index} regionId=cn-hangzhou`);
    writeFileSync(
      lockFile,
      JSON.stringify({
        version: 1,
        answers: Object.fromEntries([...keys, ...crowd].map((own) => [own, { backup }])),
      }),
    );
    const before = readText(lockFile);
    const [first = "", second = ""] = keys;

    for (const afterMs of [0, 100, 200, 400]) {
      rmSync(`${lockFile}.lock`, { recursive: true, force: true });
      await killWhileLocked(afterMs, ["pin", "--key", first, "--reason", `after ${afterMs} ms`]);
      expect(Object.keys(answersIn(lockFile))).toHaveLength(keys.length + crowd.length);
    }
    rmSync(`${lockFile}.lock`, { recursive: true, force: true });
    writeFileSync(lockFile, before);
    await killWhileLocked(0, ["pin", "--key", first, "--reason", "never"]);
    expect(existsSync(`${lockFile}.lock`)).toBe(true);

    const { code } = await pin(second, "later");
    expect(code).toBe(0);
    const pinned = Object.entries(answersIn(lockFile)).filter(([, entry]) => entry["pin"] !== undefined);
    expect(pinned.map(([own]) => own)).toEqual([second]);
    expect(Object.keys(answersIn(lockFile))).toHaveLength(keys.length + crowd.length);
  });

  function pin(key: string, reason: string): Promise<Finished> {
    return spawnCli(["pin", "--key", key, "--reason", reason], {
      environment: { RDS_DR_LOCK_FILE: lockFile },
    });
  }

  /** Kills a command so long after it has taken hold of the lock file. */
  async function killWhileLocked(afterMs: number, args: readonly string[]): Promise<void> {
    const watcher = watch(dirname(lockFile));
    const child = spawn(process.execPath, [cliMain, ...args, "--lock-file", lockFile], { stdio: "ignore" });
    watcher.once("change", () => setTimeout(() => child.kill("SIGKILL"), afterMs));
    await once(child, "exit");
    watcher.close();
  }
});
