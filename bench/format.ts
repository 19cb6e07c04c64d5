import type { Check, Unit } from "./check";

/** A figure with as many digits as say something. */
export function formatFigure(value: number, unit: Unit): string {
  switch (unit) {
    case "×":
      return `${value.toFixed(2)} ×`;
    case "share":
      return `${(value * 100).toFixed(1)} %`;
    case "s":
      return `${value.toFixed(value < 10 ? 2 : 1)} s`;
    case "count":
      return formatCount(value);
    case "requests":
    case "round trips":
    case "lookups":
      return `${formatCount(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
  }
}

/** The median of a check, and its range where the runs differ. */
export function formatSpread({ spread, unit, failure }: Check): string {
  if (spread === undefined) {
    return failure ?? "";
  }
  const [min, median, max] = [spread.min, spread.median, spread.max].map((value) =>
    formatFigure(value, unit),
  );
  return min === max ? (median ?? "") : `${median ?? ""} (${min ?? ""} to ${max ?? ""})`;
}

/** The limit of a check. */
export function formatLimit({ limit, unit }: Check): string {
  return limit === undefined ? "" : `at most ${formatFigure(limit, unit)}`;
}

function formatCount(value: number): string {
  return value.toLocaleString("en");
}
