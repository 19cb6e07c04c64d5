import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformOutput, TerraformStack, Token } from "cdktf";
import { CrossRegionBackups, LatestCrossRegionBackup } from "../lib";
import { recordFields } from "../lib/backup/record-fields";
import { parseLockedAnswers } from "../lib/lock/parse-locked-answers";
import { type SimulatorThread, startSimulatorThread, type WorldRecord } from "../lib/simulator";
import {
  appIn,
  environmentOf,
  errorOf,
  hoursOld,
  instance,
  isolateEnvironment,
  lookupErrorOf,
  readStack,
  readText,
  runCli,
  type StackJson,
  temporaryFolders,
} from "./fixtures";
import { hostileTexts } from "./hostile-texts";
import { terraform } from "./terraform";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

let simulator: SimulatorThread;

beforeAll(async () => {
  simulator = await startSimulatorThread({ world: { instances: [] } });
});
beforeEach(() => {
  Object.assign(process.env, environmentOf(simulator.url));
});
afterAll(() => simulator.stop());

const apiNames = [...Object.values(recordFields).map(({ apiName }) => apiName), "RestoreRegions"];
const source = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };

/** Serves two backups, the newer of which holds the text in these fields. */
function serve(fields: readonly string[], text: string): Promise<void> {
  const hostile: WorldRecord = {
    ...hoursOld(1, 102),
    ...Object.fromEntries(fields.map((field) => [field, text])),
  };
  return simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(5, 101), hostile])] });
}

/** What an app writes that uses every fact in two stacks. */
function synthesised(): string {
  const app = appIn(temporaryFolder());
  const stack = new TerraformStack(app, "lookup");
  const backup = new LatestCrossRegionBackup(stack, "orders", { ...source, restoreRegion: "cn-shanghai" });
  new CrossRegionBackups(stack, "all", source);
  const other = new TerraformStack(app, "other");
  new TerraformOutput(other, "id", { value: `id ${backup.crossBackupId}` });
  app.synth();
  return ["lookup", "other"].map((name) => readText(app.outdir, "stacks", name, "cdk.tf.json")).join("\n");
}

const decisive = ["BackupType", "BackupMethod", "CrossBackupId", "Engine", "RestoreRegions"];
const descriptive = apiNames.filter((name) => !decisive.includes(name) && !/^Backup(?:Set|Start|End)/.test(name));

test.each(hostileTexts)("a server that sends %j puts nothing but text into a file", async (text) => {
  await serve(descriptive, text);
  expect(synthesised()).toMatch(/"id": \{\s*"value": "id 102"/);
  expect(synthesised()).not.toMatch(/[$%]\{|TfToken|e\+298|\\u/);

  await serve(apiNames, text);
  expect(synthesised()).toMatch(/"id": \{\s*"value": "id 101"/);
  expect(synthesised()).not.toMatch(/[$%]\{|TfToken|e\+298|\\u/);
});

test.each(["BackupType", "BackupMethod", "BackupSetStatus", "BackupSetScale", "CrossBackupId", "Engine"])(
  "a backup whose %s is malformed is passed over for the next older one",
  async (field) => {
    await serve([field], "${path.cwd}");

    const backup = new LatestCrossRegionBackup(new TerraformStack(appIn(temporaryFolder()), "s"), "o", source);

    expect(backup.lookUp().crossBackupId).toBe("101");
  },
);

test.each(["BackupStartTime", "BackupEndTime", "RestoreRegions"])(
  "a backup whose %s is malformed is passed over as well",
  async (field) => {
    await serve([field], "${path.cwd}");

    const { code, stdout } = await runCli(
      ["lookup", "--json", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"],
      { environment: environmentOf(simulator.url) },
    );

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      lookups: [{ backup: { crossBackupId: "101" }, rejected: [{ crossBackupId: "102" }] }],
    });
  },
);

test("a fact that only describes the backup is left out, with a warning", async () => {
  await serve(["EngineVersion"], '${file("/etc/hostname")}');
  const args = ["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"];

  const { code, stdout, stderr } = await runCli(args, { environment: environmentOf(simulator.url) });

  expect(code).toBe(0);
  expect(stdout).toContain("102");
  expect(stderr).toMatch(/^warning: the API returned values that no record can have.*EngineVersion ".*" of 102$/m);
  expect(stdout + stderr).not.toMatch(/[$]\{/);
});

describe("a lock file that a stranger changed", () => {
  const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
  const backup = {
    crossBackupId: "14562",
    dataTime: "2024-03-05T02:22:54Z",
    restoreRegions: ["cn-shanghai"],
    engine: "mysql",
    engineVersion: "8.0",
  };

  function lockedApp(entry: object, use?: (stack: TerraformStack, backup: LatestCrossRegionBackup) => void): App {
    const folder = temporaryFolder();
    const lockFile = join(folder, "rds-dr.lock.json");
    writeFileSync(lockFile, JSON.stringify({ version: 1, answers: { [key]: entry } }));
    process.env["RDS_DR_LOCK_FILE"] = lockFile;
    process.env["RDS_DR_MODE"] = "locked";
    const app = appIn(join(folder, "out"));
    const stack = new TerraformStack(app, "lookup");
    const found = new LatestCrossRegionBackup(stack, "orders", { ...source, restoreRegion: "cn-shanghai" });
    use?.(stack, found);
    return app;
  }

  test.each(Object.keys(recordFields))("is refused, and the entry named, if its %s is a stranger's", (name) => {
    const error = lookupErrorOf(() => {
      lockedApp({ backup: { ...backup, [name]: "${path.cwd}" } }).synth();
    });
    expect(error.message).toContain(`[${JSON.stringify(key)}]["backup"]["${name}"] of "answers"`);

    for (const text of hostileTexts) {
      const answers = { [key]: { backup: { ...backup, [name]: text } } };
      expect(() => parseLockedAnswers(answers, "ANSWERS")).toThrow(`["backup"]["${name}"] of ANSWERS must be`);
    }
  });

  test.each<[string, object]>([
    ["a region", { backup: { ...backup, restoreRegions: ["cn-shanghai", "${path.cwd}"] } }],
    ["a data time", { backup: { ...backup, dataTime: "${timestamp()}" } }],
    ["a gap", { backup: { ...backup, recoveryGaps: [{ start: "${timestamp()}" }] } }],
    ["a size that is one of cdktf's numbers", { backup: { ...backup, crossBackupSetSize: -1.8881545897087503e298 } }],
    ["a fact of its own", { backup: { ...backup, "${path.cwd}": "x" } }],
    ["a fact that every object has", { backup: { ...backup, ["__proto__x"]: "x" } }],
    ["a question of its own", { backup, query: { ...source, "${path.cwd}": "x" } }],
    ["a reason with an escape", { backup, pin: { reason: "x\u001b[2Jy" } }],
    ["a reason with two lines", { backup, pin: { reason: "x\n::error::y" } }],
    ["a refusal with two lines", { backup, refused: [{ crossBackupId: "1", detail: "x\r\ny" }] }],
    ["a refused id", { backup, refused: [{ crossBackupId: "${path.cwd}", detail: "x" }] }],
    ["an unreadable field of its own", { backup: { ...backup, unreadable: [{ field: "x", value: "y" }] } }],
    [
      "an unreadable value as it was",
      { backup: { ...backup, unreadable: [{ field: "Category", value: "${path.cwd}" }] } },
    ],
  ])("is refused if it has %s", (_, entry) => {
    const error = lookupErrorOf(() => {
      lockedApp(entry).synth();
    });

    expect(error.message).toMatch(/of "answers" of .*rds-dr\.lock\.json must be /);
    expect(error.message).not.toMatch(/(?!\n)\p{Cc}|\n::/u);
  });

  test("becomes no token of the app where the app joins a fact to text of its own", () => {
    const hostile = { backup: { ...backup, engineVersion: "8.109562212591379e298" } };
    const app = lockedApp(hostile, (stack, { engine, engineVersion }) => {
      Token.asNumber({ secret: 1 });
      new TerraformOutput(stack, "joined", { value: `${engine}-${engineVersion}` });
    });
    app.synth();

    expect(readStack(app.outdir, "lookup").output?.["joined"]?.value).toBe('mysql-${"8.109562212591379e298"}');
  });

  test("is taken as it is if the reason of a pin has signs of Terraform, which go nowhere but into the warning", () => {
    const app = lockedApp({ backup, pin: { reason: 'the "bad" ${TfToken[TOKEN.0]} 100%' } });
    app.synth();

    expect(JSON.stringify(readStack(app.outdir, "lookup"))).not.toContain("bad");
    expect(readText(app.outdir, "manifest.json")).toContain("100%");
  });
});

test.each(hostileTexts)("a backup that a user names may not be %j either", (text) => {
  const stack = new TerraformStack(appIn(temporaryFolder()), "s");
  const known = { crossBackupId: "1", restoreRegions: ["cn-shanghai"] };
  const names = ["engine", "engineVersion", "category", "dbInstanceStorageType", "crossBackupSetFile"];
  const taken = ["crossBackupId", "crossBackupRegion", "dataTime", ...names].filter((name, index) => {
    try {
      LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, `b${index}`, { ...known, [name]: text });
      return true;
    } catch (error) {
      expect((error as Error).message).toMatch(new RegExp(`${name} (?:must be|is a token)`));
      return false;
    }
  });

  expect(taken).toEqual([]);
  expect(
    errorOf(() =>
      LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "r", {
        ...known,
        restoreRegions: [text],
      }),
    ).message,
  ).toMatch(/restoreRegions (?:must be|is a token)/);
});

(terraform === undefined ? test.skip : test)("terraform evaluates nothing of what a server sent", async () => {
  const folder = temporaryFolder();
  const secret = join(folder, "secret");
  writeFileSync(secret, "THE-SECRET-OF-THE-PIPELINE");
  const hostile = Object.fromEntries(
    ["Category", "EngineVersion", "CrossBackupSetFile", "DBInstanceStorageType", "HasBackupTableMeta"].map((field) => [
      field,
      `\${file("${secret}")}`,
    ]),
  );
  await simulator.setWorld({ instances: [instance("rm-orders", [{ ...hoursOld(1, 102), ...hostile }])] });
  const app = appIn(join(folder, "out"));
  const stack = new TerraformStack(app, "lookup");
  new LatestCrossRegionBackup(stack, "orders", source);
  new CrossRegionBackups(stack, "all", source);
  app.synth();

  const cwd = join(folder, "work");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "cdk.tf.json"), planOnly(readStack(app.outdir, "lookup")));
  const command = terraform ?? "";
  execFileSync(command, ["init", "-input=false"], { cwd, stdio: "pipe" });
  const plan = execFileSync(command, ["plan", "-no-color", "-input=false"], { cwd }).toString();

  expect(plan).toContain("orders_cross_backup_id");
  expect(plan).not.toContain("THE-SECRET");
});

/** A stack without its backend, whose state would lie elsewhere. */
function planOnly({ output }: StackJson): string {
  return JSON.stringify({ output });
}
