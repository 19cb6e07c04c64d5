import { depthOf, listingsOf, otherInstance, unusedShare, wastedShare, type Arrival } from "../../bench/arrivals";

function arrival(atMs: number, isThrottled = false, listing = "rm-a"): Arrival {
  return { atMs, isThrottled, listing };
}

test.each([
  ["nothing", [], 0],
  ["all at once", [5, 5, 6, 9], 1],
  ["the first page, then the others at once", [0, 105, 106, 190], 2],
  ["each after the answer to the one before, in any order", [220, 0, 110], 3],
  ["two in flight", [0, 0, 100, 110, 205, 215], 3],
])("round trips one after the other at a latency of 100 ms: %s", (_, times, depth) => {
  expect(
    depthOf(
      times.map((atMs) => arrival(atMs)),
      100,
    ),
  ).toBe(depth);
});

test("only what was throttled after the first second is wasted", () => {
  const first = [arrival(500, true), arrival(1_499, true)];
  expect(wastedShare(first)).toBe(0);
  expect(wastedShare([...first, arrival(1_500, true), arrival(1_501), arrival(1_502), arrival(1_503)])).toBe(0.25);
});

test("pages of one listing are one listing", () => {
  expect(listingsOf([arrival(0), arrival(1), arrival(2, false, "rm-b")])).toBe(2);
});

test("what others leave of a limit is unused if it neither passed nor was theirs", () => {
  const others = (atMs: number, isThrottled = false): Arrival => arrival(atMs, isThrottled, `${otherInstance} now`);
  const own = [arrival(0), arrival(500), arrival(1_000, true), arrival(2_000)];

  // Of 10 in two seconds, others use 4 and leave 6.
  expect(unusedShare(own, 5)).toBe(0.7);
  expect(unusedShare([...own, others(1), others(2), others(3), others(4), others(5, true), others(2_001)], 5)).toBe(
    0.5,
  );
});
