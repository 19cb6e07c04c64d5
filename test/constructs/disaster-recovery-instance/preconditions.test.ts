import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, DataTerraformRemoteStateLocal, TerraformStack, Testing } from "cdktf";
import { DisasterRecoveryInstance, type ICrossRegionBackup, LatestCrossRegionBackup } from "../../../lib";
import { AlicloudProvider } from "../../../lib/alicloud";
import { framework } from "../../../lib/validation/own-package";
import { schemaOffences } from "../../alicloud/schema-offences";
import {
  appIn,
  errorOf,
  filesBelow,
  isolateEnvironment,
  lookupErrorOf,
  readText,
  run,
  temporaryFolders,
} from "../../fixtures";
import { terraform } from "../../terraform";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const testWithTerraform = terraform === undefined ? test.skip : test;

const facts = {
  engine: "mysql",
  engine_version: "8.0",
  db_instance_id: "rm-orders",
  region_id: "cn-hangzhou",
  data_time: "2026-01-01T02:00:00Z",
  cross_backup_set_size: 5_312_836,
};

/** A stack that restores a backup of another app, from a state in the folder. */
function stackIn(
  folder: string,
  propsOf: (backup: ICrossRegionBackup) => object = (backup) => ({ backup }),
): TerraformStack {
  const stack = new TerraformStack(Testing.stubVersion(appIn(join(folder, "out"))), "dr");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  const remoteState = new DataTerraformRemoteStateLocal(stack, "primary", {
    path: join(folder, "primary.tfstate"),
  });
  const backup = LatestCrossRegionBackup.fromRemoteState(stack, "orders", { remoteState });
  new DisasterRecoveryInstance(stack, "orders-dr", {
    regionId: "cn-shanghai",
    instanceClass: "rds.mysql.s3.large",
    storageGb: 100,
    storageType: "local_ssd",
    vswitchId: "vsw-uf6xxxx",
    securityIps: ["10.0.0.0/8"],
    ...propsOf(backup),
  });
  return stack;
}

type Json = Readonly<Record<string, unknown>>;

/** The resource of the instance, in a stack's JSON. */
function instanceOf(json: Json): Json & { readonly lifecycle: Json } {
  const resource = json["resource"] as Readonly<Record<string, Json>>;
  return resource["alicloud_rds_ddr_instance"]?.["orders-dr"] as ReturnType<typeof instanceOf>;
}

/** Terraform's name for the type of a value; null can be of any. */
function typeOf(value: unknown): string {
  return value === null ? "string" : typeof value;
}

/** The outputs of a lookup that another app deployed. */
function writeState(folder: string, backup: object, restoreRegions: readonly string[]): void {
  const outputs = {
    orders_cross_backup_id: { value: "12490124", type: "string" },
    orders_restore_regions: { value: restoreRegions, type: ["list", "string"] },
    orders_backup: {
      value: backup,
      type: ["object", Object.fromEntries(Object.entries(backup).map(([name, value]) => [name, typeOf(value)]))],
    },
  };
  const state = {
    version: 4,
    terraform_version: "1.5.0",
    serial: 1,
    lineage: "test",
    outputs,
    resources: [],
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "primary.tfstate"), JSON.stringify(state));
}

/**
 * Writes a stack with what Terraform has built in: the instance is stood for by a resource without a provider, which
 * has its conditions and keeps its arguments.
 */
function writeStack(folder: string, stack: TerraformStack): void {
  const json = JSON.parse(Testing.synth(stack)) as Json;
  const { "//": _metadata, lifecycle, ...input } = instanceOf(json);
  const { precondition, ignore_changes: ignored } = lifecycle as Readonly<Record<string, readonly string[]>>;
  const instance = { input, lifecycle: { precondition, ignore_changes: ignored?.map((name) => `input.${name}`) } };
  const { terraform_data: frozen } = json["resource"] as Readonly<Record<string, Json>>;
  const main = {
    data: json["data"],
    output: json["output"],
    resource: { terraform_data: { ...frozen, "orders-dr": instance } },
  };
  const text = JSON.stringify(main).replaceAll(
    /alicloud_rds_ddr_instance\.orders-dr\.(\w+)/g,
    (_all, name: string) =>
      `terraform_data.orders-dr.${["id", "connection_string", "port"].includes(name) ? "id" : `input.${name}`}`,
  );
  writeFileSync(join(folder, "main.tf.json"), text);
}

async function inFolder(folder: string, args: string): Promise<{ readonly code: number; readonly output: string }> {
  const { code, stdout, stderr } = await run(terraform ?? "", [...args.split(" "), "-no-color"], { cwd: folder });
  return { code, output: `${stdout}${stderr}`.replaceAll(/\s*\n[│\s]*/g, " ") };
}

/** Plans a stack. */
async function planned(folder: string, stack: TerraformStack): Promise<string> {
  writeStack(folder, stack);
  expect(await inFolder(folder, "init -input=false")).toMatchObject({ code: 0 });
  return (await inFolder(folder, "plan -input=false")).output;
}

test("a backup of another app is restored through expressions, with preconditions in place of rules", () => {
  const json = JSON.parse(Testing.synth(stackIn(temporaryFolder()))) as Json;

  const { lifecycle, ...written } = instanceOf(json);

  expect(written).toMatchObject({
    backup_set_id: "${terraform_data.orders-dr_backup_D2AF15C8.input.cross_backup_id}",
    engine_version: "${terraform_data.orders-dr_backup_D2AF15C8.input.engine_version}",
    db_instance_storage_type: "local_ssd",
  });
  expect(lifecycle["precondition"]).toHaveLength(4);
  expect(lifecycle["prevent_destroy"]).toBe(true);
  expect(lifecycle["ignore_changes"]).toContain("engine");
  expect(schemaOffences(json)).toEqual([]);
});

test("it needs a storage type, which nobody knows at synthesis", () => {
  const error = lookupErrorOf(() => stackIn(temporaryFolder(), (backup) => ({ backup, storageType: undefined })));

  expect(error.path).toBe("dr/orders-dr");
  expect(error.reason).toBe('only Terraform knows the storage type of "dr/orders"');
  expect(error.hint).toBe(
    'set storageType to that of the source, such as "local_ssd", or to another type that is sold with the instanceClass',
  );
});

describe("HCL output, in which cdktf cannot write a precondition, is refused", () => {
  const refusal = `dr/orders-dr: the restore of the backup "dr/orders" has preconditions, which Terraform checks when it plans, but ${framework} cannot write preconditions as HCL\n  -> synthesise JSON: omit --hcl, SYNTH_HCL_OUTPUT and hclOutput`;

  test("before a file is written", () => {
    process.env["SYNTH_HCL_OUTPUT"] = "true";
    try {
      const folder = temporaryFolder();
      const app = App.of(stackIn(folder));

      expect(
        errorOf(() => {
          app.synth();
        }).message,
      ).toBe(refusal);
      expect(filesBelow(app.outdir)).toEqual([]);
    } finally {
      delete process.env["SYNTH_HCL_OUTPUT"];
    }
  });

  test("by Testing.synthHcl as well", () => {
    expect(errorOf(() => Testing.synthHcl(stackIn(temporaryFolder()))).message).toBe(refusal);
  });

  test("but not for a backup that the synthesis knows, because its restore needs no preconditions", () => {
    const stack = stackIn(temporaryFolder(), (remote) => ({
      backup: LatestCrossRegionBackup.fromCrossRegionBackupAttributes(TerraformStack.of(remote), "known", {
        crossBackupId: "14562",
        restoreRegions: ["cn-shanghai"],
        engine: "mysql",
        engineVersion: "8.0",
      }),
    }));

    expect(Testing.synthHcl(stack)).toContain('backup_set_id = "14562"');
  });
});

testWithTerraform("what can be restored is planned, in the spelling of the provider", async () => {
  const folder = temporaryFolder();
  writeState(folder, { ...facts, engine: "mssql" }, ["cn-hangzhou", "cn-shanghai"]);

  const plan = await planned(folder, stackIn(folder));

  expect(plan).toContain("Plan: 3 to add, 0 to change, 0 to destroy.");
  expect(plan).toMatch(/engine += "SQLServer"/);
  expect(plan).toMatch(/backup_set_id += "12490124"/);
});

testWithTerraform.each([[], [null], [""], ["5312836"]])("a record with the size %p is planned", async (...size) => {
  const folder = temporaryFolder();
  const { cross_backup_set_size: _size, ...others } = facts;
  const [cross_backup_set_size] = size;
  writeState(folder, size.length === 0 ? others : { ...others, cross_backup_set_size }, ["cn-shanghai"]);

  expect(await planned(folder, stackIn(folder))).toContain("Plan: 3 to add");
});

testWithTerraform.each<[string, object, readonly string[], string]>([
  [
    "PostgreSQL",
    { ...facts, engine: "pgsql" },
    ["cn-shanghai"],
    "the engine of the backup 12490124 is pgsql, but alicloud_rds_ddr_instance restores only MySQL and SQLServer",
  ],
  [
    "another region",
    facts,
    ["cn-hangzhou", "cn-beijing"],
    "the backup 12490124 can be restored to cn-hangzhou, cn-beijing, not to cn-shanghai: set regionId",
  ],
  [
    "too small a disk",
    { ...facts, cross_backup_set_size: 200_000_000_000 },
    ["cn-shanghai"],
    "storageGb is 100, but the compressed file of the backup 12490124 alone has 200000000000 bytes",
  ],
])("Terraform refuses %s, with the value, the rule and the next step", async (_what, backup, regions, message) => {
  const folder = temporaryFolder();
  writeState(folder, backup, regions);

  const plan = await planned(folder, stackIn(folder));

  expect(plan).toContain("Resource precondition failed");
  expect(plan).toContain(message);
});

testWithTerraform.each([
  ["lacks", {}],
  ["has as null or nothing", { engine: null, engine_version: "" }],
])("what the state %s is one message, with the ways out", async (_what, empty) => {
  const folder = temporaryFolder();
  const { engine: _engine, engine_version: _version, ...others } = facts;
  writeState(folder, { ...others, ...empty }, []);

  const plan = await planned(folder, stackIn(folder));

  expect(plan.match(/Error: /g)).toHaveLength(1);
  expect(plan).toContain(
    'the source of the backup "dr/orders" lacks restore_regions, engine, engine_version. If it is the state',
  );
  expect(plan).toContain("pass all of them to fromCrossRegionBackupAttributes");
});

describe("an instance that is there, whatever the other app writes later,", () => {
  const replacing = "-replace=terraform_data.orders-dr_backup_D2AF15C8";

  async function restored(): Promise<string> {
    const folder = temporaryFolder();
    writeState(folder, facts, ["cn-shanghai"]);
    writeStack(folder, stackIn(folder));
    expect(await inFolder(folder, "init -input=false")).toMatchObject({ code: 0 });
    const { output } = await inFolder(folder, "apply -auto-approve");
    expect(output).toContain('orders_dr_backup_set_id = "12490124"');
    return folder;
  }

  testWithTerraform.each<[string, object, readonly string[]]>([
    ["a bigger backup", { ...facts, cross_backup_set_size: 200_000_000_000 }, ["cn-shanghai"]],
    ["other regions", facts, ["cn-beijing"]],
    ["another engine", { ...facts, engine: "pgsql", engine_version: "15.0" }, ["cn-shanghai"]],
    ["no facts at all", {}, []],
  ])("is planned without changes after %s", async (_what, backup, regions) => {
    const folder = await restored();
    writeState(folder, backup, regions);

    expect((await inFolder(folder, "plan")).output).toContain("No changes.");
  });

  testWithTerraform("stays as it is with the facts in the code, once the whole state is lost", async () => {
    const folder = await restored();
    const known = stackIn(folder, (remote) => ({
      backup: LatestCrossRegionBackup.fromCrossRegionBackupAttributes(TerraformStack.of(remote), "known", {
        crossBackupId: "12490124",
        restoreRegions: ["cn-shanghai"],
        engine: "mysql",
        engineVersion: "8.0",
        outputs: false,
      }),
    }));
    writeStack(folder, known);

    const { output } = await inFolder(folder, "plan");

    expect(output).toContain("Plan: 0 to add, 0 to change, 1 to destroy.");
    expect(output).toContain("# terraform_data.orders-dr_backup_D2AF15C8 will be destroyed");
  });

  testWithTerraform(
    "is judged by the backup of today if somebody asks for it, and told not to be resized",
    async () => {
      const folder = await restored();
      writeState(folder, { ...facts, cross_backup_set_size: 200_000_000_000 }, ["cn-shanghai"]);

      const { output } = await inFolder(folder, `plan ${replacing}`);

      expect(output).toContain("alone has 200000000000 bytes");
      expect(output).toContain("Never resize an instance that exists for this.");
      expect(output).toContain(`"terraform apply ${replacing}" in the folder of the stack takes the backup of today`);
    },
  );
});

testWithTerraform(
  "after a creation that failed, the next deploy tries the same backup, until its facts are replaced",
  async () => {
    const folder = temporaryFolder();
    writeState(folder, { ...facts, cross_backup_set_size: 5 }, ["cn-shanghai"]);
    writeStack(folder, stackIn(folder));
    const main = join(folder, "main.tf.json");
    const text = readText(main);
    writeFileSync(
      main,
      text.replace(
        '"input":{"backup_set_id"',
        '"provisioner":[{"local-exec":{"command":"exit 1"}}],"input":{"backup_set_id"',
      ),
    );
    await inFolder(folder, "init -input=false");
    expect(await inFolder(folder, "apply -auto-approve")).toMatchObject({ code: 1 });
    writeFileSync(main, text);
    writeState(folder, { ...facts, engine_version: "8.4" }, ["cn-shanghai"]);

    expect((await inFolder(folder, "plan")).output).toMatch(/engine_version += "8.0"/);
    expect((await inFolder(folder, "plan -replace=terraform_data.orders-dr_backup_D2AF15C8")).output).toMatch(
      /engine_version += "8.0" -> "8.4"/,
    );
  },
);

describe("a point in time", () => {
  const window = { ...facts, recoverable_until: "2026-01-01T20:00:00Z" };

  const planOf = async (restoreTimeOf: (backup: ICrossRegionBackup) => string): Promise<string> => {
    const folder = temporaryFolder();
    writeState(folder, window, ["cn-shanghai"]);
    return planned(
      folder,
      stackIn(folder, (backup) => ({ pointInTime: { backup, restoreTime: restoreTimeOf(backup) } })),
    );
  };

  testWithTerraform.each<[string, (backup: ICrossRegionBackup) => string, string]>([
    ["at the data time", () => "2026-01-01T02:00:00Z", "2026-01-01T02:00:00Z"],
    ["within the window", () => "2026-01-01T11:30:00Z", "2026-01-01T11:30:00Z"],
    ["at the end of the window", ({ recoverableUntil }) => recoverableUntil, "2026-01-01T20:00:00Z"],
  ])("%s is planned", async (_what, restoreTimeOf, restoreTime) => {
    const plan = await planOf(restoreTimeOf);

    expect(plan).toContain("Plan: 3 to add");
    expect(plan).toContain(`"${restoreTime}"`);
    expect(plan).toMatch(/source_db_instance_name += "rm-orders"/);
  });

  testWithTerraform.each(["2026-01-01T01:59:59Z", "2026-01-01T20:00:01Z"])("at %s is refused", async (restoreTime) => {
    expect(await planOf(() => restoreTime)).toContain(
      `the backup 12490124 and its logs can be restored from 2026-01-01T02:00:00Z to 2026-01-01T20:00:00Z, not to the restoreTime ${restoreTime}`,
    );
  });
});
