import { hasColours, terminalWidth } from "../../lib/cli/record-table";

test.each([
  [{ isTTY: true, columns: 60 }, "80", 60],
  [{ isTTY: true, columns: 0 }, "80", 80],
  [{ isTTY: true }, "wide", Infinity],
  [{ isTTY: true }, undefined, Infinity],
  [{ columns: 60 }, "80", Infinity],
])("a line of %j with COLUMNS=%s has room for %d characters", (stream, COLUMNS, expected) => {
  expect(terminalWidth({ stdout: { ...stream, write: jest.fn() }, environment: { COLUMNS } })).toBe(expected);
});

test("what is no terminal gets no colours", () => {
  expect(hasColours({})).toBe(false);
});
