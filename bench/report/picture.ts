import type { Curve, Point, Series } from "../curves";
import { linearScale, logarithmicScale, type Scale } from "./scale";

const width = 960;
const height = 380;
const panel = { top: 92, bottom: 56, left: 58, right: 14 };

/** A colour and a shape each, for readers who see no colours. */
const markers: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>`,
  (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
  (x, y) => `<path d="M${x} ${y - 5.5}l5 9h-10z"/>`,
  (x, y) => `<path d="M${x} ${y - 6}l6 6l-6 6l-6 -6z"/>`,
];

const style = `
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 15px; font-weight: 600; fill: #1f2328 }
  .name { fill: #1f2328 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .s0 { fill: #0969da; stroke: #0969da } .s1 { fill: #9a6700; stroke: #9a6700 }
  .s2 { fill: #cf222e; stroke: #cf222e } .s3 { fill: #8250df; stroke: #8250df }
  .line { fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .title, .name { fill: #f0f6fc }
    .grid { stroke: #3d444d }
    .s0 { fill: #4493f8; stroke: #4493f8 } .s1 { fill: #d29922; stroke: #d29922 }
    .s2 { fill: #f85149; stroke: #f85149 } .s3 { fill: #ab7df8; stroke: #ab7df8 }
    .line { fill: none }
  }`;

/** The curves side by side, on one scale of time. */
export function drawCurves(
  curves: readonly Curve[],
  caption = "How the time of a lookup grows with pages, instances and latency",
): string {
  const [names] = curves.map(({ series }) => series.map(({ name }) => name));
  const times = curves.flatMap(({ series }) =>
    series.flatMap(({ points }) =>
      points.flatMap(({ spread }) => (spread === undefined ? [] : [spread.min, spread.max])),
    ),
  );
  const seconds = logarithmicScale(times, [height - panel.bottom, panel.top]);
  const panelWidth = width / curves.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="caption">`,
    `<title id="caption">${escapeText(caption)}</title>`,
    `<style>${style}\n</style>`,
    ...(names ?? []).map(legendEntry),
    ...curves.map((curve, index) => drawPanel(curve, index * panelWidth, panelWidth, seconds)),
    "</svg>",
    "",
  ].join("\n");
}

function legendEntry(name: string, index: number): string {
  const x = panel.left + index * 190;
  return `<g class="s${index}">${markerAt(index, x, 22)}</g><text class="name" x="${x + 12}" y="26">${escapeText(name)}</text>`;
}

function drawPanel(curve: Curve, offset: number, panelWidth: number, seconds: Scale): string {
  const values = curve.series.flatMap(({ points }) => points.map(({ x }) => x));
  const [from, to] = [offset + panel.left, offset + panelWidth - panel.right];
  const inset = 12;
  const scaleOf = curve.isLogarithmic ? logarithmicScale : linearScale;
  const across = scaleOf(values, [from + inset, to - inset]);
  const bottom = height - panel.bottom;
  return [
    `<text class="title" x="${from}" y="${panel.top - 38}">${escapeText(curve.title)}</text>`,
    `<text x="${from}" y="${panel.top - 14}">seconds, the whole process</text>`,
    ...seconds.ticks.map((tick) => {
      const y = round(seconds.at(tick));
      return `<path class="grid" d="M${round(from)} ${y}H${round(to)}"/><text x="${round(from - 8)}" y="${y + 4}" text-anchor="end">${tick}</text>`;
    }),
    ...across.ticks.map((tick) => {
      return `<text x="${round(across.at(tick))}" y="${bottom + 18}" text-anchor="middle">${tick.toLocaleString("en")}</text>`;
    }),
    `<text x="${round((from + to) / 2)}" y="${bottom + 40}" text-anchor="middle">${escapeText(curve.axis)}</text>`,
    ...curve.series.map((series, index) => drawSeries(series, index, across, seconds)),
  ].join("\n");
}

/** A line through the medians; each has a bar from the fastest to the slowest run. */
function drawSeries({ points }: Series, index: number, across: Scale, seconds: Scale): string {
  const measured = points.flatMap(({ x, spread }: Point) =>
    spread === undefined
      ? []
      : [
          {
            x: round(across.at(x)),
            y: round(seconds.at(spread.median)),
            bar: [round(seconds.at(spread.min)), round(seconds.at(spread.max))] as const,
          },
        ],
  );
  const line = measured.map(({ x, y }, place) => `${place === 0 ? "M" : "L"}${x} ${y}`).join("");
  return [
    `<g class="s${index}">`,
    line === "" ? "" : `<path class="line" d="${line}"/>`,
    ...measured.map(({ x, y, bar: [low, high] }) => `<path d="M${x} ${low}V${high}"/>${markerAt(index, x, y)}`),
    "</g>",
  ].join("");
}

function markerAt(index: number, x: number, y: number): string {
  return markers[index % markers.length]?.(x, y) ?? "";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
