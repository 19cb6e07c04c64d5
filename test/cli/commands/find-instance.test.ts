import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "../../../lib";
import { AlicloudProvider, DbInstance } from "../../../lib/alicloud";
import { FaultKind, type Simulator, startSimulator, type World, type WorldRecord } from "../../../lib/simulator";
import { framework } from "../../../lib/validation/own-package";
import { environmentOf, type Finished, runCli, spawnCli, temporaryFolders } from "../../fixtures";
import { offences } from "../../schema/schemas";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

function instance(dbInstanceId: string, attributes: WorldRecord = {}, regionId = "cn-shanghai"): World["instances"][0] {
  return { dbInstanceId, regionId, engine: "MySQL", engineVersion: "8.0", attributes };
}

const named = { DBInstanceDescription: "dr-nested-orders-dr" };
const createTime = "2026-03-05T02:21:00Z";
const world: World = {
  instances: [
    instance("rm-restored", { ...named, DBInstanceStatus: "Creating", CreateTime: createTime }),
    instance("rm-similar", { DBInstanceDescription: "dr-nested-orders-dr-2" }),
    instance("rm-elsewhere", named, "cn-beijing"),
    instance("pgm-billing", { DBInstanceDescription: "billing-dr", Engine: "PostgreSQL" }, "cn-beijing"),
  ],
};

beforeAll(async () => {
  simulator = await startSimulator({ world });
  folder = temporaryFolder();
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app: "true" }));
  synthesise(join(folder, "cdktf.out"));
});

beforeEach(() => {
  simulator.setWorld(world);
  simulator.clearFaults();
});

afterAll(() => simulator.stop());

/** An app with an instance of the package, an instance of the user, and two that cannot be read. */
function synthesise(outdir: string, imported?: string): void {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "dr");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  const provider = new AlicloudProvider(stack, "beijing", { region: "cn-beijing", alias: "beijing" });
  const backup = LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "orders", {
    crossBackupId: "12490124",
    restoreRegions: ["cn-shanghai"],
    engine: "mysql",
    engineVersion: "8.0",
    dbInstanceStorageType: "ssd",
    outputs: false,
  });
  const orders = new DisasterRecoveryInstance(new Construct(stack, "nested"), "orders-dr", {
    backup,
    instanceName: named.DBInstanceDescription,
    regionId: "cn-shanghai",
    instanceClass: "rds.mysql.s3.large",
    storageGb: 100,
    vswitchId: "vsw-uf6xxxx",
    securityIps: ["10.0.0.0/8"],
  });
  if (imported !== undefined) {
    orders.resource.importFrom(imported);
  }
  const own = { provider, engine: "PostgreSQL", engineVersion: "15.0", instanceType: "pg.n2", instanceStorage: 100 };
  new DbInstance(stack, "billing", { ...own, instanceName: "billing-dr" });
  const name = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
  new DbInstance(stack, "unknown", { ...own, instanceName: name });
  new DbInstance(stack, "nameless", own);
  app.synth();
}

/** What `terraform show -json` prints of a state with these instances. */
function stateOf(resources: readonly object[]): string {
  const child = { address: "module.a", resources };
  const root = { resources: [{ address: "alicloud_vpc.a", type: "alicloud_vpc", values: { id: "vpc-1" } }] };
  return JSON.stringify({ format_version: "1.0", values: { root_module: { ...root, child_modules: [child] } } });
}

function resource(id: string, more: object = {}): object {
  const type = "alicloud_rds_ddr_instance";
  return { address: `${type}.orders`, mode: "managed", type, values: { id, password: "SECRET-OF-STATE" }, ...more };
}

function find(args: readonly string[] = [], { input = "", cwd = folder, deadline = "30" } = {}): Promise<Finished> {
  return runCli(["find-instance", ...args], {
    cwd,
    input,
    environment: { ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: deadline },
  });
}

const orders = ["--name", "dr-nested-orders-dr", "--region-id", "cn-shanghai"] as const;

describe("by name", () => {
  test("gives no line for an instance that the code imports already", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "cdktf.json"), JSON.stringify({ language: "typescript", app: "true" }));
    synthesise(join(cwd, "cdktf.out"), "rm-restored");

    const { stdout } = await find([], { cwd });

    expect(stdout).toContain("    import   the code imports it already: deploy, once it is Running\n");
    expect(stdout).not.toContain('importFrom("rm-restored")');
  });

  test("prints each instance that has exactly this name, in this region, and the line that imports it", async () => {
    const { code, stdout, stderr } = await find(orders);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        "dr-nested-orders-dr (cn-shanghai): 1 instance",
        "  rm-restored",
        "    status   Creating",
        `    created  ${createTime}`,
        "    engine   MySQL 8.0",
        '    import   instance.resource.importFrom("rm-restored"), once it is Running',
        "",
      ].join("\n"),
    );
  });

  test("prints all of several instances of one name", async () => {
    const instances = [...world.instances, instance("rm-second", named)];
    simulator.setWorld({ ...world, instances });

    const { stdout } = await find(orders);
    expect(stdout).toContain("dr-nested-orders-dr (cn-shanghai): 2 instances of this name");
    expect(stdout).toContain('import   instance.resource.importFrom("rm-second")\n');
  });

  test("says that none is no proof", async () => {
    const { code, stdout, stderr } = await find(["--name", "nobody", "--region-id", "cn-shanghai"]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: "nobody (cn-shanghai): none is listed\n" });
    expect(stderr).toMatch(/^note: "none" is no proof\. RAM rights/);
  });

  test("takes several, and lists their region once", async () => {
    const before = simulator.requests.length;
    const { stdout } = await find(["--name", "dr-nested-orders-dr", "nobody", "--region-id", "cn-shanghai", "--json"]);

    const { searches } = JSON.parse(stdout) as { readonly searches: readonly { readonly instances: unknown[] }[] };
    expect(searches.map(({ instances }) => instances.length)).toEqual([1, 0]);
    expect(simulator.requests).toHaveLength(before + 1);
  });

  test("looks through every page", async () => {
    const many = Array.from({ length: 230 }, (_, index) => instance(`rm-${index}`));
    simulator.setWorld({ ...world, instances: [...many, ...world.instances] });

    expect((await find(orders)).stdout).toContain("rm-restored");
  });

  test("shows what RDS says without its control characters", async () => {
    const odd = { ...named, DBInstanceStatus: "Running\n\u001b[2J::error::x" };
    simulator.setWorld({ ...world, instances: [instance("rm-restored", odd)] });

    const { stdout } = await find(orders);
    expect(stdout).toContain("status   Running \\u001b[2J");
  });

  test.each<[string, readonly string[], string]>([
    ["no region", ["--name", "a"], "--region-id must be given with --name, but is missing"],
    ["a region that is none", ["--name", "a", "--region-id", "here"], "--region-id must be the id of a region"],
    ["a name with a line feed", ["--name", "a\nb", "--region-id", "cn-shanghai"], "--name must be the name"],
    ["a synthesis as well", [...orders, "--from-synthesis", "."], "--from-synthesis must be omitted"],
    ["an endpoint that is none", [...orders, "--endpoint", "ftp://x"], "--endpoint must be a host"],
  ])("refuses %s", async (_, args, message) => {
    const { code, stderr } = await find(args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("by the synthesis", () => {
  test("looks for every name in cdktf.out, in the region of its provider", async () => {
    const { code, stdout, stderr } = await find();

    expect(code).toBe(0);
    expect(stdout).toContain("dr-nested-orders-dr (cn-shanghai, dr/nested/orders-dr): 1 instance\n  rm-restored");
    expect(stdout).toContain("billing-dr (cn-beijing, dr/billing): 1 instance\n  pgm-billing");
    expect(stdout).toContain('import   resource.importFrom("pgm-billing")\n');
    expect(stdout).not.toContain("rm-elsewhere");
    expect(stderr).toContain('warning: "dr/unknown" is not looked for: only Terraform knows its instance_name, ${var.');
    expect(stderr).toContain('warning: "dr/nameless" is not looked for: it has no instance_name');
  });

  test("prints JSON that fits its schema", async () => {
    const { stdout } = await find(["--json"]);

    expect(offences("find-instance", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      searches: [
        {
          name: "dr-nested-orders-dr",
          regionId: "cn-shanghai",
          path: "dr/nested/orders-dr",
          instances: [
            {
              dbInstanceId: "rm-restored",
              status: "Creating",
              createTime,
              isInState: null,
              importLine: 'instance.resource.importFrom("rm-restored")',
            },
          ],
          error: null,
        },
        { name: "billing-dr", path: "dr/billing" },
      ],
      unreadable: [{ path: "dr/nameless" }, { path: "dr/unknown" }],
    });
  });

  test("finds the output of cdktf from another folder, and under another name", async () => {
    const other = temporaryFolder();
    writeFileSync(join(other, "cdktf.json"), JSON.stringify({ output: "out" }));
    synthesise(join(other, "out"));

    expect((await find(["--app-dir", other], { cwd: folder })).stdout).toContain("rm-restored");
    expect((await find(["--from-synthesis", "cdktf.out"])).stdout).toContain("rm-restored");
  });

  /** A synthesis of one stack, as text. */
  function synthesisOf(stack: string, path = "stacks/dr/cdk.tf.json"): string {
    const out = join(temporaryFolder(), "out");
    mkdirSync(join(out, "stacks", "dr"), { recursive: true });
    writeFileSync(join(out, "manifest.json"), JSON.stringify({ stacks: { dr: { synthesizedStackPath: path } } }));
    writeFileSync(join(out, "stacks", "dr", "cdk.tf.json"), stack);
    return out;
  }

  const ofProvider = (provider: unknown, more: object = {}): string =>
    JSON.stringify({
      provider: { alicloud: provider },
      resource: { alicloud_rds_ddr_instance: { orders: { instance_name: "dr-nested-orders-dr", ...more } } },
    });

  test.each<[string, unknown, object, string]>([
    ["is no list", { region: "cn-shanghai" }, {}, "(cn-shanghai, "],
    ["names no region, and the option does", [{}], {}, "(cn-beijing, "],
    ["names its region by an expression", [{ region: "${var.region}" }], {}, "(cn-beijing, "],
    [
      "is one with an alias",
      [{ region: "cn-qingdao" }, { alias: "b", region: "cn-shanghai" }],
      { provider: "alicloud.b" },
      "(cn-shanghai, ",
    ],
  ])("reads a provider that %s", async (_, provider, more, expected) => {
    const out = synthesisOf(ofProvider(provider, more));

    const { stdout } = await find(["--from-synthesis", out, "--region-id", "cn-beijing"]);
    expect(stdout).toContain(`dr-nested-orders-dr ${expected}alicloud_rds_ddr_instance.orders): 1 instance`);
  });

  test.each<[string, string, string]>([
    ["a provider without a region", ofProvider([{}]), "its provider names no region: add --region-id"],
    ["no instance", JSON.stringify({ resource: {} }), "declares no instance"],
    ["a stack that is not JSON", "{", `cdk.tf.json must be JSON that ${framework} wrote, but is "broken at`],
    ["a stack that is a list", "[[1]]", "declares no instance"],
    ["a name with a control character", ofProvider([{}], { instance_name: "a\u0007b" }), "it has no instance_name"],
  ])("refuses %s", async (_, stack, message) => {
    const { code, stdout, stderr } = await find(["--from-synthesis", synthesisOf(stack)]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test.each(["stacks/dr/cdk.tf", "../../etc/cdk.tf.json", "stacks/../cdk.tf.json", 7])(
    "reads no stack at %s",
    async (path) => {
      const { code, stderr } = await find(["--from-synthesis", synthesisOf("{}", path as string)]);

      expect(code).toBe(2);
      expect(stderr).toContain("must be the JSON of a stack");
    },
  );

  test("says that there is no synthesis, or no app", async () => {
    const empty = temporaryFolder();
    const ofEmpty = await find(["--from-synthesis", empty]);
    expect(ofEmpty).toMatchObject({ code: 2, stderr: expect.stringContaining(`npx ${framework} synth`) as unknown });

    const ofNone = await find([], { cwd: empty });
    expect(ofNone).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no cdktf.json") as unknown });
  });
});

describe("with a state", () => {
  test("says which instances it contains, and exits with 7 for one that it lacks", async () => {
    const file = join(folder, "state.json");
    writeFileSync(file, stateOf([resource("rm-restored", { tainted: true })]));

    const { code, stdout, stderr } = await find(["--state", file]);
    expect(code).toBe(7);
    expect(stdout).toContain("    state    alicloud_rds_ddr_instance.orders (tainted)\nbilling-dr");
    expect(stdout).toContain('    state    in none\n    import   resource.importFrom("pgm-billing")');
    expect(stdout + stderr).not.toContain("SECRET");
  });

  test("exits with 0 if it contains all that is found", async () => {
    const input = stateOf([resource("rm-restored"), resource("pgm-billing", { type: "alicloud_db_instance" })]);

    const { code, stdout } = await find(["--state", "-", "--json"], { input });
    expect(code).toBe(0);
    expect(offences("find-instance", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      searches: [
        { instances: [{ isInState: true, stateAddress: "alicloud_rds_ddr_instance.orders", importLine: null }] },
        { instances: [{ isInState: true }] },
      ],
    });
  });

  test.each([
    ["is empty", JSON.stringify({ format_version: "1.0" })],
    ["has the id in a data source only", stateOf([resource("rm-restored", { mode: "data" })])],
    ["has the id in another type only", stateOf([resource("rm-restored", { type: "alicloud_vpc" })])],
    [
      "has odd parts",
      JSON.stringify({
        format_version: "1.0",
        values: { root_module: { resources: [7, null], child_modules: [null] } },
      }),
    ],
  ])("exits with 7 if it %s", async (_, input) => {
    expect(await find([...orders, "--state", "-"], { input })).toMatchObject({ code: 7 });
  });

  test("reads modules however deep they are", async () => {
    const depth = 20_000;
    const module = `${'{"child_modules":['.repeat(depth)}{}${"]}".repeat(depth)}`;
    const input = `{"format_version":"1.0","values":{"root_module":${module}}}`;

    expect(await find([...orders, "--state", "-"], { input })).toMatchObject({ code: 7 });
  });

  test.each([
    ["is not JSON", "no state", 'standard input must be what "terraform show -json" prints, but is "broken'],
    ["is the raw state", JSON.stringify({ version: 4, resources: [] }), 'but is "other JSON"'],
    ["is a plan", JSON.stringify({ format_version: "1.2", planned_values: {} }), 'but is "other JSON"'],
    ["is a list", "[]", 'but is "other JSON"'],
  ])("refuses one that %s", async (_, input, message) => {
    const { code, stderr } = await find([...orders, "--state", "-"], { input });

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("refuses one that does not exist", async () => {
    const { code, stderr } = await find([...orders, "--state", "none.json"]);

    expect(code).toBe(2);
    expect(stderr).toContain('"none.json" must be a file that can be read, but is "ENOENT"');
  });
});

describe("without an answer", () => {
  test("exits with 4 if it is denied, and names the region", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeDBInstances", regionId: "cn-shanghai" });

    const { code, stdout, stderr } = await find();
    expect(code).toBe(4);
    expect(stdout).toContain("pgm-billing");
    expect(stdout).not.toContain("cn-shanghai");
    expect(stderr).toContain(
      "error: cannot look up the instances of cn-shanghai: DescribeDBInstances failed with Forbidden",
    );
  });

  test("names each region once, whatever is wanted there", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeDBInstances" });

    const { code, stderr } = await find();
    expect(code).toBe(4);
    expect(stderr).toContain("\n  the same for 1 other lookup: the instances of cn-beijing\n");
  });

  test("exits with 5 if RDS does not answer", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER });

    const { code, stdout, stderr } = await find([...orders, "--json"], { deadline: "0.3" });
    expect({ code, stderr }).toEqual({ code: 5, stderr: "" });
    expect(offences("find-instance", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ searches: [{ instances: [], error: { kind: "transient" } }] });
  });
});

test("runs as a process, in a pipe", async () => {
  const { code, stdout } = await spawnCli(["find-instance", "--state", "-"], {
    cwd: folder,
    environment: environmentOf(simulator.url),
    input: stateOf([resource("rm-restored")]),
  });

  expect(code).toBe(7);
  expect(stdout).toContain("    state    alicloud_rds_ddr_instance.orders\n");
});
