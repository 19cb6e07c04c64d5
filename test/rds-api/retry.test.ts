import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { backoffMs, isNotDone, isRetried, NameFailures } from "../../lib/rds-api/retry";

afterEach(() => {
  jest.restoreAllMocks();
});

test.each<[code: string, httpStatus: number | undefined, isAgain: boolean]>([
  ["Throttling.User", 400, true],
  ["ServiceUnavailable", 503, true],
  ["ECONNRESET", undefined, true],
  ["ENOTFOUND", undefined, false],
  ["Forbidden.RAM", 403, false],
  ["InvalidDBInstanceId.NotFound", 404, false],
])("%s with status %s is retried: %s", (code, httpStatus, isAgain) => {
  expect(isRetried(new RdsApiError({ action: "X", code, reason: "no", httpStatus }))).toBe(isAgain);
});

test.each<[code: string, isNotDone: boolean]>([
  ["Throttling.User", true],
  ["ECONNREFUSED", true],
  ["EAI_AGAIN", true],
  ["ECONNRESET", false],
  ["RequestTimeout", false],
  ["ServiceUnavailable", false],
  ["InvalidResponse", false],
  ["Forbidden.RAM", false],
])("a request that failed with %s was surely not done, and may be done by a second one: %s", (code, expected) => {
  expect(isNotDone(new RdsApiError({ action: "X", code, reason: "no" }))).toBe(expected);
});

test("an error that is none of the API is never retried", () => {
  expect(isRetried(new Error("a defect"))).toBe(false);
  expect(isNotDone(new Error("a defect"))).toBe(false);
});

test("the bound of the pause doubles up to five seconds, and never exceeds the time that is left", () => {
  jest.spyOn(Math, "random").mockReturnValue(0.999_999);
  expect([1, 2, 3, 5, 6, 60].map((retry) => backoffMs(retry))).toEqual([199, 399, 799, 3_199, 4_999, 4_999]);
  expect(backoffMs(6, 100)).toBe(99);
  expect(backoffMs(6, -100)).toBe(0);
  jest.spyOn(Math, "random").mockReturnValue(0);
  expect(backoffMs(6)).toBe(0);
});

const busy = { code: "EAI_AGAIN" };
const unknown = { code: "ENOTFOUND" };

test("a host without an address is the last word at once", () => {
  const names = new NameFailures();
  names.failed(unknown, 0, 1);
  expect(names.final).toBe(unknown);
});

test.each<[what: string, tries: [sentAt: number, now: number][], isFinal: boolean]>([
  [
    "three tries within a second",
    [
      [0, 1],
      [300, 301],
      [900, 901],
    ],
    false,
  ],
  [
    "three tries within four seconds",
    [
      [0, 1],
      [300, 301],
      [4_000, 4_001],
    ],
    true,
  ],
  [
    "two slow tries",
    [
      [0, 5_000],
      [5_100, 10_000],
    ],
    false,
  ],
  [
    "many requests of one moment",
    [
      [0, 5_000],
      [1, 5_000],
      [2, 5_000],
      [3, 5_001],
    ],
    false,
  ],
])("%s of a busy resolver", (_, tries, isFinal) => {
  const names = new NameFailures();
  tries.forEach(([sentAt, now]) => {
    names.failed(busy, sentAt, now);
  });
  expect(names.final).toBe(isFinal ? busy : undefined);
});

test("a name that has been good stays good", () => {
  const names = new NameFailures();
  names.answered();
  names.failed(unknown, 0, 1);
  expect(names.final).toBeUndefined();
});

test("other failures say nothing of the name", () => {
  const names = new NameFailures();
  names.failed({ code: "ECONNREFUSED" }, 0, 1);
  expect(names.final).toBeUndefined();
});
