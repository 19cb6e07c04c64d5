import {
  describeCrossRegionBackupDbInstance,
  type DescribeCrossRegionBackupDbInstanceRequest,
} from "../../../lib/rds-api/actions/describe-cross-region-backup-db-instance";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/invalid-request-error";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf, mysql } from "../simulated";

let simulator: Simulator;
let client: RdsClient;

beforeEach(async () => {
  simulator = await startSimulator();
  client = connect(simulator);
});
afterEach(async () => {
  client.close();
  await simulator.stop();
});

const policy = {
  backupEnabled: "Enable",
  backupEnabledTime: "2023-11-02T03:10:22Z",
  logBackupEnabled: "Enable",
  logBackupEnabledTime: "2023-11-02T03:10:22Z",
  crossBackupRegion: "cn-shanghai",
  crossBackupType: "1",
  retentType: "1",
  retention: 30,
};

describe("DescribeCrossRegionBackupDBInstance", () => {
  test("sends every parameter under its name", async () => {
    const dbInstanceId = `${mysql.dbInstanceId},rm-other`;

    await describeCrossRegionBackupDbInstance(client, {
      regionId: "cn-hangzhou",
      dbInstanceId,
      pageSize: 30,
      pageNumber: 1,
    });

    expect(simulator.requests).toMatchObject([
      { method: "POST", action: "DescribeCrossRegionBackupDBInstance" },
    ]);
    expect(simulator.requests[0]?.parameters).toEqual({
      RegionId: "cn-hangzhou",
      DBInstanceId: dbInstanceId,
      PageSize: "30",
      PageNumber: "1",
    });
  });

  test("gives the instances of a region with their settings", async () => {
    const instances = await describeCrossRegionBackupDbInstance(client, { regionId: "cn-hangzhou" });

    expect(instances).toContainEqual(
      expect.objectContaining({
        ...policy,
        dbInstanceId: mysql.dbInstanceId,
        dbInstanceDescription: "orders",
        dbInstanceStatus: "Running",
        engine: "MySQL",
        engineVersion: "8.0",
        lockMode: "Unlock",
      }),
    );
  });

  test("reads every page by TotalRecords", async () => {
    const transport = new FakeTransport(({ parameters }) => {
      const start = (Number(parameters["PageNumber"]) - 1) * 30;
      const length = Math.min(30, 70 - start);
      const Item = Array.from({ length }, (_, index) => ({
        DBInstanceId: `rm-${start + index}`,
        RelService: "s",
      }));
      return { TotalRecords: 70, ItemsNumbers: length, Items: { Item } };
    });

    const instances = await describeCrossRegionBackupDbInstance(transport.client(), {
      regionId: "cn-hangzhou",
      pageSize: 30,
    });

    expect(instances.map(({ dbInstanceId }) => dbInstanceId)).toEqual(
      Array.from({ length: 70 }, (_, index) => `rm-${index}`),
    );
    expect(transport.pages).toEqual([1, 2, 3]);
  });

  test.each<[string, Partial<DescribeCrossRegionBackupDbInstanceRequest>]>([
    ["regionId", { regionId: "" }],
    ["dbInstanceId", { dbInstanceId: "rm-1,," }],
    ["dbInstanceId", { dbInstanceId: Array.from({ length: 31 }, (_, index) => `rm-${index}`).join() }],
    ["pageSize", { pageSize: 1 }],
    ["pageNumber", { pageNumber: 0 }],
  ])("refuses a wrong %s without a request: %j", async (parameter, changes) => {
    const call = describeCrossRegionBackupDbInstance(client, { regionId: "cn-hangzhou", ...changes });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});
