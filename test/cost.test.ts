import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "../lib/simulator";
import { environmentOf, projectRoot, regionId, runNode, temporaryFolders } from "./fixtures";

// What is counted here is what speed comes from: a slow machine fails no test, a change that costs more does.

const temporaryFolder = temporaryFolders();
const fleetSize = 50;

/** What an app costs its main thread, apart from cdktf. */
interface Cost {
  /** How many files of the package it loaded. */
  readonly modules: number;
  /** Which libraries it loaded that cdktf does not. */
  readonly libraries: readonly string[];
  readonly lockFileReads: number;
  readonly threads: number;
  readonly sockets: number;
  /** How often cdktf looked for tokens in a text. */
  readonly textsSearched: number;
}

/** Runs an app that is told by its body, and counts. */
async function costOf(body: string, environment: Readonly<Record<string, string>>): Promise<Cost> {
  const script = `
    const fs = require("node:fs");
    let [lockFileReads, threads, sockets, textsSearched] = [0, 0, 0, 0];
    const counted = (holder, name, count) => {
      const original = holder[name];
      holder[name] = function (...args) { count(args); return original.apply(this, args); };
    };
    counted(fs, "readFileSync", ([path]) => { lockFileReads += String(path).endsWith(".lock.json") ? 1 : 0; });
    counted(require("node:net").Socket.prototype, "connect", () => { sockets += 1; });
    const { Worker } = require("node:worker_threads");
    require("node:worker_threads").Worker = class extends Worker {
      constructor(...args) { threads += 1; super(...args); }
    };
    const { App, TerraformStack } = require("cdktf");
    const { TokenString } = require("cdktf/lib/tokens/private/encoding");
    counted(TokenString, "forString", () => { textsSearched += 1; });
    const ofCdktf = new Set(Object.keys(require.cache));
    const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const app = new App({ outdir: process.env.OUTDIR });
    const stack = new TerraformStack(app, "lookup");
    ${body}
    app.synth();
    const loaded = Object.keys(require.cache).filter((file) => !ofCdktf.has(file));
    // A file of the package contains what it needs of libraries; the bundler says from where.
    const contents = loaded.flatMap((file) => fs.readFileSync(file, "utf8").match(/^ *\\/\\/ node_modules\\/.*$/gm) ?? []);
    const nameIn = (path) => /.*node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(path)?.[1] ?? [];
    console.log(JSON.stringify({
      modules: loaded.filter((file) => nameIn(file).length === 0).length,
      libraries: [...new Set([...loaded, ...contents].flatMap(nameIn))].sort(),
      lockFileReads, threads, sockets, textsSearched,
    }));
    process.exit();
  `;
  const OUTDIR = temporaryFolder();
  const { code, stdout, stderr } = await runNode(["-e", script], {
    cwd: projectRoot,
    environment: { ...environment, OUTDIR },
  });
  // On a slow machine it says that it waits.
  const others = stderr.replaceAll(/^rds-dr: waiting for RDS, .*\n/gm, "");
  expect({ code, stderr: others }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Cost;
}

/** A backup of which every fact is known that a refresh writes down. */
const facts = {
  crossBackupId: "14562",
  restoreRegions: ["cn-shanghai"],
  dataTime: "2024-03-05T02:22:54Z",
  backupStartTime: "2024-03-05T02:22:45Z",
  backupEndTime: "2024-03-05T02:23:37Z",
  crossBackupRegion: "cn-shanghai",
  crossBackupSetFile: "file_qp.xb",
  crossBackupSetSize: 5_312_836,
  engine: "mysql",
  engineVersion: "8.0",
  category: "HighAvailability",
  dbInstanceStorageType: "ssd",
};

const ids = Array.from({ length: fleetSize }, (_, index) => `rm-bench${index}`);

function lookups(): string {
  return ids
    .map((id) => {
      const props = { dbInstanceId: id, regionId, restoreRegion: "cn-shanghai" };
      return `new LatestCrossRegionBackup(stack, "${id}", ${JSON.stringify(props)});`;
    })
    .join("\n");
}

function literals(): string {
  return ids
    .map((id) => {
      const attributes = { ...facts, dbInstanceId: id, regionId };
      return `LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "${id}", ${JSON.stringify(attributes)});`;
    })
    .join("\n");
}

function lockedEnvironment(): Record<string, string> {
  const answers = Object.fromEntries(
    ids.map((id) => [
      `latest ${id} regionId=${regionId} restoreRegion=cn-shanghai`,
      {
        query: { dbInstanceId: id, regionId, restoreRegion: "cn-shanghai" },
        backup: facts,
        changedAt: "2024-03-05T03:00:00Z",
        retentionDays: 36_500,
      },
    ]),
  );
  const lockFile = join(temporaryFolder(), "rds-dr.lock.json");
  writeFileSync(lockFile, JSON.stringify({ version: 1, answers }));
  return { RDS_DR_MODE: "locked", RDS_DR_LOCK_FILE: lockFile };
}

describe("a synthesis from locked answers", () => {
  test("reads the lock file once, and loads no library, no thread and no socket for it", async () => {
    const cost = await costOf(lookups(), lockedEnvironment());

    expect(cost).toMatchObject({ libraries: [], lockFileReads: 1, threads: 0, sockets: 0 });
    expect(cost.modules).toBeLessThanOrEqual(65);
  });

  test("has cdktf look into fewer texts than literal strings do", async () => {
    const locked = await costOf(lookups(), lockedEnvironment());
    const literal = await costOf(literals(), {});

    expect(locked.textsSearched).toBeGreaterThan(fleetSize);
    expect(locked.textsSearched).toBeLessThanOrEqual(100 * fleetSize);
    expect(locked.textsSearched).toBeLessThan(literal.textsSearched);
  });
});

test("a restore by Terraform reads no lock file whole but for the answers, and loads little more", async () => {
  const restored = `
    const { DisasterRecoveryInstance } = require("cdktf-alicloud-rds-dr");
    const { AlicloudProvider } = require("cdktf-alicloud-rds-dr/alicloud");
    new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
    const backups = ${JSON.stringify(ids)}.map((id) => stack.node.findChild(id));
    const props = { regionId: "cn-shanghai", instanceClass: "x", storageGb: 100, vswitchId: "vsw-1", securityIps: ["10.0.0.0/8"] };
    backups.forEach((backup) => new DisasterRecoveryInstance(stack, backup.node.id + "-dr", { backup, ...props }));
  `;

  const cost = await costOf(`${lookups()}${restored}`, lockedEnvironment());

  // Once for all restores, to see that it contains none, and once for the answers.
  expect(cost).toMatchObject({ lockFileReads: 2, threads: 0, sockets: 0 });
  expect(cost.libraries).toEqual([]);
});

test("a live synthesis has one thread, however many lookups there are, and loads no client beside it", async () => {
  const simulator = await startSimulator({
    world: {
      instances: ids.map((dbInstanceId) => ({
        dbInstanceId,
        regionId,
        engine: "MySQL",
        engineVersion: "8.0",
        backups: [],
      })),
    },
  });
  try {
    const tryAll = `
      const backups = ${JSON.stringify(ids)}.map((dbInstanceId) =>
        new LatestCrossRegionBackup(stack, dbInstanceId, { dbInstanceId, regionId: "${regionId}" }));
      backups.forEach((backup) => backup.tryLookUp());
    `;

    const cost = await costOf(tryAll, { ...environmentOf(simulator.url), RDS_DR_MODE: "live" });

    expect(cost).toMatchObject({ threads: 1, sockets: 0 });
    expect(cost.libraries.filter((name) => /alicloud|json-bigint|httpx|valibot|commander/.test(name))).toEqual([]);
    expect(simulator.connections).toBeLessThanOrEqual(16);
  } finally {
    await simulator.stop();
  }
});

/** How many modules the command of one lookup loads. */
async function modulesOfCommand(main: string): Promise<{ readonly own: number; readonly all: number }> {
  const script = `
    process.argv.push("rds-dr", "lookup", "--help");
    require("./dist/${main}");
    process.on("exit", () => {
      const loaded = Object.keys(require.cache);
      const own = loaded.filter((file) => !/node_modules/.test(file)).length;
      process.stderr.write(JSON.stringify({ own, all: loaded.length }));
    });
  `;
  const { stderr } = await runNode(["-e", script, "--"], { cwd: projectRoot });
  return JSON.parse(stderr) as { readonly own: number; readonly all: number };
}

test("the command of one lookup is one file, and runs no more of its modules than it needs", async () => {
  const [bundle, modules] = [await modulesOfCommand("rds-dr.js"), await modulesOfCommand("lib/cli/main.js")];

  expect(bundle).toEqual({ own: 1, all: 1 });
  expect(modules.own).toBeGreaterThan(50);
  expect(modules.own).toBeLessThanOrEqual(74);
  expect(modules.all).toBeLessThanOrEqual(95);
});

test("an app that declares no lookup loads the package, and nothing that answers one", async () => {
  const cost = await costOf("", {});

  expect(cost).toMatchObject({ libraries: [], lockFileReads: 0, threads: 0, sockets: 0 });
  expect(cost.modules).toBeLessThanOrEqual(41);
});
