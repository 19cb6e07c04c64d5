import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator, type World } from "../../lib/simulator";
import { environmentOf, readText, runCli, temporaryFolders } from "../fixtures";
import { troubledFleet } from "./fleet";

// The numbers of a report are those of a lookup of each instance, which is another question to the API.

const temporaryFolder = temporaryFolders();
const options = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26", "--json"];
const bare: World["instances"] = [
  { dbInstanceId: "rm-bare", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" },
];

type Facts = Readonly<Record<string, unknown>>;

interface Rejection {
  readonly crossBackupId: string | null;
  readonly reason: string;
}

/** Rejections as JSON has them: those beyond a number are only counted. */
interface Rejections {
  readonly rejected: readonly Rejection[];
  readonly leftOut?: Readonly<Record<string, number>> | null;
}

/** How many were rejected for each reason. */
function countsOf({ rejected, leftOut }: Rejections): object {
  const counts = new Map(Object.entries(leftOut ?? {}));
  for (const { reason } of rejected) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function isSame(one: Rejection, other: Rejection): boolean {
  return one.crossBackupId === other.crossBackupId && one.reason === other.reason;
}

interface Lookup extends Facts, Rejections {
  readonly dbInstanceId: string;
  readonly status: "error" | "found" | "none";
  readonly stale: boolean;
  readonly backup: Facts | null;
}

interface Row extends Facts {
  readonly dbInstanceId: string;
  readonly crossBackupId: string | null;
  readonly ageHours: number | null;
}

interface Reported {
  readonly generatedAt: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly instances: readonly Row[];
}

let simulator: Simulator;
let page: string;
let report: Reported;
let lookups: readonly Lookup[];

beforeAll(async () => {
  const fleet = troubledFleet(20);
  simulator = await startSimulator({ world: { instances: [...fleet.instances, ...bare] } });
  const ids = fleet.instances.map(({ dbInstanceId }) => dbInstanceId);
  for (const [index, dbInstanceId] of ids.entries()) {
    if (index % 23 === 7) {
      simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId });
    }
  }
  const cwd = temporaryFolder();
  const environment = { ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: "120" };
  const made = await runCli(["report", ...options, "--all", "--html", "fleet.html"], { cwd, environment });
  const looked = await runCli(["lookup", ...options, "--window", "--db-instance-id", ...ids], { cwd, environment });
  page = readText(join(cwd, "fleet.html"));
  report = JSON.parse(made.stdout) as Reported;
  ({ lookups } = JSON.parse(looked.stdout) as { readonly lookups: readonly Lookup[] });
});

afterAll(() => simulator.stop());

const rowOf = (id: string): Facts => report.instances.find(({ dbInstanceId }) => dbInstanceId === id) ?? {};

const rowOfPage = (id: string): string =>
  new RegExp(`<th role="rowheader" scope="row"><b>${id}</b>.*?</tr>`).exec(page)?.[0] ?? "";

test("each instance has the backup, the times and the rejections of its lookup", () => {
  expect(lookups).toHaveLength(400);
  for (const { dbInstanceId, backup, rejected, leftOut } of lookups) {
    const facts = ["crossBackupId", "dataTime", "dataTimeEstimated", "recoverableFrom", "recoverableUntil"];
    expect(rowOf(dbInstanceId)).toMatchObject({
      dbInstanceId,
      ...Object.fromEntries([...facts, "recoveryGaps"].map((fact) => [fact, backup?.[fact] ?? null])),
      restoreRegions: backup?.["restoreRegions"] ?? [],
    });
    const row = rowOf(dbInstanceId) as unknown as Rejections;
    expect(countsOf(row)).toEqual(countsOf({ rejected, leftOut: leftOut ?? {} }));
    // Of each reason, a row keeps the newest.
    expect(row.rejected).toEqual(rejected.filter((each) => row.rejected.some((kept) => isSame(kept, each))));
  }
});

test("the gaps in the logs are those of its lookup, and the one from the last log to now", () => {
  const found = lookups
    .filter(({ status }) => status === "found")
    .map(({ dbInstanceId: id, backup }) => ({ id, backup }));
  const gapsOf = (id: string) => rowOf(id)["logGaps"] as readonly { readonly end: string | null }[];

  expect(found.map(({ id }) => gapsOf(id).filter(({ end }) => end !== null))).toEqual(
    found.map(({ backup }) => backup?.["recoveryGaps"]),
  );
  expect(found.filter(({ id }) => gapsOf(id).some(({ end }) => end === null)).length).toBeGreaterThan(20);
  for (const { id } of found) {
    const { length } = gapsOf(id);
    const words =
      length === 0 ? /aria-label="Backups since [^"]* rejected(?:, \d+ older ones not shown)?"/ : / gaps? in the logs"/;
    expect(rowOfPage(id)).toMatch(words);
  }
});

test("each age is the time since the data", () => {
  const hoursTo = (time: unknown, id: string): number | null =>
    typeof time === "string"
      ? Math.ceil(((Date.parse(String(rowOf(id)["askedAt"])) - Date.parse(time)) / 3_600_000) * 100) / 100
      : null;
  const found = lookups.filter(({ status }) => status === "found");

  expect(found.length).toBeGreaterThan(200);
  expect(found.map(({ dbInstanceId: id }) => [rowOf(id)["ageHours"], rowOf(id)["recoverableAgeHours"]])).toEqual(
    found.map(({ dbInstanceId: id, backup }) => [
      hoursTo(backup?.["dataTime"], id),
      hoursTo(backup?.["recoverableUntil"], id),
    ]),
  );
});

test("as many are in each state as lookups ended so", () => {
  const { summary, instances } = report;
  const count = (is: (lookup: Lookup) => boolean): number => lookups.filter(is).length;

  expect(summary).toMatchObject({
    total: lookups.length + 1,
    notRestorable: count(({ status }) => status === "none"),
    unknown: count(({ status }) => status === "error"),
    unprotected: 1,
  });
  expect(instances.filter(({ reason }) => reason === "too-old")).toHaveLength(count(({ stale }) => stale));
  const { total, ...states } = summary;
  expect(Object.values(states).reduce((sum, each) => sum + each, 0)).toBe(total);
});

test("the page has the numbers of the JSON", () => {
  const { notRestorable, unprotected, unknown, atRisk, ready } = report.summary;
  const cards = [...page.matchAll(/<li class="s-[a-z-]+"> <b>(\d+)<\/b>/g)].map(([, count]) => Number(count));

  expect(cards).toEqual([notRestorable, unprotected, unknown, atRisk, ready]);
  for (const { dbInstanceId, crossBackupId, ageHours } of report.instances) {
    const row = rowOfPage(dbInstanceId);
    expect(row).toContain(crossBackupId === null ? ">none<" : `backup ${crossBackupId}<`);
    expect(row).toContain(ageHours === null ? "none" : `<b>${ageHours} h</b> old`);
  }
});
