import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator, type World, type WorldInstance } from "../../../lib/simulator";
import { environmentOf, type Finished, hoursOld, runCli, runNode, temporaryFolders, validBackup } from "../../fixtures";
import { offences } from "../../schema/schemas";

const temporaryFolder = temporaryFolders();

const policy = { BackupEnabled: "Enable", LogBackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai", Retention: 30 };

function instance(dbInstanceId: string, more: Partial<WorldInstance> = {}): WorldInstance {
  return { dbInstanceId, regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0", ...more };
}

const world: World = {
  instances: [
    instance("rm-orders", {
      policy,
      tags: { env: "prod", team: "shop" },
      attributes: { DBInstanceDescription: "orders" },
    }),
    instance("rm-billing", { policy: { ...policy, LogBackupEnabled: "Disable" }, tags: { env: "prod" } }),
    instance("rm-stopped", { policy: { ...policy, BackupEnabled: "Disable" } }),
    instance("rm-bare", { tags: { env: "prod" }, attributes: { DBInstanceClass: "mysql.n2" } }),
    instance("rr-replica", { attributes: { DBInstanceType: "Readonly" } }),
    instance("pgm-north", { regionId: "cn-beijing", engine: "PostgreSQL", policy }),
  ],
};

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world });
});

beforeEach(() => {
  simulator.setWorld(world);
  simulator.clearFaults();
});

afterAll(() => simulator.stop());

function discover(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return runCli(["discover", ...args], { environment: { ...environmentOf(simulator.url), ...environment } });
}

interface Discovered {
  readonly instances: readonly Readonly<Record<string, unknown>>[];
  readonly regions: readonly Readonly<Record<string, unknown>>[];
}

/** What the command prints as JSON, which fits its schema. */
async function discovered(...args: readonly string[]): Promise<Discovered> {
  const { code, stdout, stderr } = await discover(["--region-id", "cn-hangzhou", "--json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(offences("discover", stdout)).toEqual([]);
  return JSON.parse(stdout) as Discovered;
}

const idsOf = ({ instances }: Discovered): readonly unknown[] => instances.map(({ dbInstanceId }) => dbInstanceId);

test("prints the instances of a region whose backups are copied, with where to and for how long", async () => {
  const found = await discovered();

  expect(idsOf(found)).toEqual(["rm-billing", "rm-orders", "rm-stopped"]);
  expect(found.instances[1]).toEqual({
    dbInstanceId: "rm-orders",
    regionId: "cn-hangzhou",
    profile: null,
    description: null,
    status: "Running",
    engine: "MySQL",
    engineVersion: "8.0",
    dbInstanceClass: null,
    crossBackupRegion: "cn-shanghai",
    retentionDays: 30,
    backupEnabled: true,
    logBackupEnabled: true,
    isListed: null,
  });
  expect(found.regions).toEqual([{ regionId: "cn-hangzhou", profile: null, count: 3, error: null }]);
});

test("with --all, prints the others too, but no replica, which has no backups of its own", async () => {
  const found = await discovered("--all");

  expect(idsOf(found)).toEqual(["rm-bare", "rm-billing", "rm-orders", "rm-stopped"]);
  expect(found.instances[0]).toMatchObject({
    ...{ crossBackupRegion: null, retentionDays: null, backupEnabled: false, logBackupEnabled: false },
    ...{ dbInstanceClass: "mysql.n2", isListed: true },
  });
});

test.each([
  [
    ["--tag", "env=prod"],
    ["rm-billing", "rm-orders"],
  ],
  [["--tag", "env=prod", "team=shop"], ["rm-orders"]],
  [
    ["--tag", "env=prod", "--all"],
    ["rm-bare", "rm-billing", "rm-orders"],
  ],
  [["--tag", "env=none", "--all"], []],
])("with %j, prints only what has the tags", async (args, ids) => {
  expect(idsOf(await discovered(...args))).toEqual(ids);
});

test("with --all, names an instance that has copies, but is not listed any more", async () => {
  simulator.setWorld({ ...world, visibleResourceGroups: ["rg-none"] });

  const found = await discovered("--all");

  expect(found.instances.map(({ dbInstanceId, isListed }) => [dbInstanceId, isListed])).toEqual([
    ["rm-billing", false],
    ["rm-orders", false],
    ["rm-stopped", false],
  ]);
});

test("prints for people a line for each instance", async () => {
  expect(await discover(["--region-id", "cn-hangzhou", "cn-beijing", "--all"])).toEqual({
    code: 0,
    stdout: `# cn-hangzhou: 4 instances
rm-bare     # MySQL 8.0, not copied
rm-billing  # MySQL 8.0, copied to cn-shanghai for 30 days without logs
rm-orders   # MySQL 8.0, copied to cn-shanghai for 30 days with logs, orders
rm-stopped  # MySQL 8.0, no longer copied, copies in cn-shanghai for 30 days
# cn-beijing: 1 instance
pgm-north  # PostgreSQL 8.0, copied to cn-shanghai for 30 days with logs
`,
    stderr: "",
  });
});

test("prints the regions that it could list, and fails for one that it could not", async () => {
  simulator.injectFault({
    kind: FaultKind.DENIED,
    regionId: "cn-beijing",
    action: "DescribeCrossRegionBackupDBInstance",
  });
  const regions = ["--region-id", "cn-hangzhou", "cn-beijing"];

  const text = await discover(regions);
  const json = await discover([...regions, "--json"]);

  expect(text).toMatchObject({ code: 4, stdout: expect.stringMatching(/^# cn-hangzhou: 3 instances\n/) as string });
  expect(text.stderr).toMatch(/^error: cannot look up the instances of cn-beijing: .*Forbidden\.RAM/);
  expect(json).toMatchObject({ code: 4, stderr: "" });
  expect(offences("discover", json.stdout)).toEqual([]);
  expect((JSON.parse(json.stdout) as Discovered).regions[1]).toMatchObject({
    ...{ regionId: "cn-beijing", count: null },
    error: { kind: "access", code: "Forbidden.RAM" },
  });
});

test("asks each region with each profile", async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, ".aliyun"));
  const keys = { mode: "AK", access_key_id: "simulator", access_key_secret: "simulator-secret" };
  const profiles = ["north", "south"].map((name) => ({ name, ...keys }));
  writeFileSync(join(home, ".aliyun", "config.json"), JSON.stringify({ current: "north", profiles }));

  const args = ["--region-id", "cn-hangzhou", "cn-hangzhou", "--profile", "north", "south", "--json"];
  const { code, stdout } = await discover(args, { HOME: home, USERPROFILE: home });

  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Discovered).regions).toEqual([
    { regionId: "cn-hangzhou", profile: "north", count: 3, error: null },
    { regionId: "cn-hangzhou", profile: "south", count: 3, error: null },
  ]);
});

test("prints text of RDS on one line, whatever it says", async () => {
  const DBInstanceDescription = "orders\n::error::x\u001b[2J# rm-planted";
  simulator.setWorld({ instances: [instance("rm-orders", { policy: { ...policy, DBInstanceDescription } })] });

  const { stdout } = await discover(["--region-id", "cn-hangzhou"]);

  expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  expect(stdout).not.toContain("\u001b");
});

describe("lookup --from - takes", () => {
  const backups = { backupDefaults: validBackup, backups: [hoursOld(2, 14562)], policy };

  beforeEach(() => {
    simulator.setWorld({
      instances: [instance("rm-orders", backups), instance("rm-north", { ...backups, regionId: "cn-beijing" })],
    });
  });

  async function looksUp(input: string, args: readonly string[]): Promise<Finished> {
    return runCli(["lookup", "--from", "-", "--json", ...args], { environment: environmentOf(simulator.url), input });
  }

  test("what it prints for people, of one region", async () => {
    const { stdout } = await discover(["--region-id", "cn-hangzhou"]);

    expect(await looksUp(stdout, ["--region-id", "cn-hangzhou"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"dbInstanceId": "rm-orders"') as string,
    });
  });

  test("its JSON, of several regions", async () => {
    const { stdout } = await discover(["--region-id", "cn-hangzhou", "cn-beijing", "--json"]);

    const { code, stdout: answers } = await looksUp(stdout, []);

    expect(code).toBe(0);
    const { lookups } = JSON.parse(answers) as { readonly lookups: readonly Readonly<Record<string, unknown>>[] };
    expect(lookups).toMatchObject([
      { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", status: "found" },
      { dbInstanceId: "rm-north", regionId: "cn-beijing", status: "found" },
    ]);
  });

  test.each([
    [
      "a region that could not be listed",
      { regions: [{ regionId: "cn-beijing", count: null }] },
      /could list every region, but is .*: discover again/,
    ],
    ["no instance", { instances: [] }, /with at least one instance/],
    [
      "an instance without a region",
      { instances: [{ dbInstanceId: "rm-1" }] },
      /the regionId of instance 1 of standard input/,
    ],
    [
      "an id that can be none",
      { instances: [{ dbInstanceId: "rm 1", regionId: "cn-beijing" }] },
      /the dbInstanceId of instance 1/,
    ],
  ])("no JSON with %s", async (_, change, message) => {
    const json = { instances: [{ dbInstanceId: "rm-1", regionId: "cn-beijing" }], regions: [], ...change };

    expect(await looksUp(JSON.stringify(json), [])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message) as string,
    });
  });

  test("no ids without a region", async () => {
    expect(await looksUp("rm-orders", [])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--region-id must be given/) as string,
    });
  });
});

test("--typescript prints an app that synthesises a lookup for each", async () => {
  simulator.setWorld({
    instances: [
      instance("rm-orders", { backupDefaults: validBackup, backups: [hoursOld(2, 14562)], policy }),
      instance("rm-bare"),
    ],
  });
  const { code, stdout } = await discover(["--region-id", "cn-hangzhou", "--all", "--typescript"]);
  expect(code).toBe(0);
  const file = join(temporaryFolder(join(__dirname, "..", "..")), "main.ts");
  writeFileSync(file, stdout);

  const finished = await runNode(["--import", "tsx", file], { environment: environmentOf(simulator.url) });

  expect(finished).toMatchObject({ code: 0 });
  expect(stdout).toContain('{ dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" },');
  expect(stdout).not.toContain("rm-bare");
});

test("--python prints the same app in Python", async () => {
  const { stdout } = await discover(["--region-id", "cn-beijing", "--python"]);

  expect(stdout).toContain("from cdktf_alicloud_rds_dr import LatestCrossRegionBackup");
  expect(stdout).toContain(
    '    dict(db_instance_id="pgm-north", region_id="cn-beijing", restore_region="cn-shanghai"),',
  );
});

test.each([
  [["--region-id", "here"], /--region-id must be/],
  [["--region-id", "cn-hangzhou", "--tag", "env"], /--tag must be of the form <key>=<value>/],
  [["--region-id", "cn-hangzhou", "--tag", "a=1", "a=2"], /of a key that is given once/],
  [["--region-id", "cn-hangzhou", "--profile", ""], /--profile must be/],
  [["--region-id", "cn-hangzhou", "--endpoint", "a b"], /--endpoint must be/],
  [["--region-id", "cn-hangzhou", "--json", "--python"], /omitted beside/],
  [[], /--region-id/],
])("refuses %j before it asks anything", async (args, message) => {
  const before = simulator.requests.length;

  expect(await discover(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
  expect(simulator.requests).toHaveLength(before);
});

test("with --resume, asks again only for the regions that gave no list, and says which list is older", async () => {
  const journal = join(temporaryFolder(), "fleet.jsonl");
  const args = ["--region-id", "cn-hangzhou", "cn-beijing", "--json", "--resume", journal];
  simulator.injectFault({ kind: FaultKind.DENIED, regionId: "cn-beijing" });
  const { code } = await discover(args);
  simulator.clearFaults();
  const before = simulator.requests.length;

  const finished = await discover(args);

  expect([code, finished.code]).toEqual([4, 0]);
  expect(idsOf(JSON.parse(finished.stdout) as Discovered)).toEqual([
    "rm-billing",
    "rm-orders",
    "rm-stopped",
    "pgm-north",
  ]);
  expect(simulator.requests.slice(before).map(({ parameters }) => parameters["RegionId"])).toEqual(["cn-beijing"]);
  expect(finished.stderr).toMatch(/^rds-dr: cn-hangzhou: listed by an earlier run, at \d{4}-.*Z\n$/);
  expect(existsSync(journal)).toBe(false);
});

test("with --resume, takes no list that another account was given", async () => {
  const journal = join(temporaryFolder(), "fleet.jsonl");
  const args = ["--region-id", "cn-hangzhou", "cn-beijing", "--json", "--resume", journal];
  simulator.injectFault({ kind: FaultKind.DENIED, regionId: "cn-beijing" });
  await discover(args);
  const before = simulator.requests.length;

  const { stdout } = await discover(args, { ALIBABA_CLOUD_ACCESS_KEY_ID: "of-another-account" });

  expect(simulator.requests.length).toBeGreaterThan(before);
  expect(idsOf(JSON.parse(stdout) as Discovered)).toEqual([]);
});
