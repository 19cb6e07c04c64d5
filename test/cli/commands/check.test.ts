import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type Fault,
  FaultKind,
  type Simulator,
  startSimulator,
  type World,
  type WorldRecord,
} from "../../../lib/simulator";
import {
  environmentOf,
  type Finished,
  hoursAgo,
  hoursOld,
  instance,
  loggedWorld,
  readText,
  runCli,
  spawnCli,
  temporaryFolders,
} from "../../fixtures";
import { offences } from "../../schema/schemas";
import { answersIn, changeAnswer, refresh } from "../lock-files";

const temporaryFolder = temporaryFolders();

/** A world with one backup of each of two instances. */
function worldOf(changes: WorldRecord = {}): World {
  return {
    instances: [
      instance("rm-orders", [{ ...hoursOld(5, 101), ...changes }]),
      instance("rm-billing", [hoursOld(7, 201)]),
      instance("rm-empty", []),
    ],
  };
}

const ordersKey = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
const billingKey = "latest rm-billing regionId=cn-hangzhou";
const listKey = "list rm-orders regionId=cn-hangzhou";
const replacement = ["--db-instance-class", "rds.mysql.s3.large", "--db-instance-storage", "100"] as const;

let simulator: Simulator;
let lockFile: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: worldOf() });
});

afterAll(() => simulator.stop());

let made: string | undefined;

beforeEach(async () => {
  simulator.setWorld(worldOf());
  simulator.clearFaults();
  lockFile = join(temporaryFolder(), "rds-dr.lock.json");
  if (made === undefined) {
    const look = ["lookup", "--region-id", "cn-hangzhou", "--db-instance-id"];
    await refresh(lockFile, simulator.url, [...look, "rm-orders", "--restore-region", "cn-shanghai"]);
    await refresh(lockFile, simulator.url, [...look, "rm-billing"]);
    await refresh(lockFile, simulator.url, ["list", ...look.slice(1), "rm-orders"]);
    made = readText(lockFile);
  }
  writeFileSync(lockFile, made);
});

function check(args: readonly string[], environment: Record<string, string> = {}, run = runCli): Promise<Finished> {
  return run(["check", ...args], {
    environment: {
      ...environmentOf(simulator.url),
      RDS_DR_LOCK_FILE: lockFile,
      ...environment,
    },
  });
}

const listWarning = `warning: "${listKey}" is not checked: it is a list, which "npx rds-dr refresh" compares with RDS\n`;

/** For a check that waits for an answer in vain. */
const briefly = { RDS_DR_DEADLINE_SECONDS: "0.7" };

/** What throttles a request slows down those that follow in the same process. */
function runnerFor(kind: FaultKind): typeof runCli {
  return kind === FaultKind.THROTTLING ? spawnCli : runCli;
}

/** The results of a check, whose JSON fits its schema. */
function checksIn({ stdout }: Finished): readonly Record<string, unknown>[] {
  expect(offences("check", stdout)).toEqual([]);
  return (JSON.parse(stdout) as { readonly checks: readonly Record<string, unknown>[] }).checks;
}

const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

test("--json prints what scripts rely on, and nothing else", async () => {
  changeAnswer(lockFile, listKey, undefined);

  const { code, stdout, stderr } = await check([...replacement, "--json"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const good = { dataTime: instant, exists: "yes", restorable: "yes", restoreRegion: "cn-shanghai" };
  expect(checksIn({ code, stdout, stderr })).toEqual([
    { key: billingKey, dbInstanceId: "rm-billing", crossBackupId: "201", ...good, detail: null, error: null },
    { key: ordersKey, dbInstanceId: "rm-orders", crossBackupId: "101", ...good, detail: null, error: null },
  ]);
  expect(offences("check", stdout.replace('"101"', "101"))).not.toEqual([]);
});

test("one request asks whether a backup is there, another one whether it is accepted, all at once", async () => {
  const asked = simulator.requests.length;

  await check(replacement);

  const common = {
    Engine: "MySQL",
    EngineVersion: "8.0",
    DBInstanceClass: "rds.mysql.s3.large",
    DBInstanceStorage: "100",
    RestoreType: "0",
    RegionId: "cn-shanghai",
  };
  const page = { RegionId: "cn-hangzhou", PageSize: "100", PageNumber: "1" };
  const sent = simulator.requests.slice(asked).map(({ action, parameters }) => ({ action, parameters }));
  expect(sent).toHaveLength(4);
  expect(sent).toEqual(
    expect.arrayContaining([
      { action: "CheckCreateDdrDBInstance", parameters: { ...common, BackupSetId: "101" } },
      { action: "CheckCreateDdrDBInstance", parameters: { ...common, BackupSetId: "201" } },
      {
        action: "DescribeCrossRegionBackups",
        parameters: { ...page, DBInstanceId: "rm-orders", CrossBackupId: "101" },
      },
      {
        action: "DescribeCrossRegionBackups",
        parameters: { ...page, DBInstanceId: "rm-billing", CrossBackupId: "201" },
      },
    ]),
  );
});

test("without class and storage only the first is asked; the text says so, and nothing is written", async () => {
  const asked = simulator.requests.length;

  const { code, stdout, stderr } = await check(["--db-instance-id", "rm-orders"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: listWarning });
  expect(stdout.replace(/\d{4}-\S+Z/, "INSTANT")).toBe(
    [`${ordersKey}: 101 with the data of INSTANT`, "  still there  yes", "  restorable   not asked", ""].join("\n"),
  );
  expect(simulator.requests.slice(asked)).toMatchObject([{ action: "DescribeCrossRegionBackups" }]);
  expect(readText(lockFile)).toBe(made);
});

describe("a backup that cannot be restored is code 3", () => {
  test.each<[string, WorldRecord, object, RegExp]>([
    ["gone", { CrossBackupId: 102 }, { exists: "no", restorable: "no" }, /^101 is no longer there; lock another/],
    [
      "no longer valid",
      { BackupSetStatus: 1 },
      { exists: "no", restorable: "no" },
      /^101 is no longer valid \(not-successful: .*CheckCreateDdrDBInstance, which knows no cloud disks, does not/,
    ],
    [
      "not accepted",
      { "x-restorable": false },
      { exists: "yes", restorable: "no", error: null },
      /^CheckCreateDdrDBInstance, .* for rds\.mysql\.s3\.large with 100 GB in cn-shanghai$/,
    ],
    [
      "refused by an error",
      { "x-check-error": "IncorrectMinorVersion" },
      { exists: "yes", restorable: "no", error: { code: "IncorrectMinorVersion", kind: "unsupported" } },
      /^CheckCreateDdrDBInstance failed with IncorrectMinorVersion: /,
    ],
  ])("as it is %s", async (_, change, expected, detail) => {
    simulator.setWorld(worldOf(change));

    const [json, text] = await Promise.all([check([...replacement, "--json"]), check(replacement)]);

    expect([json.code, text.code]).toEqual([3, 3]);
    const [billing, orders] = checksIn(json);
    expect(billing).toMatchObject({ exists: "yes", restorable: "yes" });
    expect(orders).toMatchObject(expected);
    expect(orders?.["detail"]).toMatch(detail);
    expect(text.stdout).toMatch(/^ {2}(still there|restorable) {2,}no: /m);
  });

  test("as the lock file holds none", async () => {
    changeAnswer(lockFile, ordersKey, { backup: null });
    const asked = simulator.requests.length;

    const finished = await check(["--db-instance-id", "rm-orders", "--json", ...replacement]);

    expect(finished.code).toBe(3);
    expect(checksIn(finished)).toMatchObject([
      { crossBackupId: null, dataTime: null, exists: "no", restorable: "not-asked", restoreRegion: null },
    ]);
    expect(simulator.requests).toHaveLength(asked);
  });
});

describe("a locked backup that RDS knows with other facts is code 3, with both values", () => {
  test.each<[string, unknown]>([
    ["dataTime", "2024-03-05T02:22:54Z"],
    ["engine", "pgsql"],
    ["crossBackupRegion", "cn-beijing"],
    ["restoreRegions", ["cn-beijing", "cn-shanghai"]],
    ["crossBackupSetSize", 1],
  ])("%s", async (fact, value) => {
    const { [ordersKey]: { backup = {} } = {} } = answersIn(lockFile);
    const actual = (backup as Record<string, unknown>)[fact];
    changeAnswer(lockFile, ordersKey, { backup: { ...backup, [fact]: value } });
    const before = readText(lockFile);

    const [json, text] = await Promise.all([check(["--json"]), check([])]);

    expect([json.code, text.code]).toEqual([3, 3]);
    const [billing, orders] = checksIn(json);
    expect(billing).toMatchObject({ exists: "yes", detail: null });
    expect(orders).toMatchObject({ crossBackupId: "101", exists: "no", error: null });
    for (const said of [String(orders?.["detail"]), text.stdout]) {
      expect(said).toContain(`101 is not as it is locked: ${fact} is locked as `);
      for (const one of [value, actual].flat()) {
        expect(said).toContain(String(one));
      }
      expect(said).toContain("npx rds-dr refresh");
    }
    expect(readText(lockFile)).toBe(before);
  });

  test("also if it is pinned", async () => {
    const { [ordersKey]: { backup } = {} } = answersIn(lockFile);
    const pin = { reason: "the drill" };
    changeAnswer(lockFile, ordersKey, { pin, backup: { ...backup, engineVersion: "5.7" } });

    const { code, stdout } = await check(["--db-instance-id", "rm-orders"]);

    expect(code).toBe(3);
    expect(stdout).toContain('no: 101 is not as it is locked: engineVersion is locked as "5.7", but RDS says "8.0"');
  });

  test("but not if it was written by hand and says less than RDS", async () => {
    const { [ordersKey]: { backup } = {} } = answersIn(lockFile);
    const { crossBackupId, dataTime } = backup ?? {};
    changeAnswer(lockFile, ordersKey, {
      backup: { crossBackupId, dataTime, restoreRegions: ["cn-shanghai"] },
    });

    const { code } = await check(["--db-instance-id", "rm-orders"]);

    expect(code).toBe(0);
  });
});

describe("a locked window", () => {
  const wholeKey = "latest rm-whole recoveryWindow=true regionId=cn-hangzhou";
  const logs = "DescribeCrossRegionLogBackupFiles";
  let whole: string | undefined;

  beforeEach(async () => {
    simulator.setWorld(loggedWorld);
    if (whole === undefined) {
      const look = ["lookup", "--region-id", "cn-hangzhou", "--db-instance-id", "rm-whole", "--window"];
      await refresh(lockFile, simulator.url, look);
      whole = readText(lockFile);
    }
    writeFileSync(lockFile, whole);
  });

  function lockedWith(facts: object): void {
    const { [wholeKey]: { backup } = {} } = answersIn(lockFile);
    changeAnswer(lockFile, wholeKey, { backup: { ...backup, ...facts } });
  }

  const args = ["--db-instance-id", "rm-whole", "--json"];

  test.each<[string, object, number]>([
    ["as RDS states it", {}, 0],
    ["that ends before the real one", { recoverableUntil: hoursAgo(3) }, 0],
    ["that ends after the real one", { recoverableUntil: hoursAgo(0.5) }, 3],
    ["that ends far in the future", { recoverableUntil: "2099-01-01T00:00:00Z", recoveryGaps: [] }, 3],
    ["that ends before the data time", { recoverableUntil: hoursAgo(40) }, 3],
    ["that begins before the data time", { recoverableFrom: hoursAgo(40) }, 3],
    ["that begins after its end", { recoverableFrom: hoursAgo(0.2) }, 3],
  ])("%s: it is checked against that of RDS", async (_, facts, code) => {
    lockedWith(facts);

    const finished = await check(args);

    expect(finished.code).toBe(code);
    const expected = code === 0 ? null : (expect.stringMatching(/^101 is not as .*recoverable/) as unknown);
    expect(checksIn(finished)).toMatchObject([{ exists: code === 0 ? "yes" : "no", detail: expected }]);
  });

  test("is not asked for if none is locked", async () => {
    lockedWith({ recoverableFrom: undefined, recoverableUntil: undefined, recoveryGaps: undefined });
    const asked = simulator.requests.length;

    const { code } = await check(args);

    expect(code).toBe(0);
    expect(simulator.requests.slice(asked).map(({ action }) => action)).toEqual(["DescribeCrossRegionBackups"]);
  });

  test.each<[FaultKind, number]>([
    [FaultKind.UNAVAILABLE, 5],
    [FaultKind.DENIED, 4],
  ])("to which RDS gives no answer (%s) is unknown: code %i", async (kind, code) => {
    simulator.injectFault({ kind, action: logs });

    const finished = await check(args, briefly);

    expect(finished.code).toBe(code);
    expect(checksIn(finished)).toMatchObject([{ exists: "unknown" }]);
  });

  test("that is false in itself is an error in mode locked", async () => {
    lockedWith({ recoverableUntil: "2099-01-01T00:00:00Z", recoveryGaps: [] });
    const look = ["lookup", "--region-id", "cn-hangzhou", "--db-instance-id", "rm-whole", "--window"];

    const { code, stderr } = await runCli(look, {
      environment: { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: lockFile, RDS_DR_MODE: "locked" },
    });

    expect(code).toBe(6);
    expect(stderr).toContain(`"recoverableUntil" of the locked answer "${wholeKey}" in`);
  });
});

describe("a locked backup that contradicts itself is code 3", () => {
  const late = (): string => {
    const { [ordersKey]: { backup } = {} } = answersIn(lockFile);
    const dataTime = hoursAgo(1);
    changeAnswer(lockFile, ordersKey, { backup: { ...backup, dataTime } });
    return dataTime;
  };

  test.each([FaultKind.UNAVAILABLE, FaultKind.THROTTLING, FaultKind.DENIED])(
    "even if the source does not answer (%s), and the destination accepts it",
    async (kind) => {
      const dataTime = late();
      simulator.injectFault({ kind, regionId: "cn-hangzhou" });

      const args = [...replacement, "--db-instance-id", "rm-orders", "--json"];
      const finished = await check(args, briefly, runnerFor(kind));

      expect(finished.code).toBe(3);
      const [orders] = checksIn(finished);
      expect(orders).toMatchObject({ exists: "no", restorable: "yes" });
      expect(orders?.["detail"]).toMatch(/^101 is not as it is locked: its dataTime must be at or before its own /);
      expect(orders?.["detail"]).toContain(`but is locked as "${dataTime}"`);
    },
  );
});

describe("lists of records are not checked,", () => {
  test("each with a warning, and those of other instances without", async () => {
    const [all, orders, billing] = await Promise.all([
      check(["--json"]),
      check(["--json", "--db-instance-id", "rm-orders"]),
      check(["--json", "--db-instance-id", "rm-billing"]),
    ]);

    expect([all.code, orders.code, billing.code]).toEqual([0, 0, 0]);
    expect([all.stderr, orders.stderr, billing.stderr]).toEqual([listWarning, listWarning, ""]);
  });

  test("and a lock file that contains nothing else says so: code 0", async () => {
    changeAnswer(lockFile, ordersKey, undefined);
    changeAnswer(lockFile, billingKey, undefined);
    const asked = simulator.requests.length;

    const finished = await check(["--json"]);
    const ofInstance = await check(["--json", "--db-instance-id", "rm-orders"]);

    for (const { code, stderr } of [finished, ofInstance]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: listWarning });
    }
    expect(checksIn(finished)).toEqual([]);
    expect(simulator.requests).toHaveLength(asked);
  });
});

test("a short answer within a backup of which RDS states no ConsistentTime is a warning", async () => {
  const hours = { BackupStartTime: "now-60h", BackupEndTime: "now-10h", ConsistentTime: undefined };
  simulator.setWorld(worldOf(hours));
  const short = { crossBackupId: "101", dataTime: hoursAgo(20), restoreRegions: ["cn-shanghai"] };
  changeAnswer(lockFile, ordersKey, { backup: short });

  const { code, stderr } = await check(["--db-instance-id", "rm-orders"]);

  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: "latest rm-orders .*" may be older than it says: dataTime is locked as "\S+", but RDS says "\S+", the start of the backup/m,
  );
});

test("a data time that was no ConsistentTime is code 3 if RDS can only estimate it", async () => {
  simulator.setWorld(worldOf({ BackupStartTime: "now-60h", BackupEndTime: "now-10h", ConsistentTime: undefined }));
  const look = ["lookup", "--region-id", "cn-hangzhou", "--db-instance-id", "rm-orders"];
  await refresh(lockFile, simulator.url, [...look, "--restore-region", "cn-shanghai", "--accept-older"]);
  const { [ordersKey]: { backup } = {} } = answersIn(lockFile);
  const end = (backup as Record<string, unknown> | undefined)?.["backupEndTime"];
  changeAnswer(lockFile, ordersKey, { backup: { ...backup, dataTime: end, dataTimeEstimated: false } });

  const finished = await check(["--db-instance-id", "rm-orders", "--json"]);

  expect(finished.code).toBe(3);
  expect(checksIn(finished)).toMatchObject([
    { exists: "no", detail: expect.stringContaining(`dataTime is locked as "${String(end)}"`) as unknown },
  ]);
});

describe("if the region of the source", () => {
  const down: Fault = { kind: FaultKind.UNAVAILABLE, regionId: "cn-hangzhou" };
  const throttled: Fault = { kind: FaultKind.THROTTLING, regionId: "cn-hangzhou" };

  test.each([down, throttled])(
    "gives no answer ($kind), an acceptance by the destination is enough, with a warning",
    async (fault) => {
      simulator.injectFault(fault);

      const args = [...replacement, "--db-instance-id", "rm-orders"];
      const run = runnerFor(fault.kind);
      const [finished, text] = await Promise.all([check([...args, "--json"], briefly, run), check(args, briefly, run)]);

      expect([finished.code, text.code]).toEqual([0, 0]);
      expect(text.stdout).toMatch(/\n {2}still there {2}unknown\n {2}restorable {3}yes, in cn-shanghai\n$/);
      expect(text.stderr).not.toMatch(/^error/m);
      expect(finished.stderr).toMatch(
        /^warning: cannot look up "rm-orders" of cn-hangzhou: .*; but the destination accepts the locked backup\n/m,
      );
      expect(checksIn(finished)).toMatchObject([
        { exists: "unknown", restorable: "yes", error: { code: expect.any(String) as unknown } },
      ]);
    },
  );

  test.each<[string, readonly string[], WorldRecord]>([
    ["nobody else was asked", [], {}],
    ["the destination does not accept it either", replacement, { "x-restorable": false }],
  ])("gives no answer, and %s, it is code 5", async (_, args, change) => {
    simulator.setWorld(worldOf(change));
    simulator.injectFault(down);

    const { code, stderr } = await check([...args, "--db-instance-id", "rm-orders"], briefly);

    expect(code).toBe(5);
    expect(stderr).toMatch(/^error: cannot look up "rm-orders" of cn-hangzhou: .*ServiceUnavailable.*\n {2}-> /m);
  });

  test("denies the question, it is code 4, whatever the destination says", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, regionId: "cn-hangzhou" });

    const finished = await check([...replacement, "--json"]);

    expect(finished.code).toBe(4);
    expect(checksIn(finished)).toMatchObject(
      [billingKey, ordersKey].map((key) => ({
        key,
        exists: "unknown",
        restorable: "yes",
        error: { kind: "access", code: "Forbidden.RAM", requestId: expect.any(String) as unknown },
      })),
    );
  });
});

test.each<[FaultKind, number, string]>([
  [FaultKind.DENIED, 4, "Forbidden.RAM"],
  [FaultKind.UNAVAILABLE, 5, "ServiceUnavailable"],
])("if the destination gives no answer (%s), it is code %i", async (kind, expected, code) => {
  simulator.injectFault({ kind, regionId: "cn-shanghai" });

  const finished = await check([...replacement, "--db-instance-id", "rm-orders", "--json"], briefly);

  expect(finished.code).toBe(expected);
  expect(checksIn(finished)).toMatchObject([{ exists: "yes", restorable: "unknown", error: { code } }]);
});

test("if no endpoint can be reached at all, it is code 5", async () => {
  changeAnswer(lockFile, ordersKey, { endpoint: "http://127.0.0.1:1" });

  const args = ["--db-instance-id", "rm-orders", "--endpoint", "http://127.0.0.1:1", "--json"];
  const finished = await check([...replacement, ...args], briefly);

  expect(finished.code).toBe(5);
  expect(checksIn(finished)).toMatchObject([
    { exists: "unknown", restorable: "unknown", error: { code: "ECONNREFUSED", requestId: null } },
  ]);
});

test("if something else than the API answers, the word of the destination is unknown: code 5", async () => {
  const endpoint = simulator.url.replace("http:", "https:");
  changeAnswer(lockFile, ordersKey, { endpoint });

  const finished = await check([
    ...[...replacement, "--db-instance-id", "rm-orders", "--endpoint", endpoint, "--json"],
  ]);

  expect(finished.code).toBe(5);
  expect(checksIn(finished)).toMatchObject([
    { exists: "unknown", restorable: "unknown", error: { kind: "transient" } },
  ]);
});

describe("the hosts of RDS itself", () => {
  const regional = "rds-vpc.cn-hangzhou.aliyuncs.com";
  let proxy: Server;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    // The proxy sees the host of each request, and sends nothing on.
    proxy = createServer().on("connect", ({ url = "" }, socket) => {
      asked.push(url);
      socket.destroy();
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    changeAnswer(lockFile, ordersKey, { endpoint: undefined });
  });
  afterEach(() => {
    delete process.env["HTTPS_PROXY"];
    proxy.close();
  });

  const run = (args: readonly string[], environment: Record<string, string>): Promise<Finished> =>
    check([...replacement, "--db-instance-id", "rm-orders", "--json", ...args], {
      RDS_DR_DEADLINE_SECONDS: "0.7",
      RDS_DR_ENDPOINT: "",
      ...environment,
    });

  test.each<[string, readonly string[], Record<string, string>]>([
    ["--endpoint", ["--endpoint", regional], {}],
    ["RDS_DR_ENDPOINT", [], { RDS_DR_ENDPOINT: regional }],
    ["ALIBABA_CLOUD_ENDPOINT_RDS", [], { ALIBABA_CLOUD_ENDPOINT_RDS: regional }],
  ])("serve their own region alone: %s of the source is not asked about the destination", async (_, ...given) => {
    const { code } = await run(...given);

    expect(code).toBe(5);
    expect([...new Set(asked)].sort()).toEqual([`${regional}:443`, "rds.aliyuncs.com:443"]);
  });

  test.each<[string, readonly string[], Record<string, string>]>([
    ["RDS_DR_RESTORE_ENDPOINT", [], {}],
    ["--restore-endpoint", ["--restore-endpoint"], { RDS_DR_RESTORE_ENDPOINT: "vpc" }],
  ])("leave the destination to %s", async (_, args, environment) => {
    const { url } = simulator;
    const options = args.length === 0 ? [] : [...args, url];

    const finished = await run(["--endpoint", regional, ...options], {
      // A busy machine needs its time for the answer that comes.
      RDS_DR_DEADLINE_SECONDS: "2.5",
      RDS_DR_RESTORE_ENDPOINT: url,
      ...environment,
    });

    expect(checksIn(finished)).toMatchObject([{ exists: "unknown", restorable: "yes" }]);
    expect(new Set(asked)).toEqual(new Set([`${regional}:443`]));
  });

  test.each([
    [["--endpoint", "rds.cn-shanghai.aliyuncs.com"], /^error: --endpoint must be one that serves cn-hangzhou/],
    [["--restore-endpoint", regional], /^error: --restore-endpoint must be one that serves cn-shanghai/],
    [["--restore-endpoint", "http://simulator:8080"], /^error: --restore-endpoint must be https/],
  ])("are refused where they serve another region: %j", async (args, message) => {
    const { code, stdout, stderr } = await run(args, {});

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(asked).toEqual([]);
  });
});

describe("the region of the replacement", () => {
  const regions = (...names: string[]): WorldRecord => ({ RestoreRegions: { RestoreRegion: names } });

  /** Locks the backup of rm-billing, which is looked up without a region to restore to. */
  async function lockBilling(change: WorldRecord): Promise<void> {
    simulator.setWorld({ instances: [instance("rm-billing", [{ ...hoursOld(7, 201), ...change }])] });
    await refresh(lockFile, simulator.url, [
      ...["lookup", "--db-instance-id", "rm-billing", "--region-id", "cn-hangzhou"],
    ]);
  }

  test.each<[string, WorldRecord, readonly string[], string]>([
    ["is the only one besides that of the source", regions("cn-hangzhou", "cn-beijing"), [], "cn-beijing"],
    [
      "is that of --restore-region",
      regions("cn-beijing", "cn-shanghai"),
      ["--restore-region", "cn-beijing"],
      "cn-beijing",
    ],
  ])("%s", async (_, change, args, expected) => {
    await lockBilling(change);

    const finished = await check([...replacement, "--db-instance-id", "rm-billing", "--json", ...args]);

    expect(finished.code).toBe(0);
    expect(checksIn(finished)).toMatchObject([{ restorable: "yes", restoreRegion: expected }]);
  });

  test("is that of the lookup, unless --restore-region says another one", async () => {
    simulator.setWorld(worldOf(regions("cn-beijing", "cn-shanghai")));
    const { [ordersKey]: entry } = answersIn(lockFile);
    const backup = { ...entry?.backup, restoreRegions: ["cn-beijing", "cn-shanghai"] };
    changeAnswer(lockFile, ordersKey, { backup });
    const args = [...replacement, "--db-instance-id", "rm-orders", "--json"];

    const [ofLookup, ofOption] = await Promise.all([check(args), check([...args, "--restore-region", "cn-beijing"])]);

    expect(checksIn(ofLookup)).toMatchObject([{ restorable: "yes", restoreRegion: "cn-shanghai" }]);
    expect(checksIn(ofOption)).toMatchObject([{ restorable: "yes", restoreRegion: "cn-beijing" }]);
  });

  test.each<[string, WorldRecord, string]>([
    ["several would do", regions("cn-beijing", "cn-hangzhou", "cn-shanghai"), "cn-beijing, cn-hangzhou, cn-shanghai"],
    ["only that of the source would do", regions("cn-hangzhou"), "cn-hangzhou"],
  ])("has to be given where %s: nothing is sent", async (_, change, names) => {
    await lockBilling(change);
    const asked = simulator.requests.length;

    const { code, stdout, stderr } = await check(replacement);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(
      `error: --restore-region must be given for "${billingKey}", whose backup can be restored to ${names} (`,
    );
    expect(simulator.requests).toHaveLength(asked);
  });
});

test.each([
  ["mssql", "2022_web", "SQLServer"],
  ["pgsql", "15.0", "PostgreSQL"],
])("a locked %s is checked as the API spells it", async (engine, engineVersion, expected) => {
  const { [ordersKey]: entry } = answersIn(lockFile);
  changeAnswer(lockFile, ordersKey, {
    backup: { ...entry?.backup, engine, engineVersion, crossBackupSetFile: "a.zip" },
  });
  const asked = simulator.requests.length;

  await check([...replacement, "--db-instance-id", "rm-orders"]);

  const sent = simulator.requests.slice(asked).find(({ action }) => action === "CheckCreateDdrDBInstance");
  expect(sent?.parameters).toMatchObject({ Engine: expected, EngineVersion: engineVersion });
});

test("pins, and what expires, are warnings", async () => {
  changeAnswer(lockFile, ordersKey, { pin: { reason: "the drill" } });
  changeAnswer(lockFile, billingKey, { retentionDays: 1 });

  const { code, stderr } = await check(["--json"]);

  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: 101 .* is pinned, .*: the drill\nwarning: the locked backup 201, kept for 1 days, expires at /,
  );
});

test("an answer of a simulator is refused if another endpoint is asked, and nothing is sent about it", async () => {
  changeAnswer(lockFile, ordersKey, { endpoint: "http://127.0.0.1:1" });
  const asked = simulator.requests.length;

  const finished = await check(["--json"]);

  expect(finished.code).toBe(6);
  expect(checksIn(finished)).toMatchObject([
    { key: billingKey, exists: "yes", error: null },
    {
      key: ordersKey,
      crossBackupId: "101",
      exists: "unknown",
      restorable: "not-asked",
      error: { code: "LockedElsewhere" },
    },
  ]);
  expect(simulator.requests.slice(asked)).toHaveLength(1);
});

describe("code 6 is for", () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      "an instance that is not there, whatever became of the others",
      ["--db-instance-id", "rm-orders", "rm-nowhere", "rm-else"],
      /^error: there is no locked answer for --db-instance-id rm-nowhere rm-else in .*; the locked answers are:\n {2}latest rm-billing .*\n {2}latest rm-orders .*\n {2}list rm-orders .*\n {2}-> fill it with "npx rds-dr refresh"/,
    ],
    [
      "a lock file that is not there",
      ["--lock-file", "none.json"],
      /^error: there is no locked answer for any instance: there is no file none\.json\n {2}-> /,
    ],
  ])("%s", async (_, args, message) => {
    const asked = simulator.requests.length;

    const { code, stdout, stderr } = await check([...args, "--json"]);

    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toMatch(message);
    expect(simulator.requests).toHaveLength(asked);
  });

  test.each<[string, object, RegExp]>([
    [
      "no question",
      { query: undefined },
      /^error: the locked answer "latest rm-orders .*" has no "query", so rds-dr does not know what to ask/,
    ],
    [
      "no engine",
      { backup: { crossBackupId: "101", dataTime: "2026-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] } },
      /^error: the locked answer "latest rm-orders .*" names no usable engine and version: \(none\) \(none\)/,
    ],
  ])("an answer written by hand that has %s", async (_, change, message) => {
    changeAnswer(lockFile, ordersKey, change);

    const { code, stderr } = await check(replacement);

    expect(code).toBe(6);
    expect(stderr).toMatch(message);
  });
});

test.each<[string, readonly string[], RegExp]>([
  [
    "a class without storage",
    replacement.slice(0, 2),
    /^error: --db-instance-storage must be given, as an instance has/,
  ],
  ["storage without a class", replacement.slice(2), /^error: --db-instance-class must be given, as an instance has/],
  [
    "a region without class and storage",
    ["--restore-region", "cn-shanghai"],
    /^error: --db-instance-class must be given, as an instance has/,
  ],
  ["storage in words", [...replacement.slice(0, 2), "--db-instance-storage", "much"], /argument 'much' is invalid/],
  [
    "storage that no instance has",
    [...replacement.slice(0, 2), "--db-instance-storage", "101"],
    /^error: --db-instance-storage must be 5 to 2000 GB in steps of 5, but is 101/,
  ],
  ["a class of blanks", [...replacement, "--db-instance-class", " "], /^error: --db-instance-class must be an/],
  ["a malformed region", [...replacement, "--restore-region", "x"], /^error: --restore-region must be the id of a/],
  ["a malformed endpoint", ["--endpoint", "http://a/b"], /^error: --endpoint must be a host/],
])("%s is a usage error that names it, and nothing is sent", async (_, args, message) => {
  const asked = simulator.requests.length;

  const { code, stdout, stderr } = await check(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(simulator.requests).toHaveLength(asked);
});

test("--help says that the call knows no storage type", async () => {
  const { stdout } = await runCli(["check", "--help"]);

  expect(stdout).toMatch(/That call knows no storage type and refuses cloud disks: [^]* its "no" is not the last word/);
});
