import { inspect } from "node:util";
import * as fc from "fast-check";
import { parseCrossRegionBackup } from "../../lib/backup/parse-backup";

/** The record of the page's own sample, field by field. */
const mysqlSample = {
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
};

/** The record of the page's SQL Server scenario. */
const sqlServerSample = {
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
};

describe("reading a record", () => {
  test("gives every field of the page's MySQL sample", () => {
    expect(parseCrossRegionBackup(mysqlSample)).toEqual({
      crossBackupId: "0",
      backupStartTime: "2024-03-05T02:22:45Z",
      backupEndTime: "2024-03-05T02:23:37Z",
      consistentTime: "2024-03-05T02:22:54Z",
      backupType: "F",
      backupMethod: "P",
      backupSetStatus: 0,
      backupSetScale: 0,
      category: "HighAvailability",
      crossBackupRegion: "cn-shanghai",
      crossBackupSetFile: "cn-hangzhou_rm-****_hins81xxx_data_20190612134426_qp.xb",
      crossBackupSetLocation: "oss",
      crossBackupSetSize: 5312836,
      dbInstanceStorageType: "ssd",
      engine: "mysql",
      engineVersion: "5.6",
      instanceId: "0",
      restoreRegions: ["cn-hangzhou", "cn-shanghai"],
      unreadable: [],
    });
  });

  test("gives every field of the page's SQL Server sample, and leaves out what it does not hold", () => {
    const record = parseCrossRegionBackup(sqlServerSample);
    expect(record).toEqual({
      crossBackupId: "18371944",
      backupStartTime: "2025-04-23T02:03:24Z",
      backupEndTime: "2025-04-23T02:03:36Z",
      backupType: "F",
      backupMethod: "P",
      backupSetScale: 0,
      category: "Basic",
      crossBackupRegion: "cn-shenzhen",
      crossBackupSetFile: "cn-beijing_rm-*******_hins35449901_2025042310032419855966.zip",
      crossBackupSetLocation: "oss",
      crossBackupSetSize: 9179823,
      dbInstanceStorageType: "ecs",
      engine: "mssql",
      engineVersion: "2022_web",
      hasBackupTableMeta: "1",
      instanceId: "35449901",
      restoreRegions: ["cn-shenzhen"],
      unreadable: [],
    });
    expect(["backupSetStatus", "consistentTime"].filter((field) => field in record)).toEqual([]);
  });

  test("keeps ids that outgrow 2^53", () => {
    const { crossBackupId, instanceId } = parseCrossRegionBackup({
      CrossBackupId: "9007199254740993",
      InstanceId: 9007199254740995n,
    });
    expect([crossBackupId, instanceId]).toEqual(["9007199254740993", "9007199254740995"]);
  });

  test("notes what it cannot read, by the API's name of the field", () => {
    const { unreadable } = parseCrossRegionBackup({
      ...mysqlSample,
      CrossBackupId: "none",
      BackupStartTime: "2024-02-30T00:00:00Z",
      BackupSetStatus: "ok",
      Engine: { name: "mysql" },
    });
    expect(unreadable).toEqual([
      { field: "CrossBackupId", value: "none" },
      { field: "BackupStartTime", value: "2024-02-30T00:00:00Z" },
      { field: "BackupSetStatus", value: "ok" },
      { field: "Engine", value: "(object)" },
    ]);
  });

  test("takes no list of more regions than there can be, and no id of more digits, and is done at once", () => {
    const regions = Array.from({ length: 20_000 }, (_, index) => `cn-region-${index}`);
    const record = parseCrossRegionBackup({
      CrossBackupId: "1".repeat(500_000),
      RestoreRegions: { RestoreRegion: regions },
    });

    expect(record).toEqual({
      restoreRegions: [],
      unreadable: [
        { field: "CrossBackupId", value: "1".repeat(80) },
        { field: "RestoreRegions", value: "20000 names" },
      ],
    });
  });

  test.each<[unknown, string]>([
    [8, "8.0"],
    [5.6, "5.6"],
    ["8", "8"],
    ["2022_web", "2022_web"],
  ])("reads the EngineVersion %p as %p", (value, version) => {
    expect(parseCrossRegionBackup({ EngineVersion: value }).engineVersion).toBe(version);
  });

  test("takes a ConsistentTime of unix seconds, and 0 for unknown", () => {
    const read = (value: unknown) => parseCrossRegionBackup({ ConsistentTime: value });
    expect(read(1709605374).consistentTime).toBe("2024-03-05T02:22:54Z");
    expect(read(0)).toEqual({ restoreRegions: [], unreadable: [] });
  });

  test.each<[value: unknown, regions: string[]]>([
    [{ RestoreRegion: ["cn-hangzhou", "cn-zhangjiakou"] }, ["cn-hangzhou", "cn-zhangjiakou"]],
    [{ RestoreRegion: ["cn-zhangjiakou", "cn-hangzhou"] }, ["cn-hangzhou", "cn-zhangjiakou"]],
    [{ RestoreRegion: ['"cn-hangzhou", "cn-shanghai"'] }, ["cn-hangzhou", "cn-shanghai"]],
    [{ RestoreRegion: '"cn-hangzhou","cn-shanghai"' }, ["cn-hangzhou", "cn-shanghai"]],
    [{ RestoreRegion: "cn-shanghai" }, ["cn-shanghai"]],
    [{ RestoreRegion: "['cn-shanghai', 'cn-hangzhou']" }, ["cn-hangzhou", "cn-shanghai"]],
    [{ RestoreRegion: [] }, []],
    [{ RestoreRegion: "" }, []],
    [{ RestoreRegion: null }, []],
    [{ RestoreRegion: [null, 5, "cn-hangzhou", ["cn-shanghai"]] }, ["cn-hangzhou", "cn-shanghai"]],
    [{}, []],
    [
      ["cn-shanghai", "cn-hangzhou"],
      ["cn-hangzhou", "cn-shanghai"],
    ],
    ["cn-shanghai", ["cn-shanghai"]],
    [" cn-shanghai , ,cn-shanghai,", ["cn-shanghai"]],
    [undefined, []],
    [null, []],
    [0, []],
  ])("reads RestoreRegions %j as %j", (value, regions) => {
    expect(parseCrossRegionBackup({ RestoreRegions: value }).restoreRegions).toEqual(regions);
  });

  test.each<[unknown]>([[null], [undefined], [17], ["text"], [[]], [[mysqlSample]], [{}]])(
    "makes an empty record of %j",
    (item) => {
      expect(parseCrossRegionBackup(item)).toEqual({ restoreRegions: [], unreadable: [] });
    },
  );

  test("gives a record of plain data whatever JSON it is handed", () => {
    const values = fc.oneof(fc.jsonValue(), fc.string(), fc.bigInt(), fc.double());
    const fields = fc.constantFrom(...Object.keys({ ...mysqlSample, ...sqlServerSample }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(fields, values)), (item) => {
        const record = parseCrossRegionBackup(item);
        expect(JSON.parse(JSON.stringify(record))).toEqual(record);
        expect(record.crossBackupId ?? "0").toMatch(/^\d+$/);
      }),
    );
  });
});

describe("the download link of a record", () => {
  const link = "https://bucket.oss-cn-shanghai.aliyuncs.com/x?Signature=FAKE-LINK";
  const record = parseCrossRegionBackup({ ...mysqlSample, CrossBackupDownloadLink: link });

  test("can be read by name", () => {
    expect(record.crossBackupDownloadLink).toBe(link);
  });

  test("never enters JSON, copies, other threads or logs", () => {
    const leaks = [
      JSON.stringify(record),
      JSON.stringify({ ...record }),
      JSON.stringify(structuredClone(record)),
      Object.values(record).join(),
      inspect(record, { depth: 10 }),
    ];
    expect(leaks.filter((text) => text.includes("FAKE-LINK"))).toEqual([]);
  });

  test("is not echoed if it is no text", () => {
    const { unreadable } = parseCrossRegionBackup({ CrossBackupDownloadLink: { Url: link } });
    expect(unreadable).toEqual([{ field: "CrossBackupDownloadLink", value: "(object)" }]);
  });
});
