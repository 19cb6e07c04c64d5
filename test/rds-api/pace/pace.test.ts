import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import { Pace } from "../../../lib/rds-api/pace/pace";
import type { RpcAnswer } from "../../../lib/rds-api/rds-client";
import { FakeTransport } from "../fake-transport";
import {
  type Admits,
  changing,
  fixedWindow,
  noise,
  type Random,
  randomOf,
  sharedLimit,
  slidingWindow,
  tokenBucket,
} from "../limits";
import { type Outcome, paced, plain, type Scenario } from "../pace-scenarios";

describe("the pace of requests", () => {
  const roundTripMs = 20;

  /** Has so many requests pass, one each so many milliseconds, from a time on. */
  const pass = (pace: Pace, start: number, count: number, gapMs: number): void => {
    for (let number = 0; number < count; number++) {
      const at = start + number * gapMs;
      pace.sent(at - roundTripMs);
      pace.passed(at - roundTripMs, at);
    }
  };

  /** Has so many requests be refused at once, all sent before. */
  const refuse = (pace: Pace, now: number, count: number): void => {
    for (let number = 0; number < count; number++) {
      pace.sent(now - roundTripMs);
      pace.refused(now - roundTripMs, now);
    }
  };

  /** A pace after a second in which so many passed evenly, and ten were refused at its end. */
  const haltedAfter = (passed: number): Pace => {
    const pace = new Pace();
    pass(pace, roundTripMs, passed, 960 / passed);
    refuse(pace, 990, 10);
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

  test("is none after a few refusals in a row, and reports no limit", () => {
    const pace = new Pace();
    pass(pace, roundTripMs, 500, 1);
    refuse(pace, 530, 9);
    expect([pace.waitMs(530), pace.limit(530)]).toEqual([0, undefined]);
  });

  test.each([
    [20, 52],
    [50, 21],
    [200, 5],
  ])("is a little below what passed in the last second after a run: %d passed, so one each %d ms", (passed, gap) => {
    const pace = haltedAfter(passed);
    pace.sent(1_200);
    pace.passed(1_200, 1_200);
    expect(Math.round(pace.waitMs(1_200))).toBe(gap);
  });

  test("halts after a run of refusals, longer each time, and goes on if one passes that was sent later", () => {
    const pace = haltedAfter(50);
    const waits = [1_200, 1_600, 2_000].map((time) => {
      const waitMs = pace.waitMs(990);
      pace.sent(time);
      pace.refused(time, time);
      return waitMs;
    });
    pace.passed(950, 2_000);
    expect([...waits, pace.waitMs(2_000)].map(Math.round)).toEqual([200, 460, 923, 391]);

    pace.sent(2_400);
    pace.passed(2_400, 2_420);
    expect(pace.waitMs(2_420)).toBeLessThan(25);
  });

  test("never halts for more than five seconds", () => {
    const pace = haltedAfter(10);
    for (let time = 2_000; time < 600_000; time += 5_000) {
      pace.sent(time);
      pace.refused(time, time);
    }
    expect(pace.waitMs(600_000)).toBeLessThanOrEqual(5_000);
  });

  test("reports the limit about as it is, once nothing passed for a while, and until it refuses none", () => {
    const pace = haltedAfter(50);
    expect(pace.limit(1_000)).toBeUndefined();
    pace.sent(1_200);
    pace.refused(1_200, 1_220);
    expect([pace.limit(1_220), pace.limit(12_000)]).toEqual([49, undefined]);
  });

  test("reports one request a second at least", () => {
    const pace = new Pace();
    for (let time = 0; time < 100_000; time += 100) {
      pace.sent(time);
      pace.refused(time, time + 1);
    }
    expect(pace.limit(100_000)).toBeGreaterThanOrEqual(1);
  });

  test("counts a late refusal of an earlier request as part of the same run", () => {
    const pace = haltedAfter(50);
    refuse(pace, 1_000, 50);
    pace.sent(1_200);
    pace.passed(1_200, 1_200);
    expect(Math.round(pace.waitMs(1_200))).toBe(21);
  });
});

const seeds = Array.from({ length: 15 }, (_, index) => index + 1);

/** The outcome for each seed, of what is made of its random numbers. */
function outcomesOf(
  run: (scenario: Scenario) => Outcome,
  make: (random: Random) => Partial<Scenario> & Pick<Scenario, "admits">,
): readonly Outcome[] {
  return seeds.map((seed) => {
    const random = randomOf(seed);
    return run({ random, count: 1_000, concurrency: 16, latencyMs: 20, deadlineMs: 30_000, ...make(random) });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const medianOf = (outcomes: readonly Outcome[], figure: (outcome: Outcome) => number): number =>
  median(outcomes.map(figure));
const fewestFound = (outcomes: readonly Outcome[]): number => Math.min(...outcomes.map(({ found }) => found));
const secondsOf = ({ seconds }: Outcome): number => seconds;

/** A limit of each kind, at a random time of its clock, with a rate and with a rate of bursts of others: the corners. */
const limitKinds: readonly (readonly [
  name: string,
  rate: number,
  burst: number,
  limit: (rate: number, random: Random) => Admits,
])[] = [
  ["a window that slides", 50, 200, slidingWindow],
  ["a window by the clock", 200, 100, (rate, random) => fixedWindow(rate, 1_000, random())],
  ["a bucket of tokens", 50, 200, (rate) => tokenBucket(rate)],
];

describe("a thousand calls", () => {
  test.each(limitKinds)("take hardly longer than %s of %d a second allows", (_, rate, _burst, limit) => {
    const outcomes = outcomesOf(paced, (random) => ({ admits: limit(rate, random) }));

    expect(fewestFound(outcomes)).toBe(1_000);
    expect(medianOf(outcomes, secondsOf)).toBeLessThanOrEqual((1.1 * 1_000) / rate);
    expect(medianOf(outcomes, ({ wastedLater }) => wastedLater)).toBeLessThanOrEqual(0.045);
    expect(medianOf(outcomes, ({ limited }) => limited)).toBeGreaterThan(0.75);
  });

  test.each([
    [0.003, 20],
    [0.05, 20],
    [0.3, 20],
    [0.3, 200],
  ])("are no slower than with plain retries if %d of them are refused at random, in %d ms", (share, latencyMs) => {
    const make = (random: Random): Partial<Scenario> & Pick<Scenario, "admits"> => ({
      admits: noise(share, random),
      latencyMs,
    });
    const outcomes = outcomesOf(paced, make);

    expect(fewestFound(outcomes)).toBe(1_000);
    expect(medianOf(outcomes, secondsOf)).toBeLessThanOrEqual(medianOf(outcomesOf(plain, make), secondsOf));
    expect(medianOf(outcomes, ({ limited }) => limited)).toBeLessThan(0.1);
  });

  test.each(limitKinds)("use most of what others leave of %s, when they burst", (_, _rate, burst, limit) => {
    const used: number[] = [];
    const outcomes = seeds.map((seed) => {
      const random = randomOf(seed);
      const { admits, others } = sharedLimit(limit(100, random), burst, random);
      const scenario = { admits, random, count: 1_000, concurrency: 16, latencyMs: 20, deadlineMs: 30_000 };
      const outcome = paced(scenario);
      used.push(outcome.found / (100 * outcome.seconds - others()));
      return outcome;
    });

    expect(fewestFound(outcomes)).toBe(1_000);
    expect(Math.min(...used)).toBeGreaterThanOrEqual(0.5);
    expect(medianOf(outcomes, ({ wasted }) => wasted)).toBeLessThanOrEqual(0.15);
  });

  /** Nothing passes for two seconds. */
  const outage = (start: number, otherwise: Admits): Admits =>
    changing(
      otherwise,
      changing(() => false, otherwise, start + 2_000),
      start,
    );

  test.each<readonly [string, number, (random: Random) => Partial<Scenario> & Pick<Scenario, "admits">]>([
    ["one of them is refused", 1.3, () => ({ admits: notOne(100) })],
    ["every call is refused for two seconds", 5, () => ({ admits: outage(500, () => true) })],
    ["every call is refused at first", 9, () => ({ admits: outage(0, () => true) })],
    ["refusals at random follow such an outage", 5, (random) => ({ admits: outage(500, noise(0.05, random)) })],
    [
      "refusals at random begin late",
      1.6,
      (random) => ({
        admits: changing(() => true, noise(0.1, random), 600),
      }),
    ],
    ["two of five are refused at random", 5, (random) => ({ admits: noise(0.4, random) })],
    [
      "some are refused at random, others by a limit",
      25,
      (random) => ({
        admits: noise(0.1, random, slidingWindow(50)),
      }),
    ],
    ["a limit halves", 18, () => ({ admits: changing(slidingWindow(100), slidingWindow(50), 5_000) })],
    ["a limit doubles", 16.5, () => ({ admits: changing(slidingWindow(50), slidingWindow(100), 5_000) })],
    [
      "they are sent one by one, and one of twenty is refused at random",
      22,
      (random) => ({
        admits: noise(0.05, random),
        concurrency: 1,
      }),
    ],
  ])("are all found, and soon, if %s", (_, seconds, make) => {
    const outcomes = outcomesOf(paced, make);

    expect(fewestFound(outcomes)).toBe(1_000);
    expect(medianOf(outcomes, secondsOf)).toBeLessThanOrEqual(seconds);
  });
});

/** Refuses the request with this number alone. */
function notOne(number: number): Admits {
  let count = 0;
  return () => ++count !== number;
}

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
}

const latencyMs = 50;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What becomes of so many calls at once, in virtual time. */
async function courseOf({ admits, count, concurrency, hasty = false }: Fleet): Promise<Course> {
  const begin = performance.now();
  const clock = (): number => performance.now() - begin;
  const requests: { readonly at: number; readonly admitted: boolean }[] = [];
  const transport = new FakeTransport(async ({ action }): Promise<RpcAnswer> => {
    await sleep(latencyMs / 2);
    const at = clock();
    const admitted = admits(at);
    requests.push({ at, admitted });
    await sleep(hasty && !admitted ? 1 : latencyMs / 2);
    if (!admitted) {
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
  };
}

describe("many calls at once", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    { name: "a window that slides", limit: slidingWindow, rate: 20, concurrency: 16, hasty: true },
    { name: "a window that slides", limit: slidingWindow, rate: 200, concurrency: 64, hasty: false },
    { name: "a window by the clock", limit: fixedWindow, rate: 50, concurrency: 64, hasty: false },
    { name: "a window by the clock", limit: fixedWindow, rate: 200, concurrency: 16, hasty: true },
    { name: "a bucket of tokens", limit: tokenBucket, rate: 50, concurrency: 16, hasty: true },
    { name: "a bucket of tokens", limit: tokenBucket, rate: 20, concurrency: 64, hasty: false },
  ])(
    "take hardly longer than $name allows: $rate/s, $concurrency at once, refusals at once: $hasty",
    async ({ limit, rate, concurrency, hasty }) => {
      const count = 15 * rate;

      const course = await courseOf({ admits: limit(rate), count, concurrency, hasty });

      expect(course.sent - course.refused).toBe(count);
      expect(course.seconds).toBeLessThanOrEqual((1.15 * count) / rate);
      expect(course.refused).toBeGreaterThan(0);
      expect(course.refusedLater).toBeLessThan(0.09);
    },
  );

  test.each([16, 64])("are not slowed while none is refused: %d at once", async (concurrency) => {
    const { sent, seconds } = await courseOf({ admits: () => true, count: 960, concurrency });

    expect([sent, seconds]).toEqual([960, (960 / concurrency) * (latencyMs / 1_000)]);
  });

  test.each<readonly [string, Admits, number, number, number]>([
    ["a small bucket, far below the rate", tokenBucket(50, 10), 750, 25, 60],
    ["a smaller one, further below it", tokenBucket(200, 10), 3_000, 18, 90],
    ["a bucket that lasts for seconds", tokenBucket(50, 250), 750, 15, 200],
    ["a window of a minute", fixedWindow(100, 60_000), 250, 2 * 60, 110],
    ["a limit that falls to a tenth", changing(slidingWindow(200), slidingWindow(20), 4_000), 1_000, 19, 130],
    ["a limit that rises to four times", changing(slidingWindow(50), slidingWindow(200), 4_000), 1_200, 18, 80],
  ])("come through %s", async (_, admits, count, seconds, refused) => {
    const course = await courseOf({ admits, count, concurrency: 16 });

    expect(course.seconds).toBeLessThanOrEqual(seconds);
    expect(course.refused).toBeLessThanOrEqual(refused);
  });
});
