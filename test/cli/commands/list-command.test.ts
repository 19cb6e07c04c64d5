import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { environmentOf, type Finished, hoursAgo, hoursOld, instance, runCli, temporaryFolders } from "../../fixtures";
import { runOnTerminal, testOnTerminal } from "../terminal-session";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

const world = {
  instances: [
    {
      resourceGroupId: "rg-acfmyorders01",
      ...instance("rm-orders", [
        { ...hoursOld(30, 101), "x-backup-id": "7001" },
        hoursOld(5, "9007199254740993"),
        { ...hoursOld(2, 103), BackupType: "I" },
        { ...hoursOld(3, 102), RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } },
      ]),
    },
    instance("rm-empty", []),
    instance("rm-copies", [hoursOld(30, 1), hoursOld(5, 2), { ...hoursOld(5, 2), BackupSetStatus: 1 }]),
  ],
};

beforeAll(async () => {
  simulator = await startSimulator({ world });
  folder = temporaryFolder();
});

afterAll(() => simulator.stop());

function list(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(["list", ...args], {
    cwd: folder,
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

const orders = ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"] as const;

test("a locked list that replaces an outage of the API is named so in a warning", async () => {
  const lock = { RDS_DR_LOCK_FILE: join(folder, "list.lock.json") };
  await list(orders, { ...lock, RDS_DR_MODE: "refresh" });
  const away = { RDS_DR_ENDPOINT: simulator.url, RDS_DR_DEADLINE_SECONDS: "0.3" };
  simulator.injectFault({ kind: FaultKind.NO_ANSWER });

  const { code, stdout, stderr } = await list(orders, { ...lock, ...away });
  simulator.clearFaults();

  expect(code).toBe(0);
  expect(stdout).toContain("9007199254740993");
  expect(stderr).toMatch(/^warning: the API gave no answer for "rm-orders" .*: the locked answer takes its place$/m);
});

test("copies of one backup that differ are judged together, as a lookup judges them", async () => {
  const { stdout } = await list(["--db-instance-id", "rm-copies", "--region-id", "cn-hangzhou", "--json"]);

  const { records } = JSON.parse(stdout) as { readonly records: readonly Record<string, unknown>[] };
  expect(records.map(({ crossBackupId, verdict }) => [crossBackupId, verdict])).toEqual([
    ["2", "not-successful"],
    ["2", "not-successful"],
    ["1", "latest"],
  ]);
});

test("--json prints every record, newest first, with its verdict", async () => {
  const { code, stdout, stderr } = await list([...orders, "--restore-region", "cn-shanghai", "--json"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    dbInstanceId: "rm-orders",
    regionId: "cn-hangzhou",
    records: [
      { crossBackupId: "103", verdict: "not-full", detail: 'BackupType is "I", a full backup has "F"' },
      {
        crossBackupId: "102",
        verdict: "other-restore-region",
        detail: 'can be restored to cn-hangzhou, not to "cn-shanghai"',
      },
      {
        crossBackupId: "9007199254740993",
        dataTime: expect.stringMatching(/Z$/) as unknown,
        verdict: "latest",
        detail: null,
        engine: "mysql",
      },
      { crossBackupId: "101", verdict: "valid", detail: null },
    ],
    error: null,
  });
  expect(stdout).not.toMatch(/link|FAKE/i);
});

test("without --json it is a table", async () => {
  const { stdout } = await list(orders);

  const lines = stdout
    .trimEnd()
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "INSTANT")
    .split("\n");
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ["ID", "DATA TIME", "TYPE", "STORED IN", "RESTORABLE TO", "BYTES", "VERDICT"],
    ["103", "INSTANT", "IP", "cn-shanghai", "cn-hangzhou,cn-shanghai", "5312836", "not-full"],
    ["102", "INSTANT", "FP", "cn-shanghai", "cn-hangzhou", "5312836", "latest"],
    ["9007199254740993", "INSTANT", "FP", "cn-shanghai", "cn-hangzhou,cn-shanghai", "5312836", "valid"],
    ["101", "INSTANT", "FP", "cn-shanghai", "cn-hangzhou,cn-shanghai", "5312836", "valid"],
  ]);
});

test("an instance too many is a usage error, and not ignored", async () => {
  const { code, stdout, stderr } = await runCli([
    "list",
    ...["--db-instance-id", "rm-orders", "--db-instance-id", "rm-billing", "--region-id", "cn-hangzhou"],
  ]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("It can be given once.");
});

describe("on a terminal", () => {
  /** What a terminal of this width shows, a line each. */
  async function shown(columns: number, environment: Record<string, string> = {}): Promise<readonly string[]> {
    const { stdout } = await runOnTerminal(["list", ...orders], {
      columns,
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder, ...environmentOf(simulator.url), ...environment },
    });
    return stdout.trimEnd().split(/\r?\n/);
  }

  testOnTerminal("the table fits, colours the verdicts, and a line says what was left out", async () => {
    const lines = await shown(60);

    expect(lines.map((line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "INSTANT"))).toEqual([
      "ID                DATA TIME             VERDICT",
      "103               INSTANT  \u001b[2mnot-full\u001b[22m",
      "102               INSTANT  \u001b[32mlatest\u001b[39m",
      "9007199254740993  INSTANT  valid",
      "101               INSTANT  valid",
      "note: BYTES, STORED IN, TYPE, RESTORABLE TO left out to fit 60 columns; --json prints all",
    ]);
  });

  testOnTerminal("NO_COLOR keeps it plain, and a wide one shows all", async () => {
    const lines = await shown(200, { NO_COLOR: "1" });

    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^ID .* BYTES .* VERDICT$/);
    expect(lines.join("\n")).not.toContain("\u001b");
  });
});

test("sends every request parameter of the API", async () => {
  const [startTime, endTime] = [hoursAgo(48), hoursAgo(1)];

  const { code, stdout } = await list([
    ...orders,
    ...["--cross-backup-region", "cn-shanghai", "--backup-id", "7001", "--resource-group-id", "rg-acfmyorders01"],
    ...["--start-time", startTime, "--end-time", endTime, "--page-size", "30", "--page-number", "1", "--json"],
  ]);

  expect(code).toBe(0);
  expect(simulator.requests.at(-1)?.parameters).toEqual({
    DBInstanceId: "rm-orders",
    RegionId: "cn-hangzhou",
    CrossBackupRegion: "cn-shanghai",
    BackupId: "7001",
    ResourceGroupId: "rg-acfmyorders01",
    StartTime: startTime,
    EndTime: endTime,
    PageSize: "30",
    PageNumber: "1",
  });
  expect(JSON.parse(stdout)).toMatchObject({ records: [{ crossBackupId: "101", verdict: "valid" }] });
});

test("one id alone is asked for without a window", async () => {
  const { stdout } = await list([...orders, "--cross-backup-id", "9007199254740993", "--json"]);

  expect(simulator.requests.at(-1)?.parameters).not.toHaveProperty("StartTime");
  expect(JSON.parse(stdout)).toMatchObject({ records: [{ crossBackupId: "9007199254740993" }] });
});

test("--not-after judges as if later data were of no use", async () => {
  const { stdout } = await list([...orders, "--not-after", hoursAgo(10), "--json"]);

  expect(JSON.parse(stdout)).toMatchObject({
    records: [
      { crossBackupId: "103", verdict: "not-full" },
      { crossBackupId: "102", verdict: "after-not-after" },
      { crossBackupId: "9007199254740993", verdict: "after-not-after" },
      { crossBackupId: "101", verdict: "latest" },
    ],
  });
});

test("no records are code 0: the question was answered", async () => {
  const empty = ["--db-instance-id", "rm-empty", "--region-id", "cn-hangzhou"];

  const [text, json] = await Promise.all([list(empty), list([...empty, "--json"])]);

  expect(text).toEqual({ code: 0, stdout: "no records\n", stderr: "" });
  expect(JSON.parse(json.stdout)).toMatchObject({ records: [], error: null });
});

test("an instance that does not exist is code 4, on standard error or in the JSON", async () => {
  const nowhere = ["--db-instance-id", "rm-nowhere", "--region-id", "cn-hangzhou"];

  const [text, json] = await Promise.all([list(nowhere), list([...nowhere, "--json"])]);

  expect(text).toMatchObject({ code: 4, stdout: "" });
  expect(text.stderr).toMatch(
    /^error: cannot look up "rm-nowhere" of cn-hangzhou: .*InvalidDBInstance\.NotFound.*\n {2}-> /,
  );
  expect(json.code).toBe(4);
  expect(JSON.parse(json.stdout)).toMatchObject({
    records: [],
    error: { kind: "not-found", code: "InvalidDBInstance.NotFound" },
  });
});

test.each<[readonly string[], RegExp]>([
  [["--page-size", "40"], /^error: --page-size must be 30, 50 or 100, but is 40/],
  [["--page-number", "0"], /^error: --page-number must be/],
  [["--page-number", "x"], /'--page-number <number>' argument 'x' is invalid/],
  [["--cross-backup-id", "12a"], /^error: --cross-backup-id must be a string of 1 to 20 digits/],
  [["--backup-id", "x"], /^error: --backup-id must be/],
  [["--start-time", "2024-03-05T02:21:00Z"], /^error: --end-time must be .* but is missing/],
  [["--not-after", "x"], /^error: --not-after must be/],
  [["--restore-region", "x"], /^error: --restore-region must be/],
])("%j is a usage error that names the flag", async (args, message) => {
  const { code, stdout, stderr } = await list([...orders, ...args]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
