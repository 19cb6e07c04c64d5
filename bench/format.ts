import type { Check, Unit } from "./check";

/** A figure with as many digits as say something, and its unit. */
export function formatFigure(value: number, unit: Unit): string {
  const number = formatNumber(value, unit);
  switch (unit) {
    case "×":
    case "s":
      return `${number} ${unit}`;
    case "share":
      return `${number} %`;
    case "count":
      return number;
    case "requests":
    case "round trips":
    case "lookups":
      return `${number} ${value === 1 ? unit.slice(0, -1) : unit}`;
  }
}

/** The median of a check, and its range if the runs differ. */
export function formatSpread({ spread, unit, failure }: Check): string {
  if (spread === undefined) {
    return failure ?? "";
  }
  const median = formatFigure(spread.median, unit);
  const [min, max] = [spread.min, spread.max].map((value) => formatNumber(value, unit));
  return min === max ? median : `${median} (${min ?? ""} to ${max ?? ""})`;
}

/** The limit of a check. */
export function formatLimit({ limit, unit }: Check): string {
  return limit === undefined ? "" : `at most ${formatFigure(limit, unit)}`;
}

function formatNumber(value: number, unit: Unit): string {
  switch (unit) {
    case "×":
      return value.toFixed(2);
    case "share":
      return (value * 100).toFixed(1);
    case "s":
      return value.toFixed(value < 10 ? 2 : 1);
    case "count":
    case "requests":
    case "round trips":
    case "lookups":
      return value.toLocaleString("en");
  }
}
