import { join } from "node:path";
import {
  App,
  Aspects,
  type IAspect,
  TerraformLocal,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
} from "cdktf";
import { Construct } from "constructs";
import {
  type CrossRegionBackupAttributes,
  DisasterRecoveryInstance,
  type ICrossRegionBackup,
  LatestCrossRegionBackup,
  type LatestCrossRegionBackupProps,
  PaymentType,
} from "../../../lib";
import { AlicloudProvider, Vpc, Vswitch } from "../../../lib/alicloud";
import { schemaOffences } from "../../alicloud/schema-offences";
import {
  appIn,
  errorOf,
  filesBelow,
  isolateEnvironment,
  lockedApp,
  lookupErrorOf,
  outputsOf,
  readStack,
  temporaryFolders,
} from "../../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const facts: CrossRegionBackupAttributes = {
  crossBackupId: "12490124",
  restoreRegions: ["cn-hangzhou", "cn-shanghai"],
  engine: "mysql",
  engineVersion: "8.0",
  dbInstanceStorageType: "ssd",
  crossBackupSetSize: 5_312_836,
};

const asked = {
  regionId: "cn-shanghai",
  instanceClass: "rds.mysql.s3.large",
  storageGb: 100,
  vswitchId: "vsw-uf6xxxx",
  securityIps: ["10.0.0.0/8"],
};

type Json = Readonly<Record<string, unknown>>;

/** A stack in the region of the replacement. */
function newStack(region: string | undefined = "cn-shanghai"): TerraformStack {
  const stack = new TerraformStack(appIn(temporaryFolder()), "dr");
  new AlicloudProvider(stack, "alicloud", { region });
  return stack;
}

function backupOf(stack: TerraformStack, others: Partial<CrossRegionBackupAttributes> = {}): ICrossRegionBackup {
  return LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "orders", {
    ...facts,
    ...others,
    outputs: false,
  });
}

/** @param backup null for none */
function instanceIn(
  stack: TerraformStack,
  others: object = {},
  backup: ICrossRegionBackup | null = backupOf(stack),
): DisasterRecoveryInstance {
  const restored = backup === null ? {} : { backup };
  return new DisasterRecoveryInstance(stack, "orders-dr", { ...restored, ...asked, ...others });
}

function synthesised(stack: TerraformStack): Json {
  return JSON.parse(Testing.synth(stack)) as Json;
}

interface Looked {
  readonly app: App;
  readonly stack: TerraformStack;
  readonly backup: LatestCrossRegionBackup;
}

/** A stack in the region of the replacement, with a lookup that found what its lock says. */
function looked(
  ofRecord: object = {},
  props: Partial<LatestCrossRegionBackupProps> = {},
  key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai",
): Looked {
  const answer = { backup: { ...facts, dataTime: "2026-01-01T02:00:00Z", ...ofRecord } };
  const app = lockedApp(temporaryFolder(), { [key]: answer });
  const stack = new TerraformStack(app, "dr");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  const backup = new LatestCrossRegionBackup(stack, "orders", {
    dbInstanceId: "rm-orders",
    regionId: "cn-hangzhou",
    restoreRegion: "cn-shanghai",
    outputs: false,
    ...props,
  });
  return { app, stack, backup };
}

/** The arguments of the instance. */
function argumentsOf(json: Json): Json & { readonly lifecycle: { readonly ignore_changes: readonly string[] } } {
  const resource = json["resource"] as Json;
  const ofType = resource["alicloud_rds_ddr_instance"] as Json;
  return ofType["orders-dr"] as ReturnType<typeof argumentsOf>;
}

/** The warnings of a stack that is synthesised. */
function warningsOf(stack: TerraformStack): string[] {
  synthesised(stack);
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === "@cdktf/warn")
    .map(({ data }) => String(data));
}

test("restores a backup once, with the facts of its record, and under protection", () => {
  const stack = newStack();
  instanceIn(stack);

  const json = synthesised(stack);

  expect(argumentsOf(json)).toEqual({
    restore_type: "BackupSet",
    backup_set_id: "12490124",
    engine: "MySQL",
    engine_version: "8.0",
    db_instance_storage_type: "local_ssd",
    instance_name: expect.stringMatching(/^dr-orders-dr-[0-9a-f]{8}$/) as string,
    instance_type: "rds.mysql.s3.large",
    instance_storage: 100,
    payment_type: "PayAsYouGo",
    deletion_protection: true,
    vswitch_id: "vsw-uf6xxxx",
    security_ips: ["10.0.0.0/8"],
    timeouts: { create: "24h" },
    lifecycle: {
      prevent_destroy: true,
      ignore_changes: [
        "backup_set_id",
        "engine",
        "engine_version",
        "restore_time",
        "restore_type",
        "source_db_instance_name",
        "source_region",
        "tde_status",
        "vswitch_id",
        "zone_id",
        "db_instance_storage_type",
        "instance_name",
      ],
    },
  });
  expect(schemaOffences(json)).toEqual([]);
});

/** What the outputs say of the backup: what Terraform keeps, and the resource's own word for it. */
const restoredFrom = '${coalesce(terraform_data.orders-dr_restored-from_44928B80.output, "unknown")}';

test("its outputs are the resource's own, and what Terraform keeps of its origin", () => {
  const stack = newStack();
  const { instanceId, connectionString, port, backupSetId } = instanceIn(stack);
  new TerraformLocal(stack, "attributes", [instanceId, connectionString, port, backupSetId]);

  const json = synthesised(stack);

  expect(json["locals"]).toEqual({
    attributes: [
      ...["id", "connection_string", "port"].map((name) => `\${alicloud_rds_ddr_instance.orders-dr.${name}}`),
      restoredFrom,
    ],
  });
  expect(json["resource"]).toMatchObject({
    terraform_data: {
      "orders-dr_restored-from_44928B80": {
        input: "${alicloud_rds_ddr_instance.orders-dr.backup_set_id}",
        triggers_replace: ["${alicloud_rds_ddr_instance.orders-dr.id}"],
        lifecycle: { ignore_changes: ["input"] },
      },
    },
  });
  expect(outputsOf(json)).toEqual({
    orders_dr_instance_id: "${alicloud_rds_ddr_instance.orders-dr.id}",
    orders_dr_connection_string: "${alicloud_rds_ddr_instance.orders-dr.connection_string}",
    orders_dr_port: "${alicloud_rds_ddr_instance.orders-dr.port}",
    orders_dr_backup_set_id: restoredFrom,
  });
});

test.each<[string, Partial<CrossRegionBackupAttributes>]>([
  ["a newer backup", { crossBackupId: "12490199" }],
  ["a newer engine version", { engineVersion: "8.4" }],
  ["another engine", { engine: "mssql" }],
  ["another size", { crossBackupSetSize: 90 * 1024 ** 3 }],
  ["another storage type", { dbInstanceStorageType: "cloud_essd" }],
  ["other regions", { restoreRegions: ["cn-shanghai", "cn-zhangjiakou"] }],
  [
    "all of them at once",
    {
      crossBackupId: "12490199",
      engineVersion: "8.4",
      crossBackupSetSize: 90 * 1024 ** 3,
      dbInstanceStorageType: "cloud_essd",
      restoreRegions: ["cn-shanghai"],
      dataTime: "2026-01-01T00:00:00Z",
    },
  ],
])("with %s, nothing that Terraform looks at changes", (_what, others) => {
  const keptOf = (ofRecord: Partial<CrossRegionBackupAttributes>): Json => {
    const stack = newStack();
    instanceIn(stack, {}, backupOf(stack, ofRecord));
    const written = argumentsOf(synthesised(stack));
    return Object.fromEntries(
      Object.entries(written).filter(([name]) => !written.lifecycle.ignore_changes.includes(name)),
    );
  };

  const kept = keptOf(others);

  expect(kept).toEqual(keptOf({}));
  expect(Object.keys(kept)).toEqual(expect.arrayContaining(["instance_storage", "instance_type", "lifecycle"]));
});

describe("a prop", () => {
  test("becomes an argument of the resource", () => {
    const stack = newStack();
    instanceIn(stack, {
      instanceName: "orders",
      paymentType: PaymentType.SUBSCRIPTION,
      subscriptionMonths: 12,
      storageType: "cloud_essd2",
      resourceGroupId: "rg-acfmy",
      encryptionKey: "key-1",
      createTimeoutHours: 48,
    });

    const json = synthesised(stack);

    expect(argumentsOf(json)).toMatchObject({
      instance_name: "orders",
      payment_type: "Subscription",
      period: 12,
      db_instance_storage_type: "cloud_essd2",
      resource_group_id: "rg-acfmy",
      encryption_key: "key-1",
      timeouts: { create: "48h" },
    });
    // The provider would plan it false → true for ever.
    expect(argumentsOf(json)).not.toHaveProperty("deletion_protection");
    // What the user named is the user's to change.
    expect(argumentsOf(json).lifecycle.ignore_changes).not.toContain("db_instance_storage_type");
    expect(schemaOffences(json)).toEqual([]);
  });

  test("may be an attribute of another resource", () => {
    const stack = newStack();
    const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/8" });
    const vswitch = new Vswitch(stack, "vswitch", {
      vpcId: vpc.id,
      cidrBlock: "10.1.0.0/16",
      zoneId: "cn-shanghai-b",
    });
    const name = new TerraformVariable(stack, "name", { type: "string" });
    instanceIn(stack, {
      vswitchId: vswitch.id,
      securityIps: [vpc.cidrBlock],
      instanceName: name.stringValue,
    });

    const json = synthesised(stack);

    expect(argumentsOf(json)).toMatchObject({
      vswitch_id: "${alicloud_vswitch.vswitch.id}",
      security_ips: ["${alicloud_vpc.vpc.cidr_block}"],
      instance_name: "${var.name}",
    });
    expect(schemaOffences(json)).toEqual([]);
  });

  test("an unprotected instance lifts the protection, so that a destroy can follow", () => {
    const stack = newStack();
    instanceIn(stack, { protect: false });

    const written = argumentsOf(synthesised(stack));

    expect(written["deletion_protection"]).toBe(false);
    expect(written.lifecycle).not.toHaveProperty("prevent_destroy");
  });

  test("the resource itself accepts more arguments; Terraform then ignores storage that grows by itself", () => {
    const stack = newStack();
    instanceIn(stack).resource.addOverride("storage_auto_scale", "Enable");

    const json = synthesised(stack);

    expect(argumentsOf(json)).toMatchObject({ storage_auto_scale: "Enable" });
    expect(argumentsOf(json).lifecycle.ignore_changes).toContain("instance_storage");
  });

  test("a zone, an encryption status, an array of addresses and a kernel are never written", () => {
    const stack = newStack();
    instanceIn(stack);

    const written = Object.keys(argumentsOf(synthesised(stack)));
    expect(written.filter((name) => /^zone_id|^tde_|ip_array|private_ip|kernel|minor_version/.test(name))).toEqual([]);
  });
});

describe("a mistake", () => {
  test.each<[string, object, string, string]>([
    ["no region", { regionId: undefined }, "regionId must be the id of a region", "correct regionId"],
    ["no class", { instanceClass: "" }, "instanceClass must be an instance type", "correct instanceClass"],
    [
      "no storage",
      { storageGb: undefined },
      "storageGb must be a whole number of GB above 0, but is missing",
      "correct",
    ],
    ["no vswitch", { vswitchId: undefined }, "vswitchId must be the id of a vswitch", "correct vswitchId"],
    [
      "a whitelist of names",
      { securityIps: ["app"] },
      'securityIps must be an IPv4 address or block, such as "10.0.0.0/8", but is "app"',
      "correct",
    ],
    [
      "a subscription without months",
      { paymentType: "Subscription" },
      "subscriptionMonths must be given with the paymentType Subscription, and only then, but is missing",
      "correct subscriptionMonths",
    ],
    [
      "months without a subscription",
      { subscriptionMonths: 12 },
      "subscriptionMonths must be given with the paymentType Subscription, and only then, but is 12",
      "correct subscriptionMonths",
    ],
    [
      "another way to pay",
      { paymentType: "Postpaid" },
      'paymentType must be "PayAsYouGo" or "Subscription", but is "Postpaid"',
      "correct paymentType",
    ],
    ["a storage type of records", { storageType: "ssd" }, 'but is "ssd"', "correct storageType"],
    [
      "a resource group by name",
      { resourceGroupId: "my group" },
      "resourceGroupId must be the id of a resource group",
      "correct",
    ],
    ["a VPC for a vswitch", { vswitchId: "vpc-uf6xxxx" }, 'but is "vpc-uf6xxxx"', "correct vswitchId"],
    ["no key", { encryptionKey: " " }, "encryptionKey must be the id of a KMS key", "correct encryptionKey"],
    ["no time", { createTimeoutHours: 0 }, "createTimeoutHours must be a number of hours above 0, but is 0", "correct"],
    ["half a protection", { protect: "no" }, 'protect must be true or false, but is "no"', "correct protect"],
    ["a misspelt prop", { securityIp: [] }, "there is no prop securityIp", "the props are backup, createTimeoutHours"],
    ["a bad prefix", { outputPrefix: "7" }, 'cannot begin with "7"', "set outputPrefix"],
  ])("such as %s is an error that says what is allowed", (_what, others, message, hint) => {
    const error = lookupErrorOf(() => instanceIn(newStack(), others));

    expect(error.message).toContain(`dr/orders-dr: `);
    expect(error.reason).toContain(message);
    expect(error.hint).toContain(hint);
  });

  test.each<[string, unknown, string]>([
    ["the id alone", "12490124", 'backup must be a construct, such as a LatestCrossRegionBackup, but is "12490124"'],
    ["nothing", null, "but is undefined"],
    ["another construct", new TerraformStack(new App(), "other"), "but is object"],
  ])("such as %s for the backup is an error that says what to pass", (_what, backup, message) => {
    const error = lookupErrorOf(() => instanceIn(newStack(), { backup }));

    expect(error.reason).toContain(message);
    expect(error.hint).toContain("fromCrossRegionBackupAttributes");
  });

  test("such as a token for a prop that the synthesis needs is an error", () => {
    const stack = newStack();
    const region = new TerraformVariable(stack, "region", { type: "string" });

    const error = lookupErrorOf(() => instanceIn(stack, { regionId: region.stringValue }));

    expect(error.reason).toContain("regionId is a token");
    expect(error.hint).toContain("pass regionId as a plain value");
  });

  test("such as a lookup without restoreRegion is an error", () => {
    const stack = newStack();
    const backup = new LatestCrossRegionBackup(stack, "orders", {
      dbInstanceId: "rm-orders",
      regionId: "cn-hangzhou",
    });

    const error = lookupErrorOf(() => instanceIn(stack, {}, backup));

    expect(error.reason).toBe(
      'the lookup of the backup "dr/orders" has no restoreRegion, so the latest backup may not be restorable to "cn-shanghai"',
    );
    expect(error.hint).toBe('set restoreRegion: "cn-shanghai" in its props');
  });
});

describe("a rule of the restore", () => {
  test.each<[string, Partial<CrossRegionBackupAttributes>, object, string, string]>([
    ["another engine", { engine: "MariaDB" }, {}, "restores only MySQL, SQLServer, PostgreSQL", "one of these engines"],
    [
      "another region",
      { restoreRegions: ["cn-beijing"] },
      {},
      "can be restored to cn-beijing, not to the regionId",
      "set regionId",
    ],
    ["an unmapped storage type", { dbInstanceStorageType: "ecs" }, {}, 'the storage type "ecs"', "set storageType"],
    [
      "too small a disk",
      { crossBackupSetSize: 2e11 },
      {},
      "storageGb is 100, but the compressed file of the backup 12490124 alone has 187 GB",
      "set storageGb",
    ],
  ])("that forbids %s fails the synthesis before a file is written", (_what, ofRecord, others, message, hint) => {
    const outdir = temporaryFolder();
    const app = appIn(outdir);
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    instanceIn(stack, others, backupOf(stack, ofRecord));

    const error = lookupErrorOf(() => {
      app.synth();
    });

    expect(error.path).toBe("dr/orders-dr");
    expect(error.reason).toContain(message);
    expect(error.hint).toContain(hint);
    expect(filesBelow(outdir)).toEqual([]);
  });

  test("is judged once the lookup has settled, whichever stack contains it", () => {
    const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
    const outdir = temporaryFolder();
    const app = lockedApp(outdir, {
      [key]: { backup: { ...facts, dataTime: "2026-01-01T00:00:00Z", engine: "MariaDB" } },
    });
    const lookups = new TerraformStack(app, "lookup");
    const backup = new LatestCrossRegionBackup(lookups, "orders", {
      dbInstanceId: "rm-orders",
      regionId: "cn-hangzhou",
      restoreRegion: "cn-shanghai",
    });
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    instanceIn(stack, {}, backup);

    const error = lookupErrorOf(() => {
      app.synth();
    });

    expect(error.path).toBe("dr/orders-dr");
    expect(error.code).toBe("EngineNotRestorable");
    expect(filesBelow(outdir)).toEqual([]);
  });

  test("accepts what a lookup found", () => {
    const { app, stack, backup } = looked();
    instanceIn(stack, {}, backup);

    app.synth();

    expect(argumentsOf(readStack(app.outdir, "dr") as Json)).toMatchObject({
      backup_set_id: "12490124",
      engine: "MySQL",
      engine_version: "8.0",
      db_instance_storage_type: "local_ssd",
    });
  });

  test("stops no destroy, although placeholders would break every rule", () => {
    process.env["RDS_DR_MODE"] = "destroy";
    const outdir = temporaryFolder();
    const app = appIn(outdir);
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    const backup = new LatestCrossRegionBackup(stack, "orders", {
      dbInstanceId: "rm-orders",
      regionId: "cn-hangzhou",
      restoreRegion: "cn-shanghai",
    });
    instanceIn(stack, { protect: false }, backup);

    app.synth();

    // A destroy as well begins with the provider's check of these words.
    expect(argumentsOf(readStack(outdir, "dr") as Json)).toMatchObject({
      backup_set_id: "0",
      engine: "MySQL",
      db_instance_storage_type: "local_ssd",
    });
  });
});

describe("a point in time", () => {
  const dataTime = "2026-01-01T02:00:00Z";
  const recoverableUntil = "2026-01-01T20:00:00Z";

  const lookedUpWithWindow = (ofRecord: object = { recoverableUntil }, others: object = {}): Looked =>
    looked(
      ofRecord,
      { recoveryWindow: true, ...others },
      "latest rm-orders recoveryWindow=true regionId=cn-hangzhou restoreRegion=cn-shanghai",
    );

  test("is restored from the source of the backup, and is in the outputs", () => {
    const { stack, backup } = lookedUpWithWindow();
    instanceIn(stack, { pointInTime: { backup, restoreTime: "2026-01-01T11:30:00Z" } }, null);

    const json = synthesised(stack);

    expect(argumentsOf(json)).toMatchObject({
      restore_type: "BackupTime",
      restore_time: "2026-01-01T11:30:00Z",
      source_region: "cn-hangzhou",
      source_db_instance_name: "rm-orders",
      engine: "MySQL",
    });
    expect(argumentsOf(json)).not.toHaveProperty("backup_set_id");
    expect(outputsOf(json)["orders_dr_restore_time"]).toBe(restoredFrom);
    expect(JSON.stringify(json)).toContain('"input":"${alicloud_rds_ddr_instance.orders-dr.restore_time}"');
    expect(outputsOf(json)).not.toHaveProperty("orders_dr_backup_set_id");
    expect(schemaOffences(json)).toEqual([]);
  });

  test("may be the latest possible, whenever that is", () => {
    const { stack, backup } = lookedUpWithWindow();
    instanceIn(stack, { pointInTime: { backup, restoreTime: backup.recoverableUntil } }, null);

    expect(argumentsOf(synthesised(stack))).toMatchObject({ restore_time: recoverableUntil });
  });

  test("may be within the window of a backup that the user knows", () => {
    const stack = newStack();
    const backup = backupOf(stack, {
      dbInstanceId: "rm-orders",
      regionId: "cn-hangzhou",
      dataTime,
      recoverableUntil,
    });
    instanceIn(stack, { pointInTime: { backup, restoreTime: backup.recoverableUntil } }, null);

    expect(argumentsOf(synthesised(stack))).toMatchObject({ restore_time: recoverableUntil });
  });

  test.each<[string, object, string, string, string]>([
    [
      "after the window",
      { recoverableUntil },
      "2026-01-01T20:00:01Z",
      "can be restored from 2026-01-01T02:00:00Z to 2026-01-01T20:00:00Z",
      "recoverableUntil",
    ],
    [
      "before the window",
      { recoverableUntil },
      "2026-01-01T01:00:00Z",
      "can be restored from 2026-01-01T02:00:00Z",
      'notAfter: "2026-01-01T01:00:00Z"',
    ],
    ["of no window", {}, "2026-01-01T11:30:00Z", "nobody knows to which points in time", "recoveryWindow: true"],
  ])("%s fails the synthesis", (_what, ofRecord, restoreTime, message, hint) => {
    const { app, stack, backup } = lookedUpWithWindow(ofRecord);
    instanceIn(stack, { pointInTime: { backup, restoreTime } }, null);

    const error = lookupErrorOf(() => {
      app.synth();
    });

    expect(error.path).toBe("dr/orders-dr");
    expect(error.reason).toContain(message);
    expect(error.hint).toContain(hint);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  test.each<[string, (backup: ICrossRegionBackup, stack: TerraformStack) => object, string]>([
    [
      "is no time",
      (backup) => ({ pointInTime: { backup, restoreTime: "yesterday" } }),
      "pointInTime.restoreTime must be a real date and time",
    ],
    ["is missing", (backup) => ({ pointInTime: { backup } }), "pointInTime.restoreTime must be a real date and time"],
    [
      "is any token",
      (backup, stack) => ({
        pointInTime: {
          backup,
          restoreTime: new TerraformVariable(stack, "when", { type: "string" }).stringValue,
        },
      }),
      "pointInTime.restoreTime must be a plain value, or recoverableUntil of the backup",
    ],
    [
      "has no backup",
      () => ({ pointInTime: { restoreTime: recoverableUntil } }),
      "pointInTime.backup must be a construct",
    ],
    [
      "has a misspelt prop",
      (backup) => ({ pointInTime: { backup, time: recoverableUntil } }),
      "there is no prop pointInTime.time",
    ],
    [
      "stands beside a backup",
      (backup) => ({ backup, pointInTime: { backup, restoreTime: recoverableUntil } }),
      "both backup and pointInTime are given",
    ],
    ["is not there, nor is a backup", () => ({}), "neither backup nor pointInTime is given"],
  ])("that %s is refused", (_what, propsOf, message) => {
    const { stack, backup } = lookedUpWithWindow();

    const error = lookupErrorOf(() => instanceIn(stack, propsOf(backup, stack), null));

    expect(error.reason).toContain(message);
  });
});

describe("the lifecycle", () => {
  test("accepts additions", () => {
    const stack = newStack();
    const { resource } = instanceIn(stack);
    resource.addOverride("lifecycle.ignore_changes", ["tags"]);
    resource.lifecycle = { ...resource.lifecycle, createBeforeDestroy: false };

    const { lifecycle } = argumentsOf(synthesised(stack));

    expect(lifecycle).toMatchObject({ create_before_destroy: false, prevent_destroy: true });
    expect(lifecycle.ignore_changes).toEqual(expect.arrayContaining(["tags", "backup_set_id", "zone_id"]));
  });

  const replaceLifecycle: IAspect = {
    visit: (node) => {
      if (TerraformResource.isTerraformResource(node)) {
        node.lifecycle = { createBeforeDestroy: true };
      }
    },
  };

  test("may not lose its guard to an aspect", () => {
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    instanceIn(stack);
    Aspects.of(stack).add(replaceLifecycle);

    const error = lookupErrorOf(() => {
      app.synth();
    });

    expect(error.reason).toBe(
      "protect is true, but something has removed prevent_destroy from the lifecycle of the resource",
    );
    expect(error.hint).toContain("{ ...resource.lifecycle, … }");
    expect(filesBelow(join(app.outdir, "stacks"))).toEqual([]);
  });

  test("causes a warning if an unprotected instance loses what it ignores", () => {
    const stack = newStack();
    instanceIn(stack, { protect: false }).resource.lifecycle = { createBeforeDestroy: true };

    expect(warningsOf(stack)).toEqual([
      expect.stringContaining("something has removed backup_set_id, engine, engine_version, restore_time"),
    ]);
  });

  test("may ignore everything", () => {
    const stack = newStack();
    instanceIn(stack).resource.lifecycle = { preventDestroy: true, ignoreChanges: "all" };

    expect(warningsOf(stack)).toEqual([]);
  });
});

test("the outputs follow the resource to another name", () => {
  const stack = newStack();
  instanceIn(stack).resource.overrideLogicalId("moved");

  const json = synthesised(stack);

  expect(Object.keys((json["resource"] as Json)["alicloud_rds_ddr_instance"] as Json)).toEqual(["moved"]);
  expect(outputsOf(json)["orders_dr_port"]).toBe("${alicloud_rds_ddr_instance.moved.port}");
});

describe("a source of another make", () => {
  /** As a user may write one: every attribute is a plain value, or a token. */
  class OwnBackup extends Construct implements ICrossRegionBackup {
    readonly crossBackupId: string = "12490124";
    readonly restoreRegions: string[] = ["cn-shanghai"];
    readonly dbInstanceId = "rm-orders";
    readonly regionId = "cn-hangzhou";
    readonly dataTime = "2026-01-01T02:00:00Z";
    readonly recoverableFrom = "2026-01-01T02:00:00Z";
    readonly recoverableUntil: string = "2026-01-01T20:00:00Z";
    readonly backupStartTime = "2026-01-01T02:00:00Z";
    readonly backupEndTime = "2026-01-01T03:00:00Z";
    readonly crossBackupRegion = "cn-shanghai";
    readonly crossBackupSetFile = "file_qp.xb";
    readonly crossBackupSetSize: number = 5_312_836;
    readonly engine: string = "mysql";
    readonly engineVersion = "8.0";
    readonly category = "HighAvailability";
    readonly dbInstanceStorageType: string = "ssd";
  }

  const own = (stack: TerraformStack, others: object = {}): ICrossRegionBackup =>
    Object.assign(new OwnBackup(stack, "own"), others);

  test("is judged at synthesis by its plain values, without preconditions that Terraform would refuse", () => {
    const stack = newStack();
    instanceIn(stack, {}, own(stack));

    const written = argumentsOf(synthesised(stack));

    expect(written).toMatchObject({ engine: "MySQL", db_instance_storage_type: "local_ssd" });
    expect(written.lifecycle).not.toHaveProperty("precondition");
  });

  test.each<[string, object, string]>([
    ["another engine", { engine: "MariaDB" }, "EngineNotRestorable"],
    ["another region", { restoreRegions: ["cn-beijing"] }, "NotRestorableThere"],
    ["too small a disk", { crossBackupSetSize: 2e11 }, "StorageTooSmall"],
    ["an unmapped storage type", { dbInstanceStorageType: "ecs" }, "StorageTypeNeeded"],
  ])("is refused for %s", (_what, others, code) => {
    const stack = newStack();
    instanceIn(stack, {}, own(stack, others));

    expect(lookupErrorOf(() => synthesised(stack)).code).toBe(code);
  });

  test("is refused for a time outside of its window", () => {
    const stack = newStack();
    const pointInTime = { backup: own(stack), restoreTime: "2026-01-01T21:00:00Z" };
    instanceIn(stack, { pointInTime }, null);

    expect(lookupErrorOf(() => synthesised(stack)).code).toBe("OutsideRecoveryWindow");
  });

  test("gets preconditions on its tokens, and on nothing else", () => {
    const stack = newStack();
    const regions = new TerraformVariable(stack, "regions", { type: "list(string)" });
    instanceIn(stack, {}, own(stack, { restoreRegions: regions.listValue }));

    expect(argumentsOf(synthesised(stack)).lifecycle).toMatchObject({
      precondition: [
        { error_message: expect.stringMatching(/^the source of the backup "dr\/own" lacks /) as string },
        { error_message: expect.stringMatching(/^the backup 12490124 can be restored to /) as string },
      ],
    });
  });

  test("needs an id", () => {
    const stack = newStack();

    expect(lookupErrorOf(() => instanceIn(stack, {}, own(stack, { crossBackupId: undefined }))).reason).toContain(
      "backup must be a construct",
    );
  });
});

describe("the provider", () => {
  test("without an alias is needed if the others have one", () => {
    const stack = new TerraformStack(appIn(temporaryFolder()), "dr");
    const provider = new AlicloudProvider(stack, "p", { region: "cn-shanghai", alias: "shanghai" });
    const { resource } = instanceIn(stack);

    const error = lookupErrorOf(() => synthesised(stack));
    resource.provider = provider;

    expect(error.code).toBe("NoProvider");
    expect(error.hint).toContain('whose region is "cn-shanghai"');
    expect(argumentsOf(synthesised(stack))["provider"]).toBe("alicloud.shanghai");
  });

  test("may be named by an override", () => {
    const stack = newStack();
    new AlicloudProvider(stack, "elsewhere", { region: "cn-hangzhou", alias: "hz" });
    instanceIn(stack).resource.addOverride("provider", "alicloud.hz");

    expect(lookupErrorOf(() => synthesised(stack)).reason).toContain(
      'the provider "dr/elsewhere" restores to its own region "cn-hangzhou"',
    );
  });

  test("of a nested stack is another stack's", () => {
    const stack = new TerraformStack(appIn(temporaryFolder()), "dr");
    new AlicloudProvider(new TerraformStack(stack, "inner"), "alicloud", { region: "cn-hangzhou" });
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    instanceIn(stack);

    expect(warningsOf(stack)).toEqual([]);
  });

  test("of another region is refused, with both", () => {
    const stack = newStack("cn-beijing");
    instanceIn(stack);

    const error = lookupErrorOf(() => synthesised(stack));

    expect(error.reason).toBe(
      'regionId is "cn-shanghai", but the provider "dr/alicloud" restores to its own region "cn-beijing"',
    );
    expect(error.hint).toBe(
      'set the region of the provider to "cn-shanghai", or set resource.provider to another provider',
    );
  });

  test("may be another one of the stack", () => {
    const stack = newStack("cn-hangzhou");
    const provider = new AlicloudProvider(stack, "elsewhere", { region: "cn-shanghai", alias: "elsewhere" });
    instanceIn(stack).resource.provider = provider;

    expect(argumentsOf(synthesised(stack))["provider"]).toBe("alicloud.elsewhere");
  });

  test("counts by what is written, overrides included", () => {
    const stack = new TerraformStack(appIn(temporaryFolder()), "dr");
    const provider = new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    provider.addOverride("region", "cn-beijing");
    instanceIn(stack);

    expect(errorOf(() => synthesised(stack)).message).toContain('restores to its own region "cn-beijing"');
  });
});

describe("warns", () => {
  test("of nothing if all is well", () => {
    const stack = newStack();
    instanceIn(stack);

    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["no address may connect", { securityIps: undefined }, "nobody can connect to the instance: set securityIps"],
    ["the list of addresses is empty", { securityIps: [] }, "nobody can connect to the instance"],
    ["any address may connect", { securityIps: ["0.0.0.0/0"] }, "securityIps contains 0.0.0.0/0"],
    ["storage is off the step", { storageGb: 101 }, "storageGb is 101, but the documents"],
    ["storage is beyond what is documented", { storageGb: 3_000 }, "storageGb is 3000, but the documents"],
  ])("if %s", (_what, others, warning) => {
    const stack = newStack();
    instanceIn(stack, others);

    expect(warningsOf(stack)).toEqual([expect.stringContaining(warning)]);
  });

  test("if the preflight was about another instance", () => {
    const { stack, backup } = looked(
      {},
      {
        restoreRegion: "cn-hangzhou",
        preflight: { instanceClass: "rds.mysql.t1.small", storageGb: 100 },
      },
      "latest rm-orders dbInstanceClass=rds.mysql.t1.small dbInstanceStorage=100 regionId=cn-hangzhou restoreRegion=cn-hangzhou",
    );
    instanceIn(stack, {}, backup);

    expect(warningsOf(stack)).toEqual([
      "the preflight of the lookup asked about another instance (regionId cn-hangzhou, instanceClass rds.mysql.t1.small): it does not say whether this one can be restored",
    ]);
  });

  test("if the provider has no region", () => {
    const stack = new TerraformStack(appIn(temporaryFolder()), "dr");
    new AlicloudProvider(stack, "alicloud");
    instanceIn(stack);

    expect(warningsOf(stack)).toEqual([
      'only Terraform knows the region of the provider "dr/alicloud", which must be "cn-shanghai": set its region to make sure',
    ]);
  });
});

describe("the backup of fromCrossRegionBackupAttributes", () => {
  const bare = { engine: undefined, engineVersion: undefined, dbInstanceStorageType: undefined };

  test("is refused with all facts that it lacks, in one error", () => {
    const stack = newStack();

    const { path, code, reason, hint } = lookupErrorOf(() => instanceIn(stack, {}, backupOf(stack, bare)));

    expect({ path, code }).toEqual({ path: "dr/orders", code: "UnknownFact" });
    expect(reason).toBe("engine, engineVersion, dbInstanceStorageType of the backup 12490124 are not known");
    expect(hint).toBe('pass all of them to fromCrossRegionBackupAttributes; "rds-dr list" shows them');
  });

  test("needs no storage type if the instance has one, and more for a point in time", () => {
    const stack = newStack();
    const pointInTime = { backup: backupOf(stack, bare), restoreTime: "2026-01-01T11:30:00Z" };

    const { reason, hint } = lookupErrorOf(() => instanceIn(stack, { storageType: "local_ssd", pointInTime }, null));

    expect(reason).toBe(
      "engine, engineVersion, dbInstanceId, regionId, recoverableUntil of the backup 12490124 are not known",
    );
    expect(hint).toContain('"rds-dr list --window" shows them');
  });
});

describe.each<[string, (instance: DisasterRecoveryInstance) => void]>([
  [
    "an import",
    ({ resource }) => {
      resource.importFrom("rm-uf6found");
    },
  ],
  [
    "a move",
    ({ resource }) => {
      resource.moveFromId("alicloud_rds_ddr_instance.old");
    },
  ],
])("%s of an instance that exists", (_what, adopt) => {
  test("keeps its name, unless the code has one", () => {
    const stack = newStack();
    adopt(instanceIn(stack));

    const json = synthesised(stack);

    expect(argumentsOf(json).lifecycle.ignore_changes).toContain("instance_name");
    expect(json["import"] ?? json["moved"]).toMatchObject([{ to: "alicloud_rds_ddr_instance.orders-dr" }]);
  });

  test.each([undefined, []])("is refused with the whitelist %p, which the provider would reset", (securityIps) => {
    const stack = newStack();
    adopt(instanceIn(stack, { securityIps }));

    const { code, reason, hint } = lookupErrorOf(() => synthesised(stack));

    expect(code).toBe("WhitelistNeeded");
    expect(reason).toBe(
      "the code imports or moves an instance that exists, but securityIps is missing or empty: nobody could connect to the instance any more",
    );
    expect(hint).toContain("set securityIps to its whitelist of today");
  });

  test("warns if the code has no tags, and only then", () => {
    const [bare, tagged] = [newStack(), newStack()];
    adopt(instanceIn(bare));
    const instance = instanceIn(tagged);
    instance.resource.addOverride("tags", { team: "orders" });
    adopt(instance);

    expect(warningsOf(bare)).toEqual([expect.stringContaining("if the instance has tags, Terraform removes them")]);
    expect(warningsOf(tagged)).toEqual([]);
  });
});
