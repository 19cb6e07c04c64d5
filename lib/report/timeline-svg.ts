import { CustomChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { MarkKind, type Stretch, type Timeline } from "./timeline";

use([CustomChart, GridComponent, SVGRenderer]);

const width = 380;
const height = 58;

/** The middle of the rows, pixels: valid backups, rejected ones, logs. */
const rows = { valid: 10, rejected: 24, logs: 36 };

/** How a mark is drawn around its place. */
interface Mark {
  readonly path: string;
  /** A variable of the page. */
  readonly colour: string;
  /** Width of the line, pixels; none if the form is filled. */
  readonly line?: number;
}

/** No two marks differ in colour alone. */
const marks: Readonly<Record<MarkKind, Mark>> = {
  valid: { path: "m0 -5v10", colour: "valid", line: 4 },
  "other-type": { path: "m0 -3v6", colour: "muted", line: 1.5 },
  failed: { path: "m-3 -3l6 6m0 -6l-6 6", colour: "bad", line: 1.5 },
  elsewhere: { path: "m-4 -3h8l-4 7z", colour: "elsewhere", line: 1.5 },
  unreadable: { path: "m-3 -3h6v6h-6z", colour: "muted", line: 1.5 },
  chosen: { path: "m0 -8l6 8l-6 8l-6 -8z", colour: "chosen" },
};

/** What echarts hands to whoever draws. */
interface Drawing {
  readonly coord: (point: readonly number[]) => readonly number[];
}

/** A mark by itself, for the legend. */
export function markSvg(kind: MarkKind): string {
  const { path, colour, line } = marks[kind];
  const style =
    line === undefined ? `fill="var(--${colour})"` : `fill="none" stroke="var(--${colour})" stroke-width="${line}"`;
  return `<svg class="mark" viewBox="0 0 18 18" aria-hidden="true"><path d="M9 9${path}" ${style}/></svg>`;
}

/**
 * Draws a timeline as SVG. Its colours are variables of the page, so that it is light or dark as the page is.
 *
 * @returns markup of numbers and of words of echarts: nothing in it is text from outside
 */
export function timelineSvg(timeline: Timeline): string {
  const { from, to } = timeline;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(
    {
      animation: false,
      useUTC: true,
      grid: { left: 8, right: 8, top: 0, bottom: 15 },
      xAxis: {
        type: "time",
        min: from,
        max: to,
        splitNumber: 4,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: "var(--line)" } },
        axisLabel: { color: "var(--muted)", fontSize: 10, margin: 4, hideOverlap: true, formatter: axisText },
      },
      yAxis: { type: "value", min: 0, max: 1, show: false },
      series: [
        {
          type: "custom",
          data: [[from, 0]],
          silent: true,
          renderItem: (_: unknown, api: unknown) => ({ type: "group", children: shapesOf(timeline, api as Drawing) }),
        },
      ],
    } as Parameters<typeof chart.setOption>[0],
    true,
  );
  const svg = chart.renderToSVGString({ useViewBox: true });
  // Its clock would keep the process alive.
  chart.dispose();
  return compact(svg);
}

function axisText(value: number): string {
  return new Date(value).toISOString().slice("yyyy-".length, "yyyy-MM-dd".length);
}

function shapesOf(timeline: Timeline, { coord }: Drawing): readonly object[] {
  const x = (time: number): number => Math.round((coord([time, 0])[0] ?? 0) * 10) / 10;
  const box = ({ from, to }: Stretch, top: number, tall: number): string => {
    const wide = Math.max(1, Math.round((x(to) - x(from)) * 10) / 10);
    return `M${x(from)} ${top}h${wide}v${tall}h${-wide}z`;
  };
  const shape = (pathData: string, style: object): object => ({ type: "path", shape: { pathData }, style });
  const outlined = (colour: string, more: object = {}): object => ({
    fill: "none",
    stroke: `var(--${colour})`,
    ...more,
  });
  const { logs, gaps, objective, from } = timeline;
  return [
    ...(logs.length === 0
      ? []
      : [shape(logs.map((each) => box(each, rows.logs - 2, 5)).join(""), { fill: "var(--logs)" })]),
    ...(gaps.length === 0
      ? []
      : [shape(gaps.map((each) => box(each, rows.logs - 3, 7)).join(""), outlined("bad", { lineDash: [2, 2] }))]),
    ...(objective < from ? [] : [shape(`M${x(objective)} 1v40`, outlined("text", { lineDash: [4, 3] }))]),
    ...Object.values(MarkKind).flatMap((kind) => {
      const { path, colour, line } = marks[kind];
      const times = timeline.marks[kind] ?? [];
      const row = kind === MarkKind.VALID || kind === MarkKind.CHOSEN ? rows.valid : rows.rejected;
      const pathData = times.map((time) => `M${x(time)} ${row}${path}`).join("");
      const style = line === undefined ? { fill: `var(--${colour})` } : outlined(colour, { lineWidth: line });
      return times.length === 0 ? [] : [shape(pathData, style)];
    }),
  ];
}

/** Leaves out what only a script or a mouse would use: a page has a thousand of these. */
function compact(svg: string): string {
  return svg
    .replace(/<style\s*>[^]*?<\/style>/g, "")
    .replace(/<defs\s*>[^]*?<\/defs>/g, "")
    .replace(/^<svg[^>]*>/, `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">`)
    .replace(/<rect [^>]*><\/rect>/g, "")
    .replace(/ (?:pointer-events|class|ecmeta_\w+|clip-path|stroke-linecap)="[^"]*"/g, "")
    .replace(/ dominant-baseline="central" text-anchor="(\w+)" style="[^"]*"/g, ' text-anchor="$1"')
    .replace(/><\/path>/g, "/>")
    .replace(/\n/g, "");
}
