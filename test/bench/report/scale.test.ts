import { linearScale, logarithmicScale } from "../../../bench/report/scale";

test("a logarithmic scale spans whole powers of ten, each as long as the other", () => {
  const scale = logarithmicScale([0.2, 3, 90], [300, 0]);
  expect(scale.ticks).toEqual([0.1, 1, 10, 100]);
  expect([0.1, 1, 10, 100].map(scale.at).map(Math.round)).toEqual([300, 200, 100, 0]);
});

test("a logarithmic scale of one value spans the power of ten that it begins", () => {
  const scale = logarithmicScale([10], [0, 100]);
  expect(scale.ticks).toEqual([10, 100]);
  expect(scale.at(10)).toBe(0);
});

test("a linear scale begins at 0 and marks each value once", () => {
  const scale = linearScale([0, 200, 50, 50], [10, 110]);
  expect(scale.ticks).toEqual([0, 50, 200]);
  expect(scale.ticks.map(scale.at)).toEqual([10, 35, 110]);
});
