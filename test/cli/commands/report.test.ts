import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { environmentOf, type Finished, hoursOld, readText, runCli, temporaryFolders } from "../../fixtures";
import { parseExposition } from "../../report/exposition";
import { copied, daily, fleet, logs } from "../../report/fleet";
import { offences } from "../../schema/schemas";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world: fleet });
});

beforeEach(() => {
  simulator.setWorld(fleet);
  simulator.clearFaults();
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-denied" });
});

afterAll(() => simulator.stop());

interface Reported {
  readonly summary: Readonly<Record<string, number | null>>;
  readonly regions: readonly Readonly<Record<string, unknown>>[];
  readonly instances: readonly (Readonly<Record<string, unknown>> & { readonly dbInstanceId: string })[];
  readonly [other: string]: unknown;
}

const restore = ["--restore-region", "cn-shanghai"];
const region = ["--region-id", "cn-hangzhou", ...restore];
const objective = ["--max-age-hours", "26"];

interface Run {
  readonly cwd?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function run(args: readonly string[], { environment, ...options }: Run = {}): Promise<Finished> {
  return runCli(["report", ...args], {
    ...options,
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

/** What the command prints as JSON, which fits its schema. */
async function reported(args: readonly string[], options: Run = {}): Promise<Reported & { readonly code: number }> {
  const { code, stdout, stderr } = await run([...args, "--json"], options);
  expect(stderr).toBe("");
  expect(offences("report", stdout)).toEqual([]);
  return { code, ...(JSON.parse(stdout) as Reported) };
}

const statesOf = ({ instances }: Reported): readonly unknown[] =>
  instances.map(({ dbInstanceId, state, reason }) => [dbInstanceId, state, reason]);

test("says of each instance in which state it is, and why, the worst first", async () => {
  const report = await reported([...region, ...objective, "--all"]);

  expect(statesOf(report)).toEqual([
    ["rm-failed", "not-restorable", "no-valid-backup"],
    ["rm-bare", "unprotected", "not-copied"],
    ["rm-denied", "unknown", "no-answer"],
    ["rm-old", "at-risk", "too-old"],
    ["rm-off", "at-risk", "copying-off"],
    ["rm-short", "at-risk", "expires-early"],
    ["rm-ready", "ready", "within-objective"],
  ]);
  expect(report.summary).toEqual({ total: 7, ready: 1, atRisk: 3, notRestorable: 1, unprotected: 1, unknown: 1 });
  expect(report.code).toBe(4);
});

test("says how old the data is, how long the copy stays, and how far the logs reach", async () => {
  const { instances } = await reported([...region, ...objective]);

  expect(instances.at(-1)).toMatchObject({
    dbInstanceId: "rm-ready",
    crossBackupId: "1000",
    ageHours: expect.closeTo(2, 1) as number,
    objectiveHours: 26,
    retentionDays: 30,
    backupEnabled: true,
    logBackupEnabled: true,
    isListed: null,
    rejected: [{ crossBackupId: "1001", reason: "not-full" }],
    recoveryGaps: [],
    source: "live",
    askedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    lockedSince: null,
  });
  const { dataTime, recoverableUntil, expiresAt } = instances.at(-1) as unknown as Readonly<Record<string, string>>;
  const hoursTo = (time = ""): number => (Date.parse(time) - Date.parse(dataTime ?? "")) / 3_600_000;
  expect(hoursTo(recoverableUntil)).toBeCloseTo(2, 1);
  expect(hoursTo(expiresAt)).toBe(30 * 24);
});

test("states how many unprotected ones there are only if it looked for them", async () => {
  const report = await reported([...region, ...objective]);

  expect(report.summary).toMatchObject({ total: 6, unprotected: null });
  const counts = ["ready", "atRisk", "notRestorable", "unknown"].map((state) => report.summary[state] ?? NaN);
  expect(counts.reduce((sum, each) => sum + each, 0)).toBe(report.instances.length);
});

test("is evidence: what made it, when, whom it asked, and from which lock file", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdktf.json"), "{}");
  const text = JSON.stringify({ version: 1, answers: {} });
  writeFileSync(join(folder, "rds-dr.lock.json"), text);

  const report = await reported([...region, ...objective], {
    cwd: folder,
    environment: { ALIBABA_CLOUD_ENDPOINT_STS: simulator.url },
  });

  expect(report).toMatchObject({
    tool: { name: "rds-dr", version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
    restoreRegion: "cn-shanghai",
    standIns: [simulator.url],
    lockFile: {
      path: join(folder, "rds-dr.lock.json"),
      sha256: createHash("sha256").update(text).digest("hex"),
    },
    regions: [
      { regionId: "cn-hangzhou", accountId: "1234567890123456", endpoint: simulator.url, count: 6, error: null },
    ],
  });
  expect(report.instances.find(({ dbInstanceId }) => dbInstanceId === "rm-denied")).toMatchObject({
    accountId: "1234567890123456",
    error: { code: "Forbidden.RAM", requestId: expect.any(String) as string },
  });
});

test("names the requests that RDS answered, of each region and of each instance", async () => {
  const before = simulator.requests.length;

  const { regions, instances } = await reported([...region, ...objective]);

  const named = [...regions, ...instances].flatMap(({ requestIds }) => requestIds as readonly string[]);
  // RDS has no window of its own for cloud disks.
  const answered = simulator.requests
    .slice(before)
    .filter(({ action, parameters }) => parameters["DBInstanceId"] !== "rm-denied" && !action.includes("RecoveryTime"));
  expect(new Set(named).size).toBe(named.length);
  expect(named).toHaveLength(answered.length);
  expect(regions[0]?.["requestIds"]).toHaveLength(1);
  // Records and logs.
  expect(instances.at(-1)).toMatchObject({ dbInstanceId: "rm-ready", requestIds: { length: 2 } });
  expect(instances.find(({ dbInstanceId }) => dbInstanceId === "rm-denied")).toMatchObject({ requestIds: [] });
});

test("agrees with lookup --json in every number", async () => {
  const { instances } = await reported([...region, ...objective]);
  const ids = instances.map(({ dbInstanceId }) => dbInstanceId);
  const asked = ["--db-instance-id", ...ids, ...region, ...objective, "--window", "--json"];
  const { stdout } = await runCli(["lookup", ...asked], { environment: environmentOf(simulator.url) });
  const { lookups } = JSON.parse(stdout) as { readonly lookups: readonly Readonly<Record<string, unknown>>[] };

  const facts = ["crossBackupId", "dataTime", "dataTimeEstimated", "recoverableFrom", "recoverableUntil"] as const;
  const ofBackup = (found: unknown): readonly unknown[] =>
    [...facts, "recoveryGaps" as const].map(
      (fact) => (found as Readonly<Record<string, unknown>> | null)?.[fact] ?? null,
    );
  expect(instances.map((instance) => [instance.dbInstanceId, ...ofBackup(instance), instance["rejected"]])).toEqual(
    lookups.map(({ dbInstanceId, backup, rejected }) => [dbInstanceId, ...ofBackup(backup), rejected]),
  );
  expect(instances.map(({ reason }) => reason === "too-old")).toEqual(lookups.map(({ stale }) => stale));
  expect(lookups.filter(({ stale }) => stale)).toHaveLength(1);
});

test("asks for the records of an instance once, and for all copying at once", async () => {
  simulator.setWorld({
    instances: [copied("rm-a", [daily(2, 900_000, 250)]), copied("rm-b", [daily(200, 1_000, 30)])],
  });
  const before = simulator.requests.length;

  await reported([...region, ...objective]);

  const counts: Record<string, number> = {};
  for (const { action } of simulator.requests.slice(before)) {
    counts[action] = (counts[action] ?? 0) + 1;
  }
  expect(counts).toEqual({
    DescribeCrossRegionBackupDBInstance: 1,
    // 250 records and 30.
    DescribeCrossRegionBackups: 3 + 1,
    DescribeCrossRegionLogBackupFiles: 2,
    DescribeAvailableRecoveryTime: 2,
  });
});

test("with --no-window, asks for records alone", async () => {
  const before = simulator.requests.length;

  const { instances } = await reported([...region, ...objective, "--no-window"]);

  expect(instances.at(-1)).toMatchObject({ crossBackupId: "1000", recoverableUntil: null, recoveryGaps: null });
  expect(new Set(simulator.requests.slice(before).map(({ action }) => action))).toEqual(
    new Set(["DescribeCrossRegionBackupDBInstance", "DescribeCrossRegionBackups"]),
  );
});

describe("of --from", () => {
  const input = JSON.stringify({
    instances: [
      { dbInstanceId: "rm-ready", regionId: "cn-hangzhou", profile: null, maxAgeHours: 1 },
      { dbInstanceId: "rm-old", regionId: "cn-hangzhou", maxAgeHours: 48 },
      { dbInstanceId: "rm-off", regionId: "cn-hangzhou" },
    ],
    regions: [],
  });

  test("takes instances with objectives of their own", async () => {
    const report = await reported(["--from", "-", ...restore, ...objective], { input });

    expect(statesOf(report)).toEqual([
      ["rm-off", "at-risk", "copying-off"],
      ["rm-ready", "at-risk", "too-old"],
      ["rm-old", "ready", "within-objective"],
    ]);
    expect(report).toMatchObject({ code: 3, regions: [{ regionId: "cn-hangzhou", count: 3 }] });
  });

  test("needs an objective for each", async () => {
    expect(await run(["--from", "-", ...restore], { input })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--max-age-hours must be given, or "maxAgeHours"/) as string,
    });
  });

  test("takes ids, and names one without copies", async () => {
    const report = await reported(["--from", "-", ...region, ...objective], { input: "rm-old # orders\nrm-bare\n" });

    expect(statesOf(report)).toEqual([
      ["rm-bare", "not-restorable", "no-valid-backup"],
      ["rm-old", "at-risk", "too-old"],
    ]);
  });

  test("does not call an instance ready if nobody knows whether it is copied", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackupDBInstance" });

    const report = await reported(["--from", "-", ...region, ...objective], { input: "rm-ready\nrm-old" });

    expect(statesOf(report)).toEqual([
      ["rm-ready", "unknown", "copying-unknown"],
      ["rm-old", "at-risk", "too-old"],
    ]);
    expect(report.code).toBe(4);
  });
});

test("reports the regions that it could list, and fails for one that it could not", async () => {
  simulator.setWorld({ instances: [copied("rm-ready", [daily(2, 1_000)])] });
  const action = "DescribeCrossRegionBackupDBInstance";
  simulator.injectFault({ kind: FaultKind.DENIED, regionId: "cn-beijing", action });
  const regions = ["--region-id", "cn-hangzhou", "cn-beijing", ...restore, ...objective];

  const report = await reported(regions);
  const text = await run(regions);

  expect(report).toMatchObject({ code: 4, summary: { total: 1, ready: 1 } });
  expect(report.regions[1]).toMatchObject({ regionId: "cn-beijing", count: null, error: { code: "Forbidden.RAM" } });
  expect(text).toMatchObject({ code: 4, stderr: expect.stringContaining("the instances of cn-beijing") as string });
});

describe("of --locked", () => {
  const backup = {
    crossBackupId: "14562",
    dataTime: "2024-03-05T02:22:54Z",
    restoreRegions: ["cn-shanghai"],
  };
  const query = { dbInstanceId: "rm-a", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
  const answers = {
    "latest rm-a regionId=cn-hangzhou restoreRegion=cn-shanghai": { query, backup, changedAt: "2024-03-05T03:00:00Z" },
    "latest rm-b regionId=cn-hangzhou restoreRegion=cn-shanghai": {
      query: { ...query, dbInstanceId: "rm-b" },
      backup,
      retentionDays: 30,
      pin: { reason: "before the migration" },
    },
    "latest rm-c regionId=cn-hangzhou restoreRegion=cn-shanghai": {
      query: { ...query, dbInstanceId: "rm-c" },
      backup: null,
    },
    "latest rm-c regionId=cn-hangzhou restoreRegion=cn-beijing": {
      query: { ...query, dbInstanceId: "rm-c", restoreRegion: "cn-beijing" },
      backup: null,
    },
  };

  function projectWith(locked: object): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "cdktf.json"), "{}");
    writeFileSync(join(folder, "rds-dr.lock.json"), JSON.stringify({ version: 1, answers: locked }));
    return folder;
  }

  test("reports the locked answers for the region, without network", async () => {
    const before = simulator.requests.length;
    const args = ["--locked", ...restore, "--max-age-hours", "1000000"];

    const report = await reported(args, { cwd: projectWith(answers) });

    expect(statesOf(report)).toEqual([
      ["rm-c", "not-restorable", "no-valid-backup"],
      ["rm-b", "at-risk", "expires-early"],
      ["rm-a", "ready", "within-objective"],
    ]);
    expect(report.instances[1]).toMatchObject({ source: "pinned", askedAt: null, crossBackupId: "14562" });
    expect(report.instances[2]).toMatchObject({ source: "locked", lockedSince: "2024-03-05T03:00:00Z" });
    expect(report.regions).toEqual([
      {
        regionId: "cn-hangzhou",
        profile: null,
        roleArn: null,
        accountId: null,
        endpoint: null,
        count: 3,
        requestIds: [],
        error: null,
      },
    ]);
    expect(simulator.requests).toHaveLength(before);
  });

  test("does not skip the age of what is pinned", async () => {
    const report = await reported(["--locked", ...restore, ...objective], { cwd: projectWith(answers) });

    expect(report.instances.map(({ reason }) => reason)).toEqual(["no-valid-backup", "too-old", "too-old"]);
    expect(report.code).toBe(3);
  });

  test("fails if nothing is locked for the region", async () => {
    const cwd = projectWith(answers);

    expect(await run(["--locked", "--restore-region", "cn-qingdao", ...objective], { cwd })).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/no locked answer for restores to cn-qingdao/) as string,
    });
  });
});

describe("of two profiles of an account", () => {
  let environment: Readonly<Record<string, string>>;

  beforeEach(() => {
    const home = temporaryFolder();
    mkdirSync(join(home, ".aliyun"));
    const profiles = ["ops", "audit", "broken"].map((name) => ({
      ...{ name, mode: "AK", access_key_secret: "simulator-secret" },
      access_key_id: name === "broken" ? "unknown" : "simulator",
    }));
    writeFileSync(join(home, ".aliyun", "config.json"), JSON.stringify({ current: "ops", profiles }));
    environment = { HOME: home, USERPROFILE: home };
  });

  test("counts each instance once", async () => {
    const report = await reported([...region, ...objective, "--profile", "ops", "audit"], { environment });

    expect(report.regions.map(({ profile, count }) => [profile, count])).toEqual([
      ["ops", 6],
      ["audit", 6],
    ]);
    expect(report.summary).toMatchObject({ total: 6, ready: 1 });
    expect(report.instances).toHaveLength(6);
  });

  test("does not let the profile that was answered hide the one that was not", async () => {
    const file = join(temporaryFolder(), "fleet.prom");
    await run([...region, ...objective, "--profile", "ops", "broken", "--prometheus", file], { environment });

    expect(readText(file)).toMatch(/^rds_dr_discovery_success\{region_id="cn-hangzhou",account_id=""\} 0$/m);
  });
});

test.each([
  ["--html", "missing/fleet.html", /folder that is there \(ENOENT\)/],
  ["--prometheus", "missing/fleet.prom", /folder that is there \(ENOENT\)/],
  ["--html", ".", /a folder or a device has that name/],
  ["--html", devNull, /a folder or a device has that name/],
])("asks nothing if %s %s cannot be written in the end", async (option, file, message) => {
  const before = simulator.requests.length;

  const { code, stderr } = await run([...region, ...objective, option, file], { cwd: temporaryFolder() });

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) as string });
  expect(simulator.requests).toHaveLength(before);
});

test("keeps no link of an answer for a later run, even if RDS puts it where none belongs", async () => {
  const link = "https://link.example/file?Signature=FAKE-LINK-SIGNATURE";
  const odd = { ...daily(2, 1_000), CrossBackupSetFile: link, CrossBackupSetLocation: link, Engine: link };
  simulator.setWorld({ instances: [copied("rm-odd", [odd]), copied("rm-denied", [odd])] });
  const file = join(temporaryFolder(), "fleet.jsonl");

  await run([...region, ...objective, "--resume", file]);

  expect(readText(file)).toContain("rm-odd");
  expect(readText(file)).not.toContain("FAKE-LINK-SIGNATURE");
});

test("nothing to report on is a failure, and writes nothing: a wrong tag must not look as if all were well", async () => {
  const cwd = temporaryFolder();
  const args = [...restore, ...objective, "--region-id", "cn-qingdao", "--prometheus", "fleet.prom"];

  expect(await run(args, { cwd })).toMatchObject({
    code: 3,
    stdout: "",
    stderr: expect.stringMatching(/there is no instance to report on, so nothing is written\n.*--tag/) as string,
  });
  expect(readdirSync(cwd)).toEqual([]);
});

test("a region that could not be listed is no good news", async () => {
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackupDBInstance" });

  const { code, stdout } = await run([...region, ...objective]);

  expect(code).toBe(4);
  expect(stdout).toContain("nobody knows which instances cn-hangzhou has");
});

test("the region of the instances is no region to restore them in", async () => {
  const args = [...objective, "--restore-region", "cn-hangzhou"];

  for (const source of [
    ["--region-id", "cn-hangzhou"],
    ["--from", "ids.txt", "--region-id", "cn-hangzhou"],
  ]) {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "ids.txt"), "rm-ready\n");
    const { code, stderr } = await run([...args, ...source], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining("--restore-region must be another region") as string]);
  }
});

test("names what is in the lock file, but not listed any more", async () => {
  const cwd = temporaryFolder();
  const lists = { "instances cn-hangzhou": [], "instances cn-hangzhou tag:dr=true": ["rm-tagged"] };
  const answers = Object.entries({ ...lists, "instances cn-hangzhou": ["rm-ready", "rm-gone"] }).map(([key, ids]) => [
    key,
    {
      query: { regionId: "cn-hangzhou", ...(key.includes("tag") && { tags: { dr: "true" } }) },
      instances: ids.map((dbInstanceId) => ({ dbInstanceId, regionId: "cn-hangzhou" })),
    },
  ]);
  writeFileSync(
    join(cwd, "rds-dr.lock.json"),
    JSON.stringify({ version: 1, answers: Object.fromEntries(answers) as object }),
  );
  writeFileSync(join(cwd, "cdktf.json"), "{}");

  const { stderr } = await run([...region, ...objective], { cwd });

  expect(stderr).toContain("rm-gone of cn-hangzhou is in the lock file, but RDS does not list it any more");
  expect(stderr).not.toContain("rm-tagged");
});

test("never writes the lock file, whatever the mode", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "cdktf.json"), "{}");

  await reported([...region, ...objective], { cwd, environment: { RDS_DR_MODE: "refresh" } });

  expect(readdirSync(cwd)).toEqual(["cdktf.json"]);
});

test("prints for people how many are ready, and each one that is not", async () => {
  const { stdout } = await run([...region, ...objective, "--all"]);

  const text = stdout
    .replaceAll(simulator.url, "<url>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>")
    .replaceAll(/\(\d+(?:\.\d+)? h/g, "(<age> h");
  expect(text).toBe(`NOT PRODUCTION: <url> answered in place of Alibaba Cloud
1 of 7 instances can be restored to cn-shanghai within the objective, at <time>
1 not restorable, 1 unprotected, 1 unknown, 3 at risk, 1 ready

2 database instances would be lost if their region failed now; nobody knows of rm-denied:
  rm-failed of cn-hangzhou: no backup of it can be restored: 1 not-successful, 1 other-restore-region
  rm-bare of cn-hangzhou: RDS copies none of its backups to another region

unknown:
  rm-denied of cn-hangzhou: cannot look up "rm-denied" of cn-hangzhou: DescribeCrossRegionBackups failed with Forbidden.RAM: User not authorized to operate on the specified resource, or this API doesn't support RAM.

at risk:
  rm-old of cn-hangzhou, orders (<age> h old): the data is of <time>, which is more than 26 hours ago
  rm-off of cn-hangzhou (<age> h old): RDS does not copy its backups any more, so no newer one comes, and this one expires at <time>
  rm-short of cn-hangzhou (<age> h old): the copy expires at <time>, but the next one may come as late as <time>

gaps in the logs:
  rm-old of cn-hangzhou: no usable log after <time>
  rm-off of cn-hangzhou: no usable log after <time>
`);
});

describe("--prometheus", () => {
  test("writes metrics that a strict parser takes, in place of the old file", async () => {
    const cwd = temporaryFolder();
    const ofOthers = "# what another job has added\n".repeat(1_000);
    writeFileSync(join(cwd, "fleet.prom"), `rds_dr_last_success_timestamp_seconds 1700000000\n${ofOthers}`);

    const { code } = await run([...region, ...objective, "--all", "--prometheus", "fleet.prom"], { cwd });

    expect(code).toBe(4);
    expect(readdirSync(cwd)).toEqual(["fleet.prom"]);
    const samples = parseExposition(readText(cwd, "fleet.prom"));
    const of = (name: string, id?: string): number | undefined =>
      samples.find((each) => each.name === name && (id === undefined || each.labels["db_instance_id"] === id))?.value;
    const now = Date.now() / 1_000;
    expect(of("rds_dr_backup_data_timestamp_seconds", "rm-ready")).toBeCloseTo(now - 2 * 3_600, -2);
    expect(of("rds_dr_backup_data_timestamp_seconds", "rm-failed")).toBeUndefined();
    expect(of("rds_dr_recoverable_until_timestamp_seconds", "rm-ready")).toBeCloseTo(now, -2);
    expect(of("rds_dr_expiry_timestamp_seconds", "rm-ready")).toBeCloseTo(now + (30 * 24 - 2) * 3_600, -2);
    expect(of("rds_dr_objective_seconds", "rm-bare")).toBe(26 * 3_600);
    expect(["rm-ready", "rm-old"].map((id) => of("rds_dr_instance_ready", id))).toEqual([1, 0]);
    expect(["rm-old", "rm-denied"].map((id) => of("rds_dr_lookup_success", id))).toEqual([1, 0]);
    expect(of("rds_dr_discovery_success")).toBe(1);
    // One is unknown: the last success stays what it was.
    expect(of("rds_dr_last_success_timestamp_seconds")).toBe(1_700_000_000);
    expect(samples.flatMap(({ labels }) => Object.keys(labels))).not.toContain("instance");
    const info = samples.find(({ name, labels }) => name.endsWith("_info") && labels["db_instance_id"] === "rm-old");
    expect(info?.labels).toMatchObject({ state: "at-risk", reason: "too-old", description: "orders", account_id: "" });
  });

  test("says which copying is off, and how many gaps the logs have", async () => {
    const cwd = temporaryFolder();
    const gappy = copied("rm-gappy", [daily(9, 7_000)], { logs: [logs(9, 6), logs(4, 2, 100)] });
    const quiet = copied("rm-quiet", [daily(20, 8_000)], { logs: [logs(20, 10)] });
    simulator.setWorld({ instances: [...fleet.instances, gappy, quiet] });

    await run([...region, ...objective, "--all", "--prometheus", "fleet.prom"], { cwd });

    const samples = parseExposition(readText(cwd, "fleet.prom"));
    const of = (name: string): Readonly<Record<string, number>> =>
      Object.fromEntries(
        samples.flatMap((each) => (each.name === name ? [[each.labels["db_instance_id"] ?? "", each.value]] : [])),
      );
    expect(of("rds_dr_copying_enabled")).toMatchObject({ "rm-ready": 1, "rm-off": 0, "rm-bare": 0, "rm-denied": 1 });
    expect(of("rds_dr_log_gaps")).toMatchObject({ "rm-ready": 0, "rm-gappy": 1, "rm-quiet": 1 });
    expect(of("rds_dr_log_gaps")).not.toHaveProperty("rm-failed");
    expect(of("rds_dr_pinned_since_timestamp_seconds")).toEqual({});
  });

  test("says since when an answer is pinned, whatever else its question asks for", async () => {
    const cwd = temporaryFolder();
    const backup = { crossBackupId: "7", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
    const pinned = (dbInstanceId: string, restoreRegion: string, changedAt?: string): readonly [string, object] => {
      const query = { dbInstanceId, regionId: "cn-hangzhou", restoreRegion };
      const key = `latest ${dbInstanceId} regionId=cn-hangzhou restoreRegion=${restoreRegion}`;
      return [key, { query, backup, changedAt, pin: { reason: "before the migration" } }];
    };
    const answers = Object.fromEntries([
      pinned("rm-ready", "cn-shanghai", "2024-03-06T00:00:00Z"),
      pinned("rm-old", "cn-shanghai"),
      pinned("rm-off", "cn-beijing", "2024-03-06T00:00:00Z"),
    ]);
    writeFileSync(join(cwd, "cdktf.json"), "{}");
    writeFileSync(join(cwd, "rds-dr.lock.json"), JSON.stringify({ version: 1, answers }));

    await run([...region, ...objective, "--prometheus", "fleet.prom"], { cwd });

    const pins = parseExposition(readText(cwd, "fleet.prom")).filter(({ name }) => name.includes("pinned"));
    expect(Object.fromEntries(pins.map(({ labels, value }) => [labels["db_instance_id"], value]))).toEqual({
      "rm-ready": Date.parse("2024-03-06T00:00:00Z") / 1_000,
      "rm-old": Date.parse("2024-03-05T02:22:54Z") / 1_000,
    });
  });

  test("says when it last knew the state of every instance", async () => {
    const cwd = temporaryFolder();
    simulator.setWorld({ instances: [copied("rm-ready", [daily(2, 1_000)])] });

    const { code } = await run([...region, ...objective, "--prometheus", "fleet.prom"], { cwd });

    expect(code).toBe(0);
    const last = parseExposition(readText(cwd, "fleet.prom")).at(-1);
    expect(last).toMatchObject({ name: "rds_dr_last_success_timestamp_seconds", labels: {} });
    expect(last?.value).toBeCloseTo(Date.now() / 1_000, -2);
  });

  test("escapes whatever an instance is called", async () => {
    const cwd = temporaryFolder();
    const name = 'a "name" of\nlines \\n with } and # and <script>';
    simulator.setWorld({
      instances: [copied("rm-odd", [hoursOld(2, 1)], { policy: { DBInstanceDescription: name } })],
    });

    await run([...region, ...objective, "--prometheus", "fleet.prom"], { cwd });

    const samples = parseExposition(readText(cwd, "fleet.prom"));
    expect(samples.find(({ name: metric }) => metric === "rds_dr_instance_info")?.labels["description"]).toBe(name);
  });

  test("fails if the file cannot be written", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "folder.prom"));

    expect(await run([...region, ...objective, "--prometheus", "none/fleet.prom"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--prometheus must be a file that can be written.*ENOENT/) as string,
    });
    expect(await run([...region, ...objective, "--prometheus", "folder.prom"], { cwd })).toMatchObject({ code: 2 });
  });
});

test.each<[readonly string[], RegExp]>([
  [[...region], /--max-age-hours must be given/],
  [["--region-id", "cn-hangzhou", ...objective], /--restore-region/],
  [[...restore, ...objective], /--region-id must be given, or --from, or --locked/],
  [[...region, "--max-age-hours", "0"], /--max-age-hours must be a number of hours above 0/],
  [[...region, ...objective, "--restore-region", "here"], /--restore-region must be/],
  [[...region, ...objective, "--locked"], /--region-id must be omitted beside --locked/],
  [["--from", "x", "--locked", ...restore, ...objective], /--from must be omitted beside --locked/],
  [["--resume", "x", "--locked", ...restore, ...objective], /--resume must be omitted beside --locked/],
  [["--resume", "", ...region, ...objective], /--resume must be the path of a file/],
  [["--resume", "/", ...region, ...objective], /--resume must be a file that can be written/],
  [["--from", "x", "--all", ...restore, ...objective], /--all must be omitted beside --locked and --from/],
  [["--from", "x", "--tag", "a=b", ...restore, ...objective], /--tag must be omitted/],
  [["--locked", "--profile", "x", ...restore, ...objective], /--profile must be omitted/],
  [[...region, ...objective, "--tag", "a"], /--tag must be of the form/],
  [[...region, ...objective, "--prometheus", "fleet.txt"], /--prometheus must be a file whose name ends in \.prom/],
  [[...region, ...objective, "--endpoint", "a b"], /--endpoint must be/],
])("refuses %j before it asks anything", async (args, message) => {
  const before = simulator.requests.length;

  expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
  expect(simulator.requests).toHaveLength(before);
});

test("takes the region of the environment, but discovers none in the mode locked", async () => {
  const environment = { ALICLOUD_REGION: "cn-hangzhou" };

  expect(statesOf(await reported([...restore, ...objective], { environment }))).toHaveLength(6);
  expect(
    await run([...restore, ...objective], { environment: { ...environment, RDS_DR_MODE: "locked" } }),
  ).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/use --locked, --from, or the app/) as string,
  });
});
