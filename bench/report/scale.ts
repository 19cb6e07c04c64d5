/** Where values lie on a stretch of a picture. */
export interface Scale {
  readonly at: (value: number) => number;
  /** The values to be marked, from the least. */
  readonly ticks: readonly number[];
}

/** The ends of a stretch, of a picture or of values. */
export type Ends = readonly [number, number];

/** A logarithmic scale from the power of ten below the least value to the one above the greatest. */
export function logarithmicScale(values: readonly number[], [from, to]: Ends): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  };
}

/** A linear scale from 0 to the greatest value, that marks the values themselves. */
export function linearScale(values: readonly number[], [from, to]: Ends): Scale {
  const high = Math.max(...values);
  return {
    at: (value) => from + (value / high) * (to - from),
    ticks: [...new Set(values)].sort((a, b) => a - b),
  };
}
