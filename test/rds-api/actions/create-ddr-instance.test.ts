import {
  createDdrInstance,
  createDdrInstanceParameters,
  type CreateDdrInstanceRequest,
  type Payment,
  type RestoredData,
} from "../../../lib/rds-api/actions/create-ddr-instance";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf } from "../simulated";

/** A restore of the PostgreSQL instance of the demo world. */
const request: CreateDdrInstanceRequest = {
  regionId: "cn-zhangjiakou",
  engine: "PostgreSQL",
  engineVersion: "15.0",
  dbInstanceClass: "pg.n2.2c.1m",
  dbInstanceStorage: 100,
  dbInstanceStorageType: "cloud_essd",
  zoneId: "cn-zhangjiakou-a",
  vpcId: "vpc-8vbdrill",
  vSwitchId: "vsw-8vbdrill",
  securityIps: ["10.0.0.0/8", "192.168.1.1"],
  payment: { payType: "Postpaid" },
  dbInstanceDescription: "billing-restored",
  data: { backupSetId: "20771897" },
  clientToken: "a".repeat(64),
};

const parameters = {
  RegionId: "cn-zhangjiakou",
  Engine: "PostgreSQL",
  EngineVersion: "15.0",
  DBInstanceClass: "pg.n2.2c.1m",
  DBInstanceStorage: "100",
  DBInstanceStorageType: "cloud_essd",
  DBInstanceNetType: "Intranet",
  InstanceNetworkType: "VPC",
  ZoneId: "cn-zhangjiakou-a",
  VPCId: "vpc-8vbdrill",
  VSwitchId: "vsw-8vbdrill",
  SecurityIPList: "10.0.0.0/8,192.168.1.1",
  PayType: "Postpaid",
  DBInstanceDescription: "billing-restored",
  RestoreType: "BackupSet",
  BackupSetId: "20771897",
  ClientToken: "a".repeat(64),
};

/** Creates what a request describes. */
async function create(client: RdsClient, described: CreateDdrInstanceRequest): ReturnType<typeof createDdrInstance> {
  return createDdrInstance(client, createDdrInstanceParameters(described));
}

const pointInTime: RestoredData = {
  restoreTime: "2024-03-05T02:21:00Z",
  sourceRegion: "cn-beijing",
  sourceDbInstanceName: "pgm-billing",
};

describe("CreateDdrInstance", () => {
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

  test("sends its parameters under their names", async () => {
    expect(await create(client, request)).toEqual({
      dbInstanceId: "pgm-restored000001",
      orderId: "211549751690654",
    });
    expect(simulator.requests.map(({ parameters: sent }) => sent)).toEqual([parameters]);
  });

  test("spells what is not always there", () => {
    const payment: Payment = { payType: "Prepaid", period: "Year", usedTime: 1 };
    const roleArn = "acs:ram::1234567890123456:role/aliyunrdsinstanceencryptiondefaultrole";
    const more = { resourceGroupId: "rg-acfmyorders01", encryptionKey: "key-1", roleArn };

    expect(createDdrInstanceParameters({ ...request, payment, ...more, data: pointInTime })).toMatchObject({
      PayType: "Prepaid",
      Period: "Year",
      UsedTime: "1",
      ResourceGroupId: "rg-acfmyorders01",
      EncryptionKey: "key-1",
      RoleARN: roleArn,
      RestoreType: "BackupTime",
      RestoreTime: "2024-03-05T02:21:00Z",
      SourceRegion: "cn-beijing",
      SourceDBInstanceName: "pgm-billing",
    });
    const data = { backupSetId: "20771897", backupSetRegion: "cn-zhangjiakou" };
    expect(createDdrInstanceParameters({ ...request, data })).toMatchObject({ BackupSetRegion: "cn-zhangjiakou" });
  });

  test("kept as JSON and sent again, stands for the same instance", async () => {
    const kept = JSON.stringify(createDdrInstanceParameters(request));
    const first = await create(client, request);

    expect(await createDdrInstance(client, JSON.parse(kept) as Record<string, string>)).toEqual(first);
    expect(simulator.instances).toHaveLength(1);
  });

  test.each([FaultKind.SERVER_ERROR, FaultKind.RESET, FaultKind.CUT_BODY, FaultKind.EMPTY_BODY, FaultKind.HTML])(
    "after a lost answer (%s) is not sent again, as nobody knows whether it was done",
    async (kind) => {
      simulator.injectFault({ kind, isPerformed: true });

      expect((await errorOf(create(client, request), RdsApiError)).retryable).toBe(true);
      expect(simulator.instances).toHaveLength(1);
      expect(simulator.requests).toHaveLength(1);
    },
  );

  test("that was throttled, so not done, is sent again with the same token", async () => {
    simulator.injectFault({ kind: FaultKind.THROTTLING, times: 2 });

    expect(await create(client, request)).toMatchObject({ dbInstanceId: "pgm-restored000001" });
    expect(simulator.requests.map(({ parameters: sent }) => sent)).toEqual([parameters, parameters, parameters]);
  });

  test("with another request under the same token is an error that names the code", async () => {
    await create(client, request);

    const error = await errorOf(create(client, { ...request, dbInstanceStorage: 200 }), RdsApiError);
    expect(error).toMatchObject({ code: "IdempotentParameterMismatch", kind: "misuse", retryable: false });
  });

  test("takes an answer with no more than an id, of digits even", async () => {
    const transport = new FakeTransport(() => ({ DBInstanceId: 17 }));

    expect(await create(transport.client(), request)).toEqual({ dbInstanceId: "17" });
  });

  test.each([undefined, "${var.id}"])("takes no answer with the id %p", async (DBInstanceId) => {
    const transport = new FakeTransport(() => ({ RequestId: "1", DBInstanceId }));

    const error = await errorOf(create(transport.client({ deadlineMs: 300 }), request), RdsApiError);
    expect(error.code).toBe("InvalidResponse");
  });

  test.each<[string, Partial<CreateDdrInstanceRequest>]>([
    ["regionId", { regionId: "here" }],
    ["engine", { engine: "mysql" }],
    ["engineVersion", { engineVersion: "" }],
    ["dbInstanceClass", { dbInstanceClass: "" }],
    ["dbInstanceStorage", { dbInstanceStorage: 7 }],
    ["dbInstanceStorageType", { dbInstanceStorageType: "ecs" }],
    ["zoneId", { zoneId: "" }],
    ["vpcId", { vpcId: "vsw-8vbdrill" }],
    ["vSwitchId", { vSwitchId: "vpc-8vbdrill" }],
    ["securityIps", { securityIps: [] }],
    ["securityIps", { securityIps: ["10.0.0.1", "10.0.0.1"] }],
    ["securityIps", { securityIps: ["10.0.0.1,0.0.0.0/0"] }],
    ["payType", { payment: { payType: "Free" } as unknown as Payment }],
    ["period", { payment: { payType: "Prepaid", period: "Day", usedTime: 1 } as unknown as Payment }],
    ["usedTime", { payment: { payType: "Prepaid", period: "Month", usedTime: 10 } }],
    ["dbInstanceDescription", { dbInstanceDescription: "my orders" }],
    ["backupSetId", { data: { backupSetId: "x" } }],
    ["backupSetRegion", { data: { backupSetId: "1", backupSetRegion: "x" } }],
    ["restoreTime", { data: { ...pointInTime, restoreTime: "2024-03-05" } }],
    ["sourceRegion", { data: { ...pointInTime, sourceRegion: "x" } }],
    ["sourceDbInstanceName", { data: { ...pointInTime, sourceDbInstanceName: "x y" } }],
    ["resourceGroupId", { resourceGroupId: "a b" }],
    ["encryptionKey", { encryptionKey: "a b" }],
    ["roleArn", { roleArn: "admin" }],
    ["clientToken", { clientToken: "" }],
    ["clientToken", { clientToken: "a".repeat(65) }],
    ["clientToken", { clientToken: "tökén" }],
  ])("refuses a wrong %s before it sends anything", async (parameter, change) => {
    const error = await errorOf(create(client, { ...request, ...change }), InvalidRequestError);

    expect(error.parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["ClientToken", { ClientToken: "" }],
    ["ClientToken", { ClientToken: "a".repeat(65) }],
    ["InstanceNetworkType", { InstanceNetworkType: "" }],
    ["Action", { Action: "DeleteDBInstance" }],
    ["SecurityToken", { SecurityToken: "stolen" }],
    ["BackupSetId", { BackupSetId: " " }],
  ])("refuses kept parameters with a wrong %s before it sends anything", async (parameter, change) => {
    const error = await errorOf(createDdrInstance(client, { ...parameters, ...change }), InvalidRequestError);

    expect(error.parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});
