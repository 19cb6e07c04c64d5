import type { InstanceReport } from "../../lib/report/instance-report";
import { reportPage } from "../../lib/report/page";
import { ReportedInstances } from "../../lib/report/reported-instances";
import { InstanceState } from "../../lib/report/state";

const now = "2026-03-20T12:00:00Z";

function reportsOf(state: InstanceState, count: number): readonly InstanceReport[] {
  return Array.from({ length: count }, (_, index) => ({
    state,
    reason: "no-valid-backup",
    detail: "there is no backup of it",
    request: { dbInstanceId: `rm-${state}-${String(index).padStart(5, "0")}`, regionId: "cn-hangzhou" },
    profile: undefined,
    roleArn: undefined,
    objectiveHours: 26,
    backup: undefined,
    ageHours: undefined,
    recoverableAgeHours: undefined,
    logGaps: [],
    expiresAt: undefined,
    retentionDays: undefined,
    instance: { description: "<b>orders" },
    rejected: [],
    timeline: undefined,
    warnings: [],
    source: "live",
    askedAt: now,
    requestIds: [],
    lockedSince: undefined,
    pinnedSince: undefined,
  }));
}

function pageOf(instances: readonly InstanceReport[]): string {
  return reportPage({
    version: "0.1.0",
    generatedAt: now,
    restoreRegion: "cn-shanghai",
    standIns: [],
    includesUncopied: false,
    places: [],
    warnings: [],
    instances: ReportedInstances.worstFirst(instances),
  });
}

const rowsIn = (page: string): number => page.split('<th role="rowheader"').length - 1;
const linesIn = (page: string): number => page.split("<li><b>rm-").length - 1;

test("shows the worst thousand in full, and the others that are not ready with a line", () => {
  const page = pageOf([
    ...reportsOf(InstanceState.NOT_RESTORABLE, 900),
    ...reportsOf(InstanceState.AT_RISK, 300),
    ...reportsOf(InstanceState.READY, 48_800),
  ]);

  expect(rowsIn(page)).toBe(1_000);
  expect(linesIn(page)).toBe(200);
  expect(page).toContain("200 instances in brief, as the page shows the worst 1,000 in full:");
  expect(page).toContain("<b>rm-at-risk-00100</b> of cn-hangzhou, &lt;b&gt;orders: there is no backup of it");
  expect(page).toContain("48,800 of 50,000 instances can be restored to cn-shanghai within the objective");
  expect(page).toContain("48,800 instances are not shown: rds-dr report --json lists all of them.");
  expect(page.length).toBeLessThan(2_000_000);
});

test("says how many it leaves out if all are lost", () => {
  const page = pageOf(reportsOf(InstanceState.NOT_RESTORABLE, 50_000));

  expect(rowsIn(page)).toBe(1_000);
  expect(linesIn(page)).toBe(9_000);
  expect(page).toContain("40,000 instances more are not shown: rds-dr report --json lists all of them.");
  expect(page.length).toBeLessThan(3_000_000);
});

test("leaves out none of a thousand", () => {
  const page = pageOf(reportsOf(InstanceState.READY, 1_000));

  expect(rowsIn(page)).toBe(1_000);
  expect(page).not.toContain("not shown");
});
