import { onOneLine } from "../validation/printable";
import type { InstanceReport } from "./instance-report";
import { logGapText } from "./log-gaps";
import { roundedUp } from "./report-json";
import { givenNameOf, lostStates, type Report, type Summary, summaryOf } from "./report";
import type { ReportedInstances } from "./reported-instances";
import { InstanceState, statesWorstFirst } from "./state";

/** The names of the states, for people. */
export const stateNames: Readonly<Record<InstanceState, string>> = {
  [InstanceState.NOT_RESTORABLE]: "not restorable",
  [InstanceState.UNPROTECTED]: "unprotected",
  [InstanceState.UNKNOWN]: "unknown",
  [InstanceState.AT_RISK]: "at risk",
  [InstanceState.READY]: "ready",
};

/** How many instances are in a state; null if nobody looked for them. */
export function countOf(summary: Summary, state: InstanceState): number | null {
  return {
    [InstanceState.NOT_RESTORABLE]: summary.notRestorable,
    [InstanceState.UNPROTECTED]: summary.unprotected,
    [InstanceState.UNKNOWN]: summary.unknown,
    [InstanceState.AT_RISK]: summary.atRisk,
    [InstanceState.READY]: summary.ready,
  }[state];
}

/**
 * A report for people, by its lines: how many instances are in each state, and each one that is not ready, the worst
 * first.
 */
export function* reportLines(report: Report): Generator<string> {
  const { generatedAt, standIns, instances } = report;
  const summary = summaryOf(report);
  const counts = statesWorstFirst.flatMap((state) => {
    const count = countOf(summary, state);
    return count === null ? [] : [`${count.toLocaleString("en")} ${stateNames[state]}`];
  });
  const lost = instances.in(...lostStates);
  yield* standIns.map((standIn) => `NOT PRODUCTION: ${onOneLine(standIn)} answered in place of Alibaba Cloud`);
  yield `${readyText(report)}, at ${generatedAt}`;
  yield counts.join(", ");
  yield "";
  yield `${lostText(report)}${lost.length === 0 ? "" : ":"}`;
  yield* lost.map(instanceLine);
  for (const state of statesWorstFirst) {
    if (state !== InstanceState.READY && !lostStates.includes(state)) {
      yield* section(`${stateNames[state]}:`, instances.in(state), instanceLine);
    }
  }
  yield* section("gaps in the logs:", instances.withLogGaps(), (each) => `  ${gapsText(each)}`);
}

/** The lines of some instances below a heading; none if there are no such instances. */
function* section(
  heading: string,
  instances: ReportedInstances,
  lineOf: (instance: InstanceReport) => string,
): Generator<string> {
  if (instances.length > 0) {
    yield* ["", heading];
    yield* instances.map(lineOf);
  }
}

/** How many instances are as they should be, as a sentence. */
export function readyText(report: Report): string {
  const { ready, total } = summaryOf(report);
  return `${ready.toLocaleString("en")} of ${instancesText(total)} can be restored to ${report.restoreRegion} within the objective`;
}

/** How many instances would be lost, and how many may be, as a sentence. */
export function lostText(report: Report): string {
  const { length } = report.instances.in(...lostStates);
  const { unprotected } = summaryOf(report);
  const unknown = report.instances.in(InstanceState.UNKNOWN);
  const unlisted = report.places.filter(({ failure }) => failure !== undefined).map(({ regionId }) => regionId);
  const [count, region] =
    length === 1
      ? ["1 database instance", "its region"]
      : [`${length === 0 ? "no" : length.toLocaleString("en")} database instances`, "their region"];
  return [
    `${count} would be lost if ${region} failed now`,
    ...(unknown.length === 0 ? [] : [`nobody knows of ${namesText(unknown)}`]),
    ...(unlisted.length === 0 ? [] : [`nobody knows which instances ${[...new Set(unlisted)].join(", ")} has`]),
    ...(unprotected === null ? ["instances without copies were not looked for"] : []),
  ].join("; ");
}

/** Names in a sentence. */
const shownNames = 5;

function namesText(instances: ReportedInstances): string {
  const names = Array.from(instances.slice(0, shownNames), ({ request }) => request.dbInstanceId);
  const more = instances.length - names.length;
  return `${names.join(", ")}${more === 0 ? "" : ` and ${more.toLocaleString("en")} more`}`;
}

function instanceLine(instance: InstanceReport): string {
  const { request, backup, ageHours, detail } = instance;
  const name = givenNameOf(instance.instance, request.dbInstanceId) ?? "";
  const age = backup === undefined || ageHours === undefined ? "" : ` (${roundedUp(ageHours)} h old)`;
  return `  ${request.dbInstanceId} of ${request.regionId}${name === "" ? "" : `, ${onOneLine(name)}`}${age}: ${onOneLine(detail)}`;
}

/** An instance with the gaps in its logs. */
export function gapsText({ request, logGaps }: InstanceReport): string {
  return `${request.dbInstanceId} of ${request.regionId}: ${logGaps.map(logGapText).join("; ")}`;
}

/** A number of instances in words. */
export function instancesText(count: number): string {
  return count === 1 ? "1 instance" : `${count.toLocaleString("en")} instances`;
}
