import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { simulatorCredentials, startSimulator, type Simulator } from "../lib/simulator";
import { approved, expectSeen, hoursEarlier, sectionsOf } from "./chapter";
import { hoursAgo, hoursOld, instance, logOfHours, projectRoot, readText, temporaryFolders } from "./fixtures";
import { OperatorProject, type Ended } from "./operator-project";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();
const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

/** The situation in which the steps below a heading are typed. */
interface Scene {
  /** The first creation fails after it made the instance. */
  readonly failsPartway?: boolean;
  /** The source and its region are gone, and the lock file is old. */
  readonly isSourceGone?: boolean;
}

const scenes: Readonly<Record<string, Scene>> = {
  "Restore again": {},
  "To a point in time": {},
  "When creation failed partway": { failsPartway: true },
  "After the failover": { isSourceGone: true },
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

(terraform === undefined ? describe.skip : describe).each(Object.entries(scenes))(
  "%s",
  (heading, { failsPartway = false, isSourceGone = false }) => {
    test("works as the page says (needs terraform or tofu)", async () => {
      await restoreOnce(failsPartway);
      if (isSourceGone) {
        await simulator.stop();
        writeFileSync(project.lockFile, hoursEarlier(project.readLock(), 700));
      }

      for (const { code, command, seen } of sections.find((each) => each.heading === heading)?.steps ?? []) {
        if (code !== undefined) {
          writeApp(code);
        }
        const typed = standIn(approved(command)).replace(/^terraform /, `${terraform ?? ""} `);
        expectSeen(command, seen.map(standIn), await project.run(typed, isSourceGone ? {} : credentials));
      }
    }, 120_000);
  },
);

/** Deploys the app of the first block, without cdktf, which is slower. */
async function restoreOnce(failsPartway: boolean): Promise<void> {
  writeApp(intro.slice(firstInstance), failsPartway);
  expect(await project.run("npx rds-dr refresh", credentials)).toMatchObject({ code: 0 });
  expect(await project.synthesise(credentials)).toMatchObject({ code: 0 });
  expect(await inStack("init -input=false")).toMatchObject({ code: 0 });
  expect(await inStack("apply -auto-approve")).toMatchObject({ code: failsPartway ? 1 : 0 });
}

/** Runs Terraform in the folder of the stack. */
function inStack(args: string): Promise<Ended> {
  const folder = join(project.folder, "cdktf.out", "stacks", "dr-cn-shanghai");
  return project.run(`${terraform ?? ""} ${args} -no-color`, {}, folder);
}

/** A text of the page, with resources that need no provider in place of those of the provider. */
function standIn(text: string): string {
  return text.replaceAll(/\balicloud_\w+/g, "terraform_data");
}

/**
 * Writes an app that declares what a block of the page declares, with a time that its logs cover. After the synthesis,
 * resources that need no provider get the arguments, the ignored changes and the guard.
 */
function writeApp(code: string, failsPartway = false): void {
  const provisioners = failsPartway ? { provisioner: [{ "local-exec": { command: "exit 1" } }] } : {};
  writeFileSync(
    join(project.folder, "main.js"),
    `
      const { readFileSync, writeFileSync } = require("node:fs");
      const { App, TerraformStack } = require("cdktf");
      const { CrossRegionBackupPolicy, DisasterRecoveryInstance, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const { AlicloudProvider } = require("cdktf-alicloud-rds-dr/alicloud");
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

      const file = app.outdir + "/stacks/dr-cn-shanghai/cdk.tf.json";
      const { "//": metadata, terraform: { backend }, resource } = JSON.parse(readFileSync(file, "utf8"));
      const standIns = Object.values(resource).flatMap(Object.entries).map(([name, config]) => {
        const { lifecycle: { ignore_changes = [], ...guard }, "//": path, timeouts, ...input } = config;
        const lifecycle = { ...guard, ignore_changes: ignore_changes.map((argument) => "input." + argument) };
        return [name, { input, lifecycle, ...${JSON.stringify(provisioners)} }];
      });
      const terraform_data = Object.fromEntries(standIns);
      const standIn = { "//": metadata, terraform: { backend }, resource: { terraform_data } };
      writeFileSync(file, JSON.stringify(standIn).replaceAll(/alicloud_\\w+/g, "terraform_data"));
    `,
  );
}
