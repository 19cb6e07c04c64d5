import { check, verdictOf, type Unit } from "../../bench/check";

test.each<[Unit, number[], number | undefined, string]>([
  ["×", [1.1, 1.2, 3], 1.2, "pass"],
  ["×", [1.1, 1.3, 1.4], 1.2, "fail"],
  ["requests", [1, 1, 1], 1, "pass"],
  ["requests", [1, 1, 2], 1, "fail"],
  ["share", [NaN, NaN, NaN], 0.1, "fail"],
  ["s", [100], undefined, "information"],
])("a check in %s of %j with the limit %p: %s", (unit, values, limit, verdict) => {
  expect(verdictOf(check(1, "what", unit, values, limit))).toBe(verdict);
});

test("what could not be measured has failed", () => {
  expect(verdictOf({ target: 1, what: "what", unit: "×", failure: "the process died" })).toBe("fail");
});
