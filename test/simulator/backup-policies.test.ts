import { type Simulator, startSimulator } from "../../lib/simulator";
import { call, itemsOf } from "./clients";

const LIST = "DescribeCrossRegionBackupDBInstance";
const POLICY = "DescribeInstanceCrossBackupPolicy";
const MYSQL = "rm-uf6wjk5t8q2vz71ab";
const STALE = "rm-bp1c7h3x9k2stale5";
const BARE = "rm-bp1t6m4v8z1empty2";
const RegionId = "cn-hangzhou";

describe("the actions on backup policies", () => {
  let simulator: Simulator;
  const codeOf = async (action: string, parameters: Record<string, string>): Promise<unknown[]> => {
    const { status, json } = await call(simulator.url, action, parameters);
    return [status, json["Code"]];
  };

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.stop());

  test("list the instances of a region that have a policy", async () => {
    const { json } = await call(simulator.url, LIST, { RegionId });

    expect(json).toMatchObject({ RegionId, TotalRecords: 2, ItemsNumbers: 2, PageSize: 30, PageNumber: 1 });
    expect(itemsOf(json).map((item) => item["DBInstanceId"])).toEqual([MYSQL, STALE]);
    expect(itemsOf(json)[0]).toMatchObject({
      Engine: "MySQL",
      CrossBackupRegion: "cn-shanghai",
      Retention: 30,
    });
  });

  test("list the instances that are asked for, and pass over those that are not there", async () => {
    const { json } = await call(simulator.url, LIST, { RegionId, DBInstanceId: `${STALE},rm-other,${BARE}` });

    expect(itemsOf(json).map((item) => item["DBInstanceId"])).toEqual([STALE]);
  });

  test("list nothing beyond the last page", async () => {
    const { json } = await call(simulator.url, LIST, { RegionId, PageNumber: "2" });

    expect(json).toMatchObject({ TotalRecords: 2, ItemsNumbers: 0, Items: { Item: [] } });
  });

  test("take 30 instances at a time and no more", async () => {
    const ids = (count: number): string => Array.from({ length: count }, (_, i) => `rm-${i}`).join();

    expect(await codeOf(LIST, { RegionId, DBInstanceId: ids(30) })).toEqual([200, undefined]);
    expect(await codeOf(LIST, { RegionId, DBInstanceId: ids(31) })).toEqual([400, "InvalidParameters.Format"]);
  });

  test("give the policy of one instance", async () => {
    const { json } = await call(simulator.url, POLICY, { RegionId, DBInstanceId: MYSQL });

    expect(json).toEqual({
      RequestId: expect.any(String) as string,
      RegionId,
      DBInstanceId: MYSQL,
      DBInstanceDescription: "orders",
      DBInstanceStatus: "Running",
      Engine: "MySQL",
      EngineVersion: "8.0",
      BackupEnabled: "Enable",
      BackupEnabledTime: "2023-11-02T03:10:22Z",
      LogBackupEnabled: "Enable",
      LogBackupEnabledTime: "2023-11-02T03:10:22Z",
      CrossBackupRegion: "cn-shanghai",
      CrossBackupType: "1",
      RetentType: 1,
      Retention: 30,
      LockMode: "Unlock",
    });
  });

  test("say that an instance without a policy has its backups disabled", async () => {
    const { json } = await call(simulator.url, POLICY, { RegionId, DBInstanceId: BARE });

    expect(json).toMatchObject({ BackupEnabled: "Disable", LogBackupEnabled: "Disable" });
  });

  test("refuse what they can't find", async () => {
    expect(await codeOf(LIST, {})).toEqual([400, "ParameterAbsence"]);
    expect(await codeOf(LIST, { RegionId: "x" })).toEqual([400, "InvalidRegion.Format"]);
    expect(await codeOf(POLICY, { RegionId })).toEqual([400, "ParameterAbsence"]);
    expect(await codeOf(POLICY, { RegionId: "cn-beijing", DBInstanceId: MYSQL })).toEqual([
      404,
      "InvalidDBInstance.NotFound",
    ]);
  });
});
