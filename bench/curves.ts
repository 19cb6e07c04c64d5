import type { Contender } from "./contenders";
import { pageSize, type Recipe } from "./fleet";
import { inFolder, type Effort } from "./setting";
import { spreadOf, type Spread } from "./spread";
import { StandIn } from "./stand-in";

/** One point of a curve. */
export interface Point {
  readonly x: number;
  /** Seconds; absent if it was not measured. */
  readonly spread?: Spread;
  /** Why it was not measured. */
  readonly leftOut?: string;
}

/** How the time of one contender grows. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** How the time of every contender grows with one thing. */
export interface Curve {
  readonly title: string;
  /** What grows, and what stays the same. */
  readonly axis: string;
  readonly isLogarithmic: boolean;
  readonly series: readonly Series[];
}

interface Growth {
  readonly title: string;
  readonly axis: string;
  readonly isLogarithmic: boolean;
  readonly values: readonly number[];
  readonly recipeOf: (value: number) => Recipe;
}

/** A contender that takes longer is not measured: the benchmark would take an hour. */
const mostSeconds = 20;

/** Beyond, what a warm-up saves is nothing beside the time itself. */
const warmUpSeconds = 4;

const growths: readonly Growth[] = [
  {
    title: "Pages",
    axis: `pages of ${pageSize} records, 1 instance, 50 ms`,
    isLogarithmic: true,
    values: [1, 10, 30, 100],
    recipeOf: (pages) => ({ instances: 1, records: pages * pageSize, latencyMs: 50 }),
  },
  {
    title: "Instances",
    axis: "instances of 28 records, 50 ms",
    isLogarithmic: true,
    values: [1, 10, 100, 1_000],
    recipeOf: (instances) => ({ instances, records: 28, latencyMs: 50 }),
  },
  {
    title: "Latency",
    axis: "ms of latency, 10 instances of 28 records",
    isLogarithmic: false,
    values: [0, 20, 50, 100, 200],
    recipeOf: (latencyMs) => ({ instances: 10, records: 28, latencyMs }),
  },
];

/** Measures how time grows with pages, instances and latency. */
export async function measureCurves(
  contenders: readonly Contender[],
  { isQuick, runs }: Effort,
  onPoint: (curve: string, name: string, point: Point) => void,
): Promise<readonly Curve[]> {
  const curves: Curve[] = [];
  for (const { title, axis, isLogarithmic, values, recipeOf } of growths) {
    const byName = new Map(contenders.map(({ name }) => [name, [] as Point[]]));
    for (const x of isQuick ? values.slice(0, 3) : values) {
      const points = await measurePoint(contenders, recipeOf(x), runs, isQuick ? mostSeconds / 4 : mostSeconds);
      for (const [name, point] of points) {
        byName.get(name)?.push({ x, ...point });
        onPoint(title, name, { x, ...point });
      }
    }
    const series = [...byName].map(([name, points]) => ({ name, points }));
    curves.push({ title, axis, isLogarithmic, series });
  }
  return curves;
}

type Measured = Omit<Point, "x">;

/** Measures the contenders in turn, so that what else the machine does hits all of them alike. */
function measurePoint(
  contenders: readonly Contender[],
  recipe: Recipe,
  runs: number,
  limitSeconds: number,
): Promise<ReadonlyMap<string, Measured>> {
  return StandIn.with(recipe, (standIn) =>
    inFolder(async (cwd) => {
      const times = new Map<string, number[]>();
      const points = new Map<string, Measured>();
      for (let run = 0; run <= runs; run += 1) {
        for (const { name, expectedSeconds, seconds } of contenders) {
          const expected = expectedSeconds(recipe);
          const isWarmUp = run === 0;
          if (expected > limitSeconds) {
            points.set(name, { leftOut: `would take about ${Math.round(expected)} s` });
          } else if (!points.has(name) && !(isWarmUp && expected > warmUpSeconds)) {
            try {
              const time = await seconds(standIn, cwd);
              times.set(name, isWarmUp ? [] : [...(times.get(name) ?? []), time]);
            } catch (error) {
              points.set(name, {
                leftOut: `failed: ${error instanceof Error ? error.message : String(error)}`,
              });
            }
          }
        }
      }
      const measured = (name: string): Measured => points.get(name) ?? { spread: spreadOf(times.get(name) ?? []) };
      return new Map(contenders.map(({ name }) => [name, measured(name)]));
    }),
  );
}
