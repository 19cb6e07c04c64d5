import { failureText } from "../lookup/answer";
import { Html, html } from "./html";
import type { InstanceReport } from "./instance-report";
import { columns, instanceRow, timeText } from "./instance-row";
import { pageStyle } from "./page-style";
import { givenNameOf, lostStates, type Place, placeOf, type Report, type Summary, summaryOf } from "./report";
import { countOf, gapsText, instancesText, lostText, readyText, stateNames } from "./report-text";
import type { ReportedInstances } from "./reported-instances";
import { InstanceState, statesWorstFirst } from "./state";
import { MarkKind } from "./timeline";
import { markSvg } from "./timeline-svg";

/** A report as one page: it needs no network and no script, and its own policy forbids both. */
export function reportPage(report: Report): string {
  const { generatedAt, standIns, places, warnings } = report;
  const summary = summaryOf(report);
  const title = readyText(report);
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Html(pageStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>As of ${timeText(generatedAt)}. All times are UTC.</p>
          ${standIns.map((standIn) => html`<p class="banner"><strong>Not production.</strong> ${standIn} answered in place of Alibaba Cloud.</p>`)}
          ${places.flatMap((place) => (place.failure === undefined ? [] : [html`<p class="banner"><strong>Not complete.</strong> ${failureText(place.failure)}</p>`]))}
          ${warnings.map((warning) => html`<p>${warning}</p>`)}
        </header>
        <main>
          ${lostSection(report)}
          <ul class="sum">
            ${statesWorstFirst.map((state) => card(state, summary))}
          </ul>
          <ul class="legend" aria-label="Marks of the timelines">
            ${legend.map(([mark, text]) => html`<li>${mark} ${text}</li>`)}
          </ul>
          ${gapsSection(report)} ${statesWorstFirst.map((state) => section(state, report))}
        </main>
        <footer>
          <h2>Evidence</h2>
          ${evidence(report)}
        </footer>
      </body>
    </html> `.text;
}

/** Instances that would be lost that are named on top: a reader who has a minute sees them first. */
const namedOnTop = 20;

function lostSection(report: Report): Html {
  const lost = report.instances.in(...lostStates);
  const others = lost.length - namedOnTop;
  return html`<section class="lost ${lost.length === 0 ? "none" : "some"}" aria-labelledby="lost">
    <h2 id="lost">${capitalised(lostText(report))}</h2>
    ${
      lost.length > 0 &&
      html`<ul>
        ${Array.from(lost.slice(0, namedOnTop), lostItem)}
      </ul>`
    }${others > 0 && html`<p>and ${others.toLocaleString("en")} more, in the tables below</p>`}
  </section> `;
}

function lostItem({ request: { dbInstanceId, regionId }, instance, detail }: InstanceReport): Html {
  const name = givenNameOf(instance, dbInstanceId);
  return html`<li>
    <b>${dbInstanceId}</b>${name !== undefined && html` (${name})`} of ${regionId}: ${timeText(detail)}
  </li>`;
}

/** The gaps in the logs, whatever the state of the instance: without it, those of ready ones would be far down. */
function gapsSection({ instances }: Report): Html | undefined {
  const withGaps = instances.withLogGaps();
  return withGaps.length === 0
    ? undefined
    : html`<details>
        <summary>${instancesText(withGaps.length)} with gaps in the logs</summary>
        <ul>
          ${Array.from(withGaps.slice(0, mostRows), (each) => html`<li>${timeText(gapsText(each))}</li>`)}
        </ul>
        ${withGaps.length > mostRows && html`<p>The others are not shown: rds-dr report --json lists all of them.</p>`}
      </details> `;
}

/** The form of a state beside its colour. */
const shapes: Readonly<Record<InstanceState, string>> = {
  [InstanceState.NOT_RESTORABLE]: '<path d="M3 3l10 10m0-10L3 13" stroke="var(--c)" stroke-width="3" fill="none"/>',
  [InstanceState.UNPROTECTED]: '<circle cx="8" cy="8" r="6" fill="none" stroke="var(--c)" stroke-width="2.5"/>',
  [InstanceState.UNKNOWN]: '<path d="M2 8h12" stroke="var(--c)" stroke-width="4" stroke-dasharray="3 1.5"/>',
  [InstanceState.AT_RISK]: '<path d="M8 1l7 13H1z" fill="var(--c)"/>',
  [InstanceState.READY]: '<path d="M2 8l4 5 8-10" stroke="var(--c)" stroke-width="3" fill="none"/>',
};

function shapeOf(state: InstanceState): Html {
  return new Html(`<svg viewBox="0 0 16 16" aria-hidden="true">${shapes[state]}</svg>`);
}

const row = '<svg class="mark" viewBox="0 0 18 18" aria-hidden="true">';

/** What each mark of a timeline stands for. */
const legend: readonly (readonly [mark: Html, text: string])[] = [
  ...(
    [
      [MarkKind.CHOSEN, "the backup that would be used"],
      [MarkKind.VALID, "valid"],
      [MarkKind.FAILED, "rejected: failed or unfinished"],
      [MarkKind.OTHER_TYPE, "rejected: not a full, physical backup"],
      [MarkKind.ELSEWHERE, "rejected: not restorable to the region"],
      [MarkKind.UNREADABLE, "rejected: not usable"],
    ] as const
  ).map(([kind, text]) => [new Html(markSvg(kind)), text] as const),
  [new Html(`${row}<path d="M1 6h16v6H1z" fill="var(--logs)"/></svg>`), "logs"],
  [new Html(`${row}<path d="M1 6h16v6H1z" fill="none" stroke="var(--bad)" stroke-dasharray="2 2"/></svg>`), "no logs"],
  [
    new Html(`${row}<path d="M9 0v18" stroke="var(--text)" stroke-dasharray="4 3"/></svg>`),
    "objective: data left of it is too old",
  ],
];

function card(state: InstanceState, summary: Summary): Html {
  const count = countOf(summary, state);
  const text = html`${shapeOf(state)}${stateNames[state]}`;
  return html`<li class="s-${state}">
    <b>${count?.toLocaleString("en") ?? "?"}</b>${
      count === null
        ? html`${text}<br /><small>not looked for: add --all</small>`
        : count === 0
          ? text
          : html`<a href="#${state}">${text}</a>`
    }
  </li>`;
}

function section(state: InstanceState, report: Report): Html | undefined {
  const instances = report.instances.in(state);
  if (instances.length === 0) {
    return undefined;
  }
  const before = report.instances.in(...statesWorstFirst.slice(0, statesWorstFirst.indexOf(state))).length;
  const rows = instances.slice(0, Math.max(0, mostRows - before));
  const isReady = state === InstanceState.READY;
  const lines = instances.slice(rows.length, isReady ? 0 : Math.max(0, mostLines - before));
  const rest = instances.length - rows.length - lines.length;
  return html`<section class="s-${state}" id="${state}" aria-labelledby="h-${state}">
    <h2 id="h-${state}">${shapeOf(state)}${capitalised(stateNames[state])}: ${instancesText(instances.length)}</h2>
    ${rows.length > 0 && table(rows, report, state)}
    ${
      lines.length > 0 &&
      html`<p>
          ${instancesText(lines.length)} in brief, as the page shows the worst ${mostRows.toLocaleString("en")} in full:
        </p>
        <ul class="brief">
          ${Array.from(lines, briefly)}
        </ul>`
    }
    ${rest > 0 && html`<p>${instancesText(rest)} ${rows.length + lines.length > 0 && "more "}${rest === 1 ? "is" : "are"} not shown: rds-dr report --json lists all of them.</p>`}
  </section> `;
}

/** Instances with all their facts, and those with a line at least, both counted from the worst: a browser must cope. */
const mostRows = 1_000;
const mostLines = 10_000;

function briefly({ request: { dbInstanceId, regionId }, instance, detail }: InstanceReport): Html {
  const name = givenNameOf(instance, dbInstanceId);
  return html`<li><b>${dbInstanceId}</b> of ${regionId}${name && `, ${name}`}: ${timeText(detail)}</li>`;
}

function table(instances: ReportedInstances, report: Report, state: InstanceState): Html {
  return html`<table role="table" aria-labelledby="h-${state}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          (column, index) => html`<th role="columnheader" scope="col" class="w${index + 1}">${column}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${Array.from(instances, (each) => instanceRow(each, placeOf(report, each)))}
    </tbody>
  </table>`;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What made the report, when, and whom it asked. */
function evidence({ version, generatedAt, lockFile, places }: Report): Html {
  return html`<dl>
    <dt>made by</dt>
    <dd>rds-dr ${version}, ${timeText(generatedAt)} UTC</dd>
    ${places.map(
      (place) =>
        html`<dt>${place.regionId}</dt>
          <dd>${placeFacts(place)}</dd>`,
    )}${
      lockFile &&
      html`<dt>lock file</dt>
        <dd>${lockFile.path}, SHA-256 <code>${lockFile.sha256}</code></dd>`
    }
  </dl>`;
}

function placeFacts({ accountId, profile, roleArn, endpoint, count }: Place): string {
  return [
    count === undefined ? "not listed" : instancesText(count),
    ...(endpoint === undefined ? ["nobody was asked"] : [endpoint]),
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    ...(roleArn === undefined ? [] : [`role ${roleArn}`]),
    accountId === undefined ? "account not known" : `account ${accountId}`,
  ].join(", ");
}
