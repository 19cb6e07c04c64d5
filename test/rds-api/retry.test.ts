import { NameFailures } from "../../lib/rds-api/retry";

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
