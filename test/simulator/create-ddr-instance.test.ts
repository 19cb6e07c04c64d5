import {
  FaultKind,
  parseWorld,
  type Simulator,
  startSimulator,
  startSimulatorThread,
  worlds,
} from "../../lib/simulator";
import { call, callWithPopCore, itemsOf, type Json } from "./clients";

/** A restore of the PostgreSQL instance of the demo world, whose disks are in the cloud. */
const REQUEST = {
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
  ClientToken: "0123456789abcdef",
};
const LOCAL = {
  ...REQUEST,
  RegionId: "cn-shanghai",
  Engine: "MySQL",
  EngineVersion: "8.0",
  DBInstanceStorageType: "",
  InstanceNetworkType: "",
  ZoneId: "",
  VPCId: "",
  VSwitchId: "",
  BackupSetId: "12490124",
};

describe("CreateDdrInstance", () => {
  let simulator: Simulator;
  const create = async (change: Record<string, string> = {}): Promise<unknown[]> => {
    const { status, json } = await call(simulator.url, "CreateDdrInstance", { ...REQUEST, ...change });
    return [status, json["Code"] ?? json["DBInstanceId"]];
  };
  const list = async (change: Record<string, string> = {}): Promise<Json[]> => {
    const { json } = await call(simulator.url, "DescribeDBInstances", { RegionId: REQUEST.RegionId, ...change });
    return (json["Items"] as { DBInstance: Json[] }).DBInstance;
  };

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  test("creates an instance that lives on in the simulator", async () => {
    const answer = await callWithPopCore(simulator.url, "CreateDdrInstance", REQUEST);

    expect(answer).toMatchObject({ DBInstanceId: "pgm-restored000001", Port: "3306" });
    expect(simulator.instances).toEqual([
      { dbInstanceId: "pgm-restored000001", createdAtMs: expect.any(Number) as unknown, parameters: REQUEST },
    ]);
    expect(await list()).toMatchObject([
      {
        DBInstanceId: "pgm-restored000001",
        DBInstanceDescription: "billing-restored",
        DBInstanceStatus: "Running",
        Engine: "PostgreSQL",
        ZoneId: "cn-zhangjiakou-a",
        VpcId: "vpc-8vbdrill",
      },
    ]);
  });

  test("takes a point in time, and a subscription", async () => {
    const { json } = await call(simulator.url, "DescribeCrossRegionBackups", {
      ...{ RegionId: "cn-hangzhou", DBInstanceId: "rm-uf6wjk5t8q2vz71ab", CrossBackupId: "12490124" },
    });
    const [backup] = itemsOf(json);
    const time = {
      RestoreType: "BackupTime",
      RestoreTime: String(backup?.["BackupEndTime"]),
      SourceRegion: "cn-hangzhou",
      SourceDBInstanceName: "rm-uf6wjk5t8q2vz71ab",
    };

    expect(await create({ ...LOCAL, ...time, PayType: "Prepaid", Period: "Month", UsedTime: "9" })).toEqual([
      200,
      "rm-restored000001",
    ]);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no security IP list", 400, "ParameterAbsence", { SecurityIPList: "" }],
    ["no network type of the address", 400, "ParameterAbsence", { DBInstanceNetType: "" }],
    ["no restore type", 400, "ParameterAbsence", { RestoreType: "" }],
    ["no backup", 400, "ParameterAbsence", { BackupSetId: "" }],
    ["no zone for its VPC", 400, "ParameterAbsence", { ZoneId: "" }],
    ["no vSwitch for its VPC", 400, "ParameterAbsence", { VSwitchId: "" }],
    ["no period for its subscription", 400, "ParameterAbsence", { PayType: "Prepaid" }],
    ["a restore type of CheckCreateDdrDBInstance", 400, "InvalidParameters.Format", { RestoreType: "0" }],
    ["a zone of another region", 400, "InvalidParameters.Format", { ZoneId: "cn-beijing-a" }],
    ["a name with a blank", 400, "InvalidParameters.Format", { DBInstanceDescription: "my orders" }],
    ["a token of 65 characters", 400, "InvalidParameters.Format", { ClientToken: "x".repeat(65) }],
    ["a storage of 7 GB", 400, "InvalidParameters.Format", { DBInstanceStorage: "7" }],
    ["4 years", 400, "InvalidParameters.Format", { PayType: "Prepaid", Period: "Year", UsedTime: "4" }],
    ["an address that is none", 400, "InvalidSecurityIPList.Format", { SecurityIPList: "anywhere" }],
    ["an address twice", 400, "InvalidSecurityIPList.Duplicate", { SecurityIPList: "10.0.0.1,10.0.0.1" }],
    [
      "cloud disks in the default network",
      400,
      "InvalidNetworkTypeClassicWhenCloudStorage",
      { InstanceNetworkType: "", VPCId: "", VSwitchId: "", ZoneId: "" },
    ],
    ["a backup that does not exist", 400, "InvalidBackupSet", { BackupSetId: "1" }],
    ["a backup that failed", 400, "NoAvailableDisasterRestoreBakset", { BackupSetId: "20771902" }],
    ["a backup of another engine", 400, "NoAvailableDisasterRestoreBakset", { Engine: "MySQL" }],
    [
      "a region that the backup cannot be restored to",
      400,
      "NoAvailableDisasterRestoreBakset",
      { RegionId: "cn-shanghai", ZoneId: "cn-shanghai-b" },
    ],
  ])("refuses %s", async (_, status, code, change) => {
    expect(await create(change)).toEqual([status, code]);
    expect(simulator.instances).toEqual([]);
  });

  describe("by its client token", () => {
    test("returns the same instance for the same request", async () => {
      expect([await create(), await create()]).toEqual([
        [200, "pgm-restored000001"],
        [200, "pgm-restored000001"],
      ]);
      expect(simulator.instances).toHaveLength(1);
    });

    test("refuses another request", async () => {
      await create();

      expect(await create({ DBInstanceStorage: "200" })).toEqual([400, "IdempotentParameterMismatch"]);
      expect(simulator.instances).toHaveLength(1);
    });

    test.each([
      ["without a token", { ClientToken: "" }],
      ["with another one", { ClientToken: "fedcba9876543210" }],
    ])("creates a second instance %s", async (_, change) => {
      await create();
      await create(change);

      expect(simulator.instances).toHaveLength(2);
    });

    test("that the world forgets, it creates a second instance", async () => {
      simulator.setWorld({ ...worlds.demo, restores: { tokenMemoryMs: 0 } });
      await create();

      expect(await create()).toEqual([200, "pgm-restored000002"]);
    });
  });

  test("a fault can lose the answer only: the instance is there", async () => {
    simulator.injectFault({ kind: FaultKind.SERVER_ERROR, action: "CreateDdrInstance", times: 1, isPerformed: true });

    expect(await create()).toEqual([500, "InternalError"]);
    expect(await create()).toEqual([200, "pgm-restored000001"]);
    expect(simulator.instances).toHaveLength(1);
  });

  test.each([false, true])("an answer that breaks off is lost, and one instance is there (%s)", async (isPerformed) => {
    simulator.setWorld({ ...worlds.demo, restores: { tokenMemoryMs: 0 } });
    simulator.injectFault({ kind: FaultKind.CUT_BODY, action: "CreateDdrInstance", times: 1, isPerformed });

    await expect(create()).rejects.toThrow();
    expect(simulator.instances).toHaveLength(1);
  });

  test.each([
    ["creationMs", { creationMs: -1 }],
    ["statuses", { statuses: [] }],
    ["goneAfter", { goneAfter: "1h" }],
  ])("a world file with a wrong %s is an error", (name, restores) => {
    expect(() => parseWorld({ instances: [], restores })).toThrow(`restores.${name}`);
  });

  test("the world says how a created instance lives", async () => {
    const age = jest.spyOn(Date, "now");
    const passes = (ms: number): void => void age.mockReturnValue((simulator.instances[0]?.createdAtMs ?? 0) + ms);
    const restores = {
      creationMs: 1000,
      statuses: ["Creating", "NET_CREATING"],
      listedAfterMs: 200,
      goneAfterMs: 3000,
    };
    simulator.setWorld({ ...worlds.demo, restores });
    await create();
    const statusesAt = async (ms: number): Promise<unknown[]> => {
      passes(ms);
      const id = { RegionId: REQUEST.RegionId, DBInstanceId: "pgm-restored000001" };
      const { json } = await call(simulator.url, "DescribeDBInstanceAttribute", id);
      const [attribute] = (json["Items"] as { DBInstanceAttribute?: Json[] } | undefined)?.DBInstanceAttribute ?? [];
      return [attribute?.["DBInstanceStatus"] ?? json["Code"], (await list()).map((row) => row["DBInstanceStatus"])];
    };

    try {
      expect(await statusesAt(0)).toEqual(["Creating", []]);
      expect(await statusesAt(200)).toEqual(["Creating", ["Creating"]]);
      expect(await statusesAt(500)).toEqual(["NET_CREATING", ["NET_CREATING"]]);
      expect(await statusesAt(1000)).toEqual(["Running", ["Running"]]);
      expect(await statusesAt(3000)).toEqual(["InvalidDBInstanceId.NotFound", []]);
      simulator.setWorld({ ...worlds.demo, restores: { finalStatus: "Deleting" } });
      expect(await statusesAt(1000)).toEqual(["Deleting", ["Deleting"]]);
    } finally {
      age.mockRestore();
    }
  });

  test("a simulator in a thread returns its instances, too", async () => {
    const thread = await startSimulatorThread();
    await call(thread.url, "CreateDdrInstance", REQUEST);

    expect(await thread.instances()).toMatchObject([{ dbInstanceId: "pgm-restored000001" }]);
    await thread.stop();
  });
});
