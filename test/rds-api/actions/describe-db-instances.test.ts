import { describeDbInstanceAttribute } from "../../../lib/rds-api/actions/describe-db-instance-attribute";
import { describeDbInstances } from "../../../lib/rds-api/actions/describe-db-instances";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { FaultKind, type Simulator, startSimulator, type World } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf } from "../simulated";

const orders = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const world: World = {
  instances: [
    {
      ...{ ...orders, engine: "MySQL", engineVersion: "8.0" },
      resourceGroupId: "rg-orders",
      tags: { env: "prod", "team name": "orders" },
      attributes: { DBInstanceDescription: "orders", VpcId: "vpc-1", VSwitchId: "vsw-1", DBInstanceClass: "mysql.n2" },
    },
    { dbInstanceId: "rm-old", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "5.6" },
  ],
};
const facts = {
  ...orders,
  description: "orders",
  type: "Primary",
  status: "Running",
  engine: "MySQL",
  engineVersion: "8.0",
  createTime: "2023-11-02T03:10:22Z",
  zoneId: "cn-hangzhou-b",
  vpcId: "vpc-1",
  vSwitchId: "vsw-1",
  resourceGroupId: "rg-orders",
  dbInstanceClass: "mysql.n2",
  dbInstanceStorageType: "cloud_essd",
  payType: "Postpaid",
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

describe("DescribeDBInstances", () => {
  test("sends its parameters under their names, and reads the facts", async () => {
    const tags = { env: "prod", "team name": "orders" };
    const request = { ...orders, searchKey: "orders", resourceGroupId: "rg-orders", tags };

    expect(await describeDbInstances(client, request)).toEqual([facts]);
    expect(simulator.requests.map(({ parameters }) => parameters)).toEqual([
      {
        RegionId: "cn-hangzhou",
        SearchKey: "orders",
        DBInstanceId: "rm-orders",
        ResourceGroupId: "rg-orders",
        Tags: '{"env":"prod","team name":"orders"}',
        PageSize: "100",
        PageNumber: "1",
      },
    ]);
  });

  test("returns only instances that have every tag", async () => {
    const withTags = async (tags: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await describeDbInstances(client, { regionId: "cn-hangzhou", tags })).map(({ dbInstanceId }) => dbInstanceId);

    expect(await withTags({ env: "prod" })).toEqual(["rm-orders"]);
    expect(await withTags({ env: "prod", "team name": "billing" })).toEqual([]);
    await expect(withTags({})).rejects.toThrow("tags must be 1 to 20 tags");
  });

  test("reads every page", async () => {
    const [first] = world.instances;
    const instances = Array.from({ length: 250 }, (_, index) => ({ ...first, dbInstanceId: `rm-${index}` }));
    simulator.setWorld({ ...world, instances: instances as World["instances"] });

    expect(await describeDbInstances(client, { regionId: "cn-hangzhou" })).toHaveLength(250);
    expect(simulator.requests).toHaveLength(3);
  });

  test("returns no half list: a page that fails is an error", async () => {
    const [first] = world.instances;
    const instances = Array.from({ length: 150 }, (_, index) => ({ ...first, dbInstanceId: `rm-${index}` }));
    simulator.setWorld({ ...world, instances: instances as World["instances"] });
    simulator.injectFault({ kind: FaultKind.DENIED, after: 1 });

    const error = await errorOf(describeDbInstances(client, { regionId: "cn-hangzhou" }), RdsApiError);
    expect(error).toMatchObject({ action: "DescribeDBInstances", code: "Forbidden.RAM" });
  });

  test.each([
    ["one row that is no list", { DBInstance: { DBInstanceId: "rm-1", EngineVersion: 8, Engine: "SQL Server" } }],
    ["rows without a name for them", [{ DBInstanceId: "rm-1", EngineVersion: 8, Engine: "SQL Server" }]],
  ])("reads %s", async (_, Items) => {
    const transport = new FakeTransport(() => ({ RequestId: "1", TotalRecordCount: 1, Items }));

    expect(await describeDbInstances(transport.client(), { regionId: "cn-hangzhou" })).toEqual([
      { dbInstanceId: "rm-1", engine: "SQL Server", engineVersion: "8.0" },
    ]);
  });

  test.each([[{}], [{ DBInstance: [] }], [undefined]])("reads none from %j", async (Items) => {
    const transport = new FakeTransport(() => ({ RequestId: "1", TotalRecordCount: 0, Items }));

    expect(await describeDbInstances(transport.client(), { regionId: "cn-hangzhou" })).toEqual([]);
  });

  test.each([
    ["no rows", { TotalRecordCount: 5, Items: {} }],
    ["no list", { TotalRecordCount: 5 }],
    ["fewer rows", { TotalRecordCount: 2, Items: { DBInstance: [{ DBInstanceId: "rm-1" }] } }],
  ])("takes no list with %s than its total: a row that is missing may be the one", async (_, answer) => {
    const transport = new FakeTransport(({ parameters: { PageNumber } }) =>
      PageNumber === 1 ? { RequestId: "1", ...answer } : { RequestId: "1", TotalRecordCount: answer.TotalRecordCount },
    );

    const error = await errorOf(describeDbInstances(transport.client(), { regionId: "cn-hangzhou" }), RdsApiError);
    expect(error.code).toBe("InconsistentList");
  });

  test("leaves out a zone that can be none", async () => {
    const Items = { DBInstance: [{ DBInstanceId: "rm-1", ZoneId: "cn-hangzhou-b\n${file(1)}" }] };
    const transport = new FakeTransport(() => ({ RequestId: "1", TotalRecordCount: 1, Items }));

    expect(await describeDbInstances(transport.client(), { regionId: "cn-hangzhou" })).toEqual([
      { dbInstanceId: "rm-1" },
    ]);
  });

  test.each([[{}], [{ DBInstanceId: "rm-${file(1)}" }], [{ DBInstanceId: "rm 1" }]])(
    "takes no list in which an instance has no id: %j",
    async (id) => {
      const Items = { DBInstance: [{ ...id, DBInstanceDescription: "orders" }] };
      const transport = new FakeTransport(() => ({ RequestId: "1", TotalRecordCount: 1, Items }));

      const error = await errorOf(describeDbInstances(transport.client(), { regionId: "cn-hangzhou" }), RdsApiError);
      expect(error.code).toBe("InvalidResponse");
    },
  );

  test.each([
    ["regionId", { regionId: "here" }],
    ["searchKey", { searchKey: " " }],
    ["dbInstanceId", { dbInstanceId: "a b" }],
    ["resourceGroupId", { resourceGroupId: "a b" }],
  ])("refuses a wrong %s before it sends anything", async (parameter, change) => {
    const call = describeDbInstances(client, { regionId: "cn-hangzhou", ...change });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});

describe("DescribeDBInstanceAttribute", () => {
  test("reads the same facts, and the storage", async () => {
    expect(await describeDbInstanceAttribute(client, orders)).toEqual({ ...facts, dbInstanceStorage: 100 });
    expect(simulator.requests[0]?.parameters).toEqual({ RegionId: "cn-hangzhou", DBInstanceId: "rm-orders" });
  });

  test("of an id that is not there is an error of its own kind", async () => {
    const error = await errorOf(
      describeDbInstanceAttribute(client, { ...orders, dbInstanceId: "rm-gone" }),
      RdsApiError,
    );

    expect(error).toMatchObject({ kind: "not-found", code: "InvalidDBInstanceId.NotFound" });
  });

  test("takes an empty list for the same", async () => {
    const transport = new FakeTransport(() => ({ RequestId: "1", Items: {} }));

    const error = await errorOf(describeDbInstanceAttribute(transport.client(), orders), RdsApiError);
    expect(error.kind).toBe("not-found");
    expect(transport.calls).toHaveLength(1);
  });

  test.each([
    ["neither rows nor a request id", {}],
    ["another instance", { RequestId: "1", Items: { DBInstanceAttribute: [{ DBInstanceId: "rm-x" }] } }],
    ["two instances", { Items: { DBInstanceAttribute: [{ DBInstanceId: "rm-orders" }, { DBInstanceId: "rm-x" }] } }],
    ["an instance without an id", { Items: { DBInstanceAttribute: [{ Engine: "MySQL" }] } }],
  ])("takes no answer with %s: it does not say that the instance is gone", async (_, answer) => {
    const transport = new FakeTransport(() => answer);

    const call = describeDbInstanceAttribute(transport.client({ deadlineMs: 200 }), orders);
    expect((await errorOf(call, RdsApiError)).code).toBe("InvalidResponse");
  });

  test.each([
    ["regionId", { regionId: "here" }],
    ["dbInstanceId", { dbInstanceId: "a b" }],
  ])("refuses a wrong %s before it sends anything", async (parameter, change) => {
    const call = describeDbInstanceAttribute(client, { ...orders, ...change });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
  });
});
