import { EventEmitter } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { type Finished, hoursOld, logOfHours, runCli, temporaryFolders } from "../../fixtures";
import { offences } from "../../schema/schemas";
import { ledgerApp, ledgerWorld, lockedIn, lockRestore, path, restore, restoreEnvironment } from "../restore-app";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ world: ledgerWorld() });
});

afterEach(() => simulator.stop());

const ids = (): readonly string[] => simulator.instances.map(({ dbInstanceId }) => dbInstanceId);
const actions = (): readonly string[] => simulator.requests.map(({ action }) => action);
const created = (): number => actions().filter((action) => action === "CreateDdrInstance").length;
/** A clock without pauses: with the first of them, RDS lists every instance. */
const listingAtPause = {
  now: Date.now,
  sleep: () => {
    simulator.setWorld({ ...simulator.world, restores: { tokenMemoryMs: 0 } });
    return Promise.resolve();
  },
};

describe("a first restore", () => {
  test("creates the instance, waits until it runs, and locks what it asked for and what came of it", async () => {
    simulator.setWorld(ledgerWorld({ creationMs: 300 }));
    const folder = ledgerApp();

    const { code, stdout, stderr } = await restore(folder, simulator.url);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [id = ""] = ids();
    expect(ids()).toHaveLength(1);
    expect(stdout).toBe(`${id}  Running\n`);
    expect(stderr).toContain(`${id} is Creating`);
    expect(stderr).toContain("class      pg.n2.medium.2c, 100 GB, cloud_essd");
    expect(stderr).toContain("not checked before: CheckCreateDdrDBInstance does not know cloud disks");
    expect(lockedIn(folder)).toMatchObject({
      intent: {
        accountId: "1234567890123456",
        endpoint: simulator.url,
        parameters: {
          BackupSetId: "101",
          ClientToken: expect.stringMatching(/^[\da-f]{64}$/) as string,
          DBInstanceDescription: expect.stringMatching(/^dr-ledger-dr-[\da-f]{8}$/) as string,
          DBInstanceStorageType: "cloud_essd",
          InstanceNetworkType: "VPC",
          ZoneId: "cn-shanghai-b",
        },
      },
      instance: { dbInstanceId: id, crossBackupId: "101", zoneId: "cn-shanghai-b", accountId: "1234567890123456" },
    });
  });

  test("asks CheckCreateDdrDBInstance if the disks are local, and creates nothing if that says no", async () => {
    simulator.setWorld(ledgerWorld({}, [{ ...hoursOld(5, 101), "x-restorable": false }]));
    const folder = ledgerApp({ storageType: "local_ssd" });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(3);
    expect(stderr).toContain("RDS says no to the restore of dr/ledger-dr");
    expect(ids()).toEqual([]);
    expect(existsSync(join(folder, "rds-dr.lock.json"))).toBe(false);
  });

  test("does not wait with --no-wait", async () => {
    simulator.setWorld(ledgerWorld({ creationMs: 3_600_000 }));

    const { code, stdout } = await restore(ledgerApp(), simulator.url, ["--yes", "--no-wait", path]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}\n` });
  });

  test("does not wait with --dry-run either, if the instance is being created", async () => {
    simulator.setWorld(ledgerWorld({ creationMs: 3_600_000 }));
    const folder = ledgerApp();
    await restore(folder, simulator.url, ["--yes", "--no-wait"]);

    const { code, stdout } = await restore(folder, simulator.url, ["--dry-run"]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}  Creating\n` });
  });

  test("prints JSON", async () => {
    const folder = ledgerApp();

    const { stdout } = await restore(folder, simulator.url, ["--yes", "--json"]);

    expect(offences("restore", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toEqual({
      path,
      status: "created",
      dbInstanceId: ids()[0],
      instanceStatus: "Running",
      crossBackupId: "101",
      restoreTime: null,
      lockFile: join(folder, "rds-dr.lock.json"),
      plan: null,
      error: null,
    });
  });
});

test("a dry run does not wait for an instance that is being created", async () => {
  simulator.setWorld(ledgerWorld({ creationMs: 3_600_000 }));
  const folder = ledgerApp();
  await restore(folder, simulator.url, ["--yes", "--no-wait"]);

  const { code, stdout } = await restore(folder, simulator.url, ["--dry-run"]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}  Creating\n` });
});

test("a lock file that cannot be written once the instance is there does not hide its id", async () => {
  const folder = ledgerApp();
  const now = (): number => {
    if (ids().length > 0) {
      writeFileSync(join(folder, "rds-dr.lock.json"), "<<<<<<< HEAD\n");
    }
    return Date.now();
  };

  const { code, stdout, stderr } = await restore(folder, simulator.url, ["--yes", "--json"], {
    clock: { ...listingAtPause, now },
  });

  expect(code).toBe(2);
  expect(offences("restore", stdout)).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({ status: "failed", dbInstanceId: ids()[0] });
  expect(stderr).toContain(
    `the instance ${ids()[0] ?? ""} of dr/ledger-dr is there, but the lock file does not know it`,
  );
});

describe("who must agree", () => {
  test("with --dry-run nobody: it shows the instance, and creates and writes nothing", async () => {
    const folder = ledgerApp();

    const { code, stdout } = await restore(folder, simulator.url, ["--dry-run"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^dr\/ledger-dr: a new instance in cn-shanghai\n {2}from {7}the backup 101 \(data of /);
    const { stdout: json } = await restore(folder, simulator.url, ["--dry-run", "--json"]);
    expect(offences("restore", json)).toEqual([]);
    expect(JSON.parse(json)).toMatchObject({ status: "planned", plan: { parameters: { BackupSetId: "101" } } });
    expect(json).not.toContain("ClientToken");
    expect(created()).toBe(0);
    expect(existsSync(join(folder, "rds-dr.lock.json"))).toBe(false);
  });

  test.each<[string, number, number]>([
    ["yes\n", 0, 1],
    [" yes \r\n", 0, 1],
    ["y\n", 2, 0],
    ["\n", 2, 0],
    ["", 2, 0],
  ])("a person on a terminal, who types %j", async (input, expected, instances) => {
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url, [], { input, isTerminal: true });

    expect(code).toBe(expected);
    expect(stderr).toContain('Create it? It costs money. Type "yes": ');
    expect(ids()).toHaveLength(instances);
    expect(lockedIn(folder)?.intent === undefined).toBe(instances === 0);
  });

  test("a person who thinks for long: what another run has created meanwhile is taken", async () => {
    const [one, other] = [ledgerApp(), ledgerApp()];
    simulator.setWorld(ledgerWorld({ tokenMemoryMs: 0 }));
    const thinking = async function* (): AsyncGenerator<string> {
      await restore(other, simulator.url);
      yield "yes\n";
    };

    const { code, stdout } = await restore(one, simulator.url, [], { typed: thinking(), isTerminal: true });

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}  Running\n` });
    expect(ids()).toHaveLength(1);
  });

  test("without a terminal and without --yes, it creates nothing", async () => {
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url, []);

    expect(code).toBe(2);
    expect(stderr).toContain("--yes must be given if there is no terminal");
    expect(created()).toBe(0);
    expect(existsSync(join(folder, "rds-dr.lock.json"))).toBe(false);
  });
});

describe("run again", () => {
  test("it finds the instance by the lock file, and creates nothing, whatever the backup is by then", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    simulator.setWorld(ledgerWorld({}, [hoursOld(1, 102), hoursOld(5, 101)]));

    const { code, stdout } = await restore(folder, simulator.url);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}  Running\n` });
    expect(created()).toBe(1);
    expect(lockedIn(folder)?.instance?.crossBackupId).toBe("101");
  });

  test("in a fresh clone, it finds the instance by its name; nobody knows its backup there", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    rmSync(join(folder, "rds-dr.lock.json"));
    simulator.setWorld(ledgerWorld({}, [hoursOld(1, 102), hoursOld(5, 101)]));

    const { code, stdout, stderr } = await restore(folder, simulator.url, []);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ids()[0] ?? ""}  Running\n` });
    expect(stderr).toContain("is taken for it: nothing is created");
    expect(created()).toBe(1);
    expect(lockedIn(folder)).toMatchObject({ instance: { dbInstanceId: ids()[0] } });
    expect(lockedIn(folder)?.instance).not.toHaveProperty("crossBackupId");
    expect(lockedIn(folder)).not.toHaveProperty("intent");
  });

  test("after an intent without an instance, it asks for the same to the letter, also for an older backup", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    const { intent } = lockedIn(folder) ?? {};
    lockRestore(folder, { ...(intent === undefined ? {} : { intent }) });
    simulator.setWorld(ledgerWorld({ listedAfterMs: 3_600_000 }, [hoursOld(1, 102), hoursOld(5, 101)]));

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(0);
    expect(stderr).toContain("looking again in 3 min");
    expect(ids()).toHaveLength(1);
    expect(created()).toBe(2);
    expect(lockedIn(folder)).toMatchObject({ intent, instance: { dbInstanceId: ids()[0], crossBackupId: "101" } });
  });

  test("it takes what the second listing shows, if RDS lists an instance late and has forgotten the token", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    const { intent } = lockedIn(folder) ?? {};
    lockRestore(folder, { ...(intent === undefined ? {} : { intent }) });
    simulator.setWorld(ledgerWorld({ tokenMemoryMs: 0, listedAfterMs: 3_600_000 }));

    const { code } = await restore(folder, simulator.url, ["--yes"], { clock: listingAtPause });

    expect(code).toBe(0);
    expect(ids()).toHaveLength(1);
    expect(lockedIn(folder)?.instance?.dbInstanceId).toBe(ids()[0]);
  });

  test.each<[string, FaultKind]>([
    ["reset", FaultKind.RESET],
    ["cut", FaultKind.CUT_BODY],
    ["an error of RDS", FaultKind.SERVER_ERROR],
    ["a page of a gateway", FaultKind.HTML],
  ])("an answer that is lost (%s) is not asked for again: the instance is there", async (_, kind) => {
    simulator.setWorld(ledgerWorld({ tokenMemoryMs: 0 }));
    simulator.injectFault({ kind, action: "CreateDdrInstance", times: 1, isPerformed: true });
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(created()).toBe(1);
    expect(ids()).toHaveLength(1);
    expect(lockedIn(folder)?.instance).toMatchObject({ dbInstanceId: ids()[0], crossBackupId: "101" });
  });

  test("a request that was lost is sent again once RDS has listed no such instance twice", async () => {
    simulator.injectFault({ kind: FaultKind.RESET, action: "CreateDdrInstance", times: 1 });

    const { code, stderr } = await restore(ledgerApp(), simulator.url);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain("looking again in 3 min");
    expect(created()).toBe(2);
    expect(ids()).toHaveLength(1);
  });

  test("a request that is always lost ends as one of which nothing is known", async () => {
    simulator.injectFault({ kind: FaultKind.RESET, action: "CreateDdrInstance" });
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(5);
    expect(stderr).toContain("it is not known whether RDS restores dr/ledger-dr");
    expect(created()).toBe(3);
    expect(lockedIn(folder)).toHaveProperty("intent");
  });
});

describe("two at once, each with a lock file of its own", () => {
  test.each([0, 300])("make one instance, if RDS lists it after %i ms", async (listedAfterMs) => {
    simulator.setWorld(ledgerWorld({ listedAfterMs }));
    const [one, other] = [ledgerApp(), ledgerApp()];

    const runs = await Promise.all([restore(one, simulator.url), restore(other, simulator.url)]);

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(ids()).toHaveLength(1);
    expect([one, other].map((folder) => lockedIn(folder)?.instance?.dbInstanceId)).toEqual([...ids(), ...ids()]);
  });

  test("with other backups, the second can take it later, though what the first made is older", async () => {
    const [one, other] = [ledgerApp(), ledgerApp()];
    await restore(one, simulator.url);
    const newer = [hoursOld(1, 102), hoursOld(5, 101)];
    simulator.setWorld(ledgerWorld({ listedAfterMs: 3_600_000 }, newer));

    const { code, stderr } = await restore(other, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain("was asked for before with other parameters");
    expect(lockedIn(other)).toBeUndefined();
    simulator.setWorld(ledgerWorld({}, newer));
    expect(await restore(other, simulator.url)).toMatchObject({ code: 0, stdout: `${ids()[0] ?? ""}  Running\n` });
    expect(created()).toBe(2);
  });

  test("with the same lock file, the second looks twice before it asks too", async () => {
    simulator.setWorld(ledgerWorld({ tokenMemoryMs: 0, listedAfterMs: 3_600_000 }));
    const folder = ledgerApp();
    const clock = {
      now: Date.now,
      sleep: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await listingAtPause.sleep();
      },
    };

    const runs = await Promise.all([1, 2].map(() => restore(folder, simulator.url, ["--yes"], { clock })));

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(ids()).toHaveLength(1);
  });

  test("and with the same lock file, make one instance as well", async () => {
    const folder = ledgerApp();

    const runs = await Promise.all([restore(folder, simulator.url), restore(folder, simulator.url)]);

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(ids()).toHaveLength(1);
    expect(lockedIn(folder)?.instance?.dbInstanceId).toBe(ids()[0]);
  });

  test("with other backups, the second takes what the first made, and does not know its backup", async () => {
    const [one, other] = [ledgerApp(), ledgerApp()];
    await restore(one, simulator.url);
    simulator.setWorld(ledgerWorld({ listedAfterMs: 3_600_000 }, [hoursOld(1, 102), hoursOld(5, 101)]));

    const { code, stderr } = await restore(other, simulator.url, ["--yes"], { clock: listingAtPause });

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(ids()).toHaveLength(1);
    expect(lockedIn(other)?.instance).not.toHaveProperty("crossBackupId");
  });
});

/** An instance of the name "ledger", in the region of the restore. */
test("a signal while it waits says how to go on", async () => {
  simulator.setWorld(ledgerWorld({ creationMs: 60_000 }));
  const signals = new EventEmitter();
  const sleep = async (): Promise<void> => {
    setTimeout(() => signals.emit("SIGINT", "SIGINT"), 10);
    await new Promise((resolve) => setTimeout(resolve, 500));
  };

  const { code, stderr } = await restore(ledgerApp(), simulator.url, ["--yes"], {
    signals,
    clock: { now: Date.now, sleep },
  });

  expect(code).toBe(130);
  expect(stderr).toContain(
    'rds-dr: stopped; if RDS was asked for an instance, it goes on. Run "npx rds-dr restore dr/ledger-dr"',
  );
  expect(ids()).toHaveLength(1);
});

test("a signal at the question says that nothing was asked for", async () => {
  const signals = new EventEmitter();
  const typed = new Readable({ read: () => setTimeout(() => signals.emit("SIGINT", "SIGINT"), 10) });

  const { code, stderr } = await restore(ledgerApp(), simulator.url, [], { signals, typed, isTerminal: true });

  expect(code).toBe(130);
  expect(stderr).toContain("rds-dr: stopped: this run asked RDS for no instance");
  expect(ids()).toEqual([]);
});

test("without cdktf.json, it asks for the folder of the app", async () => {
  const { code, stderr } = await restore(temporaryFolder(), simulator.url);

  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: --app-dir must be given, as there is no cdktf.json/);
});

test("PostgreSQL 16 is warned of, as no document of RDS names it", async () => {
  simulator.setWorld(ledgerWorld({}, undefined, ["PostgreSQL", "16.0"]));

  const { code, stderr } = await restore(ledgerApp(), simulator.url);

  expect(code).toBe(0);
  expect(stderr).toContain("warning: the documents of RDS name PostgreSQL up to 15");
});

test("the mode locked asks the region of the source nothing", async () => {
  const folder = ledgerApp();
  await runCli(["refresh"], { cwd: folder, environment: restoreEnvironment(simulator.url) });
  const before = simulator.requests.length;

  const { code } = await restore(folder, simulator.url, ["--yes"], { environment: { RDS_DR_MODE: "locked" } });

  expect(code).toBe(0);
  expect(actions().slice(before)).not.toContain("DescribeCrossRegionBackups");
  expect(ids()).toHaveLength(1);
});

describe("other commands", () => {
  test("a refresh keeps what was restored, and does not mind what is not", async () => {
    const folder = ledgerApp();

    expect(await refresh(folder)).toMatchObject({ code: 0 });
    await restore(folder, simulator.url);
    const locked = lockedIn(folder);
    expect(await refresh(folder, "--prune", "--accept-older")).toMatchObject({ code: 0 });

    expect(locked).toBeDefined();
    expect(lockedIn(folder)).toEqual(locked);
  });

  const refresh = (folder: string, ...args: readonly string[]): Promise<Finished> =>
    runCli(["refresh", ...args], { cwd: folder, environment: restoreEnvironment(simulator.url) });
});

describe("which instance", () => {
  const second = 'new DisasterRecoveryInstance(stack, "second-dr", props);';

  test("must be named if the app declares several", async () => {
    const folder = ledgerApp({}, second);

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(2);
    expect(stderr).toContain("the construct path must be one of these (dr/ledger-dr, dr/second-dr), but is missing");
    expect(await restore(folder, simulator.url, ["--yes", "dr/second-dr"])).toMatchObject({ code: 0 });
    expect(lockedIn(folder)).toBeUndefined();
    expect(created()).toBe(1);
  });

  test("an app that fails creates nothing", async () => {
    const { code, stderr } = await restore(ledgerApp({}, 'throw new Error("of the app");'), simulator.url);

    expect(code).toBe(1);
    expect(stderr).toContain("the app failed, so nothing was created");
    expect(created()).toBe(0);
  });

  test("one that is restored to a point in time asks for that, by its source", async () => {
    const world = ledgerWorld();
    const [source] = world.instances;
    simulator.setWorld({ ...world, instances: source === undefined ? [] : [{ ...source, logs: [logOfHours(6, 1)] }] });
    const windowed = `
      const windowed = new LatestCrossRegionBackup(lookup, "windowed", { ...source, recoveryWindow: true });
      const pointInTime = { backup: windowed, restoreTime: windowed.recoverableUntil };
      new DisasterRecoveryInstance(stack, "pit-dr", { ...props, backup: undefined, pointInTime });
    `;

    const { code, stdout } = await restore(ledgerApp({}, windowed), simulator.url, [
      "--dry-run",
      "--json",
      "dr/pit-dr",
    ]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      plan: {
        parameters: {
          RestoreType: "BackupTime",
          RestoreTime: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          SourceRegion: "cn-hangzhou",
          SourceDBInstanceName: "pgm-ledger",
        },
      },
    });
    expect(stdout).not.toContain("BackupSetId");
  });

  test("a network that only Terraform knows is an error of the app", async () => {
    const folder = ledgerApp({ vpcId: "${alicloud_vpc.vpc.id}" });

    const { stderr } = await restore(folder, simulator.url);

    expect(stderr).toContain("vpcId");
    expect(created()).toBe(0);
  });

  test("MySQL can be restored so too", async () => {
    simulator.setWorld(ledgerWorld({}, undefined, ["MySQL", "8.0"]));
    const folder = ledgerApp({ via: "import" });

    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
    expect(lockedIn(folder)?.intent?.parameters).toMatchObject({ Engine: "MySQL", EngineVersion: "8.0" });
  });

  test("none is made for MySQL if Terraform restores it", async () => {
    simulator.setWorld(ledgerWorld({}, undefined, ["MySQL", "8.0"]));

    const { code, stderr } = await restore(ledgerApp(), simulator.url);

    expect(code).toBe(2);
    expect(stderr).toContain("the app declares no instance for this command");
  });
});
