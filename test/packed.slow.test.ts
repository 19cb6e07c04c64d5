import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "../lib/simulator";
import { framework, frameworks, packageFor, packageName } from "../lib/validation/own-package";
import {
  environmentOf,
  type Finished,
  outputsOf,
  plain,
  projectRoot,
  readStack,
  readText,
  run,
  runNode,
  temporaryFolders,
  testWorld,
} from "./fixtures";
import { terraform } from "./terraform";

// What a user installs, with the lowest versions of its peers, tried with the framework's own command.

const temporaryFolder = temporaryFolders();
const modules = join(projectRoot, "node_modules");
const installTimeMs = 240_000;

/** The versions of the framework that are not installed here, and of constructs that both take. */
const ofOther: Readonly<Record<string, string>> = { cdktf: "0.21.0", cdktn: "0.24.0", constructs: "10.6.0" };
const other = frameworks.find((name) => name !== framework) ?? "";

function versionOf(name: string): string {
  return (JSON.parse(readText(modules, name, "package.json")) as { readonly version: string }).version;
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", [...args, "--loglevel=error"], { cwd, timeout: installTimeMs });
  return stdout;
}

let simulator: Simulator;
/** The file that npm packs. */
let packed: string;
/** An empty folder, in which it is installed. */
let folder: string;

/** Installs what was packed into an empty folder. */
async function install(...peers: readonly string[]): Promise<string> {
  const at = temporaryFolder();
  writeFileSync(join(at, "package.json"), JSON.stringify({ name: "an-app", private: true }));
  await npm(["install", "--prefix", at, "--no-audit", "--no-fund", "--prefer-offline", packed, ...peers], at);
  return at;
}

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
  const parent = temporaryFolder();
  // Without its scripts: packing would compile what runs just now.
  const name = await npm(["pack", "--ignore-scripts", "--silent", "--pack-destination", parent], projectRoot);
  packed = join(parent, name.trim());
  folder = await install(...[framework, "constructs"].map((each) => `${each}@${versionOf(each)}`));
  writeFileSync(
    join(folder, "main.js"),
    `
      const { App, TerraformStack } = require("cdktf");
      const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const app = new App();
      const stack = new TerraformStack(app, "lookup");
      const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
      const { crossBackupId } = new LatestCrossRegionBackup(stack, "orders", props);
      // A resource that needs no provider.
      stack.addOverride("resource.terraform_data.orders-dr", { input: crossBackupId });
      app.synth();
    `,
  );
  const project = { language: "typescript", app: "node main.js", projectId: "3b5e8b0e", sendCrashReports: "false" };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(project));
  mkdirSync(join(folder, "home"));
}, installTimeMs);

afterAll(() => simulator.stop());

/** Runs a command as in the folder's own shell. */
function inFolder(command: string, args: readonly string[], variables = {}): Promise<Finished> {
  const paths = [join(folder, "node_modules", ".bin"), join(modules, ".bin"), process.env["PATH"] ?? ""];
  const environment = {
    ...environmentOf(simulator.url),
    PATH: paths.join(delimiter),
    HOME: join(folder, "home"),
    CI: "1",
    CHECKPOINT_DISABLE: "1",
    ...(terraform === undefined ? {} : { TERRAFORM_BINARY_NAME: terraform }),
    ...variables,
  };
  return run(command, args, { cwd: folder, environment });
}

test("the command of the framework synthesises the app", async () => {
  const { code, stdout, stderr } = await inFolder(framework, ["synth"]);

  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  expect(outputsOf(readStack(join(folder, "cdktf.out"), "lookup"))).toMatchObject({
    orders_cross_backup_id: "9007199254740993",
  });
});

(terraform === undefined ? test.skip : test)("the command of the framework shows the difference", async () => {
  const { code, stdout, stderr } = await inFolder(framework, ["diff", "lookup"]);

  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  expect(plain(stdout)).toMatch(/\+ resource "terraform_data" "orders-dr"/);
  expect(plain(stdout)).toMatch(/\+ orders_cross_backup_id += "9007199254740993"/);
});

test("rds-dr refresh runs the app, whose next synthesis asks nobody", async () => {
  const refreshed = await inFolder("rds-dr", ["refresh"]);
  const asked = simulator.requests.length;
  const locked = await inFolder(framework, ["synth"], { RDS_DR_MODE: "locked" });

  expect(refreshed).toMatchObject({ code: 0, stdout: expect.stringContaining("9007199254740993") as unknown });
  expect(JSON.parse(readText(folder, "rds-dr.lock.json"))).toMatchObject({
    $schema: `./node_modules/${packageName}/schema/lock-file.schema.json`,
  });
  expect(locked).toMatchObject({ code: 0 });
  expect(simulator.requests).toHaveLength(asked);
});

test("rds-dr doctor names the framework, its command and their versions", async () => {
  const { stdout } = await inFolder("rds-dr", ["doctor", "--json"]);

  for (const name of [framework, "constructs", packageName]) {
    expect(JSON.parse(stdout)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ status: "ok", facts: expect.objectContaining({ name }) as unknown }),
      ]) as unknown,
    });
  }
  expect(stdout).toContain(`${framework} ${versionOf(framework)}`);
  expect(stdout).toContain(`${framework}-cli ${versionOf(`${framework}-cli`)}`);
});

test(
  "in an app of the other framework, each construct names the package for it",
  async () => {
    const elsewhere = await install(...[other, "constructs"].map((name) => `${name}@${ofOther[name] ?? ""}`));
    const script = `
      const { App, TerraformStack } = require(${JSON.stringify(other)});
      const { LatestCrossRegionBackup, ...others } = require("cdktf-alicloud-rds-dr");
      const stack = new TerraformStack(new App({ outdir: "out" }), "lookup");
      const attempts = [
        () => new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" }),
        () => LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "known", {
          crossBackupId: "1", restoreRegions: ["cn-shanghai"],
        }),
        () => LatestCrossRegionBackup.fromRemoteState(stack, "remote", {}),
        () => new others.CrossRegionBackups(stack, "all", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" }),
        () => new others.CrossRegionBackupPolicy(stack, "copies", {}),
        () => new others.DisasterRecoveryInstance(stack, "orders-dr", {}),
      ];
      for (const attempt of attempts) {
        try { attempt(); console.log("no error"); } catch ({ message }) { console.log(message); }
      }
    `;
    const { stdout, stderr } = await runNode(["-e", script], { cwd: elsewhere });

    const sentence = `${packageName} is for apps of ${framework}, but this app is one of ${other}\n  -> install ${packageFor(other)} in its place, and import that: an app has one framework\n`;
    const ids = ["orders", "known", "remote", "all", "copies", "orders-dr"];
    expect({ stdout, stderr }).toEqual({ stdout: ids.map((id) => `lookup/${id}: ${sentence}`).join(""), stderr: "" });
  },
  installTimeMs,
);
