import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLockFile } from "../../../lib/lock/lock-file";
import type { LockedAnswers } from "../../../lib/lock/locked-answers";
import {
  FaultKind,
  type Simulator,
  startSimulator,
  WindowFilter,
  type World,
  type WorldInstance,
  type WorldRecord,
} from "../../../lib/simulator";
import {
  environmentOf,
  type Finished,
  hoursOld,
  instance,
  loggedWorld,
  logOfHours,
  projectRoot,
  readText,
  runCli,
  temporaryFolders,
} from "../../fixtures";
import { runCliWithMounts, testWithMounts } from "../../mounts";
import { offences } from "../../schema/schemas";
import { changeAnswer } from "../lock-files";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ world: worldOf({}) });
});

afterEach(() => simulator.stop());

const orders = "latest rm-orders regionId=cn-hangzhou";
const billing = "latest rm-billing regionId=cn-hangzhou";

/** An instance with one backup of each; but for what is given. */
function worldOf(backups: Readonly<Record<string, readonly WorldRecord[]>>): World {
  const all = { "rm-orders": [hoursOld(30, 101)], "rm-billing": [hoursOld(7, 201)], ...backups };
  return { instances: Object.entries(all).map(([id, records]) => instance(id, records)) };
}

const ordersAndBilling = `
  new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId });
  new LatestCrossRegionBackup(stack, "billing", { dbInstanceId: "rm-billing", regionId });
`;

/** Writes an app below the project, where Node finds its packages. */
function appWith(lookups: string, context: object = {}): string {
  const folder = temporaryFolder(join(projectRoot, "dist"));
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: "node main.js", context: { "rds-dr": context } }),
  );
  rewriteApp(folder, lookups);
  return folder;
}

function rewriteApp(folder: string, lookups: string): void {
  writeFileSync(
    join(folder, "main.js"),
    `
      const { App, TerraformStack } = require("cdktf");
      const { CrossRegionBackups, DiscoveredInstances, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      console.log("the app speaks");
      const app = new App();
      const stack = new TerraformStack(app, "lookup");
      const regionId = "cn-hangzhou";
      ${lookups}
      app.synth();
    `,
  );
}

function refresh(
  folder: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return runCli(["refresh", ...args], {
    cwd: folder,
    environment: { ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: "2", ...environment },
  });
}

function lockFileIn(folder: string): string {
  return join(folder, "rds-dr.lock.json");
}

function answersIn(folder: string): LockedAnswers {
  return readLockFile(lockFileIn(folder)).answers;
}

/** The ids of the locked backups. */
function idsIn(folder: string): object {
  return Object.fromEntries(Object.entries(answersIn(folder)).map(([key, { backup }]) => [key, backup?.crossBackupId]));
}

/** The part of the JSON that the tests read. */
interface RefreshJson {
  readonly lockFile: string;
  readonly written: boolean;
  readonly answers: readonly { readonly key: string; readonly status: string }[];
}

/** The status of each answer. */
function statuses(stdout: string): object {
  const { answers } = JSON.parse(stdout) as RefreshJson;
  return Object.fromEntries(answers.map(({ key, status }) => [key, status]));
}

function withoutInstants(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "INSTANT");
}

test("an app that discovers its instances gets the new one with its backup, and keeps one that is not listed", async () => {
  const folder = appWith(`
    for (const { dbInstanceId } of new DiscoveredInstances(stack, "fleet", { regionId }).lookUp()) {
      new LatestCrossRegionBackup(stack, dbInstanceId, { dbInstanceId, regionId });
    }
  `);
  const copied = (id: string): void => {
    const policy = { BackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai" };
    const { instances } = worldOf({});
    simulator.setWorld({
      instances: instances.map((each) => (each.dbInstanceId === id ? { ...each, policy } : each)),
    });
  };
  copied("rm-orders");
  await refresh(folder);
  copied("rm-billing");

  const { code, stdout, stderr } = await refresh(folder);
  const kept = await refresh(folder, ["--json"]);
  const dropped = await refresh(folder, ["--accept-older", "--prune"]);

  expect({ code, lines: stdout.split("\n").slice(0, 2) }).toEqual({
    code: 0,
    lines: ["changed    instances cn-hangzhou", "           1 instance -> 2 instances: +rm-billing"],
  });
  expect(stderr).toMatch(/the instances of cn-hangzhou that are locked, but not listed any more, are kept: rm-orders;/);
  expect(offences("refresh", kept.stdout)).toEqual([]);
  expect(statuses(kept.stdout)).toMatchObject({ "instances cn-hangzhou": "unchanged", [orders]: "unchanged" });
  expect(dropped.stdout).toContain("2 instances -> 1 instance: -rm-orders");
  expect(dropped.stdout).toContain(`removed    ${orders}`);
  expect(Object.keys(answersIn(folder))).toEqual(["instances cn-hangzhou", billing]);
});

describe("what changed", () => {
  test("is shown by a first refresh, which makes the file; only results are on standard output", async () => {
    const folder = appWith(ordersAndBilling);

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout: withoutInstants(stdout) }).toEqual({
      code: 0,
      stdout: [
        `new        ${billing}`,
        "           201 (data of INSTANT)",
        `new        ${orders}`,
        "           101 (data of INSTANT)",
        "",
      ].join("\n"),
    });
    expect(stderr).toBe(
      `rds-dr: settings of ${join(folder, "cdktf.json")}\nthe app speaks\nrds-dr: rds-dr.lock.json was written\n`,
    );
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js", "rds-dr.lock.json"]);
  });

  test("is printed as JSON that scripts rely on", async () => {
    const folder = appWith(`
      ${ordersAndBilling}
      new CrossRegionBackups(stack, "all", { dbInstanceId: "rm-orders", regionId });
    `);

    const { code, stdout } = await refresh(folder, ["--json"]);

    const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const others = { status: "new", before: null, gainedHours: null, pin: null, error: null };
    const after = { recoverableUntil: null, records: null, instances: null, changedAt: instant, retentionDays: null };
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      lockFile: lockFileIn(folder),
      written: true,
      answers: [
        { ...others, key: billing, after: { ...after, crossBackupId: "201", dataTime: instant } },
        { ...others, key: orders, after: { ...after, crossBackupId: "101", dataTime: instant } },
        {
          ...others,
          key: "list rm-orders regionId=cn-hangzhou",
          after: { ...after, crossBackupId: null, dataTime: null, records: 1 },
        },
      ],
    });
  });

  test("is a newer backup with the hours gained; what stayed keeps its time", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = answersIn(folder);
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(30, 101), hoursOld(5, 102)] }));
    await sleep(1_000);

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout: withoutInstants(stdout) }).toEqual({
      code: 0,
      stdout: [
        `unchanged  ${billing}`,
        "           201 (data of INSTANT)",
        `changed    ${orders}`,
        "           101 (data of INSTANT) -> 102 (data of INSTANT), +25 h",
        "",
      ].join("\n"),
    });
    expect(stderr).toContain("rds-dr: rds-dr.lock.json was written\n");
    const after = answersIn(folder);
    expect(after[billing]).toEqual(before[billing]);
    expect(after[orders]?.changedAt).not.toBe(before[orders]?.changedAt);
  });

  test("is nothing: the file keeps its bytes and its time", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = readText(lockFileIn(folder));
    utimesSync(lockFileIn(folder), 1_000_000_000, 1_000_000_000);

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout: withoutInstants(stdout) }).toEqual({
      code: 0,
      stdout: [
        `unchanged  ${billing}`,
        "           201 (data of INSTANT)",
        `unchanged  ${orders}`,
        "           101 (data of INSTANT)",
        "",
      ].join("\n"),
    });
    expect(stderr).toContain("rds-dr: rds-dr.lock.json is up to date\n");
    expect(readText(lockFileIn(folder))).toBe(before);
    expect(statSync(lockFileIn(folder)).mtimeMs).toBe(1_000_000_000_000);
  });

  test("is nothing if the answer is pinned, though its id is gone, which is a warning", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const file = JSON.parse(readText(lockFileIn(folder))) as { answers: Record<string, object> };
    file.answers[orders] = { ...file.answers[orders], pin: { reason: "the drill of March" } };
    writeFileSync(lockFileIn(folder), JSON.stringify(file));
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(5, 102)] }));

    const { code, stdout, stderr } = await refresh(folder);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: the pinned backup 101 .* of "rm-orders" of cn-hangzhou is no longer there: /m);
    expect(withoutInstants(stdout)).toContain(
      `pinned     ${orders}\n           101 (data of INSTANT), pinned: the drill of March\n`,
    );
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
  });
});

describe("a locked backup that the API does not list any more", () => {
  const partial: World = {
    windowFilters: WindowFilter.END,
    ...worldOf({
      "rm-orders": [
        hoursOld(50, 100),
        // No window finds it, since it ends at an impossible time; its id does.
        { ...hoursOld(30, 101), BackupEndTime: "2001-01-01T00:00:00Z", ConsistentTime: undefined },
      ],
    }),
  };

  test("is kept with a warning if it is still there", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = readText(lockFileIn(folder));
    simulator.setWorld(partial);

    const { code, stdout, stderr } = await refresh(folder);

    expect(code).toBe(0);
    expect(withoutInstants(stdout)).toContain(`kept       ${orders}\n           101 (data of INSTANT)\n`);
    expect(stderr).toMatch(/^warning: .*the newer, locked 101 .* is still there/m);
    expect(readText(lockFileIn(folder))).toBe(before);
  });

  test("is an error if it is gone: code 3, and the file keeps it", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = readText(lockFileIn(folder));
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(50, 100)] }));

    const { code, stdout, stderr } = await refresh(folder);

    expect(code).toBe(3);
    expect(withoutInstants(stdout)).toContain(`failed     ${orders}\n           101 (data of INSTANT)\n`);
    expect(stderr).toMatch(/^error: .*the newer, locked 101 .* is no longer there/m);
    expect(stderr).toContain("rds-dr: rds-dr.lock.json was not changed\n");
    expect(readText(lockFileIn(folder))).toBe(before);
  });

  test.each<[readonly string[], Record<string, string>]>([
    [["--accept-older"], {}],
    [["--accept-older", "--no-app"], {}],
    [[], { RDS_DR_ACCEPT_OLDER: "true" }],
  ])("goes if older ones are accepted: %j %j", async (args, environment) => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(50, 100)] }));

    const { code, stdout } = await refresh(folder, args, environment);

    expect(code).toBe(0);
    expect(withoutInstants(stdout)).toContain(
      `changed    ${orders}\n           101 (data of INSTANT) -> 100 (data of INSTANT), -20 h\n`,
    );
    expect(idsIn(folder)).toEqual({ [orders]: "100", [billing]: "201" });
  });

  test("gives way to none if older ones are accepted", async () => {
    const folder = appWith(`
      new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId }).tryLookUp();
    `);
    await refresh(folder);
    simulator.setWorld(worldOf({ "rm-orders": [] }));

    const { code, stdout } = await refresh(folder, ["--accept-older"]);

    expect(code).toBe(0);
    expect(withoutInstants(stdout)).toContain("101 (data of INSTANT) -> no valid backup\n");
    expect(answersIn(folder)[orders]).toMatchObject({ backup: null });
  });
});

describe("a locked backup that RDS knows with other facts", () => {
  const late = "2024-03-05T02:22:54Z";

  /** Locks what the app asks, then makes one fact of the locked backup of rm-orders false. */
  async function lockedFalsely(others: object = {}): Promise<{ folder: string; truth: object }> {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const truth = answersIn(folder)[orders]?.backup ?? {};
    changeAnswer(lockFileIn(folder), orders, { ...others, backup: { ...truth, dataTime: late } });
    return { folder, truth };
  }
  const warning = new RegExp(
    `^warning: the locked backup 101 of "rm-orders" of cn-hangzhou contradicts RDS: dataTime is locked as "${late}", but RDS says "\\d{4}-\\S+Z": the facts of RDS count`,
    "m",
  );

  test.each<[string, readonly string[]]>([
    ["by the app", []],
    ["without an app", ["--no-app"]],
  ])("is corrected with a warning: %s", async (_, args) => {
    const { folder, truth } = await lockedFalsely();

    const { code, stdout, stderr } = await refresh(folder, [...args, "--json"]);

    expect(code).toBe(0);
    expect(statuses(stdout)).toEqual({ [orders]: "changed", [billing]: "unchanged" });
    expect(stderr).toMatch(warning);
    expect(answersIn(folder)[orders]?.backup).toEqual(truth);
  });

  test.each<[string, readonly string[]]>([
    ["by the app", []],
    ["without an app", ["--no-app"]],
  ])("is corrected if it is pinned, and keeps its pin: %s", async (_, args) => {
    const pin = { reason: "the drill" };
    const { folder, truth } = await lockedFalsely({ pin });

    const check = await refresh(folder, [...args, "--check"]);
    expect(check.code).toBe(7);
    expect(check.stderr).toMatch(warning);
    expect(answersIn(folder)[orders]?.backup?.dataTime).toBe(late);

    const first = await refresh(folder, [...args, "--json"]);
    expect(first.code).toBe(0);
    expect(statuses(first.stdout)).toEqual({ [orders]: "changed", [billing]: "unchanged" });
    expect(answersIn(folder)[orders]).toMatchObject({ pin, backup: truth });

    const second = await refresh(folder, [...args, "--check", "--json"]);
    expect(second.code).toBe(0);
    expect(statuses(second.stdout)).toEqual({ [orders]: "pinned", [billing]: "unchanged" });
    expect(second.stderr).not.toContain("contradicts");
  });
});

describe("an API that fails", () => {
  test("is code 5 if it cannot be reached; the app goes on with what is locked, which stays", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = readText(lockFileIn(folder));
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, dbInstanceId: "rm-orders" });

    const { code, stdout, stderr } = await refresh(folder, ["--json"]);

    expect(code).toBe(5);
    expect(statuses(stdout)).toEqual({ [orders]: "failed", [billing]: "unchanged" });
    expect(stderr).toMatch(/^warning: the API gave no answer for "rm-orders" .*the locked backup 101/m);
    expect(stderr).toMatch(/^error: cannot look up "rm-orders" of cn-hangzhou: .*\n {2}-> /m);
    expect(stderr).not.toContain("the app failed");
    expect(readText(lockFileIn(folder))).toBe(before);
  });

  test("is code 4 if it denies access; the other answers are written", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    simulator.injectFault({ kind: FaultKind.DENIED, dbInstanceId: "rm-orders" });
    simulator.setWorld(worldOf({ "rm-billing": [hoursOld(1, 202)] }));

    const { code, stdout, stderr } = await refresh(folder, ["--json"]);

    expect(code).toBe(4);
    expect(statuses(stdout)).toEqual({ [orders]: "failed", [billing]: "changed" });
    expect(JSON.parse(stdout)).toMatchObject({
      answers: [{}, { before: { crossBackupId: "101" }, after: {}, error: { code: "Forbidden.RAM" } }],
    });
    expect(stderr).toContain("error: the app failed (exit code 1), perhaps before some of its lookups");
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "202" });
  });

  test("leaves no file if there was none", async () => {
    const folder = appWith(ordersAndBilling);
    simulator.injectFault({ kind: FaultKind.DENIED });

    const { code } = await refresh(folder);

    expect(code).toBe(4);
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js"]);
  });
});

describe("answers that the app does not ask for any more", () => {
  const billingAlone = `new LatestCrossRegionBackup(stack, "billing", { dbInstanceId: "rm-billing", regionId });`;

  test("stay, and are shown", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    rewriteApp(folder, billingAlone);

    const { code, stdout } = await refresh(folder);

    expect(code).toBe(0);
    expect(withoutInstants(stdout)).toContain(`unused     ${orders}\n           101 (data of INSTANT)\n`);
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
  });

  test("go with --prune", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    rewriteApp(folder, billingAlone);

    const { code, stdout } = await refresh(folder, ["--prune"]);

    expect(code).toBe(0);
    expect(withoutInstants(stdout)).toContain(`removed    ${orders}\n           101 (data of INSTANT)\n`);
    expect(idsIn(folder)).toEqual({ [billing]: "201" });
  });

  test("stay in spite of --prune if the app has no lookups, or if they are pinned", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const lockFile = lockFileIn(folder);
    await runCli(["pin", "--db-instance-id", "rm-orders", "--reason", "the drill", "--lock-file", lockFile]);
    rewriteApp(folder, "");

    const nothing = await refresh(folder, ["--prune"]);
    expect(nothing.stderr).toContain("warning: the app has no lookups");
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });

    rewriteApp(folder, billingAlone);
    await refresh(folder, ["--prune"]);
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
  });

  test("stay in spite of --prune if the app failed, perhaps before it reached them", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    rewriteApp(folder, `${billingAlone} app.synth(); process.exit(3);`);

    const { code, stdout } = await refresh(folder, ["--prune", "--json"]);

    expect(code).toBe(1);
    expect(statuses(stdout)).toEqual({ [orders]: "unused", [billing]: "unchanged" });
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
  });
});

describe("--check", () => {
  test("writes nothing, and is code 7 if a refresh would write", async () => {
    const folder = appWith(ordersAndBilling);
    const first = await refresh(folder, ["--check"]);
    expect(first.code).toBe(7);
    expect(existsSync(lockFileIn(folder))).toBe(false);

    await refresh(folder);
    const before = readText(lockFileIn(folder));
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(5, 102)] }));
    const { code, stdout, stderr } = await refresh(folder, ["--check", "--json"]);

    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ written: false });
    expect(statuses(stdout)).toEqual({ [orders]: "changed", [billing]: "unchanged" });
    expect(stderr).toContain("rds-dr: rds-dr.lock.json is not up to date\n");
    expect(readText(lockFileIn(folder))).toBe(before);
  });

  test("is code 7 if the newest record of a locked list is false, and the refresh takes it out", async () => {
    const folder = appWith('new CrossRegionBackups(stack, "all", { dbInstanceId: "rm-orders", regionId });');
    await refresh(folder);
    const list = "list rm-orders regionId=cn-hangzhou";
    const backups = answersIn(folder)[list]?.backups ?? [];
    const fake = { ...backups[0], crossBackupId: "999", backupStartTime: "2098-01-01T00:00:00Z" };
    changeAnswer(lockFileIn(folder), list, { backups: [fake, ...backups] });

    const check = await refresh(folder, ["--check"]);
    await refresh(folder);
    const again = await refresh(folder, ["--check"]);

    expect(check.code).toBe(7);
    expect(check.stderr).toMatch(
      /^warning: the list of .* has lost its newest record, 999 .*: the list of RDS counts/m,
    );
    expect(answersIn(folder)[list]?.backups).toEqual(backups);
    expect(again.code).toBe(0);
  });

  test("is code 0 if a refresh would write nothing", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);

    const { code, stderr } = await refresh(folder, ["--check"]);

    expect(code).toBe(0);
    expect(stderr).toContain("rds-dr: rds-dr.lock.json is up to date\n");
  });
});

describe("a cdktf.json that no app can get", () => {
  test.each<[string, string, RegExp]>([
    [
      "has more context than a variable of the environment can carry",
      JSON.stringify({ app: "true", context: { note: "x".repeat(140_000) } }),
      /error: "context" of .* must be at most \d+ bytes of JSON, .* but is "\d+ bytes of JSON"/,
    ],
    [
      "nests its context deeper than the stack reaches",
      `{"app":"true","context":{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`,
      /error: "context" of .* but is "nested too deep"/,
    ],
    ["names an app that no shell takes", '{"app":"a\\u0000b"}', /error: "app" of .* must be the command/],
  ])("is a usage error if it %s", async (_, text, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "cdktf.json"), text);

    const { code, stderr } = await runCli(["refresh"], { cwd: folder });

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("the folder for temporary files", () => {
  const named = (value: string, code: string): RegExp =>
    new RegExp(
      `^rds-dr: settings of .*\\nerror: TMPDIR must be a folder that can be written \\(${code}\\), as the app writes its files there, but is "${value}": .*\n$`,
    );

  test.each([
    ["is not there", "none", "ENOENT"],
    ["is a file", "cdktf.json", "ENOTDIR"],
  ])("that %s is named, but --check goes without it", async (_, name, code) => {
    const folder = appWith(ordersAndBilling);
    const TMPDIR = join(folder, name);

    const { code: exitCode, stdout, stderr } = await refresh(folder, [], { TMPDIR });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(named(TMPDIR, code));
    expect(existsSync(lockFileIn(folder))).toBe(false);

    const check = await refresh(folder, ["--check", "--json"], { TMPDIR });
    expect(check.code).toBe(7);
    expect(statuses(check.stdout)).toEqual({ [orders]: "new", [billing]: "new" });
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js"]);
  });

  test("may be named from the working folder, though the app runs in another one", async () => {
    const folder = appWith(ordersAndBilling);
    const below = join(folder, "src");
    mkdirSync(join(below, "tmp"), { recursive: true });

    const { code } = await refresh(below, [], { TMPDIR: "tmp" });

    expect(code).toBe(0);
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js", "rds-dr.lock.json", "src"]);
    expect(readdirSync(join(below, "tmp"))).toEqual([]);
  });

  function refreshMounted(folder: string, mounts: string, args: readonly string[] = []): Promise<Finished> {
    return runCliWithMounts(mounts, ["refresh", ...args], {
      cwd: folder,
      environment: { ...environmentOf(simulator.url), TMPDIR: "/mnt" },
    });
  }

  const full = "mount -t tmpfs -o size=128k none /mnt && { cat /dev/zero > /mnt/filler 2>/dev/null || true; }";

  testWithMounts.each([
    ["is read-only", "mount -t tmpfs -o ro none /mnt", "EROFS"],
    ["is full", full, "ENOSPC"],
  ])("that %s is named, but --check goes without it", async (_, mounts, code) => {
    const folder = appWith(ordersAndBilling);

    const { code: exitCode, stdout, stderr } = await refreshMounted(folder, mounts);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(named("/mnt", code));

    const check = await refreshMounted(folder, mounts, ["--check"]);
    expect(check.code).toBe(7);
  });

  testWithMounts("is named if --check finds no other place either", async () => {
    const folder = appWith(ordersAndBilling);
    const mounts = ["/dev/shm", "/tmp", "/var/tmp", "/mnt"]
      .map((each) => `mount --bind ${each} ${each} && mount -o remount,bind,ro ${each}`)
      .join(" && ");

    const { code, stderr } = await refreshMounted(folder, mounts, ["--check"]);

    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^rds-dr: settings of .*\nerror: TMPDIR must be .*\(EROFS\), as .* writes its files there \(nor can \/dev\/shm, \/tmp, \/var\/tmp\), but is "\/mnt": .*\n$/,
    );
  });

  testWithMounts("that becomes full while the app runs is named", async () => {
    const folder = appWith(`
      new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId });
      stack.addOverride("locals.much", "x".repeat(300_000));
    `);

    const { code, stdout, stderr } = await refreshMounted(folder, "mount -t tmpfs -o size=256k none /mnt");

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /\nerror: TMPDIR must be a folder that can be written \(ENOSPC\), as the app failed .*but is "\/mnt": .*\n$/,
    );
    expect(stderr).not.toContain("defect");
    expect(existsSync(lockFileIn(folder))).toBe(false);
  });

  test("that lost a part of what the lookups were answered is no reason to lock the rest", async () => {
    const folder = appWith(`
      require("node:fs").writeFileSync(process.env.RDS_DR_REFRESH_REPORT, '{"key":"latest');
      ${ordersAndBilling}
    `);

    const { code, stderr } = await refresh(folder);

    expect(code).toBe(2);
    expect(stderr).toContain("error: the report of the app's lookups must be complete, but is ");
    expect(existsSync(lockFileIn(folder))).toBe(false);
  });

  testWithMounts("that has no room for what the lookups were answered is named", async () => {
    const folder = appWith(`
      require("node:fs").writeFileSync("/mnt/filler", "x".repeat(80_000));
      try { for (;;) require("node:fs").appendFileSync("/mnt/filler", "x".repeat(4096)); } catch {}
      ${ordersAndBilling}
    `);

    const { code, stdout, stderr } = await refreshMounted(folder, "mount -t tmpfs -o size=128k none /mnt");

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /RDS_DR_REFRESH_REPORT, .*, must be a file that can be written, but is "ENOSPC".*: .* TMPDIR /,
    );
    expect(stderr).toMatch(/\nerror: TMPDIR must be/);
    expect(stderr).not.toContain("defect");
  });
});

describe("without an app", () => {
  test("--no-app asks what the lock file holds, and runs nothing", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    rewriteApp(folder, "process.exit(9);");
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(5, 102)] }));

    const { code, stderr } = await refresh(folder, ["--no-app"]);

    expect(code).toBe(0);
    expect(stderr).toBe(`rds-dr: settings of ${join(folder, "cdktf.json")}\nrds-dr: rds-dr.lock.json was written\n`);
    expect(idsIn(folder)).toEqual({ [orders]: "102", [billing]: "201" });
  });

  test("--no-app asks for the recoverable window again, if that was asked for, and shows it", async () => {
    const folder = appWith(
      'new LatestCrossRegionBackup(stack, "gap", { dbInstanceId: "rm-gap", regionId, recoveryWindow: true });',
    );
    simulator.setWorld(loggedWorld);
    await refresh(folder);
    const key = "latest rm-gap recoveryWindow=true regionId=cn-hangzhou";
    const [gap] = loggedWorld.instances.filter(({ dbInstanceId }) => dbInstanceId === "rm-gap");
    const mended = { ...gap, logs: [logOfHours(30, 1)] } as WorldInstance;
    expect(JSON.parse(readText(lockFileIn(folder)))).toMatchObject({
      answers: { [key]: { query: { recoveryWindow: true }, backup: { recoveryGaps: [{}] } } },
    });

    simulator.setWorld({ instances: [mended] });
    const [check, json] = [
      await refresh(folder, ["--no-app", "--check"]),
      await refresh(folder, ["--no-app", "--json"]),
    ];

    expect(check.code).toBe(7);
    expect(check.stdout).toMatch(
      /^changed .*\n +202 \(data of \S+Z, recoverable up to \S+Z, and no later\) -> 202 \(data of \S+Z, recoverable up to \S+Z\)$/m,
    );
    expect(JSON.parse(json.stdout)).toMatchObject({
      answers: [{ key, after: { recoverableUntil: expect.stringMatching(/Z$/) as unknown } }],
    });
    expect(readText(lockFileIn(folder))).toContain('"recoveryGaps": []');
  });

  test("a lock file alone is enough, if no folder has a cdktf.json", async () => {
    const app = appWith(ordersAndBilling);
    await refresh(app);
    const folder = temporaryFolder();
    writeFileSync(join(folder, "mine.json"), readText(lockFileIn(app)));
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(5, 102)] }));

    const { code, stdout } = await refresh(folder, ["--lock-file", "mine.json", "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lockFile: join(folder, "mine.json"), written: true });
    expect(statuses(stdout)).toEqual({ [orders]: "changed", [billing]: "unchanged" });
  });

  test("an answer that does not say its question is a clear error", async () => {
    const folder = temporaryFolder();
    const backup = { crossBackupId: "1", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
    writeFileSync(join(folder, "mine.json"), JSON.stringify({ version: 1, answers: { [orders]: { backup } } }));

    const { code, stdout, stderr } = await refresh(folder, ["--lock-file", "mine.json"]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: "query" of \["latest rm-orders .*"\] must be given/);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      "neither cdktf.json nor lock file",
      [],
      /^error: --lock-file must be given, as there is no cdktf\.json in this folder/,
    ],
    [
      "--prune",
      ["--prune", "--lock-file", "a.json"],
      /^error: --prune must be omitted if no app runs, but is true: only an app shows what is asked/,
    ],
    ["an empty --lock-file", ["--lock-file", ""], /^error: --lock-file must be the path of a lock file/],
    ["an unknown flag", ["--chekc"], /unknown option '--chekc'/],
  ])("%s is a usage error: code 2, nothing on standard output", async (_, args, message) => {
    const { code, stdout, stderr } = await refresh(temporaryFolder(), args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});

describe("the app", () => {
  test("that crashes is code 1, with its own words on standard error, and the file stays", async () => {
    const folder = appWith(ordersAndBilling);
    await refresh(folder);
    const before = readText(lockFileIn(folder));
    rewriteApp(folder, 'throw new Error("my own words");');

    const { code, stdout, stderr } = await refresh(folder, ["--json"]);

    expect(code).toBe(1);
    expect(statuses(stdout)).toEqual({ [orders]: "unused", [billing]: "unused" });
    expect(stderr).toContain("Error: my own words");
    expect(stderr).toContain(
      "error: the app failed (exit code 1), perhaps before some of its lookups: see its output above",
    );
    expect(readText(lockFileIn(folder))).toBe(before);
  });

  test("that looks nothing up is fine, and makes no file", async () => {
    const folder = appWith("");

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe(
      `rds-dr: settings of ${join(folder, "cdktf.json")}\nthe app speaks\nwarning: the app has no lookups, so nothing was refreshed, and nothing is pruned\nrds-dr: rds-dr.lock.json is up to date\n`,
    );
    expect(existsSync(lockFileIn(folder))).toBe(false);
  });

  test("whose backup is too old is refreshed too", async () => {
    const folder = appWith(
      `new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId, maxAgeHours: 1, onStale: "fail" });`,
    );

    const { code } = await refresh(folder, [], { RDS_DR_ON_STALE: "fail" });

    expect(code).toBe(0);
    expect(idsIn(folder)).toEqual({ [orders]: "101" });
  });

  test("that does not do without a backup that there is not is code 3, and the none is locked", async () => {
    simulator.setWorld(worldOf({ "rm-orders": [] }));
    const folder = appWith(ordersAndBilling);

    const { code, stdout } = await refresh(folder);

    expect(code).toBe(3);
    expect(stdout).toContain(`new        ${orders}\n           no valid backup\n`);
    expect(answersIn(folder)).toMatchObject({ [orders]: { backup: null } });
  });

  test("runs in the folder of its cdktf.json, whichever folder below is the working one", async () => {
    const folder = appWith(ordersAndBilling);
    const below = join(folder, "src", "stacks");
    mkdirSync(below, { recursive: true });

    const { code, stderr } = await refresh(below);

    expect(code).toBe(0);
    expect(stderr).toContain(`rds-dr: ${lockFileIn(folder)} was written\n`);
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
  });

  test("is found from a folder above by --app-dir; --lock-file is named from there", async () => {
    const folder = appWith(ordersAndBilling);
    const above = join(folder, "..");
    const app = ["--app-dir", basename(folder)];

    const [refreshed, elsewhere] = [
      await refresh(above, app),
      await refresh(above, [...app, "--lock-file", `${basename(folder)}/mine.json`]),
    ];
    const args = [...app, "--db-instance-id", "rm-orders"];
    const options = { cwd: above, environment: environmentOf(simulator.url) };
    const others = [
      await runCli(["check", ...args], options),
      await runCli(["pin", ...args, "--reason", "a test"], options),
      await runCli(["unpin", ...args], options),
    ];

    expect([refreshed, elsewhere, ...others].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(idsIn(folder)).toEqual({ [orders]: "101", [billing]: "201" });
    expect(readLockFile(join(folder, "mine.json")).answers).toHaveProperty([orders]);
  });

  test.each([["nowhere"], ["src"], ["main.js"], [""]])(
    "is not found by --app-dir %j: that is a clear error",
    async (name) => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "src"));
      writeFileSync(join(folder, "main.js"), "");

      const { code, stderr } = await refresh(folder, ["--app-dir", name]);

      expect(code).toBe(2);
      expect(stderr).toBe(`error: --app-dir must be the folder of an app, with a cdktf.json in it, but is "${name}"\n`);
    },
  );

  test.each([["refresh"], ["check"], ["pin --reason x --key y"], ["unpin --key y"]])(
    "is suggested to %s if one folder below has it, and it alone",
    async (command) => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "infra"));
      mkdirSync(join(folder, "src"));
      writeFileSync(join(folder, "infra", "cdktf.json"), "{}");

      const one = await runCli(command.split(" "), { cwd: folder });
      writeFileSync(join(folder, "src", "cdktf.json"), "{}");
      const two = await runCli(command.split(" "), { cwd: folder });

      expect(one.code).toBe(2);
      expect(one.stderr).toMatch(/^error: --app-dir must be given, as there is no cdktf.json .*add --app-dir infra/);
      expect(two.stderr).not.toContain("add --app-dir");
    },
  );

  test("gets the context and the environment, but no variable of Terraform", async () => {
    const folder = appWith(
      `console.log([app.node.tryGetContext("rds-dr").mode, process.env.MINE, process.env.TF_VAR_mine].join("|"));`,
      { mode: "locked" },
    );

    const { stderr } = await refresh(folder, [], { MINE: "yes", TF_VAR_mine: "no" });

    expect(stderr).toContain("locked|yes|\n");
  });

  test.each<[string, readonly string[], Record<string, string>]>([
    ["--lock-file", ["--lock-file", "mine.json"], { RDS_DR_LOCK_FILE: "other.json" }],
    ["RDS_DR_LOCK_FILE", [], { RDS_DR_LOCK_FILE: "mine.json" }],
  ])("is weighed by the lock file of %s, below the working folder", async (_, args, environment) => {
    const folder = appWith(ordersAndBilling);
    const below = join(folder, "src");
    mkdirSync(below);
    await refresh(below, args, environment);
    simulator.setWorld(worldOf({ "rm-orders": [hoursOld(50, 100)] }));

    const { code, stdout } = await refresh(below, [...args, "--json"], environment);

    expect(JSON.parse(stdout)).toMatchObject({ lockFile: join(below, "mine.json") });
    expect({ code, statuses: statuses(stdout) }).toEqual({
      code: 3,
      statuses: { [orders]: "failed", [billing]: "unchanged" },
    });
    expect(readdirSync(folder).sort()).toEqual(["cdktf.json", "main.js", "src"]);
    expect(readdirSync(below)).toEqual(["mine.json"]);
  });

  test("whose context holds answers in place of a lock file is a clear error, and does not run", async () => {
    const folder = appWith(ordersAndBilling, { mode: "live", answers: {} });

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^rds-dr: settings of .+cdktf\.json\nerror: "mode" in the context "rds-dr" must be "locked", .* or "live", .*, but is "refresh": "answers" are in place of a lock file\n$/,
    );
  });

  test.each([
    ["{}", /^error: "app" of .*cdktf\.json must be the command that synthesises the app, but is missing\n$/],
    ['{"app": " "}', /^error: "app" of .*cdktf\.json must be the command/],
    ["{", /^error: .*cdktf\.json must be JSON/],
  ])("that cdktf.json does not name (%s) is a clear error", async (text, message) => {
    const folder = appWith("");
    writeFileSync(join(folder, "cdktf.json"), text);

    const { code, stdout, stderr } = await refresh(folder);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("leaves nothing of itself in the folder for temporary files", async () => {
    const temporary = temporaryFolder();

    await refresh(appWith(ordersAndBilling), [], { TMPDIR: temporary });

    expect(readdirSync(temporary)).toEqual([]);
  });
});

test("a download link or a credential is on neither stream, and not in the file", async () => {
  const folder = appWith(`
    ${ordersAndBilling}
    new CrossRegionBackups(stack, "all", { dbInstanceId: "rm-orders", regionId });
  `);

  const { stdout, stderr } = await refresh(folder, ["--json"]);

  const file = readText(lockFileIn(folder));
  expect(file).toContain('"crossBackupSetFile": "file_qp.xb"');
  expect(stdout + stderr + file).not.toMatch(/DownloadLink|FAKE|simulator-secret/i);
});
