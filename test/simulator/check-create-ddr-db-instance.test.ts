import { type Simulator, startSimulator, type World, type WorldRecord } from "../../lib/simulator";
import { call, callWithPopCore } from "./clients";

const ACTION = "CheckCreateDdrDBInstance";
const REQUEST = {
  RegionId: "cn-shanghai",
  Engine: "MySQL",
  EngineVersion: "8.0",
  DBInstanceClass: "rds.mysql.s3.large",
  DBInstanceStorage: "100",
};
const BACKUP_SET = { ...REQUEST, RestoreType: "0", BackupSetId: "1" };
const POINT_IN_TIME = {
  ...REQUEST,
  RestoreType: "1",
  SourceRegion: "cn-hangzhou",
  SourceDBInstanceName: "rm-1",
  RestoreTime: "2024-03-05T04:00:00Z",
};
const GOOD: WorldRecord = {
  CrossBackupId: 1,
  BackupType: "F",
  BackupStartTime: "2024-03-05T02:00:00Z",
  BackupEndTime: "2024-03-05T02:10:00Z",
  ConsistentTime: "2024-03-05T02:05:00Z",
  Engine: "mysql",
  RestoreRegions: { RestoreRegion: ["cn-hangzhou", "cn-shanghai"] },
};
const LOGS: WorldRecord[] = [
  { LogBeginTime: "2024-03-05T02:00:00Z", LogEndTime: "2024-03-05T03:00:00Z" },
  { LogBeginTime: "2024-03-05T03:00:00Z", LogEndTime: "2024-03-05T04:00:00Z" },
  { LogBeginTime: "2024-03-05T05:00:00Z", LogEndTime: "2024-03-05T06:00:00Z" },
];

const worldWith = (change: WorldRecord, engine = "MySQL"): World => ({
  instances: [
    {
      dbInstanceId: "rm-1",
      regionId: "cn-hangzhou",
      engine,
      engineVersion: "8.0",
      backups: [{ ...GOOD, ...change }],
      logs: LOGS,
    },
  ],
});

describe("CheckCreateDdrDBInstance", () => {
  let simulator: Simulator;
  const ask = async (parameters: Record<string, string>): Promise<unknown[]> => {
    const { status, json } = await call(simulator.url, ACTION, parameters);
    return [status, json["Code"] ?? json["IsValid"]];
  };

  beforeEach(async () => {
    simulator = await startSimulator({ world: worldWith({}) });
  });
  afterEach(() => simulator.stop());

  test("says in a text that a backup can be restored", async () => {
    const answer = await callWithPopCore(simulator.url, ACTION, BACKUP_SET);

    expect(answer).toMatchObject({ IsValid: "true", DBInstanceId: "rm-1" });
  });

  test.each<[string, WorldRecord, string]>([
    ["only elsewhere", { RestoreRegions: { RestoreRegion: ["cn-hangzhou"] } }, "false"],
    ["nowhere", { RestoreRegions: undefined }, "false"],
    [
      "in regions packed into one text",
      { RestoreRegions: { RestoreRegion: ['"cn-hangzhou", "cn-shanghai"'] } },
      "true",
    ],
    ["in a region that is no list", { RestoreRegions: { RestoreRegion: "cn-shanghai" } }, "true"],
    ["as an incremental one", { BackupType: "I" }, "false"],
    ["as a logical one", { BackupMethod: "L" }, "false"],
    ["as one of a database", { BackupSetScale: 1 }, "false"],
    ["as a failed one", { BackupSetStatus: 1 }, "false"],
    ["while it still runs", { "x-omit": ["BackupEndTime"] }, "false"],
    ["because the world says not", { "x-restorable": false }, "false"],
    ["because the world says so", { "x-restorable": true, BackupType: "I" }, "true"],
  ])("judges a backup that restores %s", async (_, change, expected) => {
    simulator.setWorld(worldWith(change));

    expect(await ask(BACKUP_SET)).toEqual([200, expected]);
  });

  test.each([
    ["a.zip", "true"],
    ["a.bak", "false"],
  ])("judges the SQL Server file %s", async (CrossBackupSetFile, expected) => {
    simulator.setWorld(worldWith({ CrossBackupSetFile, Engine: "mssql" }, "SQLServer"));

    expect(await ask({ ...BACKUP_SET, Engine: "SQLServer" })).toEqual([200, expected]);
  });

  test("knows that another engine can't take the backup", async () => {
    expect(await ask({ ...BACKUP_SET, Engine: "PostgreSQL" })).toEqual([200, "false"]);
  });

  test.each([
    [403, "IncorrectMinorVersion"],
    [404, "InvalidBackupSetID.NotFound"],
    [400, "CrossRegionUnsupportTDE"],
    [404, "InvalidDBInstanceClass.NotFound"],
  ])("refuses with HTTP %d and the code %s if the world has it for a backup", async (status, code) => {
    simulator.setWorld(worldWith({ "x-check-error": code }));

    expect(await ask(BACKUP_SET)).toEqual([status, code]);
  });

  test.each<[string, string, Record<string, string>]>([
    ["an unknown backup", "InvalidBackupSet", { BackupSetId: "2" }],
    ["a backup of another instance", "InvalidBackupSet", { SourceDBInstanceName: "rm-2" }],
    ["no backup", "ParameterAbsence", { BackupSetId: "" }],
    ["an unknown region", "InvalidRegion.Format", { RegionId: "cn-atlantis" }],
    ["an unknown engine", "InvalidDBInstanceEngineType.Format", { Engine: "Oracle" }],
    ["a restore type in words", "InvalidParameters.Format", { RestoreType: "BackupSet" }],
    ["4 GB", "InvalidParameters.Format", { DBInstanceStorage: "4" }],
    ["101 GB", "InvalidParameters.Format", { DBInstanceStorage: "101" }],
    ["2005 GB", "InvalidParameters.Format", { DBInstanceStorage: "2005" }],
    ["GB in words", "InvalidParameters.Format", { DBInstanceStorage: "many" }],
  ])("refuses %s", async (_, code, change) => {
    expect(await ask({ ...BACKUP_SET, ...change })).toEqual([400, code]);
  });

  test.each(["RegionId", "Engine", "EngineVersion", "DBInstanceClass", "DBInstanceStorage", "RestoreType"])(
    "refuses a request without %s",
    async (name) => {
      expect(await ask({ ...BACKUP_SET, [name]: "" })).toEqual([400, "ParameterAbsence"]);
    },
  );

  test.each([
    ["2024-03-05T02:04:59Z", "false"],
    ["2024-03-05T02:05:00Z", "true"],
    ["2024-03-05T04:00:00Z", "true"],
    ["2024-03-05T05:30:00Z", "false"],
  ])("follows the logs to %s", async (RestoreTime, expected) => {
    expect(await ask({ ...POINT_IN_TIME, RestoreTime })).toEqual([200, expected]);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no source region", 400, "ParameterAbsence", { SourceRegion: "" }],
    ["no source instance", 400, "ParameterAbsence", { SourceDBInstanceName: "" }],
    ["no time", 400, "ParameterAbsence", { RestoreTime: "" }],
    ["a malformed time", 400, "InvalidTime.Format", { RestoreTime: "2024-03-05" }],
    ["an unknown source instance", 404, "InvalidDBInstance.NotFound", { SourceDBInstanceName: "rm-2" }],
  ])("refuses a point in time with %s", async (_, status, code, change) => {
    expect(await ask({ ...POINT_IN_TIME, ...change })).toEqual([status, code]);
  });
});
