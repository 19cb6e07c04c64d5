import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator, type World } from "../../../lib/simulator";
import {
  environmentOf,
  type Finished,
  hoursOld,
  instance,
  loggedWorld,
  readText,
  runCli,
  temporaryFolders,
  testWorld,
} from "../../fixtures";
import { offences } from "../../schema/schemas";
import { answersIn, changeAnswer, refresh } from "../lock-files";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let lockFile: string;

const orders = ["--db-instance-id", "rm-orders"] as const;
const lookUpOrders = ["lookup", ...orders, "--region-id", "cn-hangzhou"] as const;
const key = "latest rm-orders regionId=cn-hangzhou";

/** The world before the newest backup came. */
const earlierWorld: World = { instances: [instance("rm-orders", [hoursOld(30, 101), hoursOld(60, 100)])] };

beforeEach(async () => {
  simulator = await startSimulator({ world: earlierWorld });
  lockFile = join(temporaryFolder(), "rds-dr.lock.json");
});

afterEach(() => simulator.stop());

/** Runs a command with the lock file and the API. */
function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(args, {
    environment: { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: lockFile, ...environment },
  });
}

/** Runs a command with the lock file, and no way to any API. */
function runAlone(args: readonly string[]): Promise<Finished> {
  return runCli(args, { environment: { RDS_DR_LOCK_FILE: lockFile } });
}

describe("a pinned backup", () => {
  beforeEach(async () => {
    await refresh(lockFile, simulator.url, lookUpOrders);
  });

  test("is used although a newer one is there and it is too old, and every use says why", async () => {
    await run(["pin", ...orders, "--reason", "the drill of March"]);
    simulator.setWorld(testWorld);
    const before = simulator.requests.length;

    const modes = await Promise.all(
      ["live", "locked", "refresh"].map((mode) =>
        run([...lookUpOrders, "--max-age-hours", "26"], { RDS_DR_MODE: mode }),
      ),
    );

    for (const { code, stdout, stderr } of modes) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^rm-orders \(cn-hangzhou\): 101\n/);
      expect(stderr).toMatch(
        /^warning: 101 with the data of \S+Z is pinned, and used without lookup or age check: the drill of March\n$/,
      );
    }
    // The refresh alone asks, by the id.
    expect(simulator.requests.slice(before)).toMatchObject([{ parameters: { CrossBackupId: "101" } }]);
  });

  test("is kept by a refresh byte for byte, until it is unpinned", async () => {
    await run(["pin", ...orders, "--reason", "the drill"]);
    const pinned = readText(lockFile);
    simulator.setWorld(testWorld);

    await refresh(lockFile, simulator.url, lookUpOrders);
    expect(readText(lockFile)).toBe(pinned);

    await run(["unpin", ...orders]);
    const { stderr } = await refresh(lockFile, simulator.url, lookUpOrders);
    expect(answersIn(lockFile)[key]?.backup?.crossBackupId).toBe("9007199254740993");
    expect(stderr).toBe("");
  });

  test("gets its pin, and loses it, in the lock file alone: no network, no credentials", async () => {
    const before = readText(lockFile);
    const requests = simulator.requests.length;

    const pin = await runAlone(["pin", ...orders, "--reason", " the drill \n of March "]);
    const pinned = answersIn(lockFile)[key];
    const unpin = await runAlone(["unpin", ...orders]);

    const what = `"${key}": 101 with the data of ${pinned?.backup?.dataTime ?? ""}: the drill of March`;
    expect(pin).toEqual({ code: 0, stdout: `pinned ${what}\n`, stderr: "" });
    expect(pinned?.["pin"]).toEqual({ reason: "the drill of March" });
    expect(unpin).toEqual({ code: 0, stdout: `unpinned ${what}\n`, stderr: "" });
    expect(readText(lockFile)).toBe(before);
    expect(simulator.requests).toHaveLength(requests);
  });

  test("that is pinned again has the new reason; --json says what scripts rely on", async () => {
    await runAlone(["pin", ...orders, "--reason", "the drill"]);

    const pin = await runAlone(["pin", "--key", key, "--reason", "the disaster", "--json"]);
    const unpin = await runAlone(["unpin", "--key", key, "--json"]);

    const dataTime: unknown = expect.stringMatching(/Z$/);
    const facts = { key, crossBackupId: "101", dataTime };
    expect(JSON.parse(pin.stdout)).toEqual({ ...facts, pin: { reason: "the disaster" } });
    expect(JSON.parse(unpin.stdout)).toEqual({ ...facts, pin: null });
    expect([pin, unpin].map(({ stdout }) => offences("pin", stdout))).toEqual([[], []]);
    expect(offences("pin", pin.stdout.replace('"101"', "101"))).toHaveLength(1);
  });

  test("keeps what the preflight refused, also if another backup replaces it", async () => {
    const refused = ["103", "100"].map((crossBackupId) => ({ crossBackupId, detail: "no" }));
    changeAnswer(lockFile, key, { refused });

    const pin = await run(["pin", ...orders, "--reason", "the drill"]);
    expect(pin.code).toBe(0);
    expect(answersIn(lockFile)[key]).toMatchObject({ backup: { crossBackupId: "101" }, refused });
    const { stderr } = await run(lookUpOrders);
    expect(stderr).toMatch(/is pinned.+\nwarning: the preflight refused 103: no\n/);

    await run(["pin", ...orders, "--reason", "the drill", "--cross-backup-id", "100"]);
    expect(answersIn(lockFile)[key]).toMatchObject({
      backup: { crossBackupId: "100" },
      refused: [{ crossBackupId: "103", detail: "no" }],
    });
  });

  test("that is not pinned is not unpinned, and the file stays as it is, however it is written", async () => {
    writeFileSync(lockFile, JSON.stringify(JSON.parse(readText(lockFile))));
    const before = readText(lockFile);

    const { code, stdout } = await runAlone(["unpin", ...orders]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^not pinned: "latest rm-orders regionId=cn-hangzhou": 101 with the data of /);
    expect(readText(lockFile)).toBe(before);
  });
});

describe("--cross-backup-id", () => {
  const pin = (id: string, environment: Record<string, string> = {}): Promise<Finished> =>
    run(["pin", ...orders, "--reason", "before the bad migration", "--cross-backup-id", id], environment);

  beforeEach(async () => {
    simulator.setWorld(testWorld);
    await refresh(lockFile, simulator.url, [...lookUpOrders, "--restore-region", "cn-shanghai"]);
  });

  const restoreKey = `${key} restoreRegion=cn-shanghai`;

  test("puts a backup that the API knows in place of the locked one", async () => {
    changeAnswer(lockFile, restoreKey, { changedAt: "2026-03-05T02:22:54Z", retentionDays: 30 });
    const before = simulator.requests.length;

    const { code, stdout } = await pin("101");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^pinned ".* restoreRegion=cn-shanghai": 101 with the data of .*: before the bad/);
    const { changedAt, ...entry } = answersIn(lockFile)[restoreKey] ?? {};
    expect(entry).toMatchObject({
      backup: { crossBackupId: "101", crossBackupSetFile: "file_qp.xb" },
      query: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" },
      endpoint: simulator.url,
      retentionDays: 30,
      pin: { reason: "before the bad migration" },
    });
    expect(changedAt).toMatch(/^20\d\d-/);
    expect(changedAt).not.toBe("2026-03-05T02:22:54Z");
    expect(simulator.requests.slice(before)).toMatchObject([
      {
        action: "DescribeCrossRegionBackups",
        parameters: { DBInstanceId: "rm-orders", CrossBackupId: "101" },
      },
    ]);
  });

  test("has its recoverable window looked up, if the question asks for it", async () => {
    simulator.setWorld(loggedWorld);
    const gap = ["--db-instance-id", "rm-gap"] as const;
    await refresh(lockFile, simulator.url, ["lookup", ...gap, "--region-id", "cn-hangzhou", "--window"]);

    const { code } = await run(["pin", ...gap, "--reason", "the drill", "--cross-backup-id", "200"]);

    expect(code).toBe(0);
    const { backup } = answersIn(lockFile)["latest rm-gap recoveryWindow=true regionId=cn-hangzhou"] ?? {};
    expect(backup).toMatchObject({ crossBackupId: "200", recoverableUntil: backup?.dataTime });
    expect(backup).toHaveProperty("recoveryGaps.1");
  });

  test("of the locked one changes nothing but the pin", async () => {
    changeAnswer(lockFile, restoreKey, { changedAt: "2026-03-05T02:22:54Z" });
    const { [restoreKey]: before } = answersIn(lockFile);

    await pin("9007199254740993");

    expect(answersIn(lockFile)[restoreKey]).toEqual({
      ...before,
      pin: { reason: "before the bad migration" },
    });
  });

  test("takes the place of a backup from another endpoint with the mark of its own", async () => {
    changeAnswer(lockFile, restoreKey, { endpoint: "http://127.0.0.1:1" });

    await pin("9007199254740993");

    expect(answersIn(lockFile)[restoreKey]?.["endpoint"]).toBe(simulator.url);
  });

  test.each<[string, string, RegExp]>([
    ["is not there", "999", /^error: the backup 999 of "rm-orders" of cn-hangzhou is not there\n {2}-> see every /],
    ["breaks a rule", "103", /^error: the backup 103 .* is not valid \(not-full: BackupType is "I", .*\)\n {2}-> /],
    [
      "cannot be restored to the region of the question",
      "102",
      /is not valid \(other-restore-region: can be restored to/,
    ],
  ])("that %s is code 3, and leaves the file as it is", async (_, id, message) => {
    const { instances } = testWorld;
    const homebound = { ...hoursOld(50, 102), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } };
    const [first, ...others] = instances;
    simulator.setWorld({
      instances: [instance("rm-orders", [...(first?.backups ?? []), homebound]), ...others],
    });
    const before = readText(lockFile);

    const { code, stdout, stderr } = await pin(id);

    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(message);
    expect(readText(lockFile)).toBe(before);
  });

  test.each<[string, FaultKind, number, RegExp]>([
    ["a denial", FaultKind.DENIED, 4, /Forbidden\.RAM/],
    ["a service that is down", FaultKind.UNAVAILABLE, 5, /ServiceUnavailable/],
  ])("comes to %s with its exit code, and the file as it is", async (_, kind, expected, message) => {
    simulator.injectFault({ kind });
    const before = readText(lockFile);

    const { code, stderr } = await pin("101", { RDS_DR_DEADLINE_SECONDS: "0.5" });

    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(readText(lockFile)).toBe(before);
  });

  test("that is no id is a usage error, and nothing is sent", async () => {
    const before = simulator.requests.length;

    const { code, stderr } = await pin("0x65");

    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --cross-backup-id must be a string of 1 to 20 digits.* but is "0x65"/);
    expect(simulator.requests).toHaveLength(before);
  });

  test("is put into the entry as it is by the time of writing", async () => {
    simulator.injectFault({ kind: FaultKind.SLOW, latencyMs: 700 });
    const asked = simulator.requests.length;
    const running = pin("101");
    await waitUntil(() => simulator.requests.length > asked);
    changeAnswer(lockFile, restoreKey, { retentionDays: 7 });
    const other = { backup: null };
    changeAnswer(lockFile, "latest rm-other regionId=cn-hangzhou", other);

    expect((await running).code).toBe(0);

    const answers = answersIn(lockFile);
    expect(answers[restoreKey]).toMatchObject({
      backup: { crossBackupId: "101" },
      retentionDays: 7,
      pin: {},
    });
    expect(answers["latest rm-other regionId=cn-hangzhou"]).toEqual(other);
  });

  test("is not put if another process removed the entry meanwhile", async () => {
    simulator.injectFault({ kind: FaultKind.SLOW, latencyMs: 700 });
    const asked = simulator.requests.length;
    const running = pin("101");
    await waitUntil(() => simulator.requests.length > asked);
    changeAnswer(lockFile, restoreKey, undefined);

    const { code, stderr } = await running;

    expect(code).toBe(6);
    expect(stderr).toContain(`there is no locked answer for --key "${restoreKey}"`);
    expect(answersIn(lockFile)).toEqual({});
  });
});

describe("which locked answer is meant", () => {
  let made = "";

  beforeAll(async () => {
    const all = await startSimulator({ world: testWorld });
    const file = join(temporaryFolder(), "rds-dr.lock.json");
    const region = ["--region-id", "cn-hangzhou"];
    await refresh(file, all.url, lookUpOrders);
    await refresh(file, all.url, [...lookUpOrders, "--restore-region", "cn-shanghai"]);
    await refresh(file, all.url, ["lookup", "--db-instance-id", "rm-empty", ...region]);
    await refresh(file, all.url, ["list", ...orders, ...region]);
    await refresh(file, all.url, ["list", "--db-instance-id", "rm-billing", ...region]);
    await all.stop();
    made = readText(file);
  });

  beforeEach(() => {
    simulator.setWorld(testWorld);
    writeFileSync(lockFile, made);
  });

  const pinnedKeys = (): string[] =>
    Object.entries(answersIn(lockFile)).flatMap(([own, entry]) => (entry["pin"] === undefined ? [] : [own]));

  test.each([
    [["--restore-region", "cn-shanghai", ...orders], `${key} restoreRegion=cn-shanghai`],
    [["--key", key], key],
  ])("is the one of %j", async (args, expected) => {
    const { code } = await runAlone(["pin", "--reason", "x", ...args]);

    expect(code).toBe(0);
    expect(pinnedKeys()).toEqual([expected]);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    [
      "several that match",
      [...orders, "--region-id", "cn-hangzhou"],
      2,
      /^error: --key must be one of those that match, "latest rm-orders regionId=cn-hangzhou" or "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai", but is missing\n$/,
    ],
    ["no word on it", [], 2, /^error: --db-instance-id must be given, or else --key, but is missing/],
    [
      "one that is not there",
      [...orders, "--region-id", "cn-beijing"],
      6,
      /^error: there is no locked answer for --db-instance-id rm-orders --region-id cn-beijing in .*rds-dr\.lock\.json; the locked answers are:\n {2}latest rm-empty .*\n {2}latest rm-orders [^]*\n {2}-> fill it with "npx rds-dr refresh"/,
    ],
    [
      "a list",
      ["--db-instance-id", "rm-billing"],
      2,
      /--key must be the key of a backup, but is "list rm-billing regionId=cn-hangzhou": a list cannot be pinned/,
    ],
    [
      "one that holds no backup",
      ["--db-instance-id", "rm-empty"],
      3,
      /^error: the locked answer "latest rm-empty regionId=cn-hangzhou" is that there is no valid backup, and only/,
    ],
  ])("is an error for %s, and the file stays as it is", async (_, args, expected, message) => {
    const before = readText(lockFile);

    const { code, stdout, stderr } = await runAlone(["pin", "--reason", "x", ...args]);

    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toMatch(message);
    expect(readText(lockFile)).toBe(before);
  });

  test("is not narrowed by the region in the environment", async () => {
    const { code } = await run(["pin", "--key", key, "--reason", "x"], { ALICLOUD_REGION: "cn-beijing" });

    expect(code).toBe(0);
  });

  test("may hold no backup, if one is named", async () => {
    simulator.setWorld({ instances: [instance("rm-empty", [hoursOld(1, 700)])] });

    const { code } = await run([
      ...["pin", "--db-instance-id", "rm-empty", "--reason", "the first one", "--cross-backup-id", "700"],
    ]);

    expect(code).toBe(0);
    expect(answersIn(lockFile)["latest rm-empty regionId=cn-hangzhou"]).toMatchObject({
      backup: { crossBackupId: "700" },
      pin: { reason: "the first one" },
    });
  });

  test("was written without its question: it is pinned by its key, but no other backup is put there", async () => {
    changeAnswer(lockFile, key, { query: undefined });

    const [plain, other] = [
      await run(["pin", "--key", key, "--reason", "x"]),
      await run(["pin", "--key", key, "--reason", "x", "--cross-backup-id", "101"]),
    ];

    expect([plain.code, other.code]).toEqual([0, 6]);
    expect(other.stderr).toContain(`the locked answer "${key}" has no "query"`);
  });
});

describe("which lock file is meant", () => {
  test("is said by --lock-file, else by RDS_DR_LOCK_FILE, else by the nearest cdktf.json", async () => {
    const project = temporaryFolder();
    writeFileSync(join(project, "cdktf.json"), "{}");
    const files = [lockFile, join(project, "rds-dr.lock.json"), join(project, "other.lock.json")] as const;
    for (const file of files) {
      await refresh(file, simulator.url, lookUpOrders);
    }
    const pin = (reason: string, ...args: string[]): readonly string[] => [
      ...["pin", ...orders, "--reason", reason, ...args],
    ];
    const environment = { RDS_DR_LOCK_FILE: lockFile };

    await runCli(pin("by the variable"), { cwd: project, environment });
    await runCli(pin("by its place"), { cwd: project });
    await runCli(pin("by the option", "--lock-file", "other.lock.json"), { cwd: project, environment });

    expect(files.map((file) => answersIn(file)[key]?.["pin"])).toEqual([
      { reason: "by the variable" },
      { reason: "by its place" },
      { reason: "by the option" },
    ]);
  });

  test.each<[string, readonly string[], unknown, number, RegExp]>([
    [
      "is not there",
      ["--lock-file", "none.json"],
      {},
      6,
      /there is no locked answer .*: there is no file none\.json\n {2}-> fill it/,
    ],
    [
      "is in no folder",
      ["--lock-file", "none/none.json"],
      {},
      6,
      /there is no locked answer .*: there is no file none\/none\.json/,
    ],
    [
      "has no place",
      [],
      undefined,
      6,
      /: there is no lock file, as there is no cdktf\.json in this folder, nor above it up to the root of its repository \(files of other users do not count\)\n/,
    ],
    [
      "is named by nothing",
      ["--lock-file", ""],
      {},
      2,
      /^error: --lock-file must be the path of a lock file, but is ""/,
    ],
    [
      "is replaced by the context",
      [],
      { context: { "rds-dr": { mode: "locked", answers: {} } } },
      2,
      /^rds-dr: settings of .+cdktf\.json\nerror: "answers" in the context "rds-dr" must be omitted if you change the lock file, but is .*: the context replaces that file/,
    ],
  ])("and %s", async (_, args, project, expected, message) => {
    const folder = temporaryFolder();
    if (project !== undefined) {
      writeFileSync(join(folder, "cdktf.json"), JSON.stringify(project));
    }

    const pin = await runCli(["pin", ...orders, "--reason", "x", ...args], { cwd: folder });
    const unpin = await runCli(["unpin", ...orders, ...args], { cwd: folder });

    expect([pin.code, unpin.code]).toEqual([expected, expected]);
    expect([pin.stderr, unpin.stderr]).toEqual([expect.stringMatching(message), expect.stringMatching(message)]);
    expect(readdirSync(folder).filter((file) => file !== "cdktf.json")).toEqual([]);
  });
});

test.each([[[]], [["--reason", " "]]])("a pin without a reason (%j) is a usage error", async (reason) => {
  const { code, stderr } = await runAlone(["pin", ...orders, ...reason]);

  expect(code).toBe(2);
  expect(stderr).toMatch(/--reason/);
});

async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
