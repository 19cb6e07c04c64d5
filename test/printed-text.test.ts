import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "../lib";
import { FaultKind, startSimulatorThread, type SimulatorThread } from "../lib/simulator";
import {
  appIn,
  environmentOf,
  errorOf,
  hoursOld,
  instance,
  isolateEnvironment,
  readText,
  runCli,
  temporaryFolders,
  type Finished,
} from "./fixtures";
import { hostileTexts } from "./hostile-texts";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

/** What no log may get: control and turning characters, and commands of CI runners. */
const harmful = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^\s*::|##\[|##vso\[|##teamcity\[/imu;

const source = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const asked = ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"];
const everything = `${hostileTexts.filter((text) => text.length < 100).join(" ")}\n::error::x\u0085::error::y`;

let simulator: SimulatorThread;

beforeAll(async () => {
  simulator = await startSimulatorThread({
    world: { instances: [instance("rm-orders", [hoursOld(5, 101)])] },
  });
});
beforeEach(() => {
  Object.assign(process.env, environmentOf(simulator.url));
});
afterEach(() => simulator.clearFaults());
afterAll(() => simulator.stop());

function expectHarmless({ stdout, stderr }: Finished): void {
  expect(stdout).not.toMatch(harmful);
  expect(stderr).not.toMatch(harmful);
}

function refuse(message: string): Promise<void> {
  return simulator.injectFault({
    kind: FaultKind.REFUSED,
    code: `Invalid.\u001b[2J`,
    httpStatus: 400,
    message,
  });
}

test.each([["lookup"], ["lookup", "--json"], ["list"], ["list", "--json"]])(
  "what a server says of an error is printed harmlessly by rds-dr %s %s",
  async (...command) => {
    await refuse(`refused ${everything}`);

    const finished = await runCli([...command, ...asked], { environment: environmentOf(simulator.url) });

    expect(finished.code).toBe(2);
    expect(finished.stdout + finished.stderr).toContain("refused");
    expectHarmless(finished);
  },
);

test("what a server says of an error is harmless in the error of a synthesis as well", async () => {
  await refuse(`refused ${everything}`);
  const app = appIn(temporaryFolder());
  new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", source);

  const { message, stack } = errorOf(() => {
    app.synth();
  });

  expect(message).toContain("refused");
  expect(message).not.toMatch(harmful);
  expect(stack).not.toMatch(harmful);
});

test("what was typed is repeated harmlessly", async () => {
  const text = "x\u001b[2J\n::error::y";
  const commands = [
    [text],
    ["lookup", `--${text}`],
    ["lookup", "--db-instance-id", text, "--region-id", "cn-hangzhou"],
    ["lookup", ...asked, "--endpoint", text],
    ["lookup", ...asked, "--from", join(temporaryFolder(), text)],
    ["check", "--lock-file", join(temporaryFolder(), text)],
    ["simulate", "--world", join(temporaryFolder(), text)],
    ["pin", "--db-instance-id", "rm-orders", "--reason", "x\u001b[2J"],
  ];
  for (const command of commands) {
    const finished = await runCli(command, { cwd: temporaryFolder() });

    expect(finished.code).toBeGreaterThan(0);
    expectHarmless(finished);
  }
});

test("the name of a folder is no line of its own", async () => {
  const folder = join(temporaryFolder(), "a\n::error::b\u001b[2J");
  mkdirSync(folder);
  writeFileSync(join(folder, "cdktf.json"), "{");
  for (const command of [["check"], ["refresh"], ["lookup", ...asked]]) {
    const finished = await runCli(command, { cwd: folder, environment: environmentOf(simulator.url) });

    expect(finished.code).toBeGreaterThan(0);
    expectHarmless(finished);
  }
});

test("an annotation is harmless, whatever the lock file says of a pin or a refusal", async () => {
  const folder = temporaryFolder();
  const lockFile = join(folder, "rds-dr.lock.json");
  const backup = { crossBackupId: "1", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
  const entry = {
    query: source,
    backup,
    pin: { reason: "::error::x ##[group]y" },
    refused: [{ crossBackupId: "2", detail: "##vso[task.complete result=Succeeded;]" }],
  };
  writeFileSync(lockFile, JSON.stringify({ version: 1, answers: { "latest rm-orders regionId=cn-hangzhou": entry } }));
  const environment = { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: lockFile, RDS_DR_MODE: "locked" };
  Object.assign(process.env, environment);
  const app = appIn(join(folder, "out"));
  new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", source);
  app.synth();

  const manifest = JSON.parse(readText(app.outdir, "manifest.json")) as object;
  expect(JSON.stringify(manifest, undefined, 1)).toContain("# #[group]y");
  expect(JSON.stringify(manifest)).not.toMatch(/##\[|##vso/);

  for (const command of [["lookup", ...asked], ["check"], ["lookup", "--json", ...asked]]) {
    const finished = await runCli(command, { cwd: folder, environment });

    expect(finished.stdout + finished.stderr).toContain("# #[group]y");
    expectHarmless(finished);
  }
});

test("what external gives to Terraform is harmless once it is decoded, and however its lines are broken", async () => {
  const lockFile = join(temporaryFolder(), "rds-dr.lock.json");
  const backup = { crossBackupId: "1", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
  const pin = { reason: "drill ##vso[task.complete result=Succeeded;]DONE ::error::x" };
  const answers = { "latest rm-orders regionId=cn-hangzhou": { backup, pin } };
  writeFileSync(lockFile, JSON.stringify({ version: 1, answers }));

  const { code, stdout } = await runCli(["external"], {
    cwd: temporaryFolder(),
    environment: { RDS_DR_LOCK_FILE: lockFile, RDS_DR_MODE: "locked" },
    input: '{"db_instance_id":"rm-orders","region_id":"cn-hangzhou"}',
  });

  const { warnings } = JSON.parse(stdout) as { readonly warnings: string };
  expect(code).toBe(0);
  expect(warnings).toContain("drill");
  expect(warnings.split(/\s+/).filter((word) => /^::|##\[|##vso/.test(word))).toEqual([]);
});

test("a signed link in the place of a key of a lock file is not repeated", async () => {
  const link = "https://oss.example/f?OSSAccessKeyId=LTAI5tFAKEFAKEFAKE&Signature=FAKE-SIGNATURE";
  const key = "latest rm-orders regionId=cn-hangzhou";
  for (const answers of [{ [link]: { backup: null } }, { [key]: { backup: null, [link]: 1 } }]) {
    const lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    writeFileSync(lockFile, JSON.stringify({ version: 1, answers }));

    const { code, stderr } = await runCli(["check", "--lock-file", lockFile], { cwd: temporaryFolder() });

    expect(code).toBe(2);
    expect(stderr).toContain("https://oss.example/f?(hidden)");
    expect(stderr).not.toMatch(/LTAI|FAKE-SIGNATURE/);
  }
});
