import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup, RestoreVia } from "../../../lib";
import { AlicloudProvider } from "../../../lib/alicloud";
import type { LockedRestore } from "../../../lib/lock/restores";
import { schemaOffences } from "../../alicloud/schema-offences";
import { appIn, isolateEnvironment, lookupErrorOf, outputsOf, temporaryFolders } from "../../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const at = "2026-03-05T10:00:00Z";
const key = "dr/ledger-dr dbInstanceId=pgm-ledger regionId=cn-hangzhou restoreRegion=cn-shanghai generation=1";
const answerKey = "latest pgm-ledger regionId=cn-hangzhou restoreRegion=cn-shanghai";

const facts = {
  crossBackupId: "101",
  dataTime: "2026-03-05T02:00:00Z",
  restoreRegions: ["cn-hangzhou", "cn-shanghai"],
  engine: "PostgreSQL",
  engineVersion: "15.0",
  dbInstanceStorageType: "cloud_essd",
};

const restored: LockedRestore = {
  instance: { dbInstanceId: "pgm-restored", at, crossBackupId: "99", zoneId: "cn-shanghai-b" },
};

const props = {
  regionId: "cn-shanghai",
  instanceClass: "pg.n2.medium.2c",
  storageGb: 100,
  vswitchId: "vsw-uf6xxxx",
  securityIps: ["10.0.0.0/8"],
};

type Json = Readonly<Record<string, unknown>>;

/** A stack with a restored ledger, of an app whose context has these restores. */
function stackWith(restores: Readonly<Record<string, LockedRestore>>, more: object = {}, ofBackup: object = {}) {
  const answers = { [answerKey]: { backup: { ...facts, ...ofBackup } } };
  const app = appIn(temporaryFolder(), { mode: "locked", answers, restores });
  const source = { dbInstanceId: "pgm-ledger", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
  const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "ledger", source);
  const stack = new TerraformStack(app, "dr");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  const instance = new DisasterRecoveryInstance(stack, "ledger-dr", { backup, ...props, ...more });
  return { app, stack, instance };
}

function synthesised(stack: TerraformStack): Json {
  return JSON.parse(Testing.synth(stack)) as Json;
}

function resourcesOf(json: Json): Readonly<Record<string, Readonly<Record<string, Json>>>> {
  return json["resource"] as ReturnType<typeof resourcesOf>;
}

test("an instance that the lock file knows is imported, and nothing that may change by itself is changed", () => {
  const { stack } = stackWith({ [key]: restored });

  const json = synthesised(stack);

  expect(json["import"]).toEqual([{ id: "pgm-restored", to: "alicloud_db_instance.ledger-dr" }]);
  expect(resourcesOf(json)["alicloud_rds_ddr_instance"]).toBeUndefined();
  const { "ledger-dr": written } = resourcesOf(json)["alicloud_db_instance"] ?? {};
  expect(written).toMatchObject({
    engine: "PostgreSQL",
    engine_version: "15.0",
    instance_type: "pg.n2.medium.2c",
    instance_storage: 100,
    instance_charge_type: "Postpaid",
    instance_name: expect.stringMatching(/^dr-ledger-dr-[\da-f]{8}$/) as string,
    vswitch_id: "vsw-uf6xxxx",
    security_ips: ["10.0.0.0/8"],
    deletion_protection: true,
    lifecycle: {
      prevent_destroy: true,
      ignore_changes: [
        ...["db_param_group_id", "encryption_key", "engine_version", "force_restart", "instance_storage", "node_id"],
        ...["period", "target_minor_version", "vswitch_id", "zone_id", "zone_id_slave_a", "zone_id_slave_b"],
        ...["db_instance_storage_type", "instance_name"],
      ],
    },
  });
  expect(schemaOffences(json)).toEqual([]);
});

test("its outputs are the same, and say from which backup it really was restored", () => {
  const { stack } = stackWith({ [key]: restored });

  expect(outputsOf(synthesised(stack))).toEqual({
    ledger_dr_instance_id: "${alicloud_db_instance.ledger-dr.id}",
    ledger_dr_connection_string: "${alicloud_db_instance.ledger-dr.connection_string}",
    ledger_dr_port: "${alicloud_db_instance.ledger-dr.port}",
    ledger_dr_backup_set_id: "99",
  });
});

test("if nobody knows its backup, the output says so", () => {
  const { stack } = stackWith({ [key]: { instance: { dbInstanceId: "pgm-restored", at } } });

  expect(outputsOf(synthesised(stack))["ledger_dr_backup_set_id"]).toBe("unknown");
});

test("today's backup says nothing about an instance that is there", () => {
  const ofBackup = { restoreRegions: ["cn-shanghai"], crossBackupSetSize: 1e15 };
  const { stack } = stackWith({ [key]: restored }, {}, ofBackup);

  expect(() => synthesised(stack)).not.toThrow();
});

test("MySQL that Terraform restored before is forgotten by Terraform, not destroyed", () => {
  const { stack } = stackWith(
    { [key]: restored },
    { via: RestoreVia.IMPORT },
    { engine: "MySQL", engineVersion: "8.0" },
  );

  expect(synthesised(stack)["removed"]).toEqual([
    { from: "alicloud_rds_ddr_instance.ledger-dr", lifecycle: { destroy: false } },
  ]);
});

test("in HCL, which cannot say so, such a stack is refused", () => {
  const { stack } = stackWith({ [key]: restored }, {}, { engine: "MySQL", engineVersion: "8.0" });

  expect(lookupErrorOf(() => Testing.synthHcl(stack))).toMatchObject({ code: "NoForgettingInHcl" });
});

test("the lock file decides, whatever via says", () => {
  const { stack } = stackWith({ [key]: restored }, { via: RestoreVia.RESOURCE });

  expect(resourcesOf(synthesised(stack))).toHaveProperty("alicloud_db_instance");
});

describe("an instance that the lock file does not know", () => {
  test.each<[string, object, object, string]>([
    ["PostgreSQL", {}, {}, "the provider's resource does not restore PostgreSQL"],
    ["via IMPORT", { via: RestoreVia.IMPORT }, { engine: "MySQL", engineVersion: "8.0" }, "via is IMPORT"],
    ["another generation", { generation: 2 }, {}, "the provider's resource does not restore PostgreSQL"],
  ])("fails the synthesis with the command to run: %s", (_, more, ofBackup, why) => {
    const { app } = stackWith({ [key]: restored }, more, ofBackup);
    const other = stackWith({}, more, ofBackup);
    const failing = "generation" in more ? app : other.app;

    expect(
      lookupErrorOf(() => {
        failing.synth();
      }),
    ).toMatchObject({
      path: "dr/ledger-dr",
      code: "NotRestored",
      reason: expect.stringContaining(why) as string,
      hint: 'run "npx rds-dr restore dr/ledger-dr", commit the lock file, and synthesise again',
    });
  });

  test("is restored by Terraform if it is MySQL", () => {
    const { stack } = stackWith({}, {}, { engine: "MySQL", engineVersion: "8.0" });

    expect(resourcesOf(synthesised(stack))).toHaveProperty("alicloud_rds_ddr_instance");
  });

  test("does not stop a destroy, whose arguments the provider accepts", () => {
    process.env["RDS_DR_MODE"] = "destroy";
    const { stack } = stackWith({});

    const { "ledger-dr": written } = resourcesOf(synthesised(stack))["alicloud_rds_ddr_instance"] ?? {};
    expect(written?.["engine"]).toBe("MySQL");
  });

  test("must have a source that the code names", () => {
    const app = appIn(temporaryFolder(), { mode: "locked", answers: {} });
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    const backup = LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "ledger", facts);
    new DisasterRecoveryInstance(stack, "ledger-dr", { backup, ...props });

    expect(
      lookupErrorOf(() => {
        app.synth();
      }),
    ).toMatchObject({ code: "SourceNotKnown" });
  });
});

test("an instance that a simulator made is not imported elsewhere", () => {
  const endpoint = "http://127.0.0.1:8080";
  const { app } = stackWith({ [key]: { instance: { dbInstanceId: "pgm-restored", at, endpoint } } });

  expect(
    lookupErrorOf(() => {
      app.synth();
    }),
  ).toMatchObject({ code: "RestoredElsewhere" });
});

test("what Terraform alone knows may be given once the instance is there", () => {
  const own = new TerraformVariable(new TerraformStack(new App(), "other"), "vswitch", {});
  const { stack } = stackWith({ [key]: restored }, { vswitchId: own.stringValue });

  expect(resourcesOf(synthesised(stack))["alicloud_db_instance"]).toMatchObject({
    "ledger-dr": { vswitch_id: "${var.vswitch}" },
  });
});

test("a restore in the context that is malformed is an error", () => {
  expect(lookupErrorOf(() => stackWith({ "dr/ledger-dr": restored })).message).toContain(
    'a key of "restores" in the context "rds-dr" must be a restore',
  );
});
