import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Simulator, startSimulator } from "../../lib/simulator";
import { hoursOld, projectRoot } from "../fixtures";
import { ledgerApp, ledgerWorld, lockedIn, restore, restoreEnvironment } from "./restore-app";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ latencyMs: 30 });
});

afterEach(() => simulator.stop());

/** The command as a process of its own; it passes the longer pauses quickly. */
function startRestore(folder: string): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, "dist", "test", "cli", "hasty-command.js"), "restore", "--yes"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...restoreEnvironment(simulator.url) },
    stdio: "ignore",
  });
}

const sent = (): number => simulator.requests.length;

/** Kills a restore as soon as it has sent so many requests, and some time after. */
async function killAfter(folder: string, requests: number, moreMs: number): Promise<boolean> {
  const already = sent();
  const child = startRestore(folder);
  const ended = once(child, "exit").then(() => true);
  for (;;) {
    const isOver = await Promise.race([ended, sleep(2).then(() => false)]);
    if (isOver) {
      return false;
    }
    if (sent() - already >= requests) {
      await sleep(moreMs);
      child.kill("SIGKILL");
      await ended;
      return true;
    }
  }
}

const moments = [1, 2, 3, 4, 5, 6, 7].flatMap((requests) => [0, 15, 40].map((moreMs) => [requests, moreMs] as const));

describe("a restore that is killed", () => {
  test.each(moments)("after %i requests and %i ms leaves one instance to the next run", async (requests, moreMs) => {
    simulator.setWorld(ledgerWorld({ creationMs: 300, listedAfterMs: 100 }));
    const folder = ledgerApp();

    await killAfter(folder, requests, moreMs);
    // The newest backup is another one by then.
    simulator.setWorld(ledgerWorld({ creationMs: 300, listedAfterMs: 100 }, [hoursOld(1, 102), hoursOld(5, 101)]));
    rmSync(join(folder, "rds-dr.lock.json.lock"), { recursive: true, force: true });
    const { code, stdout, stderr } = await restore(folder, simulator.url);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(simulator.instances).toHaveLength(1);
    expect(stdout).toBe(`${simulator.instances[0]?.dbInstanceId ?? ""}  Running\n`);
    expect(lockedIn(folder)?.instance?.dbInstanceId).toBe(simulator.instances[0]?.dbInstanceId);
  });

  test("again and again, by a clone of its own each time, leaves one instance", async () => {
    simulator.setWorld(ledgerWorld({ creationMs: 400, listedAfterMs: 60 }));
    const folder = ledgerApp();
    let kills = 0;
    for (const [requests, moreMs] of moments) {
      kills += (await killAfter(folder, requests, moreMs)) ? 1 : 0;
      rmSync(join(folder, "rds-dr.lock.json.lock"), { recursive: true, force: true });
      if (kills % 3 === 0) {
        rmSync(join(folder, "rds-dr.lock.json"), { force: true });
      }
    }

    expect(kills).toBeGreaterThan(5);
    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
    expect(simulator.instances).toHaveLength(1);
  }, 120_000);

  test("of whose token and listing RDS knows nothing for a while, leaves one instance too", async () => {
    simulator.setWorld(ledgerWorld({ tokenMemoryMs: 0, listedAfterMs: 150 }));
    const folder = ledgerApp();

    await killAfter(folder, 4, 30);
    rmSync(join(folder, "rds-dr.lock.json.lock"), { recursive: true, force: true });
    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });

    expect(simulator.instances).toHaveLength(1);
  });
});
