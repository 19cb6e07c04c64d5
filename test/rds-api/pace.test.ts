import { Pace } from "../../lib/rds-api/pace";
import { RdsApiError } from "../../lib/rds-api/rds-api-error";
import type { RpcAnswer } from "../../lib/rds-api/rpc-transport";
import { FakeTransport } from "./fake-transport";
import { type Admits, changing, fixedWindow, slidingWindow, tokenBucket } from "./limits";

describe("the pace of requests", () => {
  /** A pace after a second in which so many passed evenly, and one more was refused at its end. */
  const refusedAfter = (passed: number): Pace => {
    const pace = new Pace();
    for (let time = 0; time < 1_000; time += 1_000 / passed) {
      pace.sent(time);
      pace.passed(time, time);
    }
    pace.sent(999);
    pace.refused(999, 999);
    return pace;
  };

  test("is none before a refusal", () => {
    const pace = new Pace();
    const waits = Array.from({ length: 1_000 }, () => {
      pace.sent(0);
      return pace.waitMs(0);
    });
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  test.each([
    [20, 52],
    [50, 21],
    [200, 5],
  ])("is a little below what passed in the last second: %d passed, so one each %d ms", (passed, gap) => {
    const pace = refusedAfter(passed);
    pace.passed(999, 999);
    expect(Math.round(pace.waitMs(999))).toBe(gap);
  });

  test("tells the limit about as it is, once there is a refusal", () => {
    expect(new Pace().limit(0)).toBeUndefined();
    expect(refusedAfter(50).limit(1_000)).toBe(49);
    expect(refusedAfter(50).limit(12_000)).toBeUndefined();
    expect(refusedAfter(0).limit(1_000)).toBe(1);
  });

  test("halts when one is refused, the longer the more are, and goes on when one passes", () => {
    const pace = refusedAfter(10);
    const waits = [1_100, 1_200, 1_400, 1_800].map((time) => {
      pace.sent(time);
      pace.refused(time, time);
      return Math.round(pace.waitMs(time));
    });
    pace.passed(1_800, 1_800);

    expect(waits).toEqual([155, 232, 348, 522]);
    expect(pace.waitMs(1_800)).toBeLessThan(120);
  });

  test("never halts for more than five seconds", () => {
    const pace = refusedAfter(10);
    for (let time = 2_000; time < 600_000; time += 5_000) {
      pace.sent(time);
      pace.refused(time, time);
    }
    expect(pace.waitMs(600_000)).toBeLessThanOrEqual(5_000);
  });

  test("is lowered once by a burst of refusals", () => {
    const pace = refusedAfter(50);
    for (let time = 1_100; time <= 1_600; time += 100) {
      pace.passed(1_000, time);
      pace.refused(990, time);
    }
    pace.passed(1_000, 1_600);
    expect(Math.round(pace.waitMs(1_600))).toBe(21);
  });

  test("counts what passed before a refusal that overtook its answer", () => {
    const pace = new Pace();
    pace.refused(0, 10);
    for (let count = 0; count < 50; count++) {
      pace.passed(0, 20);
    }
    expect(Math.round(pace.waitMs(20))).toBe(11);
  });
});

interface Fleet {
  readonly admits: Admits;
  readonly count: number;
  readonly concurrency: number;
  /** The answer to a refused request comes at once. */
  readonly hasty?: boolean;
}

interface Course {
  readonly seconds: number;
  readonly sent: number;
  readonly refused: number;
  /** Part of the requests that was refused once the first second of refusals was over. */
  readonly refusedLater: number;
  /** Requests that were sent for the first time while one that was refused was waiting. */
  readonly overtaking: number;
}

const latencyMs = 50;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What becomes of so many calls at once, in virtual time. */
async function courseOf({ admits, count, concurrency, hasty = false }: Fleet): Promise<Course> {
  const begin = performance.now();
  const clock = (): number => performance.now() - begin;
  const requests: { readonly at: number; readonly admitted: boolean }[] = [];
  const waitingAgain = new Set<string>();
  const known = new Set<string>();
  let overtaking = 0;
  const transport = new FakeTransport(async ({ action }): Promise<RpcAnswer> => {
    overtaking += !known.has(action) && waitingAgain.size > 0 ? 1 : 0;
    known.add(action);
    waitingAgain.delete(action);
    await sleep(latencyMs / 2);
    const at = clock();
    const admitted = admits(at);
    requests.push({ at, admitted });
    await sleep(hasty && !admitted ? 1 : latencyMs / 2);
    if (!admitted) {
      waitingAgain.add(action);
      throw new RdsApiError({ action, code: "Throttling.User", reason: "flow control" });
    }
    return {};
  });
  const client = transport.client({ concurrency, deadlineMs: 3_600_000 });
  let seconds: number | undefined;
  void Promise.all(Array.from({ length: count }, (_, index) => client.call(`X${index}`, {}))).then(() => {
    seconds = clock() / 1_000;
  });
  while (seconds === undefined && clock() < 3_600_000) {
    await jest.advanceTimersByTimeAsync(1_000);
  }
  const firstRefusal = requests.find(({ admitted }) => !admitted)?.at ?? 0;
  const later = requests.filter(({ at }) => at > firstRefusal + 1_000);
  const refusedOf = (some: typeof requests): number => some.filter(({ admitted }) => !admitted).length;
  return {
    seconds: seconds ?? Infinity,
    sent: requests.length,
    refused: refusedOf(requests),
    refusedLater: refusedOf(later) / Math.max(1, later.length),
    overtaking,
  };
}

describe("many calls at once", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const limits: readonly (readonly [string, (rate: number) => Admits])[] = [
    ["a window that slides", slidingWindow],
    ["a window by the clock", fixedWindow],
    ["a bucket of tokens", tokenBucket],
  ];
  const cases = limits.flatMap(([name, limit]) =>
    [20, 50, 200].flatMap((rate) =>
      [16, 64].flatMap((concurrency) =>
        [false, true].map((hasty) => ({ name, limit, rate, concurrency, hasty })),
      ),
    ),
  );

  test.each(cases)(
    "take hardly longer than $name allows: $rate/s, $concurrency at once, refusals at once: $hasty",
    async ({ limit, rate, concurrency, hasty }) => {
      const count = 15 * rate;

      const course = await courseOf({ admits: limit(rate), count, concurrency, hasty });

      expect(course.sent - course.refused).toBe(count);
      expect(course.seconds).toBeLessThanOrEqual((1.15 * count) / rate);
      expect(course.refused).toBeGreaterThan(0);
      expect(course.refusedLater).toBeLessThan(0.05);
      expect(course.overtaking).toBe(0);
    },
  );

  test.each([16, 64])("are not slowed while none is refused: %d at once", async (concurrency) => {
    const { sent, seconds } = await courseOf({ admits: () => true, count: 960, concurrency });

    expect([sent, seconds]).toEqual([960, (960 / concurrency) * (latencyMs / 1_000)]);
  });

  test.each<readonly [string, Admits, number, number, number]>([
    ["a small bucket, far below the rate", tokenBucket(50, 10), 750, 25, 60],
    ["a smaller one, further below it", tokenBucket(200, 10), 3_000, 18, 60],
    ["a bucket that lasts for seconds", tokenBucket(50, 250), 750, 15, 200],
    ["a window of a minute", fixedWindow(100, 60_000), 250, 2 * 60, 110],
    ["a limit that falls to a tenth", changing(slidingWindow(200), slidingWindow(20), 4_000), 1_000, 18, 130],
    [
      "a limit that rises to four times",
      changing(slidingWindow(50), slidingWindow(200), 4_000),
      1_200,
      18,
      80,
    ],
  ])("come through %s", async (_, admits, count, seconds, refused) => {
    const course = await courseOf({ admits, count, concurrency: 16 });

    expect(course.seconds).toBeLessThanOrEqual(seconds);
    expect(course.refused).toBeLessThanOrEqual(refused);
    expect(course.overtaking).toBe(0);
  });
});
