import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Simulator, simulatorCredentials, startSimulator } from "../lib/simulator";
import { approved, expectSeen, sectionsOf } from "./chapter";
import { ledgerWorld } from "./cli/restore-app";
import { projectRoot, temporaryFolders } from "./fixtures";
import { OperatorProject } from "./operator-project";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();
const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

const sections = sectionsOf("restore-command.md");

let simulator: Simulator;
let project: OperatorProject;

beforeAll(async () => {
  simulator = await startSimulator({ world: ledgerWorld() });
  project = new OperatorProject(temporaryFolder(join(projectRoot, "dist")), simulator.url);
});

afterAll(() => simulator.stop());

const played = ["Restore PostgreSQL", "After an interruption", "In a fresh clone"];

test("the page has commands below these headings only, which follow one another", () => {
  const withSteps = sections.filter(({ steps }) => steps.length > 0);
  expect(withSteps.map(({ heading }) => heading)).toEqual(played);
});

(terraform === undefined ? test.skip : test).each(played)(
  "%s works as the page says (needs terraform or tofu)",
  async (heading) => {
    for (const { code, command, seen } of sections.find((each) => each.heading === heading)?.steps ?? []) {
      if (code !== undefined) {
        writeApp(code);
      }
      expectSeen(command, seen, await project.run(approved(command), credentials));
    }
    expect(simulator.instances.length).toBeLessThanOrEqual(1);
  },
  120_000,
);

/**
 * Writes an app that declares what a block of the page declares. After the synthesis, a resource that needs no provider
 * takes the place of the instance: it can be imported as well, and has no arguments to differ.
 */
function writeApp(code: string): void {
  writeFileSync(
    join(project.folder, "main.js"),
    `
      const { readFileSync, writeFileSync } = require("node:fs");
      const { App, TerraformStack } = require("cdktf");
      const { DisasterRecoveryInstance, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const { AlicloudProvider } = require("cdktf-alicloud-rds-dr/alicloud");
      const app = new App();
      const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "ledger", {
        dbInstanceId: "pgm-ledger",
        regionId: "cn-hangzhou",
        restoreRegion: "cn-shanghai",
      });
      const stack = new TerraformStack(app, "dr-cn-shanghai");
      new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
      ${code}
      app.synth();

      const file = app.outdir + "/stacks/dr-cn-shanghai/cdk.tf.json";
      const { "//": metadata, terraform: { backend }, import: imports, resource } = JSON.parse(readFileSync(file, "utf8"));
      const { prevent_destroy } = (resource.alicloud_db_instance ?? resource.alicloud_rds_ddr_instance)["ledger-dr"].lifecycle;
      const standIn = {
        "//": metadata,
        terraform: { backend },
        import: imports,
        resource: { terraform_data: { "ledger-dr": { lifecycle: { prevent_destroy } } } },
      };
      writeFileSync(file, JSON.stringify(standIn).replaceAll(/alicloud_\\w+/g, "terraform_data"));
    `,
  );
}
