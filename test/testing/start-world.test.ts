import { TerraformStack, Testing } from "cdktf";
import { LatestCrossRegionBackup } from "../../lib";
import { ErrorKind } from "../../lib/errors";
import { type InstanceFacts, type StartedWorld, startWorld, type WorldOptions } from "../../lib/testing";
import { isolateEnvironment, lookupErrorOf, runCli, temporaryFolders } from "../fixtures";

isolateEnvironment();

const temporaryFolder = temporaryFolders();
const started: StartedWorld[] = [];

afterAll(() => Promise.all(started.map((world) => world.stop())));

async function start<Name extends string>(
  instances: Readonly<Record<Name, InstanceFacts>>,
  options?: WorldOptions,
): Promise<StartedWorld<Name>> {
  const world = await startWorld(instances, options);
  started.push(world);
  Object.assign(process.env, world.environment);
  return world;
}

type Props = ConstructorParameters<typeof LatestCrossRegionBackup>[2];

const latest = (props: Props): LatestCrossRegionBackup =>
  new LatestCrossRegionBackup(new TerraformStack(Testing.app(), "lookup"), "orders", props);

test("an instance in a line has the backups of its ages, under ids that the test can read", async () => {
  const { instances, url, credentials } = await start({
    orders: { engine: "MySQL", backupHoursAgo: [2, 26], regionId: "cn-hangzhou", restoreRegions: ["cn-shanghai"] },
  });
  const { dbInstanceId, regionId, restoreRegion, crossBackupIds } = instances.orders;

  const backup = latest({ dbInstanceId, regionId, restoreRegion, maxAgeHours: 3 }).lookUp();

  expect({ dbInstanceId, regionId, restoreRegion }).toEqual({
    ...{ dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" },
  });
  expect(crossBackupIds).toHaveLength(2);
  expect(backup).toMatchObject({ crossBackupId: crossBackupIds[0], engine: "mysql", restoreRegions: ["cn-shanghai"] });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(credentials).toEqual({ accessKeyId: "simulator", accessKeySecret: "simulator-secret" });
});

test("every engine has valid backups, and no words at all are a MySQL", async () => {
  const { instances } = await start({
    orders: {},
    ledger: { engine: "PostgreSQL", regionId: "cn-beijing", crossBackupRegion: "cn-zhangjiakou" },
    reporting: { engine: "SQLServer", engineVersion: "2019_std", dbInstanceId: "rm-own" },
  });

  const found = Object.values(instances).map(({ dbInstanceId, regionId, restoreRegion }) => {
    const { crossBackupId, engine, engineVersion } = latest({ dbInstanceId, regionId, restoreRegion }).lookUp();
    return [dbInstanceId, restoreRegion, crossBackupId, engine, engineVersion];
  });

  expect(found).toEqual([
    ["rm-orders", "cn-shanghai", instances.orders.crossBackupIds[0], "mysql", "8.0"],
    ["pgm-ledger", "cn-zhangjiakou", instances.ledger.crossBackupIds[0], "PostgreSQL", "15.0"],
    ["rm-own", "cn-shanghai", instances.reporting.crossBackupIds[0], "mssql", "2019_std"],
  ]);
  expect(new Set(found.map(([, , id]) => id)).size).toBe(3);
});

test("the recovery window ends where the logs do", async () => {
  const { instances } = await start({ orders: { backupHoursAgo: [5], logsUntilHoursAgo: 0.5 } });
  const { dbInstanceId, regionId } = instances.orders;

  const { recoverableUntil = "", recoveryGaps } = latest({ dbInstanceId, regionId, recoveryWindow: true }).lookUp();

  expect(recoveryGaps).toEqual([]);
  expect(Math.abs(Date.now() - Date.parse(recoverableUntil) - 1_800_000)).toBeLessThan(30_000);
});

test("further records are valid but for what they say", async () => {
  const failed = { CrossBackupId: "7", BackupStartTime: "now-1h", ConsistentTime: "now-1h", BackupSetStatus: 1 };
  const { instances } = await start({ orders: { records: [failed] }, none: { backupHoursAgo: [], records: [failed] } });
  const regionId = "cn-hangzhou";

  expect(latest({ dbInstanceId: "rm-orders", regionId }).lookUp().crossBackupId).toBe(
    instances.orders.crossBackupIds[0],
  );
  expect(lookupErrorOf(() => latest({ dbInstanceId: "rm-none", regionId }).lookUp()).code).toBe("NoValidBackup");
});

describe("a fault by its word", () => {
  it("hits the one instance", async () => {
    await start({ orders: { faults: ["denied"] }, billing: {} });
    const regionId = "cn-hangzhou";

    expect(lookupErrorOf(() => latest({ dbInstanceId: "rm-orders", regionId }).lookUp()).kind).toBe(ErrorKind.ACCESS);
    expect(latest({ dbInstanceId: "rm-billing", regionId }).lookUp().engine).toBe("mysql");
  });

  it("or every request, or so many", async () => {
    const throttled = { kind: "throttling", times: 1 } as const;
    const { simulator } = await start({ orders: {} }, { faults: [throttled, "slow"] });

    latest({ dbInstanceId: "rm-orders", regionId: "cn-hangzhou" }).lookUp();

    expect(await simulator.requests()).toHaveLength(2);
  });
});

test("a fault may come later, and is checked as well", async () => {
  const world = await start({ orders: {} });
  const lookUp = (): unknown => latest({ dbInstanceId: "rm-orders", regionId: "cn-hangzhou" }).lookUp();

  await world.injectFault({ kind: "denied", times: 1 });

  expect(lookupErrorOf(lookUp).kind).toBe(ErrorKind.ACCESS);
  expect(lookUp).not.toThrow();
  await expect(world.injectFault("slowly" as "slow")).rejects.toThrow("must be one of throttling, ");
});

test("its variables beat those of another credential, and lead a command to it as well", async () => {
  const { environment } = await start({ orders: {} }, { securityToken: "token" });
  const others = { ALICLOUD_ACCESS_KEY: "own", ALICLOUD_SECRET_KEY: "own", RDS_DR_MODE: "locked" };
  const args = ["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"];

  const { code, stderr } = await runCli(args, { cwd: temporaryFolder(), environment: { ...others, ...environment } });

  expect({ code, stderr }).toMatchObject({ code: 0 });
});

test("a restored instance lives as the options say", async () => {
  const { simulator } = await start({ orders: {} }, { restores: { finalStatus: "Failed" }, latencyMs: 1 });

  expect(await simulator.instances()).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["a misspelt fact", { orders: { engin: "MySQL" } }, "orders.engin: there is no such fact; the facts are engine, "],
  ["an unknown engine", { orders: { engine: "mysql" } }, "orders.engine: "],
  ["an age in words", { orders: { backupHoursAgo: ["2h"] } }, "orders.backupHoursAgo[0]: must be a number of hours"],
  ["an age before now", { orders: { backupHoursAgo: [-2] } }, "orders.backupHoursAgo[0]: must be 0 hours or more"],
  ["an unknown fault", { orders: { faults: ["slowly"] } }, "orders.faults[0]: must be one of throttling, "],
  ["a misspelt field of a fault", { orders: { faults: [{ kind: "slow", time: 1 }] } }, "orders.faults[0].time: "],
  ["no facts", { orders: null }, "orders: "],
  ["a name that no id can have", { "my orders": {} }, "a name has letters, digits and hyphens"],
  [
    "a record with a wrong time",
    { orders: { records: [{ BackupStartTime: "now-2" }] } },
    "BackupStartTime: a relative time",
  ],
])("an instance with %s is refused, and the place is named", async (_, instances, message) => {
  await expect(startWorld(instances as Record<string, InstanceFacts>)).rejects.toThrow(message);
});

test("an unknown fault of the world is refused as well", async () => {
  await expect(startWorld({}, { faults: ["slowly" as "slow"] })).rejects.toThrow("must be one of throttling, ");
});
