import { describeCrossRegionBackupDbInstance } from "../../../lib/rds-api/actions/describe-cross-region-backup-db-instance";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { FaultKind, type Simulator, startSimulator, type World } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf } from "../simulated";

const regionId = "cn-hangzhou";
const engine = { engine: "MySQL", engineVersion: "8.0" };
const policy = {
  DBInstanceDescription: "the orders",
  BackupEnabled: "Enable",
  LogBackupEnabled: "Disable",
  CrossBackupRegion: "cn-shanghai",
  Retention: 30,
};
const copied = { regionId, ...engine, policy };
const world: World = {
  instances: [
    { dbInstanceId: "rm-orders", ...copied },
    { dbInstanceId: "rm-not-copied", regionId, ...engine },
    { dbInstanceId: "rm-elsewhere", ...copied, regionId: "cn-beijing" },
  ],
};

let simulator: Simulator;
let client: RdsClient;

beforeEach(async () => {
  simulator = await startSimulator({ world });
  client = connect(simulator);
});
afterEach(async () => {
  client.close();
  await simulator.stop();
});

test("reads the instances of a region whose backups are copied, with where to and for how long", async () => {
  expect(await describeCrossRegionBackupDbInstance(client, { regionId })).toEqual([
    {
      ...{ dbInstanceId: "rm-orders", regionId, description: "the orders", status: "Running", ...engine },
      crossBackupRegion: "cn-shanghai",
      retentionDays: 30,
      backupEnabled: true,
      logBackupEnabled: false,
    },
  ]);
  expect(simulator.requests.map(({ parameters }) => parameters)).toEqual([
    { RegionId: regionId, PageSize: "30", PageNumber: "1" },
  ]);
});

test("reads every page, 30 rows each", async () => {
  const instances = Array.from({ length: 95 }, (_, index) => ({ dbInstanceId: `rm-${index}`, ...copied }));
  simulator.setWorld({ instances });

  expect(await describeCrossRegionBackupDbInstance(client, { regionId })).toHaveLength(95);
  expect(simulator.requests).toHaveLength(4);
});

test("asks for up to 30 instances by their ids", async () => {
  const dbInstanceIds = ["rm-orders", "rm-not-copied"];

  const rows = await describeCrossRegionBackupDbInstance(client, { regionId, dbInstanceIds });

  expect(rows.map(({ dbInstanceId }) => dbInstanceId)).toEqual(["rm-orders"]);
  expect(simulator.requests[0]?.parameters).toMatchObject({ DBInstanceId: "rm-orders,rm-not-copied" });
});

test("returns no half list: a page that fails is an error", async () => {
  const instances = Array.from({ length: 95 }, (_, index) => ({ dbInstanceId: `rm-${index}`, ...copied }));
  simulator.setWorld({ instances });
  simulator.injectFault({ kind: FaultKind.DENIED, after: 1 });

  const error = await errorOf(describeCrossRegionBackupDbInstance(client, { regionId }), RdsApiError);
  expect(error).toMatchObject({ action: "DescribeCrossRegionBackupDBInstance", code: "Forbidden.RAM" });
});

test("takes no list with fewer rows than its total", async () => {
  const transport = new FakeTransport(({ parameters: { PageNumber } }) => ({
    ...{ RequestId: "1", TotalRecords: 31, ItemsNumbers: 1 },
    Items: PageNumber === 1 ? { Item: [{ DBInstanceId: "rm-1" }] } : {},
  }));

  const error = await errorOf(describeCrossRegionBackupDbInstance(transport.client(), { regionId }), RdsApiError);
  expect(error.code).toBe("InconsistentList");
});

test.each([
  ["Enable", true],
  ["enabled", true],
  [true, true],
  [1, true],
  ["Disable", false],
  ["0", false],
  ["who knows", undefined],
])("reads the switch %j as %s", async (BackupEnabled, backupEnabled) => {
  const Items = { Item: { DBInstanceId: "rm-1", BackupEnabled } };
  const transport = new FakeTransport(() => ({ RequestId: "1", TotalRecords: 1, Items }));

  const [row] = await describeCrossRegionBackupDbInstance(transport.client(), { regionId });
  expect(row?.backupEnabled).toBe(backupEnabled);
});

test.each([
  ["regionId", { regionId: "here" }],
  ["dbInstanceIds", { dbInstanceIds: ["a b"] }],
  ["dbInstanceIds", { dbInstanceIds: [] }],
  ["dbInstanceIds", { dbInstanceIds: Array.from({ length: 31 }, (_, index) => `rm-${index}`) }],
])("refuses a wrong %s before it sends anything", async (parameter, change) => {
  const call = describeCrossRegionBackupDbInstance(client, { regionId, ...change });

  expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
  expect(simulator.requests).toEqual([]);
});
