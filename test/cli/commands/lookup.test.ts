import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import dns from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import {
  environmentOf,
  type Finished,
  hoursAgo,
  loggedWorld,
  runCli,
  temporaryFolders,
  testWorld,
  validBackup,
} from "../../fixtures";
import { offences } from "../../schema/schemas";
import { changeAnswer } from "../lock-files";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
  folder = temporaryFolder();
});

afterAll(() => simulator.stop());

function lookup(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(["lookup", ...args], {
    cwd: folder,
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

const orders = ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"] as const;

test("--json prints what scripts rely on, and nothing else", async () => {
  const { code, stdout, stderr } = await lookup([...orders, "--json"]);

  const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    lookups: [
      {
        dbInstanceId: "rm-orders",
        regionId: "cn-hangzhou",
        status: "found",
        stale: false,
        backup: {
          crossBackupId: "9007199254740993",
          dataTime: instant,
          dataTimeEstimated: false,
          backupStartTime: instant,
          backupEndTime: instant,
          consistentTime: instant,
          backupType: "F",
          backupMethod: "P",
          backupSetStatus: 0,
          backupSetScale: 0,
          category: "HighAvailability",
          crossBackupRegion: "cn-shanghai",
          crossBackupSetFile: "file_qp.xb",
          crossBackupSetLocation: "oss",
          crossBackupSetSize: 5_312_836,
          dbInstanceStorageType: "ssd",
          engine: "mysql",
          engineVersion: "8.0",
          instanceId: "8161047",
          restoreRegions: ["cn-hangzhou", "cn-shanghai"],
          unreadable: [],
        },
        rejected: [{ crossBackupId: "103", reason: "not-full", detail: 'BackupType is "I", a full backup has "F"' }],
        error: null,
      },
    ],
  });
  expect(Object.keys((JSON.parse(stdout) as { lookups: [object] }).lookups[0])).toEqual([
    "dbInstanceId",
    "regionId",
    "status",
    "stale",
    "backup",
    "rejected",
    "error",
  ]);
});

test("several instances come in the order asked, whatever became of each, with the greatest exit code", async () => {
  const ids = ["rm-nowhere", "rm-orders", "rm-failed", "rm-stale", "rm-empty"];

  const { code, stdout } = await lookup([
    ...["--db-instance-id", ...ids, "--region-id", "cn-hangzhou"],
    ...["--max-age-hours", "26", "--json"],
  ]);

  const none = { status: "none", stale: false, backup: null, error: null };
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    lookups: [
      {
        dbInstanceId: "rm-nowhere",
        status: "error",
        backup: null,
        rejected: [],
        error: {
          kind: "not-found",
          code: "InvalidDBInstance.NotFound",
          message: expect.stringContaining("DescribeCrossRegionBackups failed with") as unknown,
          hint: expect.stringContaining("check dbInstanceId") as unknown,
          requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as unknown,
        },
      },
      { dbInstanceId: "rm-orders", status: "found", backup: { crossBackupId: "9007199254740993" } },
      { dbInstanceId: "rm-failed", ...none, rejected: [{ crossBackupId: "401", reason: "not-successful" }] },
      {
        dbInstanceId: "rm-stale",
        status: "found",
        stale: true,
        backup: { crossBackupId: "301" },
        error: null,
      },
      { dbInstanceId: "rm-empty", ...none, rejected: [] },
    ],
  });
});

test("without --json, backups go to standard output and failures to standard error", async () => {
  const { code, stdout, stderr } = await lookup([
    ...["--db-instance-id", "rm-orders", "rm-failed", "--region-id", "cn-hangzhou"],
  ]);

  expect(code).toBe(3);
  expect(stdout.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "INSTANT")).toBe(
    [
      "rm-orders (cn-hangzhou): 9007199254740993",
      "  data time        INSTANT",
      "  restore regions  cn-hangzhou, cn-shanghai",
      "  engine           mysql 8.0",
      "  file             file_qp.xb",
      "  not valid        1 not-full",
      "",
    ].join("\n"),
  );
  expect(stderr).toMatch(
    /^error: no valid full backup of "rm-failed" .*\n {2}not-successful, such as 401: .*\n {2}-> see every record: npx rds-dr list --db-instance-id rm-failed --region-id cn-hangzhou\n$/,
  );
});

describe("data that is too old", () => {
  const stale = ["--db-instance-id", "rm-stale", "--region-id", "cn-hangzhou", "--max-age-hours", "26"] as const;

  test("is code 3, with the backup on standard output and the reason on standard error", async () => {
    const { code, stdout, stderr } = await lookup(stale);

    expect(code).toBe(3);
    expect(stdout).toMatch(/^rm-stale \(cn-hangzhou\): 301\n/);
    expect(stderr).toMatch(/^error: the latest valid backup of "rm-stale" .* maxAgeHours \(26\) ago\n {2}-> /);
  });

  test.each<[string, readonly string[], Record<string, string>, number]>([
    ["--on-stale warn", ["--on-stale", "warn"], {}, 0],
    ["RDS_DR_ON_STALE=warn", [], { RDS_DR_ON_STALE: "warn" }, 0],
    ["--on-stale fail beside RDS_DR_ON_STALE=warn", ["--on-stale", "fail"], { RDS_DR_ON_STALE: "warn" }, 3],
  ])("%s decides", async (_, args, environment, expected) => {
    const { code, stderr } = await lookup([...stale, ...args], environment);

    expect(code).toBe(expected);
    expect(stderr).toMatch(expected === 0 ? /^warning: / : /^error: /);
  });
});

describe("--window", () => {
  beforeAll(() => {
    simulator.setWorld({ instances: [...testWorld.instances, ...loggedWorld.instances] });
  });
  afterAll(() => {
    simulator.setWorld(testWorld);
  });

  const whole = ["--db-instance-id", "rm-whole", "--region-id", "cn-hangzhou"];
  const age = ["--max-recoverable-age-hours", "2"];

  test("has --max-recoverable-age-hours judge the end of the window, which both forms print", async () => {
    const [data, without, text, json] = await Promise.all([
      lookup([...whole, "--window", "--max-age-hours", "2"]),
      lookup([...whole, ...age]),
      lookup([...whole, ...age, "--window"]),
      lookup([...whole, ...age, "--window", "--json"]),
    ]);

    expect([data.code, without.code, text.code, json.code]).toEqual([3, 2, 0, 0]);
    expect(data.stderr).toContain("holds the data of");
    expect(without.stderr).toMatch(
      /^error: --max-recoverable-age-hours must be omitted unless the recovery window is looked up/,
    );
    expect(text.stdout).toMatch(/^ {2}recoverable {6}up to \d{4}-\d\d-\d\dT\S+Z$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      lookups: [
        {
          stale: false,
          backup: {
            crossBackupId: "101",
            recoverableFrom: expect.stringMatching(/Z$/) as unknown,
            recoverableUntil: expect.stringMatching(/Z$/) as unknown,
            recoveryGaps: [],
          },
        },
      ],
    });
    expect(offences("lookup", json.stdout)).toEqual([]);
  });

  test("warns of gaps, also if the window is too old", async () => {
    const gap = ["--db-instance-id", "rm-gap", "--region-id", "cn-hangzhou", "--window"] as const;

    const [fine, stale, json] = await Promise.all([lookup(gap), lookup([...gap, ...age]), lookup([...gap, "--json"])]);

    const lack = /the backup 202 of .* and to no later time: no log covers the time from \S+Z to \S+Z$/m;
    expect(fine).toMatchObject({ code: 0, stderr: expect.stringMatching(/^warning: /) as unknown });
    expect(fine.stderr).toMatch(lack);
    expect(stale.code).toBe(3);
    expect(stale.stderr).toMatch(
      /^error: .* can be restored up to \S+Z, which is more than maxRecoverableAgeHours \(2\) ago$/m,
    );
    expect(stale.stderr).toMatch(lack);
    expect(offences("lookup", json.stdout)).toEqual([]);
  });

  test("is locked with its answer, and used from there", async () => {
    const lock = { RDS_DR_LOCK_FILE: join(temporaryFolder(), "rds-dr.lock.json") };
    const args = ["--db-instance-id", "rm-gap", "--region-id", "cn-hangzhou", "--window"] as const;
    const refreshed = await lookup(args, { ...lock, RDS_DR_MODE: "refresh" });
    const before = simulator.requests.length;

    const locked = await lookup(args, { ...lock, RDS_DR_MODE: "locked" });

    expect(locked.stdout).toContain("recoverable      up to");
    expect(locked.stdout.replace("not valid        none", "")).toBe(
      refreshed.stdout.replace("not valid        1 not-full", ""),
    );
    expect(locked.stderr).toBe(refreshed.stderr);
    expect(simulator.requests).toHaveLength(before);
  });
});

test("the options narrow the choice as the props of the construct do", async () => {
  const [notAfter, restorable, stored] = await Promise.all([
    lookup([...orders, "--not-after", hoursAgo(10), "--json"]),
    lookup([...orders, "--restore-region", "cn-beijing", "--json"]),
    lookup([...orders, "--cross-backup-region", "cn-beijing", "--json"]),
  ]);

  expect(notAfter.stdout).toContain('"crossBackupId": "101"');
  expect(notAfter.stdout).toContain("after-not-after");
  expect([restorable.code, stored.code]).toEqual([3, 3]);
  expect(restorable.stdout).toContain("other-restore-region");
});

test("the region comes from ALICLOUD_REGION, else ALIBABA_CLOUD_REGION, unless --region-id says it", async () => {
  const id = ["--db-instance-id", "rm-orders", "--json"] as const;

  const results = await Promise.all([
    lookup(id, { ALICLOUD_REGION: "cn-hangzhou", ALIBABA_CLOUD_REGION: "cn-beijing" }),
    lookup(id, { ALICLOUD_REGION: "", ALIBABA_CLOUD_REGION: "cn-hangzhou" }),
    lookup([...orders, "--json"], { ALICLOUD_REGION: "cn-beijing" }),
  ]);

  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(results.map(({ stdout }) => stdout.includes('"regionId": "cn-hangzhou"'))).toEqual([true, true, true]);
});

test("--endpoint beats the environment, which beats the context of cdktf.json", async () => {
  const project = temporaryFolder();
  writeFileSync(
    join(project, "cdktf.json"),
    JSON.stringify({ context: { "rds-dr": { endpoint: "http://127.0.0.1:1", deadlineSeconds: 20 } } }),
  );
  const dead = environmentOf("http://127.0.0.1:1");

  const [byContext, byVariable, byFlag] = await Promise.all([
    runCli(["lookup", ...orders], {
      cwd: project,
      environment: { ...dead, RDS_DR_ENDPOINT: "", RDS_DR_DEADLINE_SECONDS: "0.5" },
    }),
    runCli(["lookup", ...orders], { cwd: project, environment: environmentOf(simulator.url) }),
    runCli(["lookup", ...orders, "--endpoint", simulator.url], {
      cwd: project,
      environment: dead,
    }),
  ]);

  expect([byContext.code, byVariable.code, byFlag.code]).toEqual([5, 0, 0]);
  expect(byContext.stderr).toContain("ECONNREFUSED");
});

describe("cdktf.json", () => {
  /** A project that says where requests go, or whose credentials sign them. */
  function projectOf(settings: object): string {
    const project = temporaryFolder();
    writeFileSync(join(project, "cdktf.json"), JSON.stringify({ context: { "rds-dr": settings } }));
    return project;
  }

  test.each([
    ["endpoint", { endpoint: "http://127.0.0.1.evil.example" }],
    ["endpoint", { endpoint: "rds.oss-cn-hangzhou.aliyuncs.com" }],
    ["profile", { profile: "production" }],
    ["roleArn", { roleArn: "acs:ram::1234567890123456:role/admin" }],
  ])("must not decide %s: %j, which is code 2 before anything is sent", async (key, settings) => {
    const cwd = projectOf(settings);
    const { ALIBABA_CLOUD_ACCESS_KEY_ID = "", ALIBABA_CLOUD_ACCESS_KEY_SECRET = "" } = environmentOf("");
    const environment = { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET };
    const commands: readonly (readonly string[])[] = [
      ["lookup", ...orders],
      ["list", ...orders],
      ["refresh"],
      ["check"],
      ["pin", "--db-instance-id", "rm-orders", "--reason", "x", "--cross-backup-id", "1"],
      ["unpin", "--db-instance-id", "rm-orders"],
    ];

    const input = JSON.stringify({ db_instance_id: "rm-orders", region_id: "cn-hangzhou" });
    const all = await Promise.all([
      ...commands.map((args) => runCli(args, { cwd, environment })),
      runCli(["external"], { cwd, environment, input }),
    ]);

    for (const { code, stdout, stderr } of all) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const [first, second] = stderr.split("\n");
      expect(first).toBe(`rds-dr: settings of ${join(cwd, "cdktf.json")}`);
      expect(second).toMatch(new RegExp(`^error: "${key}" in the context "rds-dr" must be `));
    }
  });

  test("of a shared folder does not govern the folders below, and what governs is printed", async () => {
    const shared = projectOf({ mode: "locked" });
    chmodSync(shared, 0o1777);
    mkdirSync(join(shared, ".git"));
    const own = join(shared, "mine");
    mkdirSync(own);
    const environment = environmentOf(simulator.url);

    const below = await runCli(["lookup", ...orders, "--json"], { cwd: own, environment });
    const within = await runCli(["lookup", ...orders, "--json"], { cwd: shared, environment });

    expect([below.code, below.stderr]).toEqual([0, ""]);
    expect([within.code, within.stderr]).toEqual([6, `rds-dr: settings of ${join(shared, "cdktf.json")}\n`]);
  });
});

test("the variable that the Terraform provider reads too still counts, with a warning for what that cannot read", async () => {
  const keys = { ...environmentOf(simulator.url), RDS_DR_ENDPOINT: "" };
  const { host } = new URL(simulator.url);
  const args = ["lookup", ...orders];

  const [byUrl, byHost, beaten] = await Promise.all([
    runCli(args, { cwd: folder, environment: { ...keys, ALIBABA_CLOUD_ENDPOINT_RDS: simulator.url } }),
    runCli(args, { cwd: folder, environment: { ...keys, ALIBABA_CLOUD_ENDPOINT_RDS: host } }),
    runCli(args, {
      cwd: folder,
      environment: { ...environmentOf(simulator.url), ALIBABA_CLOUD_ENDPOINT_RDS: "vpc" },
    }),
  ]);

  const warning = /^warning: ALIBABA_CLOUD_ENDPOINT_RDS is not a host or host:port: .* set RDS_DR_ENDPOINT\n$/;
  expect([byUrl.code, beaten.code]).toEqual([0, 0]);
  expect(byUrl.stderr).toMatch(warning);
  expect(beaten.stderr).toMatch(warning);
  // A host is asked by https, which the stand-in does not speak.
  expect(byHost.code).not.toBe(0);
  expect(byHost.stderr).toContain(`https://${host}`);
  expect(byHost.stderr).not.toContain("warning:");
});

test("http to another machine is sent once it is allowed", async () => {
  const environment = {
    ...environmentOf("http://stand-in.invalid:8080"),
    RDS_DR_ALLOW_HTTP: "true",
    RDS_DR_DEADLINE_SECONDS: "0.5",
  };

  const { code, stderr } = await runCli(["lookup", ...orders], { cwd: folder, environment });

  expect(code).toBe(5);
  expect(stderr).toContain("http://stand-in.invalid:8080");
});

test("a profile of the Alibaba Cloud CLI gives the credentials", async () => {
  const home = temporaryFolder();
  writeProfile(home, "dr");
  const { RDS_DR_ENDPOINT = "" } = environmentOf(simulator.url);

  const [found, notFound] = await Promise.all(
    ["dr", "nope"].map((profile) =>
      runCli(["lookup", ...orders, "--profile", profile], {
        cwd: home,
        environment: { RDS_DR_ENDPOINT },
      }),
    ),
  );

  expect(found?.code).toBe(0);
  expect(notFound?.code).toBe(4);
  expect(notFound?.stderr).toContain('the profile "nope" of the Alibaba Cloud CLI gives no access key');
});

describe("a list whose every page is the first one", () => {
  /** An endpoint that ignores PageNumber: of 300 records it shows the same 100. */
  const server = createServer((_, response) => {
    const Item = Array.from({ length: 100 }, (_row, index) => {
      const [time, CrossBackupId] = [hoursAgo(200 + index), 500 - index];
      return { ...validBackup, CrossBackupId, BackupStartTime: time, BackupEndTime: time };
    });
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ RequestId: "1", TotalRecordCount: 300, Items: { Item } }));
  });
  let RDS_DR_ENDPOINT: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    RDS_DR_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  test("is an error of code 5, and no older backup is used", async () => {
    const { code, stdout, stderr } = await lookup(orders, { RDS_DR_ENDPOINT });

    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toMatch(
      /^error: .*InconsistentList: 3 readings of the list were incomplete; in the last one the same id came on two pages\n {2}-> run again/,
    );
  });

  test("lets the locked answer stand in, with a warning", async () => {
    const lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    const lock = { RDS_DR_LOCK_FILE: lockFile };
    await lookup(orders, { ...lock, RDS_DR_MODE: "refresh" });
    changeAnswer(lockFile, "latest rm-orders regionId=cn-hangzhou", { endpoint: RDS_DR_ENDPOINT });

    const { code, stdout, stderr } = await lookup(orders, { ...lock, RDS_DR_ENDPOINT });

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: .*InconsistentList/) as unknown,
    });
    expect(stdout).toContain("rm-orders (cn-hangzhou): 9007199254740993\n");
  });
});

describe("locked mode", () => {
  const answer = {
    backup: { crossBackupId: "14562", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] },
  };

  test("answers from the context of the nearest cdktf.json, without any network", async () => {
    const project = temporaryFolder();
    writeFileSync(
      join(project, "cdktf.json"),
      JSON.stringify({
        context: {
          "rds-dr": { mode: "locked", answers: { "latest rm-orders regionId=cn-hangzhou": answer } },
        },
      }),
    );

    const { code, stdout } = await runCli(["lookup", ...orders, "--json"], { cwd: project });

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lookups: [{ status: "found", backup: answer.backup }] });
  });

  test("is code 6 if the answer contradicts itself, as for one that does not fit", async () => {
    const project = temporaryFolder();
    const backup = { ...answer.backup, backupEndTime: "2024-03-05T02:22:53Z" };
    const answers = { "latest rm-orders regionId=cn-hangzhou": { backup } };
    writeFileSync(join(project, "cdktf.json"), JSON.stringify({ context: { "rds-dr": { mode: "locked", answers } } }));

    const { code, stdout } = await runCli(["lookup", ...orders, "--json"], { cwd: project });

    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ lookups: [{ error: { code: "LockedContradictory" } }] });
  });

  test("of destroy is refused: a placeholder is nothing to restore from", async () => {
    const environment = { ...environmentOf(simulator.url), RDS_DR_MODE: "destroy" };

    const { code, stdout, stderr } = await runCli(
      ["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"],
      { environment },
    );

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: RDS_DR_MODE must be "live", "locked" or "refresh" for this command/);
  });

  test("is code 6 if an answer is missing, and names its key", async () => {
    const { code, stdout } = await lookup([...orders, "--json"], { RDS_DR_MODE: "locked" });

    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      lookups: [
        {
          status: "error",
          error: {
            code: "NotLocked",
            message:
              'there is no locked answer "latest rm-orders regionId=cn-hangzhou": there is no lock file, as there is no cdktf.json in this folder, nor above it up to the root of its repository (files of other users do not count)',
            requestId: null,
          },
        },
      ],
    });
  });
});

test("a download link or credential is on neither stream", async () => {
  const { stdout, stderr } = await lookup([...orders, "--json"]);

  expect(stdout).toContain("9007199254740993");
  expect(stdout + stderr).not.toMatch(/link|FAKE|simulator/i);
});

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  [
    "no instance",
    ["--region-id", "cn-hangzhou"],
    {},
    /^error: --db-instance-id must be given, or --from with a file of ids, but is missing/,
  ],
  ["no region", ["--db-instance-id", "rm-orders"], {}, /--region-id must be given, or a variable of the region set/],
  [
    "a malformed instance",
    [...orders, "--db-instance-id", "rm orders"],
    {},
    /^error: --db-instance-id must be the id of/,
  ],
  [
    "a malformed region",
    [...orders, "--region-id", "hangzhou"],
    {},
    /^error: --region-id must be .* but is "hangzhou"/,
  ],
  [
    "a malformed region of ALICLOUD_REGION",
    ["--db-instance-id", "rm-a"],
    { ALICLOUD_REGION: "x" },
    /--region-id must be/,
  ],
  ["a malformed --restore-region", [...orders, "--restore-region", ""], {}, /^error: --restore-region must be/],
  ["a malformed --not-after", [...orders, "--not-after", "yesterday"], {}, /^error: --not-after must be a real date/],
  [
    "text for --max-age-hours",
    [...orders, "--max-age-hours", "x"],
    {},
    /--max-age-hours <hours>' argument 'x' is invalid/,
  ],
  [
    "a negative --max-age-hours",
    [...orders, "--max-age-hours", "-1"],
    {},
    /^error: --max-age-hours must be .* but is -1/,
  ],
  [
    "an unknown --on-stale",
    [...orders, "--on-stale", "x"],
    {},
    /^error: --on-stale must be "fail" or "warn", but is "x"/,
  ],
  [
    "an --endpoint by http on another machine",
    [...orders, "--endpoint", "http://simulator:8080"],
    {},
    /^error: --endpoint must be https, .* but is "http:\/\/simulator:8080": .* RDS_DR_ALLOW_HTTP=true/,
  ],
  [
    "an --endpoint that is a host of another region",
    [...orders, "--endpoint", "rds-vpc.cn-beijing.aliyuncs.com"],
    {},
    /^error: --endpoint must be one that serves cn-hangzhou \(rds\.aliyuncs\.com or "vpc"\), or omitted, but is "rds-vpc\.cn-beijing\.aliyuncs\.com"/,
  ],
  [
    "a --restore-endpoint that is the source's",
    [
      ...orders,
      ...["--restore-region", "cn-shanghai", "--restore-endpoint", "rds.cn-hangzhou.aliyuncs.com"],
      ...["--db-instance-class", "rds.mysql.s3.large", "--db-instance-storage", "100"],
    ],
    {},
    /^error: --restore-endpoint must be one that serves cn-shanghai/,
  ],
  [
    "a region that is the name of somebody's bucket",
    ["--db-instance-id", "rm-orders", "--region-id", "oss-cn-hangzhou"],
    {},
    /^error: --region-id must be the id of a region/,
  ],
  ["an empty --resume", [...orders, "--resume", ""], {}, /^error: --resume must be the path of a file, but is ""/],
  ["a malformed --endpoint", [...orders, "--endpoint", "http://a/b"], {}, /^error: --endpoint must be a host/],
  ["an unknown flag", [...orders, "--regoin-id", "x"], {}, /unknown option '--regoin-id'/],
  [
    "a bad RDS_DR_MODE",
    orders,
    { RDS_DR_MODE: "x" },
    /^error: RDS_DR_MODE must be "live" or "locked" or "refresh" or "destroy", but is "x"/,
  ],
  ["a bad endpoint variable", orders, { RDS_DR_ENDPOINT: "a b" }, /^error: RDS_DR_ENDPOINT must be/],
])("%s is a usage error that names it: code 2, nothing on standard output", async (_, args, environment, message) => {
  const { code, stdout, stderr } = await lookup(args, environment);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

function writeProfile(home: string, name: string): void {
  mkdirSync(join(home, ".aliyun"));
  writeFileSync(
    join(home, ".aliyun", "config.json"),
    JSON.stringify({
      current: "default",
      profiles: [
        { name: "default", mode: "AK", access_key_id: "other", access_key_secret: "other" },
        { name, mode: "AK", access_key_id: "simulator", access_key_secret: "simulator-secret" },
      ],
    }),
  );
}

describe("an outage of everything", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const ids = Array.from({ length: 1_000 }, (_, index) => `rm-${index}`);
  const all = ["--db-instance-id", ...ids, "--region-id", "cn-hangzhou"];
  const errorsIn = (stderr: string): number => stderr.match(/^error: /gm)?.length ?? 0;

  test("is printed once, with the number of the lookups, whether or not each had a turn", async () => {
    const { code, stderr } = await lookup(all, {
      RDS_DR_ENDPOINT: "http://127.0.0.1:9",
      RDS_DR_DEADLINE_SECONDS: "2",
    });

    expect(code).toBe(5);
    expect(errorsIn(stderr)).toBe(1);
    expect(stderr).toContain("ECONNREFUSED 127.0.0.1:9");
    expect(stderr).toMatch(/ {2}the same for 999 other lookups: rm-1, rm-2, .+, …\n/);
  });

  test.each(["ENOTFOUND", "EAI_AGAIN"])(
    "by %s does not take the time up to the deadline, though each failure takes its time",
    async (code) => {
      jest.spyOn(dns, "lookup").mockImplementation((host: string, ...others: unknown[]) => {
        setTimeout(() => {
          const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code });
          (others.at(-1) as (error: Error) => void)(error);
        }, 1_200);
      });
      const begin = performance.now();
      const finished = await lookup(all, {
        RDS_DR_ENDPOINT: "https://rds.nowhere.test",
        RDS_DR_DEADLINE_SECONDS: "60",
      });

      expect(finished.code).toBe(5);
      expect(errorsIn(finished.stderr)).toBe(1);
      expect(finished.stderr).toContain(`getaddrinfo ${code} rds.nowhere.test`);
      expect(performance.now() - begin).toBeLessThan(25_000);
    },
  );
});

describe("with a locked answer", () => {
  let lockFile: string;

  beforeAll(async () => {
    lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    const refreshed = { RDS_DR_LOCK_FILE: lockFile, RDS_DR_MODE: "refresh" };
    expect(await lookup(orders, refreshed)).toMatchObject({ code: 0 });
  });

  test.each([302, 307, 400, 401, 403, 404, 407, 429, 503])(
    "a page of someone else with HTTP %d is an outage: the locked answer is used",
    async (httpStatus) => {
      simulator.injectFault({ kind: FaultKind.HTML, httpStatus });
      const environment = { RDS_DR_LOCK_FILE: lockFile, RDS_DR_DEADLINE_SECONDS: "0.7" };
      const { code, stdout, stderr } = await lookup(orders, environment);
      simulator.clearFaults();

      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("9007199254740993") as string,
      });
      expect(stderr).toContain("(InvalidResponse): the locked backup 9007199254740993");
    },
  );

  test("what RDS denies stays denied", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED });
    const { code, stderr } = await lookup(orders, { RDS_DR_LOCK_FILE: lockFile });
    simulator.clearFaults();

    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("Forbidden.RAM") as string,
    });
  });
});
