import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { simulatorCredentials, startSimulator, type Simulator } from "../lib/simulator";
import { approved, expectSeen, hoursEarlier, sectionsOf } from "./chapter";
import { hoursAgo, hoursOld, instance, logOfHours, projectRoot, readText, temporaryFolders } from "./fixtures";
import { OperatorProject, type Ended } from "./operator-project";
import { call } from "./simulator/clients";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();
const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

/** The situation in which the steps below a heading are typed. */
interface Scene {
  /** What the first deploy declares, "" for no such deploy; that of the page's first block if not given. */
  readonly first?: string;
  /** The first creation fails after it made the instance. */
  readonly failsPartway?: boolean;
  /** Something kills Terraform while it creates the instance. */
  readonly isInterrupted?: boolean;
  /** The source and its region are gone, and the lock file is old. */
  readonly isSourceGone?: boolean;
  /** There is no lock file either. */
  readonly isLockGone?: boolean;
}

/** An instance that the app declares without this package. */
const ownInstance = `
  const own = new RdsDdrInstance(stack, "old", {
    engine: "MySQL", engineVersion: "8.0", instanceType: "rds.mysql.s3.large", instanceStorage: 100,
    paymentType: "PayAsYouGo", restoreType: "BackupSet", backupSetId: "14538", instanceName: "orders-of-old",
    vswitchId, securityIps: ["10.0.0.0/8"], tags: { team: "orders" },
  });
`;

const scenes: Readonly<Record<string, Scene>> = {
  "Restore again": {},
  "To a point in time": {},
  "When creation failed partway": { failsPartway: true },
  "When creation was interrupted": { isInterrupted: true },
  "Adopt an instance of the same state": { first: ownInstance },
  "Adopt an instance of another state": { first: "" },
  "After the failover": { isSourceGone: true },
  "Remove it without a lookup": { isSourceGone: true, isLockGone: true },
};

const sections = sectionsOf("restore.md");

/** The first block of the page: the props that all others use, and the instance. */
const [, intro = ""] = /^```ts\n(.*?)^```$/ms.exec(readText(projectRoot, "docs", "restore.md")) ?? [];
const firstInstance = intro.indexOf("new DisasterRecoveryInstance");
const sharedProps = intro.slice(0, firstInstance);

let simulator: Simulator;
let project: OperatorProject;

beforeEach(async () => {
  simulator = await startSimulator({
    world: {
      instances: [{ ...instance("rm-uf6wjk5xxxx", [hoursOld(5, 14562)]), logs: [logOfHours(6, 1)] }],
    },
  });
  project = new OperatorProject(temporaryFolder(join(projectRoot, "dist")), simulator.url);
});

afterEach(() => simulator.stop());

test("the page has the headings that this test plays, in this order", () => {
  expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(scenes));
  expect(sections.filter(({ steps }) => steps.length === 0)).toEqual([]);
});

(terraform === undefined ? describe.skip : describe).each(Object.entries(scenes))("%s", (heading, scene) => {
  test("works as the page says (needs terraform or tofu)", async () => {
    const { isSourceGone = false, isLockGone = false } = scene;
    await restoreOnce(scene);
    if (isSourceGone) {
      await simulator.stop();
      writeFileSync(project.lockFile, hoursEarlier(project.readLock(), 700));
    }
    if (isLockGone) {
      rmSync(project.lockFile);
    }

    for (const { code, command, seen } of sections.find((each) => each.heading === heading)?.steps ?? []) {
      if (code !== undefined) {
        writeApp(code);
      }
      expectSeen(command, seen.map(standIn), await project.run(typedHere(command), isSourceGone ? {} : credentials));
    }
  }, 120_000);
});

/** Deploys the app of the first block, without cdktf, which is slower. */
async function restoreOnce({ first, failsPartway = false, isInterrupted = false }: Scene): Promise<void> {
  writeApp(first ?? intro.slice(firstInstance), failsPartway ? "exit 1" : isInterrupted ? "sleep 5" : undefined);
  expect(await project.run("npx rds-dr refresh", credentials)).toMatchObject({ code: 0 });
  if (first === "") {
    return;
  }
  expect(await project.synthesise(credentials)).toMatchObject({ code: 0 });
  expect(await inStack("init -input=false")).toMatchObject({ code: 0 });
  if (isInterrupted) {
    expect(await inStack("apply -auto-approve", "timeout --signal=KILL 2")).toMatchObject({ code: -1 });
    expect(await inStack("state list")).toMatchObject({ output: expect.stringContaining("No state file") as string });
    await createAsTheProviderDid();
  } else {
    expect(await inStack("apply -auto-approve")).toMatchObject({ code: failsPartway ? 1 : 0 });
  }
}

/** Sends the call that the provider had sent before Terraform was killed. */
async function createAsTheProviderDid(): Promise<void> {
  const stack = JSON.parse(readText(project.folder, realSynthesis, "stacks", "dr-cn-shanghai", "cdk.tf.json")) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  };
  const made = stack.resource["alicloud_rds_ddr_instance"]?.["orders-dr"] ?? {};
  const { status } = await call(simulator.url, "CreateDdrInstance", {
    RegionId: "cn-shanghai",
    Engine: made["engine"] ?? "",
    EngineVersion: made["engine_version"] ?? "",
    DBInstanceClass: made["instance_type"] ?? "",
    DBInstanceStorage: String(made["instance_storage"]),
    DBInstanceNetType: "Intranet",
    SecurityIPList: "10.0.0.0/8",
    PayType: "Postpaid",
    DBInstanceDescription: made["instance_name"] ?? "",
    RestoreType: made["restore_type"] ?? "",
    BackupSetId: made["backup_set_id"] ?? "",
  });
  expect(status).toBe(200);
}

/** Runs Terraform in the folder of the stack. */
function inStack(args: string, under = ""): Promise<Ended> {
  const folder = join(project.folder, "cdktf.out", "stacks", "dr-cn-shanghai");
  return project.run(`${under} ${terraform ?? ""} ${args} -no-color`, {}, folder);
}

/** A copy of cdktf.out as it was before resources without a provider took the place of the provider's. */
const realSynthesis = "synthesised";

/** A command of the page as it is typed here. */
function typedHere(command: string): string {
  return standIn(approved(command))
    .replace(/^terraform /, `${terraform ?? ""} `)
    .replace("find-instance", `find-instance --from-synthesis ${realSynthesis}`);
}

/** A text of the page, with resources that need no provider in place of those of the provider. */
function standIn(text: string): string {
  return text.replaceAll(/\balicloud_\w+/g, "terraform_data");
}

/**
 * Writes an app that declares what a block of the page declares, with a time that its logs cover. After the synthesis,
 * resources that need no provider get the arguments, the ignored changes and the guard. What Terraform keeps besides, and
 * what it imports and moves, stays as it is.
 *
 * @param provisioner a command that runs while Terraform creates a resource
 */
function writeApp(code: string, provisioner?: string): void {
  const provisioners = provisioner === undefined ? {} : { provisioner: [{ "local-exec": { command: provisioner } }] };
  writeFileSync(
    join(project.folder, "main.js"),
    `
      const { cpSync, readFileSync, writeFileSync } = require("node:fs");
      const { App, TerraformStack } = require("cdktf");
      const { CrossRegionBackupPolicy, DisasterRecoveryInstance, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const { AlicloudProvider, RdsDdrInstance } = require("cdktf-alicloud-rds-dr/alicloud");
      const app = new App();
      const lookups = new TerraformStack(app, "lookup");
      const backup = new LatestCrossRegionBackup(lookups, "orders", {
        dbInstanceId: "rm-uf6wjk5xxxx",
        regionId: "cn-hangzhou",
        restoreRegion: "cn-shanghai",
        maxAgeHours: 26,
      });
      const stack = new TerraformStack(app, "dr-cn-shanghai");
      new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
      const vswitchId = "vsw-uf6xxxx";
      ${sharedProps}
      ${code.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, hoursAgo(3))}
      app.synth();

      cpSync(app.outdir, ${JSON.stringify(join(project.folder, realSynthesis))}, { recursive: true });
      const file = app.outdir + "/stacks/dr-cn-shanghai/cdk.tf.json";
      const { provider, terraform: { backend }, resource = {}, ...others } = JSON.parse(readFileSync(file, "utf8"));
      const { terraform_data: kept, ...ofProvider } = resource;
      const standIns = Object.values(ofProvider).flatMap(Object.entries).map(([name, config]) => {
        const { lifecycle: { ignore_changes = [], prevent_destroy } = {}, "//": path, timeouts, ...input } = config;
        const lifecycle = { prevent_destroy, ignore_changes: ignore_changes.map((argument) => "input." + argument) };
        return [name, { input, lifecycle, ...${JSON.stringify(provisioners)} }];
      });
      const terraform_data = { ...kept, ...Object.fromEntries(standIns) };
      const standIn = { ...others, terraform: { backend }, resource: { terraform_data } };
      const text = JSON.stringify(standIn)
        .replaceAll(/alicloud_\\w+\\.([\\w-]+)\\.(backup_set_id|restore_time)/g, "try(terraform_data.$1.input.$2, null)")
        .replaceAll(/(alicloud_\\w+\\.[\\w-]+)\\.\\w+/g, "$1.id")
        .replaceAll(/alicloud_\\w+/g, "terraform_data");
      writeFileSync(file, text);
    `,
  );
}
