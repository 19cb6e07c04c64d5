import { callerAccount } from "../../../lib/rds-api/credentials/caller-account";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import { FaultKind, type Simulator, simulatorCredentials, startSimulator, worlds } from "../../../lib/simulator";
import { errorOf } from "../simulated";

describe("the account of the caller", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  const ask = (deadlineMs = 5_000): Promise<string> =>
    callerAccount(
      { getCredentials: () => Promise.resolve({ ...simulatorCredentials }) },
      { ALIBABA_CLOUD_ENDPOINT_STS: simulator.url },
      performance.now() + deadlineMs,
    );

  test("is what the token service says", async () => {
    simulator.setWorld({ ...worlds.demo, accountId: "9007199254740993" });

    expect(await ask()).toBe("9007199254740993");
    expect(simulator.requests).toMatchObject([{ action: "GetCallerIdentity", parameters: {} }]);
  });

  test("is asked for again after a failure that passes", async () => {
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, times: 1 });

    expect(await ask()).toBe("1234567890123456");
  });

  test("is not known if the token service does not answer in time", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER });

    expect((await errorOf(ask(200), RdsApiError)).kind).toBe("transient");
  });
});
