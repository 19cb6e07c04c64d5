import { existsSync } from "node:fs";
import { join } from "node:path";
import { simulatorCredentials, startSimulator, type Simulator } from "../lib/simulator";
import { hoursOld, instance, projectRoot, readText, temporaryFolders } from "./fixtures";
import { OperatorProject, type Ended } from "./operator-project";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();
const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};
const testWithTerraform = terraform === undefined ? test.skip : test;

let simulator: Simulator;
let project: OperatorProject;

beforeEach(async () => {
  simulator = await startSimulator({
    world: { instances: [instance("rm-uf6wjk5xxxx", [hoursOld(5, 14562)])] },
  });
  project = new OperatorProject(temporaryFolder(join(projectRoot, "dist")), simulator.url);
});

afterEach(() => simulator.stop());

testWithTerraform(
  "without a lock file, placeholders destroy a stack, and neither plan nor apply gets past the guard (needs terraform or tofu)",
  async () => {
    await deploy();
    await simulator.stop();
    expect(existsSync(project.lockFile)).toBe(false);

    await synthesise({ RDS_DR_MODE: "destroy" });
    const plan = await inStack("plan");
    const apply = await inStack("apply -auto-approve");
    expect(resources()).toHaveLength(2);
    const destroy = await inStack("destroy -auto-approve");

    for (const { code, output } of [plan, apply]) {
      expect({ code, output }).toMatchObject({ code: 1 });
      expect(output).toContain("This was synthesised with RDS_DR_MODE=destroy: it contains placeholders in");
    }
    expect(destroy).toMatchObject({ code: 0 });
    expect(resources()).toEqual([]);
  },
);

testWithTerraform(
  "with a lock file, locked answers destroy a stack, with neither the API nor credentials (needs terraform or tofu)",
  async () => {
    expect(await project.run("npx rds-dr refresh", credentials)).toMatchObject({ code: 0 });
    await deploy();
    await simulator.stop();

    await synthesise({ RDS_DR_MODE: "locked" });
    const plan = await inStack("plan");
    const destroy = await inStack("destroy -auto-approve");

    // What is synthesised is what was deployed, to the byte of its id.
    expect(plan.output).toContain("No changes.");
    expect(destroy).toMatchObject({ code: 0 });
    expect(resources()).toEqual([]);
  },
);

async function synthesise(environment: Readonly<Record<string, string>>): Promise<void> {
  const ended = await project.synthesise(environment);
  expect(ended).toMatchObject({ code: 0 });
  expect(await inStack("init -input=false")).toMatchObject({ code: 0 });
}

async function deploy(): Promise<void> {
  await synthesise(credentials);
  expect(await inStack("apply -auto-approve")).toMatchObject({ code: 0 });
  expect(resources()).toMatchObject([
    { type: "terraform_data", name: "orders-dr" },
    { type: "terraform_data", name: "orders-dr_restored-from_44928B80" },
  ]);
}

/** Runs Terraform in the folder of the stack. */
function inStack(args: string): Promise<Ended> {
  const folder = join(project.folder, "cdktf.out", "stacks", "dr-cn-shanghai");
  return project.run(`${terraform ?? ""} ${args} -no-color`, {}, folder);
}

/** The resources of the state of the stack. */
function resources(): unknown {
  const state = JSON.parse(readText(project.folder, "terraform.dr-cn-shanghai.tfstate")) as {
    readonly resources: readonly unknown[];
  };
  return state.resources;
}
