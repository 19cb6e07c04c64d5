import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "../../../lib";
import { AlicloudProvider } from "../../../lib/alicloud";
import { appIn, isolateEnvironment, lookupErrorOf, run, temporaryFolders } from "../../fixtures";
import { terraform } from "../../terraform";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

type Json = Readonly<Record<string, unknown>>;

function stackOf(folder: string, crossBackupId: string, others: object = {}): TerraformStack {
  const stack = new TerraformStack(appIn(join(folder, "out")), "dr");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  const backup = LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "orders", {
    crossBackupId,
    restoreRegions: ["cn-shanghai"],
    engine: "mysql",
    engineVersion: "8.0",
    dbInstanceStorageType: "ssd",
    outputs: false,
  });
  new DisasterRecoveryInstance(stack, "orders-dr", {
    backup,
    regionId: "cn-shanghai",
    instanceClass: "rds.mysql.s3.large",
    storageGb: 100,
    vswitchId: "vsw-uf6xxxx",
    securityIps: ["10.0.0.0/8"],
    ...others,
  });
  return stack;
}

/** What happens to the instance in this synthesis besides. */
interface Fate {
  /** Its creation fails after it made the instance. */
  readonly fails?: boolean;
  readonly restoredFrom?: string;
}

const address = "terraform_data.orders-dr";
const record = "terraform_data.orders-dr_restored-from_44928B80";

/** A folder in which a resource without a provider stands for the instance: it keeps the arguments that it has. */
class Instance {
  readonly folder = temporaryFolder();

  /** Deploys the app with today's backup, and returns what the output says and what the deploy did. */
  async deploy(crossBackupId: string, { fails = false, ...others }: Fate = {}): Promise<string> {
    const json = JSON.parse(Testing.synth(stackOf(this.folder, crossBackupId, others))) as Json;
    const { alicloud_rds_ddr_instance: ofType, terraform_data: records } = json["resource"] as Record<string, Json>;
    const { "//": _metadata, lifecycle: _guards, ...input } = ofType?.["orders-dr"] as Json;
    const provisioner = fails ? { provisioner: [{ "local-exec": { command: "exit 1" } }] } : {};
    const instance = { input, lifecycle: { ignore_changes: ["input"] }, ...provisioner };
    const main = { output: json["output"], resource: { terraform_data: { ...records, "orders-dr": instance } } };
    const text = JSON.stringify(main)
      // An import or a failed creation leaves the argument empty.
      .replace("${alicloud_rds_ddr_instance.orders-dr.backup_set_id}", `\${try(${address}.input.backup_set_id, null)}`)
      .replaceAll(/alicloud_rds_ddr_instance\.orders-dr\.\w+/g, `${address}.id`);
    writeFileSync(join(this.folder, "main.tf.json"), text);
    await this.type("init -input=false");
    const output = await this.type("apply -auto-approve");
    const [, said = ""] = /orders_dr_backup_set_id = "(.*?)"/.exec(output) ?? [];
    const [, done = ""] = /Apply complete! Resources: (.*?)\./.exec(output) ?? [];
    return `${said}: ${done}`;
  }

  async type(args: string): Promise<string> {
    const { stdout, stderr } = await run(terraform ?? "", [...args.split(" "), "-no-color"], { cwd: this.folder });
    return `${stdout}${stderr}`;
  }
}

(terraform === undefined ? describe.skip : describe)(
  "the output names what the instance was really restored from (needs terraform or tofu)",
  () => {
    let instance: Instance;

    beforeEach(async () => {
      instance = new Instance();
      expect(await instance.deploy("1")).toBe("1: 2 added, 0 changed, 0 destroyed");
    });

    test("after a newer backup", async () => {
      expect(await instance.deploy("2")).toBe("1: 0 added, 0 changed, 0 destroyed");
    });

    test("after somebody tainted and untainted it", async () => {
      await instance.type(`taint ${address}`);
      await instance.type(`untaint ${address}`);

      expect(await instance.deploy("2")).toBe("1: 0 added, 0 changed, 0 destroyed");
    });

    test("after Terraform replaced it by the backup of then", async () => {
      await instance.type(`taint ${address}`);

      expect(await instance.deploy("2")).toBe("2: 2 added, 0 changed, 2 destroyed");
      expect(await instance.deploy("3")).toBe("2: 0 added, 0 changed, 0 destroyed");
    });

    test("after Terraform forgot the instance and imported it", async () => {
      const [, id = ""] = /id += "(.*?)"/.exec(await instance.type(`state show ${address}`)) ?? [];
      await instance.type(`state rm ${address}`);
      await instance.type(`import ${address} ${id}`);

      expect(await instance.deploy("2")).toBe("1: 0 added, 0 changed, 0 destroyed");
    });

    test("after Terraform forgot the record", async () => {
      await instance.type(`state rm ${record}`);

      expect(await instance.deploy("2")).toBe("1: 1 added, 0 changed, 0 destroyed");
    });
  },
);

(terraform === undefined ? describe.skip : describe)(
  "if nobody knows, the output says so, until the code does (needs terraform or tofu)",
  () => {
    test("after an import of an instance that Terraform did not make", async () => {
      const instance = new Instance();
      stackOf(instance.folder, "1");
      writeFileSync(
        join(instance.folder, "main.tf.json"),
        JSON.stringify({ resource: { terraform_data: { "orders-dr": {} } } }),
      );
      await instance.type("init -input=false");
      await instance.type(`import ${address} rm-found`);

      expect(await instance.deploy("2")).toBe("unknown: 1 added, 0 changed, 0 destroyed");
      expect(await instance.deploy("2", { restoredFrom: "1" })).toBe("1: 0 added, 0 changed, 0 destroyed");
    });

    test("but not after a creation that failed: the instance itself says it, whatever backup came later", async () => {
      const instance = new Instance();
      await instance.deploy("1", { fails: true });
      await instance.type(`untaint ${address}`);

      expect(await instance.deploy("2")).toBe("1: 1 added, 0 changed, 0 destroyed");
    });

    test("but what Terraform knows beats what the code says", async () => {
      const instance = new Instance();
      await instance.deploy("2", { restoredFrom: "1" });

      expect(await instance.deploy("3", { restoredFrom: "1" })).toBe("2: 0 added, 0 changed, 0 destroyed");
    });
  },
);

test.each(["unknown", "", "14562; rm", "2026-03-05", "2026-03-05T09:41:00Z"])(
  "restoredFrom must not be %p",
  (restoredFrom) => {
    expect(lookupErrorOf(() => stackOf(temporaryFolder(), "1", { restoredFrom })).reason).toContain(
      "restoredFrom must be the id of a backup",
    );
  },
);

test("restoredFrom must not be the id of a backup if the restore is one to a point in time", () => {
  const pointInTime = { backup: undefined, restoreTime: "2026-03-05T09:41:00Z" };
  const others = { backup: undefined, pointInTime, restoredFrom: "14562" };

  expect(lookupErrorOf(() => stackOf(temporaryFolder(), "1", others)).reason).toContain(
    "restoredFrom must be a point in time",
  );
});
