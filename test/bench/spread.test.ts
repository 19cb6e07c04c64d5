import { spreadOf } from "../../bench/spread";

test.each([
  [[3], { min: 3, median: 3, max: 3, runs: 1 }],
  [[10, 2, 9], { min: 2, median: 9, max: 10, runs: 3 }],
  [[4, 1, 3, 2], { min: 1, median: 2.5, max: 4, runs: 4 }],
])("the spread of %j", (values, expected) => {
  expect(spreadOf(values)).toEqual(expected);
});

test("nothing measured has no spread", () => {
  expect(() => spreadOf([])).toThrow("there is no spread of no values");
});
