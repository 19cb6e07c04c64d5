import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { ledgerApp, ledgerWorld, lockedIn, lockRestore, restore, rewriteLedgerApp } from "../restore-app";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ world: ledgerWorld() });
});

afterEach(() => simulator.stop());

const ids = (): readonly string[] => simulator.instances.map(({ dbInstanceId }) => dbInstanceId);
const actions = (): readonly string[] => simulator.requests.map(({ action }) => action);
const created = (): number => actions().filter((action) => action === "CreateDdrInstance").length;

const rightNow = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

const setNamesake = (attributes: object): void => {
  const world = ledgerWorld();
  const other = {
    ...{ dbInstanceId: "pgm-other", regionId: "cn-shanghai", engine: "PostgreSQL", engineVersion: "15.0" },
    attributes: { DBInstanceDescription: "ledger", ...attributes },
  };
  simulator.setWorld({ ...world, instances: [...world.instances, other] });
};

describe("the words of other stand-ins", () => {
  test("a version without its .0 is the same one", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    setNamesake({ EngineVersion: "15" });

    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0, stdout: "pgm-other  Running\n" });
    expect(created()).toBe(0);
  });

  test("a status in small letters is the same one", async () => {
    simulator.setWorld(ledgerWorld({ finalStatus: "running" }));

    expect(await restore(ledgerApp({ createTimeoutHours: 0.0001 }), simulator.url)).toMatchObject({ code: 0 });
  });

  test("a zone that can be none is not locked: the app could not read it", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    setNamesake({ ZoneId: "cn-shanghai-MAZ1(a, b)" });

    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
    expect(lockedIn(folder)?.instance).not.toHaveProperty("zoneId");
    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
  });

  test("an id that can be none is not locked", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    setNamesake({ DBInstanceId: "pgm-${file(1)}" });

    expect(await restore(folder, simulator.url)).toMatchObject({ code: 5 });
    expect(lockedIn(folder)).toBeUndefined();
  });

  test.each(["LastTokenProcessing", "IdempotentProcessing"])(
    "a request that is under way (%s) is not a refused one",
    async (code) => {
      simulator.injectFault({
        kind: FaultKind.REFUSED,
        action: "CreateDdrInstance",
        code,
        times: 1,
        isPerformed: true,
      });
      const folder = ledgerApp();

      expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
      expect(ids()).toHaveLength(1);
      expect(lockedIn(folder)?.instance?.crossBackupId).toBe("101");
    },
  );
});

describe("what is not sure is not decided", () => {
  test.each<[string, FaultKind, number]>([
    ["denied", FaultKind.DENIED, 4],
    ["not answered", FaultKind.SERVER_ERROR, 5],
  ])("a listing that is %s creates nothing", async (_, kind, expected) => {
    simulator.injectFault({ kind, action: "DescribeDBInstances" });
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(expected);
    expect(stderr).toContain("cannot see whether there is an instance");
    expect(created()).toBe(0);
    expect(lockedIn(folder)).toBeUndefined();
  });

  test("two instances of the name are an error that names both", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    const world = ledgerWorld();
    const twins = ["pgm-one", "pgm-two"].map((dbInstanceId) => ({
      ...{ dbInstanceId, regionId: "cn-shanghai", engine: "PostgreSQL", engineVersion: "15.0" },
      attributes: { DBInstanceDescription: "ledger" },
    }));
    simulator.setWorld({ ...world, instances: [...world.instances, ...twins] });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain('2 instances have the name "ledger": pgm-one, pgm-two');
    expect(created()).toBe(0);
  });

  test.each<[string, object]>([
    ["its engine is MySQL, not PostgreSQL", { engine: "MySQL", engineVersion: "8.0" }],
    ["its version is 14.0, not 15.0", { engine: "PostgreSQL", engineVersion: "14.0" }],
  ])("an instance of the name is another one: %s", async (difference, facts) => {
    const folder = ledgerApp({ instanceName: "ledger" });
    const world = ledgerWorld();
    const other = {
      ...{ dbInstanceId: "pgm-other", regionId: "cn-shanghai", engine: "PostgreSQL", engineVersion: "15.0", ...facts },
      attributes: { DBInstanceDescription: "ledger" },
    };
    simulator.setWorld({ ...world, instances: [...world.instances, other] });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain(difference);
    expect(created()).toBe(0);
  });

  test("an instance of the name that is being released is not taken, and not waited for", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    setNamesake({ DBInstanceStatus: "Deleting" });

    const { code, stderr } = await restore(folder, simulator.url, ["--yes", "--no-wait"]);

    expect(code).toBe(4);
    expect(stderr).toContain('the instance pgm-other of dr/ledger-dr is "Deleting"');
    expect(created()).toBe(0);
    expect(lockedIn(folder)).toBeUndefined();
  });

  test("an instance that the lock file knows is not deployed if it is being released", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    simulator.setWorld(ledgerWorld({ finalStatus: "Released" }));

    const { code, stderr } = await restore(folder, simulator.url, ["--yes", "--no-wait"]);

    expect(code).toBe(4);
    expect(stderr).toContain('is "Released"');
  });

  test("the source itself is never taken for its restore", async () => {
    const folder = ledgerApp({ instanceName: "ledger" });
    const world = ledgerWorld();
    const named = world.instances.map((each) => ({
      ...each,
      regionId: "cn-shanghai",
      attributes: { DBInstanceDescription: "ledger" },
    }));
    simulator.setWorld({ ...world, instances: [...world.instances, ...named] });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain('pgm-ledger has the name "ledger", but is another instance: it is the source');
    expect(lockedIn(folder)).toBeUndefined();
  });

  test.each([
    ["RegionId", "cn-beijing"],
    ["Engine", "MySQL"],
    ["ClientToken", "a".repeat(64)],
  ])("a request whose %s is not of this code makes nothing", async (name, value) => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);
    const { intent } = lockedIn(folder) ?? {};
    const parameters = { ...intent?.parameters, [name]: value };
    lockRestore(folder, intent === undefined ? {} : { intent: { ...intent, parameters } });
    simulator.setWorld(ledgerWorld({ goneAfterMs: 0, tokenMemoryMs: 0 }));

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain(`was asked for with the ${name} "${value}"`);
    expect(created()).toBe(1);
  });

  test("an instance that is gone is not made again, without another generation", async () => {
    const folder = ledgerApp();
    lockRestore(folder, {
      instance: { dbInstanceId: "pgm-released", at: "2026-01-01T00:00:00Z", endpoint: simulator.url },
    });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain("the instance pgm-released of dr/ledger-dr is gone");
    expect(created()).toBe(0);
    rewriteLedgerApp(folder, { generation: 2 });
    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0 });
    expect(created()).toBe(1);
    expect(lockedIn(folder)?.instance?.dbInstanceId).toBe("pgm-released");
  });

  test("another account is refused, by the word of the token service or of a variable", async () => {
    const folder = ledgerApp();
    await restore(folder, simulator.url);

    const { code, stderr } = await restore(folder, simulator.url, ["--yes"], {
      environment: { ALICLOUD_ACCOUNT_ID: "42" },
    });

    expect(code).toBe(4);
    expect(stderr).toContain("in the account 1234567890123456, but these credentials are of the account 42");
  });

  test("another endpoint is refused", async () => {
    const folder = ledgerApp();
    lockRestore(folder, { instance: { dbInstanceId: "pgm-real", at: rightNow() } });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain(`at Alibaba Cloud, but now ${simulator.url} is asked`);
  });
});

describe("what RDS refuses", () => {
  test("is an error that says so, and the next run asks for what the code says by then", async () => {
    simulator.injectFault({
      kind: FaultKind.REFUSED,
      action: "CreateDdrInstance",
      code: "InvalidDBInstanceClass.NotFound",
      times: 1,
    });
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).not.toBe(0);
    expect(stderr).toContain("RDS refuses to restore dr/ledger-dr");
    expect(stderr).toContain("AliyunServiceRoleForDBS");
    expect(lockedIn(folder)).toBeUndefined();
    rewriteLedgerApp(folder, { instanceClass: "pg.n4.large.2c" });
    await restore(folder, simulator.url);
    expect(lockedIn(folder)?.intent?.parameters["DBInstanceClass"]).toBe("pg.n4.large.2c");
  });

  test.each<[string, "earlier" | "none"]>([
    ["forgets what was asked for, if nobody asked before", "none"],
    ["keeps what an earlier run asked for", "earlier"],
  ])("denied access %s", async (_, asked) => {
    const folder = ledgerApp();
    if (asked === "earlier") {
      await restore(folder, simulator.url);
      const { intent } = lockedIn(folder) ?? {};
      lockRestore(folder, { ...(intent === undefined ? {} : { intent }) });
      simulator.setWorld(ledgerWorld({ goneAfterMs: 0 }));
    }
    simulator.injectFault({ kind: FaultKind.DENIED, action: "CreateDdrInstance" });

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain("RDS refuses to restore dr/ledger-dr");
    expect(lockedIn(folder) === undefined).toBe(asked === "none");
  });

  test("a status that means failure is an error with the id", async () => {
    simulator.setWorld(ledgerWorld({ finalStatus: "CreateFailed" }));

    const { code, stderr } = await restore(ledgerApp(), simulator.url);

    expect(code).toBe(4);
    expect(stderr).toContain(`the instance ${ids()[0] ?? ""} of dr/ledger-dr is "CreateFailed"`);
  });

  test("credentials that expire while it waits print the id; the next run waits on", async () => {
    simulator.setWorld(ledgerWorld({ creationMs: 1_500 }));
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeDBInstanceAttribute", after: 2 });
    const folder = ledgerApp();

    const { code, stderr } = await restore(folder, simulator.url);

    expect(code).toBe(5);
    expect(stderr).toContain(`run "npx rds-dr restore dr/ledger-dr" again: it waits on for ${ids()[0] ?? ""}`);
    simulator.clearFaults();
    expect(await restore(folder, simulator.url)).toMatchObject({ code: 0, stdout: `${ids()[0] ?? ""}  Running\n` });
    expect(created()).toBe(1);
  });

  test("the limit of the wait is that of the code", async () => {
    simulator.setWorld(ledgerWorld({ finalStatus: "Restoring" }));

    const { code, stderr } = await restore(ledgerApp({ createTimeoutHours: 0.0001 }), simulator.url);

    expect(code).toBe(5);
    expect(stderr).toContain('is "Restoring" after 0.0001 hours');
  });
});
