import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../lib/simulator";
import { framework } from "../lib/validation/own-package";
import {
  environmentOf,
  filesBelow,
  outputsOf,
  plain,
  projectRoot,
  readStack,
  runNode,
  temporaryFolders,
  testWorld,
  type Finished,
} from "./fixtures";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
});

afterAll(() => simulator.stop());

/** Writes an app below the project, where Node finds its packages, and has the real framework synthesise it. */
async function synth(lookups: string): Promise<Finished & { readonly outdir: string }> {
  const folder = temporaryFolder(join(projectRoot, "dist"));
  const outdir = join(folder, "cdktf.out");
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({
      language: "typescript",
      app: "node main.js",
      projectId: "3b5e8b0e-0000-4000-8000-000000000000",
      sendCrashReports: "false",
      context: { "rds-dr": { deadlineSeconds: 20 } },
    }),
  );
  writeFileSync(
    join(folder, "main.js"),
    `
      const { App, TerraformStack } = require("cdktf");
      const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const app = new App();
      const first = new TerraformStack(app, "first");
      const second = new TerraformStack(app, "second");
      const regionId = "cn-hangzhou";
      ${lookups}
      app.synth();
    `,
  );
  mkdirSync(join(folder, "home"));
  const finished = await runNode([join(projectRoot, "node_modules", ".bin", framework), "synth"], {
    cwd: folder,
    environment: {
      ...environmentOf(simulator.url),
      CI: "1",
      CHECKPOINT_DISABLE: "1",
      HOME: join(folder, "home"),
    },
  });
  return { ...finished, outdir };
}

test("writes the outputs, and shows a warning under the construct's path", async () => {
  const { code, stdout, stderr, outdir } = await synth(`
    new LatestCrossRegionBackup(first, "orders", { dbInstanceId: "rm-orders", regionId });
    new LatestCrossRegionBackup(second, "stale", {
      dbInstanceId: "rm-stale", regionId, maxAgeHours: 26, onStale: "warn",
    });
  `);

  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(outputsOf(readStack(outdir, "first"))).toMatchObject({
    orders_cross_backup_id: "9007199254740993",
    orders_restore_regions: ["cn-hangzhou", "cn-shanghai"],
  });
  expect(outputsOf(readStack(outdir, "second"))).toMatchObject({ stale_cross_backup_id: "301" });
  expect(plain(stdout + stderr)).toMatch(
    /WARN \[second\/stale\]: the latest valid backup of "rm-stale" of cn-hangzhou, 301, holds the data of/,
  );
});

test("of a lookup that fails ends with code 1, a clean message, and nothing written", async () => {
  const { code, stdout, stderr, outdir } = await synth(`
    new LatestCrossRegionBackup(first, "orders", { dbInstanceId: "rm-orders", regionId });
    new LatestCrossRegionBackup(second, "nowhere", { dbInstanceId: "rm-nowhere", regionId });
  `);

  const shown = plain(stdout + stderr);
  expect(code).toBe(1);
  expect(shown).toMatch(/LookupError: second\/nowhere: .*InvalidDBInstance\.NotFound/);
  expect(shown).toMatch(/\n\s*-> check dbInstanceId, that regionId is the region of the source instance/);
  expect(shown).not.toMatch(/dist[/\\]lib|simulator-secret|node_modules[/\\](synckit|@alicloud)/);
  expect(filesBelow(outdir)).toEqual([]);
});
