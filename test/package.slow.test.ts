import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSimulator } from "../lib/simulator";
import { framework } from "../lib/validation/own-package";
import { environmentOf, projectRoot, readText, run, runNode, temporaryFolders, type Finished } from "./fixtures";

const temporaryFolder = temporaryFolders();
const modules = join(projectRoot, "node_modules");

interface PackageJson {
  readonly bin: Readonly<Record<string, string>>;
  readonly name: string;
}

const packageJson = JSON.parse(readText(projectRoot, "package.json")) as PackageJson;

/** A project that has the package installed, as `cdktf init --template=typescript` sets one up. */
function consumer(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  for (const name of [framework, "constructs", "@types"]) {
    symlinkSync(join(modules, name), join(folder, "node_modules", name));
  }
  symlinkSync(projectRoot, join(folder, "node_modules", packageJson.name));
  return folder;
}

/** The blocks of TypeScript of a page. */
function codeOf(...page: readonly string[]): string[] {
  return [...readText(projectRoot, ...page).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

/** The apps that the README shows in full. */
const readmeApps = codeOf("README.md").filter((code) => code.includes("app.synth();"));

/** What the fragments of the documents leave to the reader. */
const aroundFragment = `
  import { DataTerraformRemoteStateOss, TerraformStack, Testing } from "cdktf";
  import { CrossRegionBackupPolicy, DisasterRecoveryInstance, DiscoveredInstances, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
  import { AlicloudProvider } from "cdktf-alicloud-rds-dr/alicloud";
  declare const stack: TerraformStack, primaryStack: TerraformStack, backup: LatestCrossRegionBackup;
  declare const beforeAll: (hook: () => unknown) => void, afterAll: typeof beforeAll;
`;

/** The fragments of the documents; test/restore.slow.test.ts plays those of docs/restore.md. */
const fragments = readdirSync(join(projectRoot, "docs"))
  .filter((file) => file.endsWith(".md") && !["reference.md", "restore.md"].includes(file))
  .flatMap((file) => codeOf("docs", file))
  .map((code) => {
    const [imports = ""] = /^(?:import .*?;\n)*/s.exec(code) ?? [];
    return `${aroundFragment}${imports}export function fragment(): void {\n${code.slice(imports.length)}}\n`;
  });

const documented: Readonly<Record<string, string>> = Object.fromEntries([
  ...readmeApps.map((app, index): [string, string] => [`readme-${index}.ts`, app]),
  ...fragments.map((fragment, index): [string, string] => [`fragment-${index}.ts`, fragment]),
]);

test("the README shows an app that restores", () => {
  expect(readmeApps).toContainEqual(expect.stringContaining("new DisasterRecoveryInstance("));
});

test.each([
  ["commonjs", "node10"],
  ["node16", "node16"],
])(
  "its types resolve, and the code of the documents compiles, in a strict consumer with module %s and resolution %s",
  async (module, moduleResolution) => {
    const folder = consumer();
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module,
          moduleResolution,
          ignoreDeprecations: "6.0",
          strict: true,
          noEmit: true,
          preserveSymlinks: true,
          types: ["node"],
          // cdktf's own declarations are not for this test to judge.
          skipLibCheck: true,
        },
        files: ["main.ts", ...Object.keys(documented)],
      }),
    );
    for (const [file, code] of Object.entries(documented)) {
      writeFileSync(join(folder, file), code);
    }
    writeFileSync(
      join(folder, "main.ts"),
      `
      import { App, DataTerraformRemoteStateLocal, TerraformStack } from "cdktf";
      import { CrossRegionBackupPolicy, CrossRegionBackups, LatestCrossRegionBackup, OnStale, type ICrossRegionBackup } from "cdktf-alicloud-rds-dr";
      import { LookupError } from "cdktf-alicloud-rds-dr/errors";
      import { AlicloudProvider, RdsDdrInstance } from "cdktf-alicloud-rds-dr/alicloud";
      import { FaultKind, startSimulator, startSimulatorThread, worlds, type World } from "cdktf-alicloud-rds-dr/simulator";
      import { startWorld, TestAnswers, type StartedWorld } from "cdktf-alicloud-rds-dr/testing";

      const stack = new TerraformStack(new App(), "lookup");
      const backup: ICrossRegionBackup = new LatestCrossRegionBackup(stack, "orders", {
        dbInstanceId: "rm-orders", regionId: "cn-hangzhou", onStale: OnStale.WARN,
      });
      export const id: string = backup.crossBackupId;
      export const list = new CrossRegionBackups(stack, "all", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" });
      new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
      export const elsewhere: ICrossRegionBackup = LatestCrossRegionBackup.fromRemoteState(stack, "billing", {
        remoteState: new DataTerraformRemoteStateLocal(stack, "state", {}),
      });
      export const { resource } = new CrossRegionBackupPolicy(stack, "copies", {
        dbInstanceId: "rm-orders", crossBackupRegion: "cn-shanghai",
      });
      export const retention: number = resource.retention;
      export const port: (instance: RdsDdrInstance) => string = ({ port }) => port;
      export const isLookupError = (error: unknown): error is LookupError => error instanceof LookupError;
      export async function simulate(): Promise<void> {
        const world: World = worlds.demo;
        const simulator = await startSimulator({ world, faults: [{ kind: FaultKind.DENIED }] });
        await simulator.stop();
        await (await startSimulatorThread()).stop();
        const started: StartedWorld<"orders"> = await startWorld({ orders: { faults: ["slow", FaultKind.DENIED] } });
        await started.injectFault({ kind: "denied", times: 1 });
        // @ts-expect-error a misspelt fact is an error
        await startWorld({ orders: { engin: "MySQL" } });
      }
      const orders = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
      export const context = new TestAnswers().latest(orders, { crossBackupId: "1" }).toContext();
      // @ts-expect-error a misspelt fact is an error
      new TestAnswers().latest(orders, { crossBackupId: "1", enginVersion: "8.0" });
      // @ts-expect-error the types are there: a prop that is missing is told
      new LatestCrossRegionBackup(stack, "wrong", { regionId: "cn-hangzhou" });
    `,
    );

    const finished = await runNode([join(modules, "typescript", "bin", "tsc"), "-p", "."], { cwd: folder });

    expect(finished).toEqual({ code: 0, stdout: "", stderr: "" });
  },
);

test("requiring it loads cdktf, but nothing that only a lookup or the command needs", async () => {
  const script = `
    require("cdktf-alicloud-rds-dr");
    console.log(Object.keys(require.cache).join("\\n"));
  `;

  const { stdout, stderr } = await runNode(["-e", script], { cwd: projectRoot });

  const loaded = stdout.split("\n").filter((file) => /[/\\]node_modules[/\\]/.test(file));
  expect(stderr).toBe("");
  expect(loaded.some((file) => file.includes(join("node_modules", framework)))).toBe(true);
  expect(loaded.filter((file) => /@alicloud|synckit|commander|cli-table3/.test(file))).toEqual([]);
});

test("a live synthesis loads the client in its worker only, and asks once for a lookup of one page", async () => {
  const script = `
    const { App, TerraformStack } = require("cdktf");
    const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const app = new App({ outdir: process.env.OUTDIR });
    new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", {
      dbInstanceId: "rm-uf6wjk5t8q2vz71ab", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai",
    });
    app.synth();
    console.log(Object.keys(require.cache).filter((file) => /@alicloud|pop-core|proxy/.test(file)));
  `;
  const OUTDIR = temporaryFolder();
  const simulator = await startSimulator();

  const finished = await runNode(["-e", script], {
    cwd: projectRoot,
    environment: { ...environmentOf(simulator.url), OUTDIR },
  });
  await simulator.stop();

  expect(finished).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  expect(simulator.requests).toHaveLength(1);
});

describe("an app that esbuild bundles, with the package in the bundle", () => {
  const app = `
    const { App, TerraformStack } = require("cdktf");
    const { CrossRegionBackupPolicy, DisasterRecoveryInstance, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const { AlicloudProvider } = require("cdktf-alicloud-rds-dr/alicloud");
    const app = new App({ outdir: process.env.OUTDIR });
    const stack = new TerraformStack(app, "dr");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    const backup = new LatestCrossRegionBackup(stack, "orders", {
      dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai",
    });
    new CrossRegionBackupPolicy(stack, "copies", { dbInstanceId: "rm-orders", crossBackupRegion: "cn-beijing" });
    new DisasterRecoveryInstance(stack, "replacement", {
      backup, regionId: "cn-shanghai", instanceClass: "rds.mysql.s3.large", storageGb: 100, storageType: "local_ssd",
      vswitchId: "vsw-1", securityIps: ["10.0.0.0/8"],
    });
    console.log(backup.lookUp().crossBackupId);
    app.synth();
    console.log("synthesised");
  `;
  let folder: string;

  /** Runs the bundle, where no package but cdktf can be found. */
  function runBundle(mode: string): Promise<Finished> {
    const environment = {
      ...environmentOf("http://127.0.0.1:1"),
      RDS_DR_MODE: mode,
      OUTDIR: join(folder, "out"),
    };
    return runNode(["bundle.js"], { cwd: folder, environment });
  }

  beforeAll(async () => {
    const project = consumer();
    folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    for (const name of [framework, "constructs"]) {
      symlinkSync(join(modules, name), join(folder, "node_modules", name));
    }
    writeFileSync(join(project, "main.js"), app);
    writeFileSync(join(folder, "cdktf.json"), "{}");
    const backup = {
      crossBackupId: "14562",
      dataTime: "2024-03-05T02:22:54Z",
      engine: "mysql",
      engineVersion: "8.0",
      restoreRegions: ["cn-shanghai"],
    };
    const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
    writeFileSync(join(folder, "rds-dr.lock.json"), JSON.stringify({ version: 1, answers: { [key]: { backup } } }));
    const external = [`--external:${framework}`, "--external:constructs"];
    const outfile = `--outfile=${join(folder, "bundle.js")}`;
    const args = ["main.js", "--bundle", "--platform=node", "--log-level=warning", ...external, outfile];
    const bundled = await run(join(modules, ".bin", "esbuild"), args, { cwd: project });
    expect(bundled).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("is synthesised from the lock file", async () => {
    expect(await runBundle("locked")).toEqual({ code: 0, stdout: "14562\nsynthesised\n", stderr: "" });
  });

  test("says at once to mark the package as external if it needs the worker, whose file is not in a bundle", async () => {
    const start = Date.now();

    const { code, stdout, stderr } = await runBundle("live");

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /LookupError: cdktf-alicloud-rds-dr: its worker .*lookup-worker.js is missing: a bundler .*\n {2}-> mark cdktf-alicloud-rds-dr as external/,
    );
    expect(Date.now() - start).toBeLessThan(15_000);
  });
});

test("its simulator needs no cdktf", async () => {
  const script = `
    const { startSimulator } = require("cdktf-alicloud-rds-dr/simulator");
    startSimulator().then(async (simulator) => {
      await simulator.stop();
      console.log(Object.keys(require.cache).filter((file) => /node_modules.(${framework}|constructs|@alicloud)/.test(file)).length);
    });
  `;

  expect(await runNode(["-e", script], { cwd: projectRoot })).toEqual({ code: 0, stdout: "0\n", stderr: "" });
});

test("its command runs through a link, as npm makes one", async () => {
  const folder = consumer();
  const link = join(folder, "node_modules", ".bin", "rds-dr");
  symlinkSync(join(projectRoot, packageJson.bin["rds-dr"] ?? ""), link);

  const { code, stdout } = await runNode([link, "--help"], { cwd: folder });

  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: rds-dr /);
  expect(readText(link)).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("what npm packs is the compiled library with its papers, and no tests", async () => {
  const files = await packedFiles();

  expect(files).toEqual(
    expect.arrayContaining([
      ".jsii",
      ".jsii.gz",
      "package.json",
      "LICENSE",
      "README.md",
      "dist/lib/index.js",
      "dist/lib/index.d.ts",
      "dist/lib/alicloud.js",
      "dist/lib/alicloud.d.ts",
      "dist/.gen/providers/alicloud/rds-ddr-instance/index.js",
      "dist/.gen/providers/alicloud/rds-ddr-instance/index.d.ts",
      "dist/lib/simulator/index.js",
      "dist/lib/simulator/simulator-worker.js",
      "dist/lib/simulator/worlds/demo.json",
      "dist/lib/testing/index.js",
      "dist/lib/synthesis/lookup-worker.js",
      "dist/rds-dr.js",
      "dist/THIRD-PARTY-LICENSES",
      "schema/lookup.schema.json",
    ]),
  );
  expect(
    files.filter(
      (file) =>
        !/^(\.jsii(\.gz)?$|dist\/(lib\/(?!cli\/)|\.gen\/|rds-dr\.js$|THIRD-PARTY-LICENSES$)|docs\/|schema\/|[A-Z]+(\.md)?$|package\.json$)/.test(
          file,
        ),
    ),
  ).toEqual([]);
  expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  const code = files.filter((file) => /\.(?:js|d\.ts)$/.test(file));
  expect(code.filter((file) => readText(projectRoot, file).includes("sourceMappingURL="))).toEqual([]);
});

async function packedFiles(): Promise<string[]> {
  // Without its scripts: packing would compile what runs just now.
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: projectRoot });
  const [pack] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  return pack.files.map(({ path }) => path);
}
