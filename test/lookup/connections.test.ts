import { Connections } from "../../lib/lookup/connections";
import { type Simulator, startSimulator } from "../../lib/simulator";
import { InvalidRequestError } from "../../lib/validation/checks";
import { latest } from "./queries";

describe("the clients of a run", () => {
  const environment = { ALICLOUD_ACCESS_KEY: "simulator", ALICLOUD_SECRET_KEY: "simulator-secret" };
  const connections = new Connections(performance.now() + 60_000, 16, environment);
  afterAll(() => {
    connections.close();
  });

  test("are shared by all queries of one endpoint and profile", () => {
    const first = connections.clientFor(latest());
    const same = [
      latest({ dbInstanceId: "rm-other", restoreRegion: "cn-beijing" }),
      latest({ regionId: "cn-beijing" }),
      latest({}, { endpoint: "rds.aliyuncs.com" }),
      latest({}, { endpoint: "https://rds.aliyuncs.com/" }),
    ];
    expect(same.filter((query) => connections.clientFor(query) !== first)).toEqual([]);
  });

  test("differ by endpoint, profile and role", () => {
    const clients = [
      latest(),
      latest({}, { endpoint: "vpc" }),
      latest({ regionId: "cn-beijing" }, { endpoint: "vpc" }),
      latest({ regionId: "eu-central-1" }),
      latest({}, { endpoint: "http://127.0.0.1:1" }),
      latest({}, { profile: "a" }),
      latest({}, { profile: "b" }),
      latest({}, { roleArn: "acs:ram::1:role/a" }),
      latest({}, { roleArn: "acs:ram::1:role/b" }),
    ].map((query) => connections.clientFor(query));
    expect(new Set(clients).size).toBe(9);
  });

  test("do not come about for what is no endpoint", () => {
    expect(() => connections.clientFor(latest({}, { endpoint: "ftp://x" }))).toThrow(InvalidRequestError);
  });
});

describe("the connections of a run", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ latencyMs: 2 });
  });
  afterEach(() => simulator.stop());

  const ask = async (
    environment: Record<string, string>,
    count: number,
    concurrency = 5,
  ): Promise<PromiseSettledResult<unknown>[]> => {
    const connections = new Connections(performance.now() + 10_000, concurrency, environment);
    const client = connections.clientFor(latest({}, { endpoint: simulator.url }));
    const parameters = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };
    const answers = await Promise.allSettled(
      Array.from({ length: count }, () => client.call("DescribeInstanceCrossBackupPolicy", parameters)),
    );
    connections.close();
    return answers;
  };

  test("are as many as the run allows at most, for whatever number of requests", async () => {
    await ask({ ALIBABA_CLOUD_ACCESS_KEY_ID: "simulator", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "simulator-secret" }, 100);

    expect(simulator.requests).toHaveLength(100);
    expect(simulator.connections).toBe(5);
    expect(simulator.maxInFlight).toBeLessThanOrEqual(5);
  });

  test("keep to the pace that an earlier run to the same endpoint has learnt", async () => {
    await simulator.stop();
    simulator = await startSimulator({ requestsPerSecond: 20, latencyMs: 20 });
    const environment = { ALICLOUD_ACCESS_KEY: "simulator", ALICLOUD_SECRET_KEY: "simulator-secret" };
    const refused = (): number => simulator.requests.filter(({ code }) => code === "Throttling.User").length;

    const first = await ask(environment, 40, 16);
    const refusedFirst = refused();
    const second = await ask(environment, 40, 16);

    expect([...first, ...second].filter(({ status }) => status !== "fulfilled")).toEqual([]);
    expect(refusedFirst).toBeGreaterThan(5);
    expect(refused() - refusedFirst).toBeLessThan(refusedFirst / 2);
  });

  test("are signed by the key of the environment that the run was given", async () => {
    expect(await ask({ ALICLOUD_ACCESS_KEY: "other", ALICLOUD_SECRET_KEY: "x" }, 1)).toMatchObject([
      { reason: { code: "InvalidAccessKeyId.NotFound" } },
    ]);
  });
});
