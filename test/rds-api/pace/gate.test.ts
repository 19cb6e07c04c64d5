import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import { Gate } from "../../../lib/rds-api/pace/gate";
import { Pace } from "../../../lib/rds-api/pace/pace";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { connect, mysql } from "../simulated";

describe("the queue of requests", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("lets those that are sent again go first", async () => {
    const gate = new Gate(1, new Pace());
    const order: string[] = [];
    const send = (name: string) => async (): Promise<void> => {
      order.push(name);
      await new Promise((resolve) => setTimeout(resolve, 10));
    };

    const all = Promise.all([
      gate.pass(send("under way"), false),
      gate.pass(send("new"), false),
      gate.pass(send("again"), true),
    ]);
    await jest.advanceTimersByTimeAsync(100);
    await all;

    expect(order).toEqual(["under way", "again", "new"]);
  });

  test.each([
    ["halts while requests are throttled", "Throttling.User", 250],
    ["still halts when one fails on its way", "ECONNRESET", 250],
    ["goes on when the API says no to one", "InvalidDBInstance.NotFound", 52],
  ])("%s", async (_, code, pauseMs) => {
    const times: number[] = [];
    const gate = new Gate(30, new Pace());
    const fail = (failure: string) => (): Promise<never> => {
      times.push(performance.now());
      return Promise.reject(new RdsApiError({ action: "X", code: failure, reason: "because" }));
    };
    for (let count = 0; count < 20; count++) {
      await gate.pass(() => Promise.resolve(), false);
    }
    for (let count = 0; count < 10; count++) {
      await expect(gate.pass(fail("Throttling"), false)).rejects.toThrow();
    }

    const others = Promise.allSettled([gate.pass(fail(code), false), gate.pass(fail(code), false)]);
    await jest.advanceTimersByTimeAsync(1_000);
    await others;

    const [second = 0, third = 0] = times.slice(-2);
    expect(third - second).toBeGreaterThanOrEqual(pauseMs - 1);
    expect(third - second).toBeLessThanOrEqual(pauseMs + 2);
  });
});

describe("a client under a limit", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ latencyMs: 20, requestsPerSecond: 50 });
  });
  afterEach(() => simulator.stop());

  test("gets every answer, and is refused few times", async () => {
    const client = connect(simulator, { deadlineMs: 30_000 });
    const parameters = { DBInstanceId: mysql.dbInstanceId, RegionId: mysql.regionId };

    await Promise.all(Array.from({ length: 150 }, () => client.call("DescribeInstanceCrossBackupPolicy", parameters)));
    client.close();

    expect(simulator.requests.length).toBeGreaterThan(150);
    expect(simulator.requests.length).toBeLessThan(200);
  });
});

describe("a client of an API that refuses one request of twelve, whatever their rate", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    // The requests that a fault counts and lets pass reach the next one.
    const faults = Array.from({ length: 60 }, (_, index) => ({
      kind: FaultKind.THROTTLING,
      after: 11 * (index + 1),
      times: 1,
    }));
    simulator = await startSimulator({ latencyMs: 20, faults });
  });
  afterEach(() => simulator.stop());

  test("gets every answer, as soon as all others do", async () => {
    const client = connect(simulator, { deadlineMs: 10_000 });
    const parameters = { DBInstanceId: mysql.dbInstanceId, RegionId: mysql.regionId };

    const answers = await Promise.allSettled(
      Array.from({ length: 600 }, () => client.call("DescribeInstanceCrossBackupPolicy", parameters)),
    );
    client.close();

    expect(answers.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(simulator.requests.length).toBe(600 + 54);
    expect(client.limit).toBeUndefined();
  });
});
