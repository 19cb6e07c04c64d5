import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { environmentOf, type Finished, projectRoot, readText, runCli, temporaryFolders } from "../../fixtures";
import { copied, daily, logs } from "../../report/fleet";
import { offences } from "../../schema/schemas";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    world: {
      instances: [
        copied("rm-orders", [daily(5, 100)], { logs: [logs(6, 1)] }),
        copied("rm-billing", [daily(30, 200)]),
        copied("rm-ledger", [daily(3, 300)]),
      ],
    },
  });
});

afterAll(() => simulator.stop());

/** Writes an app below the project, where Node finds its packages. */
function appWith(lookups: string): string {
  const folder = temporaryFolder(join(projectRoot, "dist"));
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node main.js" }));
  writeFileSync(
    join(folder, "main.js"),
    `
      const { App, TerraformStack } = require("cdktf");
      const { CrossRegionBackups, DiscoveredInstances, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      console.log("the app speaks");
      const app = new App();
      const stack = new TerraformStack(app, "lookup");
      const backupOf = (id, dbInstanceId, props) =>
        new LatestCrossRegionBackup(stack, id, { dbInstanceId, regionId: "cn-hangzhou", restoreRegion: "cn-shanghai", ...props });
      ${lookups}
      app.synth();
    `,
  );
  return folder;
}

const toShanghai = ["--restore-region", "cn-shanghai"];

function run(
  cwd: string,
  args: readonly string[] = toShanghai,
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return runCli(["report", ...args], { cwd, environment: { ...environmentOf(simulator.url), ...environment } });
}

interface Row {
  readonly dbInstanceId: string;
  readonly [fact: string]: unknown;
}

/** The rows of a report as JSON, by their instances. */
async function rowsOf(...given: Parameters<typeof run>): Promise<Readonly<Record<string, Row>>> {
  const [cwd, args = toShanghai, environment] = given;
  const { stdout } = await run(cwd, [...args, "--json"], environment);
  expect(offences("report", stdout)).toEqual([]);
  const { instances } = JSON.parse(stdout) as { readonly instances: readonly Row[] };
  return Object.fromEntries(instances.map((row) => [row.dbInstanceId, row]));
}

test("reports on the locked list of what the app discovers, and says so if none is locked", async () => {
  const folder = appWith(`
    const fleet = new DiscoveredInstances(stack, "fleet", { regionId: "cn-hangzhou" });
    for (const { dbInstanceId } of fleet.lookUp()) {
      backupOf(dbInstanceId, dbInstanceId, { maxAgeHours: 26 });
    }
  `);

  const notLocked = await run(folder);
  await runCli(["refresh"], { cwd: folder, environment: environmentOf(simulator.url) });

  expect(notLocked.code).toBe(6);
  expect(notLocked.stderr).toMatch(/there is no locked answer "instances cn-hangzhou".*\n.*rds-dr refresh/);
  expect(Object.keys(await rowsOf(folder)).sort()).toEqual(["rm-billing", "rm-ledger", "rm-orders"]);
});

test("reports on what the app looks up, each by its own objective, and writes nothing", async () => {
  const folder = appWith(`
    backupOf("orders", "rm-orders", { maxAgeHours: 4 });
    backupOf("billing", "rm-billing", { maxAgeHours: 48 });
    backupOf("ledger", "rm-ledger", {});
  `);

  const rows = await rowsOf(folder, [...toShanghai, "--max-age-hours", "26"]);

  expect(Object.values(rows)).toMatchObject([
    { dbInstanceId: "rm-orders", state: "at-risk", reason: "too-old", objectiveHours: 4, crossBackupId: "100" },
    { dbInstanceId: "rm-billing", state: "ready", objectiveHours: 48, retentionDays: 30 },
    { dbInstanceId: "rm-ledger", state: "ready", objectiveHours: 26 },
  ]);
  expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js"]);
});

test("asks nothing twice, and looks up the window though the app does not", async () => {
  const folder = appWith(`backupOf("orders", "rm-orders", { maxAgeHours: 26 }).lookUp();`);
  const before = simulator.requests.length;

  const { "rm-orders": row } = await rowsOf(folder);

  expect(row).toMatchObject({ state: "ready", recoverableUntil: expect.any(String) as string });
  expect(
    simulator.requests
      .slice(before)
      .map(({ action }) => action)
      .sort(),
  ).toEqual([
    "DescribeAvailableRecoveryTime",
    "DescribeCrossRegionBackupDBInstance",
    "DescribeCrossRegionBackups",
    "DescribeCrossRegionLogBackupFiles",
  ]);
});

test("takes the strictest objective of several lookups of an instance, and those for the region alone", async () => {
  const folder = appWith(`
    backupOf("a", "rm-orders", { maxAgeHours: 26 });
    backupOf("b", "rm-orders", { maxAgeHours: 12, crossBackupRegion: "cn-shanghai" });
    backupOf("c", "rm-orders", { maxAgeHours: 1, restoreRegion: "cn-beijing" });
    backupOf("d", "rm-orders", { maxAgeHours: 1, notAfter: "2026-01-01T00:00:00Z" });
    backupOf("e", "rm-ledger", { restoreRegion: "cn-beijing" });
    new CrossRegionBackups(stack, "f", { dbInstanceId: "rm-billing", regionId: "cn-hangzhou" });
  `);

  const rows = await rowsOf(folder);
  const { stderr } = await run(folder, [...toShanghai, "--html", "fleet.html"]);

  expect(Object.keys(rows)).toEqual(["rm-orders"]);
  expect(rows["rm-orders"]).toMatchObject({ objectiveHours: 12, state: "ready" });
  const warning =
    "the app looks up rm-ledger of cn-hangzhou, but not for restores to cn-shanghai: it is not in the report";
  expect(stderr).toContain(`warning: ${warning}`);
  expect(readText(folder, "fleet.html")).toContain(warning);
});

test("uses the pinned answer of the app's own question", async () => {
  const folder = appWith(`backupOf("orders", "rm-orders", { maxAgeHours: 26 });`);
  const query = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
  const backup = { crossBackupId: "99", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
  const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
  const answers = { [key]: { query, backup, endpoint: simulator.url, pin: { reason: "before the attack" } } };
  writeFileSync(join(folder, "rds-dr.lock.json"), JSON.stringify({ version: 1, answers }));

  const rows = await rowsOf(folder);
  const before = simulator.requests.length;
  const locked = await rowsOf(folder, toShanghai, { RDS_DR_MODE: "locked" });

  expect(rows["rm-orders"]).toMatchObject({ crossBackupId: "99", source: "pinned", reason: "too-old" });
  expect(locked["rm-orders"]).toMatchObject({ crossBackupId: "99", source: "pinned", askedAt: null });
  expect(simulator.requests).toHaveLength(before);
});

test("runs an app that is made of HCL", async () => {
  const folder = appWith(`backupOf("orders", "rm-orders", { maxAgeHours: 26 });`);

  expect(await run(folder, toShanghai, { SYNTH_HCL_OUTPUT: "true" })).toMatchObject({ code: 0 });
});

test("asks each instance with the role of its lookup", async () => {
  const roleArn = "acs:ram::1234567890123456:role/drill";
  const folder = appWith(`
    backupOf("orders", "rm-orders", { maxAgeHours: 26 });
    backupOf("ledger", "rm-ledger", { maxAgeHours: 26, roleArn: "${roleArn}" });
  `);

  const { stdout } = await run(folder, [...toShanghai, "--json"], { ALIBABA_CLOUD_ENDPOINT_STS: simulator.url });

  expect(JSON.parse(stdout)).toMatchObject({
    summary: { total: 2, ready: 1, unknown: 1 },
    regions: [
      { regionId: "cn-hangzhou", roleArn: null, count: 1 },
      { regionId: "cn-hangzhou", roleArn, count: 1 },
    ],
    // The simulator has no such role.
    instances: [{ dbInstanceId: "rm-ledger", error: { code: "CredentialsDenied" } }, { dbInstanceId: "rm-orders" }],
  });
});

test.each<[string, string, readonly string[], number, RegExp]>([
  ["no lookup has an objective", `backupOf("a", "rm-orders", {});`, toShanghai, 2, /--max-age-hours must be given/],
  [
    "no lookup is for the region",
    `backupOf("a", "rm-orders", {});`,
    ["--restore-region", "cn-beijing"],
    2,
    /--restore-region must be the restoreRegion of a lookup of the app, which are cn-shanghai, but is "cn-beijing"/,
  ],
  ["it has no lookup", "", toShanghai, 2, /but it has no lookups/],
  ["it fails", `backupOf("a", "rm-orders", {}).lookUp(); throw new Error("no");`, toShanghai, 1, /the app failed/],
  [
    "instances are to be discovered",
    `backupOf("a", "rm-orders", {});`,
    [...toShanghai, "--all"],
    2,
    /--all must be omitted beside the app, .* add --region-id/,
  ],
])("fails if %s", async (_, lookups, args, code, message) => {
  const before = simulator.requests.length;

  expect(await run(appWith(lookups), args)).toMatchObject({
    code,
    stdout: "",
    stderr: expect.stringMatching(message) as string,
  });
  expect(simulator.requests).toHaveLength(before);
});

test("names the four sources if there is no app", async () => {
  expect(await run(temporaryFolder())).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /--region-id must be given, or --from, or --locked, or --app-dir .* no cdktf\.json/,
    ) as string,
  });
});
