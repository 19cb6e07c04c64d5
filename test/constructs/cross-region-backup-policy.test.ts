import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Aspects, type IAspect, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { CrossRegionBackupPolicy, type CrossRegionBackupPolicyProps } from "../../lib";
import { AlicloudProvider, RdsDdrInstance, RdsInstanceCrossBackupPolicy } from "../../lib/alicloud";
import { framework } from "../../lib/validation/own-package";
import { schemaOffences } from "../alicloud/schema-offences";
import { lookupErrorOf, run, temporaryFolders, testingSynth } from "../fixtures";
import { terraform } from "../terraform";

const temporaryFolder = temporaryFolders();

const required = { dbInstanceId: "rm-orders", crossBackupRegion: "cn-shanghai" };

function newStack(): TerraformStack {
  const stack = new TerraformStack(new App(), "primary");
  new AlicloudProvider(stack, "alicloud", { region: "cn-hangzhou" });
  return stack;
}

function policy(stack: TerraformStack, props: unknown): CrossRegionBackupPolicy {
  return new CrossRegionBackupPolicy(stack, "orders", props as CrossRegionBackupPolicyProps);
}

/** The resource as it is synthesised, which the schema has to take. */
function resourceOf(stack: TerraformStack): unknown {
  const json = testingSynth(stack) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>>;
  };
  expect(schemaOffences({ ...json })).toEqual([]);
  const {
    "//": _metadata,
    lifecycle,
    ...resource
  } = (json.resource["alicloud_rds_instance_cross_backup_policy"]?.["orders"] ?? {}) as Readonly<
    Record<string, object>
  >;
  const { postcondition: _condition, ...guards } = lifecycle as { readonly postcondition?: unknown };
  return { ...resource, ...(Object.keys(guards).length === 0 ? {} : { lifecycle: guards }) };
}

test("copies data and logs, has the name of the construct, and is guarded from a destroy", () => {
  const stack = newStack();
  policy(stack, required);

  expect(resourceOf(stack)).toEqual({
    instance_id: "rm-orders",
    cross_backup_region: "cn-shanghai",
    log_backup_enabled: "Enable",
    lifecycle: { prevent_destroy: true },
  });
});

test.each([7, 1825])("keeps the copies for %d days", (retentionDays) => {
  const stack = newStack();
  policy(stack, { ...required, retentionDays });

  expect(resourceOf(stack)).toMatchObject({ retention: retentionDays });
});

test("omits the logs with logBackup: false, and the guard with protect: false", () => {
  const stack = newStack();
  policy(stack, { ...required, logBackup: false, protect: false });

  expect(resourceOf(stack)).toEqual({ instance_id: "rm-orders", cross_backup_region: "cn-shanghai" });
});

test("accepts tokens for the instance and the region, such as those of a restored instance", () => {
  const stack = newStack();
  const restored = new RdsDdrInstance(stack, "restored", {
    engine: "MySQL",
    engineVersion: "8.0",
    instanceType: "rds.mysql.s3.large",
    instanceStorage: 100,
    paymentType: "PayAsYouGo",
    restoreType: "BackupSet",
  });
  const region = new TerraformVariable(stack, "region", {});
  policy(stack, { dbInstanceId: restored.id, crossBackupRegion: region.stringValue });

  expect(resourceOf(stack)).toMatchObject({
    instance_id: "${alicloud_rds_ddr_instance.restored.id}",
    cross_backup_region: "${var.region}",
  });
});

test("its resource accepts what the props lack", () => {
  const stack = newStack();
  const provider = new AlicloudProvider(stack, "beijing", { alias: "beijing", region: "cn-beijing" });
  const { resource } = policy(stack, required);
  resource.provider = provider;
  resource.addOverride("timeouts", { create: "20m" });

  expect(resourceOf(stack)).toMatchObject({ provider: "alicloud.beijing", timeouts: { create: "20m" } });
});

test.each<[string, unknown, string]>([
  ["no instance", { crossBackupRegion: "cn-shanghai" }, "dbInstanceId must be the id of an RDS instance"],
  ["a malformed instance", { ...required, dbInstanceId: "rm orders" }, 'but is "rm orders"'],
  ["no region", { dbInstanceId: "rm-orders" }, "crossBackupRegion must be the id of a region"],
  ["a malformed region", { ...required, crossBackupRegion: "Shanghai" }, 'but is "Shanghai"'],
  ["6 days", { ...required, retentionDays: 6 }, "must be a whole number of days from 7 to 1825, but is 6"],
  ["1826 days", { ...required, retentionDays: 1826 }, "from 7 to 1825, but is 1826"],
  ["half a day", { ...required, retentionDays: 7.5 }, "retentionDays must be a whole number of days"],
  ["days as text", { ...required, retentionDays: "30" }, "retentionDays must be a whole number of days"],
  ["a word for logBackup", { ...required, logBackup: "Enable" }, "logBackup must be true or false"],
  ["a word for protect", { ...required, protect: "no" }, 'protect must be true or false, but is "no"'],
  ["null for protect", { ...required, protect: null }, "protect must be true or false, but is null"],
  ["no props at all", undefined, "there are no props"],
  [
    "a prop it does not know",
    { ...required, retention: 30 },
    "there is no prop retention\n  -> correct its name; the props are crossBackupRegion, dbInstanceId, logBackup, protect, retentionDays",
  ],
])("%s is one error that names the prop", (_, props, message) => {
  const error = lookupErrorOf(() => policy(newStack(), props));

  expect(error.message).toMatch(/^primary\/orders: [^]*\n {2}-> ./);
  expect(error.message).toContain(message);
});

test.each(["retentionDays", "logBackup", "protect"])("a token for %s is refused", (name) => {
  const stack = newStack();
  const variable = new TerraformVariable(stack, "variable", {});
  const token = name === "retentionDays" ? variable.numberValue : variable.booleanValue;

  expect(lookupErrorOf(() => policy(stack, { ...required, [name]: token })).message).toContain(
    `primary/orders: ${name} is a token: it gets its value when Terraform runs`,
  );
});

test("a copy in the region of the instance is refused: it would be lost with it", () => {
  const stack = newStack();
  policy(stack, { ...required, crossBackupRegion: "cn-hangzhou" });

  const error = lookupErrorOf(() => testingSynth(stack));

  expect(error.reason).toBe(
    'crossBackupRegion is "cn-hangzhou", which is the region of the provider "primary/alicloud", and so of the instance',
  );
  expect(error.hint).toBe("set crossBackupRegion to another region, such as the one to restore to");
});

describe("a policy that has lost its guard is refused, because its destroy disables the backups:", () => {
  const loosen: IAspect = {
    visit: (node) => {
      if (node instanceof RdsInstanceCrossBackupPolicy) {
        node.lifecycle = { ignoreChanges: ["retention"] };
      }
    },
  };

  test.each<[string, (stack: TerraformStack, made: CrossRegionBackupPolicy) => void]>([
    [
      "an aspect",
      (stack) => {
        Aspects.of(stack).add(loosen);
      },
    ],
    [
      "an override",
      (_stack, { resource }) => {
        resource.addOverride("lifecycle.prevent_destroy", false);
      },
    ],
    [
      "a line of the app",
      (_stack, { resource }) => {
        resource.lifecycle = undefined;
      },
    ],
  ])("through %s", (_what, remove) => {
    const stack = newStack();
    remove(stack, policy(stack, required));

    const error = lookupErrorOf(() => {
      App.of(stack).synth();
    });

    expect(error.path).toBe("primary/orders");
    expect(error.code).toBe("GuardLost");
    expect(error.message).toMatch(
      /^primary\/orders: protect is true, but something has removed prevent_destroy .*\n {2}-> add to the lifecycle/,
    );
  });

  test("but not with protect: false", () => {
    const stack = newStack();
    Aspects.of(stack).add(loosen);
    policy(stack, { ...required, protect: false });

    expect(resourceOf(stack)).toMatchObject({ lifecycle: { ignore_changes: ["retention"] } });
  });

  test("but not if something adds to its lifecycle", () => {
    const stack = newStack();
    policy(stack, required).resource.addOverride("lifecycle.ignore_changes", ["retention"]);

    expect(resourceOf(stack)).toMatchObject({
      lifecycle: { prevent_destroy: true, ignore_changes: ["retention"] },
    });
  });
});

describe("copies that are switched off outside of Terraform", () => {
  const off = "somebody has switched off the copies of the backups of rm-orders";

  (terraform === undefined ? test.skip : test).each([
    ["Enable", false],
    ["", false],
    ["Disable", true],
    ["Disabled", true],
  ])("are an error of the plan: %p (needs terraform or tofu)", async (backupEnabled, isError) => {
    const stack = newStack();
    policy(stack, required);
    const json = testingSynth(stack) as {
      readonly resource: Record<string, Record<string, { readonly lifecycle: object }>>;
    };
    const { postcondition } = json.resource["alicloud_rds_instance_cross_backup_policy"]?.["orders"]?.lifecycle as {
      readonly postcondition: unknown;
    };
    const folder = temporaryFolder();
    const standIn = { input: { backup_enabled: backupEnabled }, lifecycle: { postcondition } };
    const text = JSON.stringify({ resource: { terraform_data: { orders: standIn } } });
    writeFileSync(join(folder, "main.tf.json"), text.replace("self.backup_enabled", "self.input.backup_enabled"));
    const type = (args: string): ReturnType<typeof run> =>
      run(terraform ?? "", [...args.split(" "), "-no-color"], { cwd: folder });
    await type("init -input=false");

    const { code, stderr } = await type("plan");

    expect({ isError: code !== 0, says: stderr.includes(off) }).toEqual({ isError, says: isError });
  });

  test("are not noticed with HCL, which cannot have the condition: a warning says so", () => {
    const stack = newStack();
    policy(stack, required);

    expect(Testing.synthHcl(stack)).not.toContain("postcondition");
    expect(stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => String(data)))).toContain(
      `${framework} cannot write postconditions as HCL: if somebody switches the copies off, no plan says so. Synthesise JSON to have it checked`,
    );
  });
});
