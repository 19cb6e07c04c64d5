import type { Instant } from "../backup/instant";
import { summariseRejections } from "../backup/validity";
import { Html, html } from "./html";
import type { InstanceReport } from "./instance-report";
import { logGapText } from "./log-gaps";
import { givenNameOf, type Place } from "./report";
import { roundedUp } from "./report-json";
import { hoursText } from "./state";
import { MarkKind, type Timeline } from "./timeline";
import { timelineSvg } from "./timeline-svg";

/** The columns of a table of instances. */
export const columns = ["Instance", "Why", "Data", "Restorable up to", "Copy", "Backups"] as const;

/** The row of an instance. The roles keep it a row if a narrow screen shows it as a card. */
export function instanceRow(report: InstanceReport, place: Place | undefined): Html {
  const [, , data, until, copy] = columns;
  return html`<tr role="row">
    <th role="rowheader" scope="row">${nameOf(report, place)}</th>
    <td role="cell">${whyOf(report)}</td>
    <td role="cell" data-l="${data}">${dataOf(report)}</td>
    <td role="cell" data-l="${until}">${untilOf(report)}</td>
    <td role="cell" data-l="${copy}">${copyOf(report)}</td>
    <td role="cell">${backupsOf(report)}</td>
  </tr> `;
}

function nameOf(
  { request, instance, backup, profile, source, lockedSince, askedAt }: InstanceReport,
  place?: Place,
): Html {
  const { dbInstanceId, regionId } = request;
  const name = givenNameOf(instance, dbInstanceId);
  const engine = [instance.engine ?? backup?.engine, instance.engineVersion ?? backup?.engineVersion];
  const account = place?.accountId === undefined ? profile && `profile ${profile}` : `account ${place.accountId}`;
  const since = lockedSince === undefined ? "" : ` since ${timeText(lockedSince)}`;
  const asked = askedAt === undefined ? "" : `, asked at ${timeText(askedAt)}`;
  const origin = source === "live" ? undefined : `${source}${since}${asked}`;
  const gone = instance.isListed === false ? "not listed: released, or you may not list it" : undefined;
  const facts = [regionId, engine.filter((part) => part !== undefined).join(" "), account, origin, gone];
  return html`<b>${dbInstanceId}</b>${name && html`<br />${name}`}<br /><small
      >${facts.filter((fact) => fact).join(", ")}</small
    >`;
}

function whyOf({ detail, failure, warnings }: InstanceReport): Html {
  return html`${timeText(detail)}${failure && html`<br /><small>${failure.hint}${failure.requestId && `, request id ${failure.requestId}`}</small>`}${
    warnings.length === 0
      ? undefined
      : html`<details>
          <summary>${warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`}</summary>
          <ul>
            ${warnings.map((warning) => html`<li>${warning}</li>`)}
          </ul>
        </details>`
  }`;
}

function dataOf({ backup, ageHours = 0, objectiveHours }: InstanceReport): Html {
  if (backup === undefined) {
    return html`none<br /><small>objective ${hoursText(objectiveHours)}</small>`;
  }
  const { dataTime, dataTimeEstimated, crossBackupId } = backup;
  return html`${timeText(dataTime)}${dataTimeEstimated && " (estimated)"}<br /><b>${roundedUp(ageHours)} h</b>
    old<br /><small>objective ${hoursText(objectiveHours)}<br />backup ${crossBackupId}</small>`;
}

function untilOf({ backup, instance, recoverableAgeHours = 0, logGaps }: InstanceReport): Html {
  const { recoverableUntil } = backup ?? {};
  if (recoverableUntil === undefined) {
    return html`${backup === undefined ? "none" : "not asked"}`;
  }
  const off = instance.logBackupEnabled === false ? ["logs are not copied"] : [];
  const gaps = logGaps.map((gap) => html`<br /><span class="gap">${timeText(logGapText(gap))}</span>`);
  return html`${timeText(recoverableUntil)}<br /><b>${roundedUp(recoverableAgeHours)} h</b> ago<small
      >${off.map((each) => html`<br />${each}`)}${gaps}</small
    >`;
}

function copyOf({ backup, instance, expiresAt, retentionDays }: InstanceReport): Html {
  const stored = backup?.crossBackupRegion ?? instance.crossBackupRegion;
  const regions = backup?.restoreRegions ?? [];
  const lines = [
    ...(regions.length === 0 ? [] : [`restorable to ${regions.join(", ")}`]),
    ...(retentionDays === undefined ? [] : [`kept for ${retentionDays} days`]),
    ...(instance.backupEnabled === false && stored !== undefined ? ["no longer copied"] : []),
  ];
  return html`${stored === undefined ? "none" : `in ${stored}`}${expiresAt && html`<br />until ${timeText(expiresAt)}`}<small
      >${lines.map((each) => html`<br />${each}`)}</small
    >`;
}

/** The timeline, with a label that says what it shows, and what was rejected: of each reason the newest. */
function backupsOf({ timeline, rejected, leftOut }: InstanceReport): Html {
  const newest = [...new Map([...rejected].reverse().map((each) => [each.reason, each])).values()].reverse();
  return html`${
    timeline === undefined
      ? "none"
      : html`<div role="img" aria-label="${labelOf(timeline)}">${new Html(timelineSvg(timeline))}</div>
          ${timeline.older > 0 && html`<small>${timeline.older} older not shown</small>`}`
  }${
    newest.length === 0
      ? undefined
      : html`<details>
          <summary>rejected: ${summariseRejections(rejected, leftOut)}</summary>
          <ul>
            ${newest.map(({ crossBackupId = "without an id", detail }) => html`<li>${crossBackupId}: ${detail}</li>`)}
          </ul>
        </details>`
  }`;
}

function labelOf({ from, marks, gaps, older }: Timeline): string {
  const count = (kind: MarkKind): number => marks[kind]?.length ?? 0;
  const valid = count(MarkKind.VALID) + count(MarkKind.CHOSEN);
  const all = Object.values(marks).reduce((sum, times) => sum + times.length, 0);
  return [
    `Backups since ${new Date(from).toISOString().slice(0, "yyyy-MM-dd".length)}: ${valid} valid, ${all - valid} rejected`,
    ...(older === 0 ? [] : [`${older} older ones not shown`]),
    ...(gaps.length === 0 ? [] : [gaps.length === 1 ? "1 gap in the logs" : `${gaps.length} gaps in the logs`]),
  ].join(", ");
}

/** Times in a text for people: all times of a page are UTC. */
export function timeText(text: Instant): string {
  return text.replace(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z/g, "$1 $2");
}
