import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { loadWorld, type RecordedRequest, type SimulatorOptions, startSimulator } from "../lib/simulator";
import { schemaOffences } from "./alicloud/schema-offences";
import {
  environmentOf,
  outputsOf,
  projectRoot,
  readStack,
  readText,
  run,
  runCli,
  temporaryFolders,
  type StackJson,
} from "./fixtures";
import { terraform as onPath } from "./terraform";

const temporaryFolder = temporaryFolders();

/** Every app in TypeScript, by its folder, so that a new one cannot be forgotten. test/languages has the others. */
const examples = readdirSync(join(projectRoot, "examples"), { encoding: "utf8", recursive: true })
  .filter((file) => basename(file) === "cdktf.json")
  .filter((file) => readText(projectRoot, "examples", file).includes('"language": "typescript"'))
  .map(dirname)
  .sort();

type Json = Readonly<Record<string, unknown>>;

/** What a synthesis of an example did. */
interface Synthesis {
  readonly outdir: string;
  readonly stderr: string;
  readonly requests: readonly RecordedRequest[];
}

const itWithTerraform = onPath === undefined ? it.skip : it;
const syntheses = new Map<string, Synthesis>();

beforeAll(async () => {
  for (const example of examples) {
    const simulator = await startSimulator(worldOf(example));
    const outdir = temporaryFolder();
    const environment = { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: join(outdir, "rds-dr.lock.json") };
    if (example === "disaster-recovery") {
      const cwd = join(projectRoot, "examples", example);
      const home = { HOME: temporaryFolder() };
      expect(await runCli(["restore", "--yes"], { cwd, environment: { ...environment, ...home } })).toMatchObject({
        code: 0,
      });
    }
    const restored = simulator.requests.length;
    const stderr = await synthesise(example, outdir, environment);
    await simulator.stop();
    syntheses.set(example, { outdir, stderr, requests: simulator.requests.slice(restored) });
  }
}, 180_000);

/** The world that an example brings along, if it does. */
function worldOf(example: string): SimulatorOptions {
  const file = join(projectRoot, "examples", example, "world.json");
  return existsSync(file) ? { world: loadWorld(file) } : {};
}

test("the examples are found, in folders of folders too", () => {
  expect(examples).toEqual(expect.arrayContaining(["latest-backup", "two-apps/primary", "two-apps/recovery"]));
});

test.each(examples)("%s says nothing of the provider that its schema does not know", (example) => {
  const { outdir } = synthesisOf(example);

  const stacks = readdirSync(join(outdir, "stacks"));

  expect(stacks).not.toEqual([]);
  expect(
    stacks.flatMap((name) => schemaOffences(stackOf(example, name)).map((offence) => `${name}: ${offence}`)),
  ).toEqual([]);
});

test.each([
  ["disaster-recovery", "dr-cn-shenzhen", "cn-shenzhen"],
  ["drill", "drill", "cn-shanghai"],
  ["two-apps/recovery", "dr-cn-shanghai", "cn-shanghai"],
])("the provider of %s asks no central service at its start, and its version is fixed", (example, name, region) => {
  const { provider, terraform } = stackOf(example, name) as Json;

  expect(provider).toEqual({
    alicloud: [
      {
        region,
        account_type: "Domestic",
        endpoints: [{ rds: `rds.${region}.aliyuncs.com`, vpc: `vpc.${region}.aliyuncs.com` }],
      },
    ],
  });
  expect(terraform).toMatchObject({ required_providers: { alicloud: { version: "1.289.0" } } });
});

describe("latest-backup", () => {
  it("makes one request and writes the id and the regions into outputs", () => {
    expect(synthesisOf("latest-backup").requests).toHaveLength(1);
    expect(outputsOf(stackOf("latest-backup", "latest-backup"))).toMatchObject({
      orders_cross_backup_id: "12490124",
      orders_restore_regions: ["cn-hangzhou", "cn-shanghai"],
      orders_backup: { engine: "mysql", engine_version: "8.0", data_time_estimated: false },
    });
  });
});

describe("fleet", () => {
  it("looks up each copied instance that has the tag, in one wait, and is not stopped by one without a backup", () => {
    const outputs = outputsOf(stackOf("fleet", "backups"));

    expect(outputs["fleet_db_instance_ids"]).toEqual(["orders", "billing", "ledger", "search"].map(idOf).sort());
    expect(outputs).toMatchObject({ rm_bp1orders_cross_backup_id: "1000", rm_bp1ledger_cross_backup_id: "3000" });
    expect(Object.keys(outputs).filter((name) => /search|reports|playground/.test(name))).toEqual([]);
    const actions = synthesisOf("fleet").requests.map(({ action }) => action);
    expect(actions.filter((action) => action === "DescribeCrossRegionBackups").length).toBeGreaterThanOrEqual(4);
    expect(new Set(actions)).toEqual(
      new Set(["DescribeCrossRegionBackupDBInstance", "DescribeDBInstances", "DescribeCrossRegionBackups"]),
    );
  });

  const idOf = (name: string): string => `rm-bp1${name}`;
});

describe("disaster-recovery", () => {
  const example = "disaster-recovery";

  it("looks three engines up, one request each", () => {
    expect(synthesisOf(example).requests).toHaveLength(3);
    expect(outputsOf(stackOf(example, "lookup"))).toMatchObject({
      orders_cross_backup_id: "12490124",
      ledger_cross_backup_id: "20771897",
      reporting_cross_backup_id: "18371944",
    });
  });

  it.each([
    ["orders", "cn-shanghai", { backup_set_id: "12490124", engine: "MySQL", db_instance_storage_type: "local_ssd" }],
    [
      "reporting",
      "cn-shenzhen",
      { backup_set_id: "18371944", engine: "SQLServer", db_instance_storage_type: "cloud_essd" },
    ],
  ])("builds %s in %s, where its backup can be restored, within a VPC", (name, region, restored) => {
    const stack = stackOf(example, `dr-${region}`);

    expect(stack["provider"]).toMatchObject({ alicloud: [{ region }] });
    expect(resourceOf(stack, "alicloud_rds_ddr_instance", `${name}-dr`)).toMatchObject({
      ...restored,
      vswitch_id: "${alicloud_vswitch.vswitch.id}",
      security_ips: ["10.0.0.0/8"],
      lifecycle: { prevent_destroy: true },
    });
    expect(resourceOf(stack, "alicloud_vswitch", "vswitch")).toMatchObject({
      vpc_id: "${alicloud_vpc.vpc.id}",
    });
  });

  it("imports the PostgreSQL that rds-dr restore has made, into a network that was there", () => {
    const stack = stackOf(example, "dr-cn-zhangjiakou");

    expect(stack["import"]).toEqual([{ id: "pgm-restored000001", to: "alicloud_db_instance.ledger-dr" }]);
    expect(stack["resource"]).not.toHaveProperty("alicloud_vswitch");
    expect(resourceOf(stack, "alicloud_db_instance", "ledger-dr")).toMatchObject({
      engine: "PostgreSQL",
      engine_version: "15.0",
      vswitch_id: "vsw-8vbxxxx",
      lifecycle: { prevent_destroy: true },
    });
    expect(outputsOf(stack)).toMatchObject({ ledger_dr_backup_set_id: "20771897" });
  });

  itWithTerraform("gives the ids and the regions as outputs of a real apply (needs terraform or tofu)", () => {
    const { outdir } = synthesisOf(example);
    const cwd = join(outdir, "stacks", "lookup");

    applyIn(cwd, join(outdir, "lookup.tfstate"));
    const outputs = JSON.parse(terraformIn(cwd, "output", "-json")) as NonNullable<StackJson["output"]>;

    expect(outputs["orders_cross_backup_id"]?.value).toBe("12490124");
    expect(outputs["orders_restore_regions"]?.value).toEqual(["cn-hangzhou", "cn-shanghai"]);
    expect(outputs["ledger_restore_regions"]?.value).toEqual(["cn-beijing", "cn-zhangjiakou"]);
    expect(outputs["reporting_backup"]?.value).toMatchObject({
      engine: "mssql",
      data_time_estimated: true,
    });
  });
});

describe("sql-server", () => {
  it("takes the full .zip set of the page, among newer records that look better, and has it accepted", () => {
    const { stderr, requests } = synthesisOf("sql-server");

    expect(outputsOf(stackOf("sql-server", "sql-server"))).toMatchObject({
      reporting_cross_backup_id: "18371944",
      reporting_backup: {
        cross_backup_set_file: expect.stringMatching(/\.zip$/) as string,
        engine_version: "2022_web",
      },
    });
    expect(stderr).toContain("restoring from 18371944");
    expect(requests).toMatchObject([
      { action: "DescribeCrossRegionBackups", parameters: { CrossBackupRegion: "cn-shenzhen" } },
      {
        action: "CheckCreateDdrDBInstance",
        parameters: {
          RegionId: "cn-shenzhen",
          BackupSetId: "18371944",
          Engine: "SQLServer",
          DBInstanceClass: "rds.mssql.s2.large",
        },
      },
    ]);
    expect(stderr).not.toMatch(/preflight/);
  });
});

describe("drill", () => {
  it("restores into a network of its own, an instance that bears the drill's name and can be destroyed", () => {
    const stack = stackOf("drill", "drill");

    const instance = resourceOf(stack, "alicloud_rds_ddr_instance", "orders-2026-03");
    expect(instance).toMatchObject({
      backup_set_id: "12490124",
      instance_name: "drill-2026-03-orders",
      payment_type: "PayAsYouGo",
      deletion_protection: false,
      security_ips: ["${alicloud_vswitch.vswitch.cidr_block}"],
      vswitch_id: "${alicloud_vswitch.vswitch.id}",
    });
    expect(instance["lifecycle"]).not.toHaveProperty("prevent_destroy");
  });

  it("is destroyed with neither the API, nor a lock file, nor credentials", async () => {
    const outdir = temporaryFolder();

    await synthesise("drill", outdir, { RDS_DR_MODE: "destroy" });

    const stack = readStack(outdir, "drill") as StackJson & Json;
    expect(resourceOf(stack, "alicloud_rds_ddr_instance", "orders-2026-03")).toMatchObject({
      backup_set_id: "0",
      deletion_protection: false,
    });
    expect(resourceOf(stack, "terraform_data", "rds_dr_destroy_only")).toHaveProperty("lifecycle");
  });

  /** What `terraform output -json` prints once the stack is there. */
  function outputsAfterDeploy(backupSetId: string, dataTime: string): string {
    const { output = {} } = stackOf("drill", "drill");
    const afterwards: Json = {
      orders_drill_backup_set_id: backupSetId,
      orders_drill_instance_id: "rm-uf6drill",
      orders_backup: { data_time: dataTime },
    };
    return JSON.stringify(
      Object.fromEntries(
        Object.entries(output).map(([name, { value }]) => [name, { value: afterwards[name] ?? value }]),
      ),
    );
  }

  const report = (input: string, begin: string) =>
    run("npx", ["--no", "--", "tsx", "report.ts", begin], {
      cwd: join(projectRoot, "examples", "drill"),
      environment: { HOME: temporaryFolder() },
      input,
    });

  it("reports how old the data was, and from which backup", async () => {
    const input = outputsAfterDeploy("12490124", "2026-03-05T02:22:54Z");

    const { code, stdout } = await report(input, "2026-03-05T08:22:54Z");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^orders: rm-uf6drill\n {2}restored from {2}the backup 12490124$/m);
    expect(stdout).toContain("lost           the last 6.0 h before the drill began");
  });

  it.each(["", "unknown"])("never prints an empty id: %p is unknown, and gives no age", async (id) => {
    const { code, stdout } = await report(outputsAfterDeploy(id, "2026-03-05T02:22:54Z"), "2026-03-05T08:22:54Z");

    expect(code).toBe(1);
    expect(stdout).toContain("restored from  the backup unknown\n  no verdict     Terraform does not know it");
    expect(stdout).not.toContain("before the drill began");
  });

  it("reports no age where another backup was looked up since, as it would be that one's", async () => {
    const input = outputsAfterDeploy("12490117", "2026-03-05T02:22:54Z");

    const { code, stdout } = await report(input, "2026-03-05T08:22:54Z");

    expect(code).toBe(1);
    expect(stdout).toContain("restored from  the backup 12490117");
    expect(stdout).toContain("the last deploy looked up 12490124");
    expect(stdout).not.toContain("before the drill began");
  });
});

describe("testing", () => {
  it("has tests that pass, without credentials", async () => {
    const tests = ["unit.test.ts", "simulator.test.ts"];

    const { code, stdout } = await run("npx", ["--no", "--", "tsx", "--test", ...tests], {
      cwd: join(projectRoot, "examples", "testing"),
      environment: { HOME: temporaryFolder() },
    });

    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass 5\b/) as string });
  });

  it("restores what its tests say it does", () => {
    expect(resourceOf(stackOf("testing", "dr"), "alicloud_rds_ddr_instance", "orders-dr")).toMatchObject({
      backup_set_id: "12490124",
      engine: "MySQL",
    });
  });
});

describe("two-apps", () => {
  const restored = "orders-dr";
  const recovery = (): StackJson & Json => stackOf("two-apps/recovery", "dr-cn-shanghai");

  it("the recovery asks the API for nothing, and reads the state that the primary's app writes", () => {
    const { terraform } = stackOf("two-apps/primary", "lookup") as Json;
    const { data } = recovery();

    expect(synthesisOf("two-apps/primary").requests).toHaveLength(1);
    expect(synthesisOf("two-apps/recovery").requests).toEqual([]);
    const config = { path: join(projectRoot, "examples", "two-apps", "terraform.lookup.tfstate") };
    expect(terraform).toMatchObject({ backend: { local: config } });
    expect(data).toEqual({ terraform_remote_state: { primary: { backend: "local", config } } });
  });

  itWithTerraform("what the one has applied, the other plans to restore (needs terraform or tofu)", () => {
    const folder = temporaryFolder();
    const state = join(folder, "lookup.tfstate");
    applyIn(join(synthesisOf("two-apps/primary").outdir, "stacks", "lookup"), state);
    const stack = standIns(recovery(), state);
    mkdirSync(join(folder, "recovery"));
    writeFileSync(join(folder, "recovery", "main.tf.json"), JSON.stringify(stack));

    const cwd = join(folder, "recovery");
    terraformIn(cwd, "init", "-input=false");
    terraformIn(cwd, "plan", "-input=false", "-out=plan");
    const { planned_values: planned, checks } = JSON.parse(terraformIn(cwd, "show", "-json", "plan")) as PlanJson;

    const { values } = planned.root_module.resources.find(({ name }) => name === restored) ?? {};
    expect(values?.input).toMatchObject({
      restore_type: "BackupSet",
      backup_set_id: "12490124",
      engine: "MySQL",
      engine_version: "8.0",
      db_instance_storage_type: "local_ssd",
      security_ips: ["10.0.0.0/8"],
    });
    expect(checks).toMatchObject([{ address: { name: restored }, status: "pass" }]);
    expect(planned.outputs["orders_data_time"]?.value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

    terraformIn(cwd, "apply", "-input=false", "plan");
    const { outputs: _lost, ...kept } = JSON.parse(readFileSync(state, "utf8")) as Json;
    writeFileSync(state, JSON.stringify({ ...kept, outputs: {} }));
    const plan = terraformIn(cwd, "plan", "-input=false", "-no-color");
    expect(plan).toMatch(/orders_data_time += ".+" -> "unknown"/);
    expect(plan).not.toContain("will be");
  });

  /** What is read of a plan. */
  interface PlanJson {
    readonly planned_values: {
      readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
      readonly root_module: {
        readonly resources: readonly { readonly name: string; readonly values: { readonly input: Json } }[];
      };
    };
    readonly checks: readonly unknown[];
  }

  /** The stack without its provider: resources that keep the arguments, and of the instance the preconditions. */
  function standIns({ output, resource }: StackJson & Json, path: string): Json {
    const { terraform_data: frozen, ...ofTypes } = resource as Readonly<Record<string, Readonly<Record<string, Json>>>>;
    const instances = Object.values(ofTypes).flatMap((ofType) =>
      Object.entries(ofType).map(([name, { "//": _metadata, lifecycle = {}, ...input }]) => {
        const { precondition = [] } = lifecycle as Json;
        return [name, { input, lifecycle: { precondition } }] as const;
      }),
    );
    const { orders_data_time } = output ?? {};
    const stack = JSON.stringify({
      data: { terraform_remote_state: { primary: { backend: "local", config: { path } } } },
      output: { orders_data_time },
      resource: { terraform_data: { ...frozen, ...Object.fromEntries(instances) } },
    });
    return JSON.parse(
      stack.replaceAll(/\balicloud_\w+\.([\w-]+)\.(\w+)/g, (_all, name: string, attribute: string) =>
        attribute === "id" ? `terraform_data.${name}.id` : `terraform_data.${name}.input.${attribute}`,
      ),
    ) as Json;
  }
});

function synthesisOf(example: string): Synthesis {
  const synthesis = syntheses.get(example);
  if (synthesis === undefined) {
    throw new Error(`there is no example ${example}`);
  }
  return synthesis;
}

function stackOf(example: string, name: string): StackJson & Json {
  return readStack(synthesisOf(example).outdir, name) as StackJson & Json;
}

function resourceOf(stack: Json, type: string, name: string): Json {
  const { [type]: ofType } = stack["resource"] as Readonly<Record<string, Json>>;
  return ofType?.[name] as Json;
}

/** Runs Terraform in a folder; returns what it prints. */
function terraformIn(cwd: string, ...args: readonly string[]): string {
  return execFileSync(onPath ?? "", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Applies a stack that needs no provider, with its state in a file. */
function applyIn(cwd: string, state: string): void {
  terraformIn(cwd, "init", "-input=false", `-backend-config=path=${state}`);
  terraformIn(cwd, "validate");
  terraformIn(cwd, "apply", "-auto-approve", "-input=false");
}

/** Runs an example as cdktf does: the command of its cdktf.json, its context in a variable; returns what it says. */
async function synthesise(
  example: string,
  outdir: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const cwd = join(projectRoot, "examples", example);
  const { app, context } = JSON.parse(readText(cwd, "cdktf.json")) as {
    readonly app: string;
    readonly context: object;
  };
  const [command = "", ...args] = app.split(" ");
  const { code, stderr } = await run(command, args, {
    cwd,
    environment: {
      HOME: temporaryFolder(),
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
      CDKTF_OUTDIR: outdir,
      ...environment,
    },
  });
  expect({ example, code, stderr }).toMatchObject({ code: 0 });
  return stderr;
}
