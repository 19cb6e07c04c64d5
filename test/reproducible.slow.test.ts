import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { simulatorCredentials, startSimulator, type Simulator } from "../lib/simulator";
import { hoursOld, instance, projectRoot, readText, temporaryFolders } from "./fixtures";
import { OperatorProject } from "./operator-project";

const temporaryFolder = temporaryFolders();
const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

let simulator: Simulator;
let project: OperatorProject;

beforeEach(async () => {
  simulator = await startSimulator({
    world: { instances: [instance("rm-uf6wjk5xxxx", [hoursOld(29, 14538), hoursOld(5, 14562)])] },
  });
  project = new OperatorProject(temporaryFolder(join(projectRoot, "dist")), simulator.url);
  expect(await project.run("npx rds-dr refresh", credentials)).toMatchObject({ code: 0 });
});

afterEach(() => simulator.stop());

describe("two syntheses in a row differ in no byte", () => {
  test("with answers of the API", async () => {
    const first = await synthesised(credentials);
    const requests = simulator.requests.length;
    const second = await synthesised(credentials);

    expect(simulator.requests.length).toBeGreaterThan(requests);
    expect(second).toEqual(first);
    expect(first["manifest.json"]).not.toContain("the locked backup");
  });

  test("with locked answers in place of an API that is away", async () => {
    await simulator.stop();

    const first = await synthesised(credentials);

    expect(await synthesised(credentials)).toEqual(first);
    expect(first["manifest.json"]).toContain("the locked backup 14562");
  });

  test("with locked answers alone", async () => {
    await simulator.stop();

    const first = await synthesised({ RDS_DR_MODE: "locked" });

    expect(await synthesised({ RDS_DR_MODE: "locked" })).toEqual(first);
    expect(first[join("stacks", "dr-cn-shanghai", "cdk.tf.json")]).toContain('"14562"');
  });
});

test("cdktf keeps the provider's lock file, so that it can be committed", async () => {
  const stack = join(project.folder, "cdktf.out", "stacks", "dr-cn-shanghai");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, ".terraform.lock.hcl"), "# kept");

  expect(await project.run("npx cdktf synth", credentials)).toMatchObject({ code: 0 });

  expect(readText(stack, ".terraform.lock.hcl")).toBe("# kept");
  expect(readText(stack, "cdk.tf.json")).toContain('"14562"');
}, 60_000);

/** Every file that a process of its own synthesises. */
async function synthesised(environment: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const outdir = join(project.folder, "cdktf.out");
  rmSync(outdir, { recursive: true, force: true });
  expect(await project.synthesise(environment)).toMatchObject({ code: 0 });
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [relative(outdir, file), readText(file)]),
  );
}
