import { type Simulator, startSimulator, worlds } from "../../lib/simulator";
import { call, callWithPopCore, everything, itemsOf, type Json } from "./clients";

const ACTION = "DescribeCrossRegionBackups";

describe("the world of the page's samples", () => {
  const MYSQL = { DBInstanceId: "rm-uf6wjk5xxxx", RegionId: "cn-hangzhou" };
  const SQL_SERVER = { DBInstanceId: "rm-2ze07tklqxxxxxxxx", RegionId: "cn-beijing" };
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ world: worlds.pageSamples });
  });
  afterAll(() => simulator.stop());

  test("answers with the MySQL sample to the letter", async () => {
    const { json } = await call(simulator.url, ACTION, { ...MYSQL, ...everything() });

    expect(json).toEqual({
      EndTime: "2019-06-15T12:10:00Z",
      Items: {
        Item: [
          {
            BackupEndTime: "2024-03-05T02:23:37Z",
            BackupMethod: "P",
            BackupSetScale: 0,
            BackupSetStatus: 0,
            BackupStartTime: "2024-03-05T02:22:45Z",
            BackupType: "F",
            Category: "HighAvailability",
            ConsistentTime: "2024-03-05T02:22:54Z",
            CrossBackupDownloadLink: "http://rdsddrbak-shanghai.oss-cn-shanghai.aliyuncs.com/****",
            CrossBackupId: 0,
            CrossBackupRegion: "cn-shanghai",
            CrossBackupSetFile: "cn-hangzhou_rm-****_hins81xxx_data_20190612134426_qp.xb",
            CrossBackupSetLocation: "oss",
            CrossBackupSetSize: 5312836,
            DBInstanceStorageType: "ssd",
            Engine: "mysql",
            EngineVersion: "5.6",
            InstanceId: 0,
            RestoreRegions: { RestoreRegion: ['"cn-hangzhou", "cn-shanghai"'] },
          },
        ],
      },
      PageNumber: 1,
      PageRecordCount: 30,
      RegionId: "cn-hangzhou",
      RequestId: "60912B41-7579-4B5D-B289-8856030F0A6A",
      StartTime: "2019-05-30T12:10:00Z",
      TotalRecordCount: 100,
    });
  });

  test("answers with the SQL Server sample to the letter", async () => {
    const { json } = await call(simulator.url, ACTION, { ...SQL_SERVER, ...everything() });

    expect(json).toEqual({
      TotalRecordCount: 100,
      PageRecordCount: 30,
      RequestId: "7960B6AD-715E-5F0C-AB09-F59B6E76450B",
      PageNumber: 1,
      Items: {
        Item: [
          {
            BackupMethod: "P",
            Category: "Basic",
            EngineVersion: "2022_web",
            InstanceId: 35449901,
            CrossBackupDownloadLink: "https://rdsddrbak-st.oss-cn-shenzhen.aliyuncs.com/cn-beijing_rm-***********",
            CrossBackupRegion: "cn-shenzhen",
            CrossBackupSetLocation: "oss",
            DBInstanceStorageType: "ecs",
            BackupSetScale: 0,
            CrossBackupSetFile: "cn-beijing_rm-*******_hins35449901_2025042310032419855966.zip",
            CrossBackupSetSize: 9179823,
            HasBackupTableMeta: "1",
            RestoreRegions: { RestoreRegion: ["cn-shenzhen"] },
            BackupEndTime: "2025-04-23T02:03:36Z",
            BackupStartTime: "2025-04-23T02:03:24Z",
            BackupType: "F",
            CrossBackupId: 18371944,
            Engine: "mssql",
          },
        ],
      },
      RegionId: "cn-beijing",
    });
  });

  test("has no more than the one page, whatever the sample's total says", async () => {
    const { json } = await call(simulator.url, ACTION, { ...MYSQL, ...everything(), PageNumber: "2" });

    expect(json).toMatchObject({ PageNumber: 2, Items: { Item: [] }, TotalRecordCount: 100 });
  });

  test("still refuses a malformed request", async () => {
    const { json } = await call(simulator.url, ACTION, MYSQL);

    expect(json["Code"]).toBe("ParameterAbsence");
  });

  test("lets the SQL Server sample be restored, as the page goes on to say", async () => {
    const answer = await callWithPopCore(simulator.url, "CheckCreateDdrDBInstance", {
      RegionId: "cn-shenzhen",
      Engine: "SQLServer",
      EngineVersion: "2022_web",
      DBInstanceClass: "mssql.x2.medium.w1",
      DBInstanceStorage: "20",
      RestoreType: "0",
      BackupSetId: "18371944",
    });

    expect(answer["IsValid"]).toBe("true");
  });
});

describe("the demo world", () => {
  let simulator: Simulator;
  const recordsOf = async (DBInstanceId: string, RegionId: string): Promise<Json[]> => {
    const parameters = { DBInstanceId, RegionId, ...everything(), PageSize: "100" };
    return itemsOf((await call(simulator.url, ACTION, parameters)).json);
  };

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.stop());

  // Which record has to win, how many newer ones must not, and the region that all this is about.
  test.each([
    ["rm-uf6wjk5t8q2vz71ab", "cn-hangzhou", "cn-shanghai", "MySQL", 12490124, 6, 34],
    ["pgm-2zec4x8n5m1k7y3wq", "cn-beijing", "cn-zhangjiakou", "PostgreSQL", 20771897, 1, 15],
    ["rm-2ze07tklq9d4f6s8hc", "cn-beijing", "cn-shenzhen", "SQLServer", 18371944, 4, 11],
    ["rm-bp1c7h3x9k2stale5", "cn-hangzhou", "cn-shanghai", "MySQL", 12488790, 1, 5],
  ])("has newer records of %s than the one to restore", async (id, source, target, Engine, winner, newer, total) => {
    const records = await recordsOf(id, source);

    const verdicts = await Promise.all(
      records.map(async (record) => {
        const answer = await call(simulator.url, "CheckCreateDdrDBInstance", {
          RegionId: target,
          Engine,
          EngineVersion: "8.0",
          DBInstanceClass: "any",
          DBInstanceStorage: "100",
          RestoreType: "0",
          BackupSetId: String(record["CrossBackupId"]),
        });
        return answer.json["IsValid"];
      }),
    );

    expect(records).toHaveLength(total);
    expect(new Set(records.map((record) => record["CrossBackupId"])).size).toBe(total);
    expect(verdicts.indexOf("true")).toBe(newer);
    expect(verdicts.slice(newer)).not.toContain("false");
    expect(records[newer]?.["CrossBackupId"]).toBe(winner);
  });

  test("has an instance without any backup", async () => {
    expect(await recordsOf("rm-bp1t6m4v8z1empty2", "cn-hangzhou")).toEqual([]);
  });

  test("signs its download links with what can't be mistaken for a key", async () => {
    const records = await recordsOf("rm-uf6wjk5t8q2vz71ab", "cn-hangzhou");
    const start = String(records[6]?.["BackupStartTime"]).replace(/\D/g, "");

    expect(records[6]?.["CrossBackupDownloadLink"]).toBe(
      "https://rdsddrbak-shanghai.oss-cn-shanghai.aliyuncs.com/cn-hangzhou_rm-uf6wjk5t8q2vz71ab_hins8161047_data_" +
        `${start}_qp.xb?Expires=1999999999&OSSAccessKeyId=FAKE-LINK-KEY&Signature=FAKE-LINK-SIGNATURE%3D`,
    );
  });

  test("leaves status and consistent time out for SQL Server, as the cloud does", async () => {
    const records = await recordsOf("rm-2ze07tklq9d4f6s8hc", "cn-beijing");

    expect(records.filter((record) => "BackupSetStatus" in record || "ConsistentTime" in record)).toEqual([]);
  });
});
