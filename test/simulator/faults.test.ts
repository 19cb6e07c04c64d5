import { type Fault, FaultKind, type Simulator, startSimulator } from "../../lib/simulator";
import { call, callWithPopCore, commonParameters, everything, type RawAnswer, signed } from "./clients";

const ACTION = "DescribeCrossRegionBackups";
const MYSQL = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };
const SQL_SERVER = { DBInstanceId: "rm-2ze07tklq9d4f6s8hc", RegionId: "cn-beijing" };

describe("injected faults", () => {
  let simulator: Simulator;
  const ask = (instance: Record<string, string> = MYSQL): Promise<RawAnswer> =>
    call(simulator.url, ACTION, { ...instance, ...everything() });
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    while (seen.length < count) {
      seen.push((await ask()).status);
    }
    return seen;
  };

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  test.each<[Fault, number, string]>([
    [{ kind: FaultKind.THROTTLING }, 400, "Throttling.User"],
    [{ kind: FaultKind.SERVER_ERROR }, 500, "InternalError"],
    [{ kind: FaultKind.UNAVAILABLE }, 503, "ServiceUnavailable"],
    [{ kind: FaultKind.DENIED }, 403, "Forbidden.RAM"],
    [{ kind: FaultKind.CLOCK_SKEW }, 400, "InvalidTimeStamp.Expired"],
    [{ kind: FaultKind.REFUSED }, 500, "InternalError"],
    [{ kind: FaultKind.REFUSED, code: "CrossBackupNotSupport" }, 403, "CrossBackupNotSupport"],
    [{ kind: FaultKind.REFUSED, code: "Order.NoRealName" }, 400, "Order.NoRealName"],
    [{ kind: FaultKind.REFUSED, code: "Gone", httpStatus: 410, message: "gone" }, 410, "Gone"],
  ])("refuse with %j", async (fault, status, code) => {
    simulator.injectFault(fault);

    const { status: given, json } = await ask();

    expect([given, json["Code"]]).toEqual([status, code]);
    if (fault.message !== undefined) {
      expect(json["Message"]).toBe(fault.message);
    }
    expect(simulator.requests.at(-1)).toMatchObject({ fault: fault.kind, httpStatus: status, code });
  });

  test("answer with an HTML page", async () => {
    simulator.injectFault({ kind: FaultKind.HTML });

    const { status, text } = await ask();

    expect([status, text.slice(0, 6)]).toEqual([502, "<html>"]);
    await expect(callWithPopCore(simulator.url, ACTION, MYSQL)).rejects.toMatchObject({
      name: "SyntaxError",
    });
  });

  test.each([FaultKind.HTML, FaultKind.SERVER_ERROR_WITHOUT_CODE])("answer with %s and any status", async (kind) => {
    simulator.injectFault({ kind, httpStatus: 404 });

    const { status, text } = await ask();

    expect(status).toBe(404);
    if (kind === FaultKind.HTML) {
      expect(text).toContain("<h1>404 Not Found</h1>");
    }
    expect(simulator.requests.at(-1)).toMatchObject({ fault: kind, httpStatus: 404 });
  });

  test("answer 500 in JSON without a code, which Alibaba's own client takes for an answer", async () => {
    simulator.injectFault({ kind: FaultKind.SERVER_ERROR_WITHOUT_CODE });

    expect((await ask()).status).toBe(500);
    expect(Object.keys(await callWithPopCore(simulator.url, ACTION, MYSQL))).toEqual(["RequestId"]);
  });

  test("answer with nothing", async () => {
    simulator.injectFault({ kind: FaultKind.EMPTY_BODY });

    expect(await ask()).toMatchObject({ status: 200, text: "" });
  });

  test("reset the connection", async () => {
    simulator.injectFault({ kind: FaultKind.RESET });

    await expect(callWithPopCore(simulator.url, ACTION, MYSQL)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(simulator.requests.at(-1)?.httpStatus).toBeUndefined();
  });

  test("cut the answer off in the middle", async () => {
    simulator.injectFault({ kind: FaultKind.CUT_BODY });

    const asked = { ...MYSQL, ...everything() };

    await expect(callWithPopCore(simulator.url, ACTION, asked)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(simulator.requests.at(-1)?.httpStatus).toBe(200);
  });

  test("cut a refusal off as well", async () => {
    simulator.injectFault({ kind: FaultKind.CUT_BODY });

    await expect(callWithPopCore(simulator.url, ACTION, MYSQL)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(simulator.requests.at(-1)).toMatchObject({ httpStatus: 400, code: "ParameterAbsence" });
  });

  test("never answer", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER });
    const patience = AbortSignal.timeout(100);

    await expect(fetchOnce(simulator, patience)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(simulator.requests.at(-1)).toMatchObject({ fault: FaultKind.NO_ANSWER });
    expect(simulator.requests.at(-1)?.httpStatus).toBeUndefined();
  });

  test("answer rightly, but late", async () => {
    simulator.injectFault({ kind: FaultKind.SLOW, latencyMs: 80 });
    const begin = performance.now();

    expect((await ask()).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(79);
  });

  test("last for as many requests as they say", async () => {
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, after: 1, times: 2 });

    expect(await statuses(5)).toEqual([200, 503, 503, 200, 200]);
  });

  test("hit one after the other", async () => {
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, times: 1 });
    simulator.injectFault({ kind: FaultKind.SERVER_ERROR, times: 1 });

    expect(await statuses(3)).toEqual([503, 500, 200]);
  });

  test("last for ever until they are lifted", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED });
    const before = await statuses(3);

    simulator.clearFaults();

    expect([...before, ...(await statuses(1))]).toEqual([403, 403, 403, 200]);
  });

  test.each<[string, Partial<Fault>]>([
    ["an instance", { dbInstanceId: MYSQL.DBInstanceId }],
    ["a region", { regionId: "cn-hangzhou" }],
  ])("hit %s alone", async (_, about) => {
    simulator.injectFault({ kind: FaultKind.DENIED, ...about });

    expect([(await ask()).status, (await ask(SQL_SERVER)).status]).toEqual([403, 200]);
  });

  test("hit an action alone", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeInstanceCrossBackupPolicy" });

    const policy = await call(simulator.url, "DescribeInstanceCrossBackupPolicy", MYSQL);

    expect([policy.status, (await ask()).status]).toEqual([403, 200]);
  });

  test("may be there from the start", async () => {
    await simulator.stop();
    simulator = await startSimulator({ faults: [{ kind: FaultKind.UNAVAILABLE }] });

    expect((await ask()).status).toBe(503);
  });
});

function fetchOnce(simulator: Simulator, signal: AbortSignal): Promise<unknown> {
  const body = new URLSearchParams(signed({ ...commonParameters(ACTION), ...MYSQL }));
  return fetch(simulator.url, { method: "POST", body, signal });
}
