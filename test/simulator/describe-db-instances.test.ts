import { EmptyItems, type Simulator, startSimulator, type World } from "../../lib/simulator";
import { call, callWithPopCore, type Json } from "./clients";

const instance = { regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" };
const world: World = {
  instances: [
    { ...instance, dbInstanceId: "rm-orders", policy: { DBInstanceDescription: "Orders" }, localDisks: true },
    {
      ...instance,
      dbInstanceId: "rm-drill",
      attributes: { DBInstanceDescription: "orders-drill", EngineVersion: 5.6 },
    },
    { ...instance, dbInstanceId: "rm-other", resourceGroupId: "rg-other", attributes: { "x-omit": ["CreateTime"] } },
    { ...instance, dbInstanceId: "rm-away", regionId: "cn-shanghai" },
  ],
};

describe("the instances of a region", () => {
  let simulator: Simulator;
  const answer = async (parameters: Record<string, string> = {}): Promise<Json> =>
    (await call(simulator.url, "DescribeDBInstances", { RegionId: "cn-hangzhou", ...parameters })).json;
  const rows = async (parameters: Record<string, string> = {}): Promise<Json[]> =>
    ((await answer(parameters))["Items"] as { DBInstance: Json[] }).DBInstance;
  const ids = async (parameters: Record<string, string> = {}): Promise<unknown[]> =>
    (await rows(parameters)).map((row) => row["DBInstanceId"]);

  beforeEach(async () => {
    simulator = await startSimulator({ world });
  });
  afterEach(() => simulator.stop());

  test("are the same whatever their number, page by page", async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => ({
      ...instance,
      dbInstanceId: `rm-${index}`,
      policy: {},
    }));
    simulator.setWorld({ instances: many });

    expect(await ids({ PageSize: "100", PageNumber: "500" })).toEqual(
      many.slice(-100).map(({ dbInstanceId }) => dbInstanceId),
    );
    const { json } = await call(simulator.url, "DescribeCrossRegionBackupDBInstance", {
      RegionId: "cn-hangzhou",
      DBInstanceId: "rm-49999,rm-7,rm-gone",
    });
    expect(json).toMatchObject({
      TotalRecords: 2,
      Items: { Item: [{ DBInstanceId: "rm-49999" }, { DBInstanceId: "rm-7" }] },
    });
  });

  test("are those of the world, with the fields that it gives them", async () => {
    const listed = await callWithPopCore(simulator.url, "DescribeDBInstances", { RegionId: "cn-hangzhou" });

    expect(listed).toMatchObject({ PageNumber: 1, PageRecordCount: 3, TotalRecordCount: 3 });
    expect(await rows()).toEqual([
      {
        DBInstanceId: "rm-orders",
        DBInstanceDescription: "Orders",
        DBInstanceStatus: "Running",
        DBInstanceType: "Primary",
        RegionId: "cn-hangzhou",
        ZoneId: "cn-hangzhou-b",
        Engine: "MySQL",
        EngineVersion: "8.0",
        CreateTime: "2023-11-02T03:10:22Z",
        DBInstanceStorageType: "local_ssd",
        PayType: "Postpaid",
        ResourceGroupId: "rg-default",
        LockMode: "Unlock",
      },
      expect.objectContaining({ DBInstanceDescription: "orders-drill", EngineVersion: 5.6 }),
      expect.not.objectContaining({ CreateTime: expect.anything() as unknown }),
    ]);
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    ["a part of an id", { SearchKey: "m-ord" }, ["rm-orders"]],
    ["a part of a name, in any case", { SearchKey: "orders" }, ["rm-orders", "rm-drill"]],
    ["an id", { DBInstanceId: "rm-drill" }, ["rm-drill"]],
    ["a resource group", { ResourceGroupId: "rg-other" }, ["rm-other"]],
    ["a page", { PageSize: "1", PageNumber: "2" }, ["rm-drill"]],
    ["another region", { RegionId: "cn-shanghai" }, ["rm-away"]],
  ])("can be asked for by %s", async (_, parameters, expected) => {
    expect(await ids(parameters)).toEqual(expected);
  });

  test("are fewer for a caller with narrow rights", async () => {
    simulator.setWorld({ ...world, visibleResourceGroups: ["rg-other"] });

    expect(await ids()).toEqual(["rm-other"]);
  });

  test("can be none, in the shape of the world", async () => {
    simulator.setWorld({ instances: [], emptyItems: EmptyItems.OBJECT });

    expect(await answer()).toMatchObject({ Items: {}, TotalRecordCount: 0 });
  });

  test.each([
    ["a page of 101", { PageSize: "101" }, "InvalidParameters.Format"],
    ["no region", { RegionId: "" }, "ParameterAbsence"],
  ])("refuse %s", async (_, parameters, code) => {
    expect(await answer(parameters)).toMatchObject({ Code: code });
  });

  test("are there one by one, with their storage", async () => {
    const { json } = await call(simulator.url, "DescribeDBInstanceAttribute", {
      ...{ RegionId: "cn-hangzhou", DBInstanceId: "rm-orders" },
    });

    const [found] = (json["Items"] as { DBInstanceAttribute: Json[] }).DBInstanceAttribute;
    expect(found).toMatchObject({
      DBInstanceId: "rm-orders",
      CreationTime: "2023-11-02T03:10:22Z",
      DBInstanceStorage: 100,
    });
    expect(found).not.toHaveProperty("CreateTime");
  });

  test("are not found in another region", async () => {
    const { status, json } = await call(simulator.url, "DescribeDBInstanceAttribute", {
      ...{ RegionId: "cn-shanghai", DBInstanceId: "rm-orders" },
    });

    expect([status, json["Code"]]).toEqual([404, "InvalidDBInstanceId.NotFound"]);
  });
});
