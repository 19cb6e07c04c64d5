import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import type { RpcAnswer } from "../../lib/rds-api/rds-client";
import { FakeTransport } from "./fake-transport";
import { errorOf } from "./simulated";

const failWith = (code: string, httpStatus?: number): never => {
  throw new RdsApiError({ action: "X", code, reason: "because", httpStatus });
};
const never = (): Promise<RpcAnswer> =>
  new Promise(() => {
    // No answer.
  });

/** Stops time: it goes on only when a test says so. */
function stopTime(): void {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });
}

/** The result of a call while time runs as fast as it can. */
async function inFastTime(call: Promise<unknown>): Promise<unknown> {
  const result = call.catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(120_000);
  return result;
}

describe("a call", () => {
  test("returns the answer", async () => {
    const transport = new FakeTransport(() => ({ RequestId: "1" }));

    expect(await transport.client().call("Describe", { RegionId: "cn-hangzhou" })).toEqual({
      RequestId: "1",
    });
    expect(transport.calls).toMatchObject([{ action: "Describe", parameters: { RegionId: "cn-hangzhou" } }]);
  });

  test("is made at most so many at once, and the others wait their turn", async () => {
    let underWay = 0;
    let most = 0;
    const transport = new FakeTransport(async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay--;
      return {};
    });
    const client = transport.client({ concurrency: 3 });

    await Promise.all(Array.from({ length: 20 }, () => client.call("X", {})));

    expect([transport.calls.length, most]).toEqual([20, 3]);
  });

  test("closes its transport with the client", () => {
    const transport = new FakeTransport(() => ({}));
    transport.client().close();
    expect(transport.closed).toBe(true);
  });
});

describe("a failed call", () => {
  stopTime();

  test.each([
    "Throttling",
    "Throttling.User",
    "Throttling.Api",
    "Rejected.Throttling",
    "ServiceUnavailable",
    "InternalError",
    "ExternalFailure",
    "RequestMetaDataFailed",
    "InvokeProxyFailure",
    "SignatureNonceUsed",
    "InvalidResponse",
    "RequestTimeout",
    "ECONNRESET",
    "ECONNREFUSED",
    "ETIMEDOUT",
  ])("with %s is tried again until it succeeds", async (code) => {
    const transport = new FakeTransport((_, count) => (count < 4 ? failWith(code) : { RequestId: "4" }));

    expect(await inFastTime(transport.client().call("X", {}))).toEqual({ RequestId: "4" });
    expect(transport.calls).toHaveLength(4);
  });

  test.each([500, 502, 503, 504, 429])("with an unknown code and HTTP %d is tried again", async (status) => {
    const transport = new FakeTransport((_, count) => (count < 2 ? failWith("Unheard", status) : {}));

    expect(await inFastTime(transport.client().call("X", {}))).toEqual({});
  });

  test.each([
    "Forbidden.RAM",
    "Forbidden",
    "NoPermission",
    "InvalidAccessKeyId.NotFound",
    "SignatureDoesNotMatch",
    "InvalidSecurityToken.Expired",
    "InvalidTimeStamp.Expired",
    "NoCredentials",
    "ParameterAbsence",
    "InvalidParameters.Format",
    "InvalidDBInstance.NotFound",
    "CrossBackupNotSupport",
    "Pay.InsufficientBalance",
    "ENOTFOUND",
    "CERT_HAS_EXPIRED",
  ])("with %s is not tried again", async (code) => {
    const transport = new FakeTransport(() => failWith(code));

    expect(await inFastTime(transport.client().call("X", {}))).toMatchObject({ code });
    expect(transport.calls).toHaveLength(1);
  });

  test("with an unknown code and HTTP 400 is not tried again", async () => {
    const transport = new FakeTransport(() => failWith("Unheard", 400));

    await inFastTime(transport.client().call("X", {}));
    expect(transport.calls).toHaveLength(1);
  });

  test("by a defect is not tried again and comes as it is", async () => {
    const defect = new TypeError("a defect");
    const transport = new FakeTransport(() => {
      throw defect;
    });

    expect(await inFastTime(transport.client().call("X", {}))).toBe(defect);
    expect(transport.calls).toHaveLength(1);
  });

  test.each(["InternalError", "Throttling.User"])(
    "with %s is tried until the deadline, however often, and the last error is the answer",
    async (code) => {
      const begin = Date.now();
      let last = 0;
      const transport = new FakeTransport((_, count) => {
        last = Date.now() - begin;
        return failWith(count < 15 ? code : "ServiceUnavailable");
      });

      const error = await inFastTime(transport.client({ deadlineMs: 60_000 }).call("X", {}));

      expect(error).toMatchObject({
        code: "ServiceUnavailable",
        reason: "because; no try succeeded before the deadline",
      });
      expect(last).toBeGreaterThan(50_000);
      expect(last).toBeLessThan(60_000);
    },
  );

  test("by throttling is tried until it succeeds, however often", async () => {
    const transport = new FakeTransport((_, count) => (count <= 20 ? failWith("Throttling.User") : {}));

    expect(await inFastTime(transport.client({ deadlineMs: 110_000 }).call("X", {}))).toEqual({});
    expect(transport.calls).toHaveLength(21);
  });

  test("by throttling is tried until the deadline, ever more rarely, and no longer", async () => {
    const transport = new FakeTransport(() => failWith("Throttling.User"));

    const error = await inFastTime(transport.client({ deadlineMs: 2_000 }).call("X", {}));

    expect(error).toMatchObject({
      code: "Throttling.User",
      reason: "because; no try succeeded before the deadline",
    });
    // Ten at once, then with pauses of 200, 250, 313, 391 and 488 ms.
    expect(transport.calls).toHaveLength(15);
  });

  test("by an answer that makes no sense is tried again as any other", async () => {
    const transport = new FakeTransport((_, count) => ({ count }));
    const read = (answer: RpcAnswer): RpcAnswer => {
      if (answer["count"] !== 4) {
        failWith("InvalidResponse");
      }
      return answer;
    };

    expect(await inFastTime(transport.client().callAndRead("X", {}, read))).toEqual({ count: 4 });
    expect(transport.calls).toHaveLength(4);
  });

  test.each([
    ["full", 0.999999, [199, 399, 799, 1599, 3199, 4999, 4999, 4999, 4999]],
    ["half", 0.5, [100, 200, 400, 800, 1600, 2500, 2500, 2500, 2500]],
    ["little", 0.01, [2, 4, 8, 16, 32, 50, 50, 50, 50]],
  ])("waits longer each time, up to 5 s: %s jitter", async (_, random, pauses) => {
    jest.spyOn(Math, "random").mockReturnValue(random);
    const times: number[] = [];
    const transport = new FakeTransport(() => {
      times.push(Date.now());
      return failWith("InternalError");
    });

    await inFastTime(transport.client({ deadlineMs: 110_000 }).call("X", {}));

    const waited = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waited.slice(0, pauses.length)).toEqual(pauses);
  });

  test("waits less and less as the deadline comes close, and never until it is over", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0.5);
    const begin = Date.now();
    const times: number[] = [];
    const transport = new FakeTransport(() => {
      times.push(Date.now() - begin);
      return failWith("InternalError");
    });

    await inFastTime(transport.client({ deadlineMs: 1_000 }).call("X", {}));

    expect(times.slice(0, 6)).toEqual([0, 100, 300, 650, 825, 912]);
    expect(times.at(-1)).toBeLessThan(1_000);
  });

  test("leaves its place to others while it waits", async () => {
    const transport = new FakeTransport(({ action }, count) => (count === 1 ? failWith("InternalError") : { action }));
    const client = transport.client({ concurrency: 1 });

    await inFastTime(Promise.all([client.call("first", {}), client.call("second", {})]));

    expect(transport.calls.map(({ action }) => action)).toEqual(["first", "second", "first"]);
  });

  test("by throttling holds up the others if nothing passes, and is the first to be tried again", async () => {
    const transport = new FakeTransport(({ action }, count) => (count <= 12 ? failWith("Throttling") : { action }));
    const client = transport.client({ concurrency: 1 });
    const actions = Array.from({ length: 20 }, (_, index) => `action ${index + 1}`);

    await inFastTime(Promise.all(actions.map((action) => client.call(action, {}))));

    const tried = transport.calls.map(({ action }) => action);
    const [beforeHalt, afterHalt] = [tried.slice(0, 10), tried.slice(10)];
    expect(beforeHalt).toContain(afterHalt[0]);
    expect(afterHalt.indexOf("action 20")).toBe(afterHalt.length - 1);
  });
});

describe("the deadline", () => {
  stopTime();

  test("ends a call that gets no answer", async () => {
    const begin = Date.now();
    let end = 0;
    const call = new FakeTransport(never).client({ deadlineMs: 300 }).call("Describe", {});

    const error = await inFastTime(call.finally(() => (end = Date.now())));

    expect(error).toMatchObject({
      code: "DeadlineExceeded",
      message: "Describe failed with DeadlineExceeded: no answer came before the deadline",
    });
    // Never before it, when a try could still begin.
    expect([301, 302]).toContain(end - begin);
  });

  test("ends a call that had no turn, as the others were throttled, and says so", async () => {
    const client = new FakeTransport(() => failWith("Throttling.User", 400)).client({
      deadlineMs: 1_000,
      concurrency: 1,
    });
    const others = Promise.allSettled(Array.from({ length: 20 }, () => client.call("other", {})));

    const error = await inFastTime(client.call("last", {}));
    await others;

    expect(error).toMatchObject({
      code: "DeadlineExceeded",
      message:
        "last failed with DeadlineExceeded: no answer came before the deadline, as the API throttles the requests of this account to about 5 a second",
    });
  });

  test("ends the tries with the last real error", async () => {
    const transport = new FakeTransport(() => failWith("Throttling.User", 400));

    const error = await inFastTime(transport.client({ deadlineMs: 1_000 }).call("X", {}));

    expect(error).toMatchObject({
      code: "Throttling.User",
      httpStatus: 400,
      message: "X failed with Throttling.User: because; no try succeeded before the deadline",
    });
    expect(transport.calls).toHaveLength(13);
  });

  test("lets nothing be sent once it is over", async () => {
    const transport = new FakeTransport(() => ({}));

    expect(await inFastTime(transport.client({ deadlineMs: 0 }).call("X", {}))).toMatchObject({
      code: "DeadlineExceeded",
    });
    expect(transport.calls).toEqual([]);
  });

  test("holds for those that wait their turn, too", async () => {
    const transport = new FakeTransport(never);
    const client = transport.client({ deadlineMs: 300, concurrency: 1 });

    const results = await inFastTime(Promise.allSettled([client.call("X", {}), client.call("X", {})]));

    expect(results).toMatchObject([{ reason: { code: "DeadlineExceeded" } }, { reason: { code: "DeadlineExceeded" } }]);
    expect(transport.calls).toHaveLength(1);
  });

  test("is what ends the last try: one may take a third of the time, or a little beyond the deadline", async () => {
    const transport = new FakeTransport((_, count) => (count === 1 ? failWith("Throttling") : {}));
    await inFastTime(transport.client({ deadlineMs: 60_000 }).call("X", {}));
    await inFastTime(transport.client({ deadlineMs: 30_000 }).call("X", {}));
    await inFastTime(transport.client({ deadlineMs: 500 }).call("X", {}));

    expect(transport.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([20_000, 20_000, 10_000, 600]);
  });

  test("leaves all of its time to a try after one that was too slow", async () => {
    const transport = new FakeTransport((_, count) => (count === 1 ? failWith("RequestTimeout") : {}));
    await inFastTime(transport.client({ deadlineMs: 30_000 }).call("X", {}));

    expect(transport.calls[1]?.timeoutMs).toBeGreaterThan(29_000);
  });

  test("of a day lets no try hang for hours", async () => {
    const transport = new FakeTransport((_, count) => (count === 1 ? failWith("RequestTimeout") : {}));
    await inFastTime(transport.client({ deadlineMs: 86_400_000 }).call("X", {}));

    expect(transport.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([60_000, 600_000]);
  });

  test("is named if tries were too slow, and nothing else went wrong", async () => {
    const transport = new FakeTransport(() => failWith("RequestTimeout"));

    const error = await inFastTime(transport.client({ deadlineMs: 500 }).call("X", {}));

    expect(error).toMatchObject({ code: "DeadlineExceeded" });
  });

  test("of a call that had no turn is explained by what the others met", async () => {
    const client = new FakeTransport(async (_, count) => {
      await new Promise((resolve) => setTimeout(resolve, count === 1 ? 100 : 10_000));
      return failWith("ECONNREFUSED");
    }).client({ deadlineMs: 1_000, concurrency: 1 });
    const first = client.call("first", {}).catch(() => undefined);

    const error = await inFastTime(client.call("second", {}));
    await first;

    expect(error).toMatchObject({
      code: "ECONNREFUSED",
      message: "X failed with ECONNREFUSED: because; no try succeeded before the deadline",
      sharedMessage: "X failed with ECONNREFUSED: because",
    });
  });

  test("does not follow the clock on the wall", async () => {
    const transport = new FakeTransport((_, count) => {
      jest.setSystemTime(Date.now() + 3_600_000);
      return count < 3 ? failWith("InternalError") : { RequestId: "3" };
    });

    expect(await inFastTime(transport.client({ deadlineMs: 30_000 }).call("X", {}))).toEqual({
      RequestId: "3",
    });
  });
});

test("an error that the client throws is one of the API's", async () => {
  const transport = new FakeTransport(() => failWith("Forbidden.RAM", 403));
  const error = await errorOf(transport.client().call("X", {}), RdsApiError);
  expect(error.httpStatus).toBe(403);
});
