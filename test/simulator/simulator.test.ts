import { once } from "node:events";
import { connect } from "node:net";
import { type Simulator, startSimulator, worlds } from "../../lib/simulator";
import { call, callWithPopCore, everything } from "./clients";

const ACTION = "DescribeCrossRegionBackups";
const MYSQL = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };
const POSTGRESQL = { DBInstanceId: "pgm-2zec4x8n5m1k7y3wq", RegionId: "cn-beijing" };

describe("a simulator", () => {
  let simulator: Simulator;
  const start = async (...options: Parameters<typeof startSimulator>): Promise<void> => {
    simulator = await startSimulator(...options);
  };
  afterEach(() => simulator.stop());

  test("listens on this machine only, on any free port", async () => {
    await start();

    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  });

  test("listens on the given port", async () => {
    await start();
    const port = Number(new URL(simulator.url).port);
    await simulator.stop();

    await start({ host: "localhost", port });

    expect(new URL(simulator.url).port).toBe(String(port));
  });

  test("says so when the port is taken", async () => {
    await start();

    await expect(startSimulator({ port: Number(new URL(simulator.url).port) })).rejects.toThrow("EADDRINUSE");
  });

  test("accepts its own credential, and no other", async () => {
    await start({ accessKeyId: "mine", accessKeySecret: "secret" });

    await expect(callWithPopCore(simulator.url, ACTION, MYSQL)).rejects.toMatchObject({
      code: "InvalidAccessKeyId.NotFound",
    });
  });

  test("serves every region from one place", async () => {
    await start();

    const answers = await Promise.all(
      [MYSQL, POSTGRESQL].map((instance) => call(simulator.url, ACTION, { ...instance, ...everything() })),
    );

    expect(answers.map(({ json }) => json["RegionId"])).toEqual(["cn-hangzhou", "cn-beijing"]);
  });

  test("records what was asked and answered, and never a credential", async () => {
    await start({ securityToken: "the-token" });
    await call(simulator.url, ACTION, { ...MYSQL, SecurityToken: "the-token", PageNumber: "0" });
    const window = everything();
    await call(simulator.url, ACTION, { ...MYSQL, ...window, SecurityToken: "the-token" });

    expect(simulator.requests).toEqual([
      {
        action: ACTION,
        method: "POST",
        parameters: { ...MYSQL, PageNumber: "0" },
        httpStatus: 400,
        code: "ParameterAbsence",
      },
      { action: ACTION, method: "POST", parameters: { ...MYSQL, ...window }, httpStatus: 200 },
    ]);
  });

  test("counts connections, and requests in flight", async () => {
    await start({ latencyMs: 50 });
    const sockets = await Promise.all([1, 2].map(() => openSocket(simulator.url)));

    await Promise.all([1, 2, 3].map(() => call(simulator.url, ACTION, MYSQL)));

    expect(simulator.maxInFlight).toBe(3);
    expect(simulator.connections).toBeGreaterThanOrEqual(5);
    sockets.forEach((socket) => socket.destroy());
  });

  test("takes its time to answer", async () => {
    await start({ latencyMs: 80 });
    const begin = performance.now();

    await call(simulator.url, ACTION, MYSQL);

    expect(performance.now() - begin).toBeGreaterThanOrEqual(79);
  });

  test("lets so many requests through in a second, and refuses the others", async () => {
    await start({ requestsPerSecond: 3 });

    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(() => call(simulator.url, ACTION, { ...MYSQL, ...everything() })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.filter(({ json }) => json["Code"] === "Throttling.User");
    expect(refused.map(({ status }) => status)).toEqual([400, 400]);
  });

  test("changes its world while it runs", async () => {
    await start({ world: worlds.pageSamples });
    const ask = async (): Promise<number> => (await call(simulator.url, ACTION, { ...MYSQL, ...everything() })).status;
    const before = await ask();

    simulator.setWorld(worlds.demo);

    expect([before, await ask()]).toEqual([404, 200]);
    expect(simulator.world).toBe(worlds.demo);
  });

  test("takes the moment it started for now, so that one question has one answer", async () => {
    await start();
    const ask = async (): Promise<unknown> =>
      (await call(simulator.url, ACTION, { ...MYSQL, CrossBackupId: "12490124" })).json["Items"];
    const before = await ask();

    // The times have whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));

    expect(await ask()).toEqual(before);
  });

  test("resolves relative times at the instant that counts as now", async () => {
    let now = new Date("2024-03-05T12:00:00Z");
    await start({ now: () => now });
    const newest = async (): Promise<string> =>
      (await call(simulator.url, ACTION, { ...MYSQL, CrossBackupId: "12490124" })).text;

    expect(await newest()).toContain('"BackupStartTime":"2024-03-05T07:00:00Z"');
    now = new Date("2024-03-06T12:00:00Z");
    expect(await newest()).toContain('"BackupStartTime":"2024-03-06T07:00:00Z"');
  });

  test("stops at once, with requests under way, and twice", async () => {
    await start({ latencyMs: 10_000 });
    const asked = call(simulator.url, ACTION, MYSQL).then(
      () => "answered",
      () => "dropped",
    );
    while (simulator.requests.length === 0) {
      await new Promise(setImmediate);
    }

    await simulator.stop();
    await simulator.stop();

    expect(await asked).toBe("dropped");
  });
});

async function openSocket(url: string): Promise<ReturnType<typeof connect>> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}
