import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { FaultKind, SimulatorThread, startSimulatorThread, worlds } from "../../lib/simulator";
import { call, everything } from "./clients";

const ACTION = "DescribeCrossRegionBackups";
const MYSQL = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };

const library = resolve(__dirname, "../../lib/simulator");

/** A thread that does what a text of JavaScript says. */
const threadOf = (source: string): SimulatorThread =>
  new SimulatorThread(new Worker(source, { eval: true }), "http://127.0.0.1:1");

describe("a simulator in a thread of its own", () => {
  let simulator: SimulatorThread;

  beforeEach(async () => {
    simulator = await startSimulatorThread({ latencyMs: 50 });
  });
  afterEach(() => simulator.stop());

  const ask = async (): Promise<number> => (await call(simulator.url, ACTION, { ...MYSQL, ...everything() })).status;

  test("returns the requests that it received", async () => {
    await Promise.all([ask(), ask(), ask()]);

    expect(await simulator.requests()).toHaveLength(3);
    expect(await simulator.maxInFlight()).toBe(3);
    expect(await simulator.connections()).toBeGreaterThanOrEqual(1);
  });

  test("changes its world and its faults while it runs", async () => {
    await simulator.setWorld(worlds.pageSamples);
    const ofOtherWorld = await ask();
    await simulator.setWorld(worlds.demo);
    await simulator.injectFault({ kind: FaultKind.UNAVAILABLE });
    const ofFault = await ask();
    await simulator.clearFaults();

    expect([ofOtherWorld, ofFault, await ask()]).toEqual([404, 503, 200]);
  });

  test("refuses questions once it has stopped, those under way as well, and stops twice", async () => {
    const underWay = Promise.allSettled([simulator.requests(), simulator.connections()]);
    await simulator.stop();
    await simulator.stop();

    await expect(simulator.requests()).rejects.toThrow("the simulator has stopped");
    // They may have been answered before.
    for (const result of await underWay) {
      if (result.status === "rejected") {
        expect(String(result.reason)).toContain("has stopped");
      }
    }
  });

  test("refuses what cannot be sent to a thread, and goes on", async () => {
    await expect(simulator.setWorld({ instances: [() => 1] } as never)).rejects.toThrow(/could not be cloned/);

    expect(await simulator.requests()).toEqual([]);
  });
});

test("a question that a stopped thread never answers is refused", async () => {
  const silent = threadOf("setInterval(() => undefined, 1000)");
  const question = expect(silent.requests()).rejects.toThrow("the simulator has stopped");

  await silent.stop();
  await question;
});

test("a thread that dies refuses what is asked, and says of what it died", async () => {
  const dying = threadOf(
    "require('node:worker_threads').parentPort.on('message', () => { throw new Error('out of order'); })",
  );

  await expect(dying.requests()).rejects.toThrow("the simulator's thread has died: Error: out of order");
  await expect(dying.requests()).rejects.toThrow("the simulator's thread has died: Error: out of order");
});

test("a simulator that is not stopped keeps no process alive, but answers what is asked", async () => {
  const script = `
    require(${JSON.stringify(library)}).startSimulatorThread()
      .then((simulator) => simulator.requests())
      .then((requests) => console.log(requests.length + " requests"));
  `;

  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { timeout: 4_000 });

  expect(stdout).toBe("0 requests\n");
});

test("nor does one that was never asked", async () => {
  const script = `
    require(${JSON.stringify(library)}).startSimulatorThread().then(({ url }) => console.log(url));
  `;

  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { timeout: 4_000 });

  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
});
