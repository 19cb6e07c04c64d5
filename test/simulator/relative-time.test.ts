import { startSimulator, type WorldRecord } from "../../lib/simulator";
import { call, itemsOf, type Json } from "./clients";

const NOW = new Date("2024-03-05T12:00:00.900Z");

const SERIES: WorldRecord[] = [{ CrossBackupId: 9, "x-repeat": { count: 2, every: "1d" } }];

/** The records as a simulator sends them at NOW. */
async function sent(backups: readonly WorldRecord[], backupDefaults?: WorldRecord): Promise<Json[]> {
  const instance = { dbInstanceId: "rm-1", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" };
  const world = { instances: [{ ...instance, backups, backupDefaults }] };
  const simulator = await startSimulator({ world, now: () => NOW });
  try {
    const window = { StartTime: "2000-01-01T00:00:00Z", EndTime: "2100-01-01T00:00:00Z" };
    const parameters = { DBInstanceId: "rm-1", RegionId: "cn-hangzhou", ...window };
    return itemsOf((await call(simulator.url, "DescribeCrossRegionBackups", parameters)).json);
  } finally {
    await simulator.stop();
  }
}

describe("a record of a world", () => {
  test.each([
    ["now", "2024-03-05T12:00:00Z"],
    ["now-26h", "2024-03-04T10:00:00Z"],
    ["now-1d2h30m", "2024-03-04T09:30:00Z"],
    ["now+1d", "2024-03-06T12:00:00Z"],
    ["now-90s", "2024-03-05T11:58:30Z"],
    ["2024-03-05T02:22:45Z", "2024-03-05T02:22:45Z"],
    ["nowhere", "nowhere"],
    ["", ""],
  ])("has %p sent as %p", async (written, expected) => {
    expect(await sent([{ BackupStartTime: written }])).toEqual([{ BackupStartTime: expected }]);
  });

  test("may hold a relative time anywhere", async () => {
    expect(await sent([{ Deep: { Times: ["now", 1, null] } }])).toEqual([
      { Deep: { Times: ["2024-03-05T12:00:00Z", 1, null] } },
    ]);
  });

  test("takes its missing fields from the defaults, but for those of x-omit", async () => {
    const [record] = await sent([{ Engine: "mssql", "x-omit": ["Category"] }], {
      Engine: "mysql",
      Category: "Basic",
      EngineVersion: "8.0",
    });

    expect(record).toEqual({ Engine: "mssql", EngineVersion: "8.0" });
  });

  test("names its file after its start and its other fields", async () => {
    const file = "{date}_{CrossBackupId}_{Nothing}.xb";

    const [record] = await sent([{ CrossBackupId: "7", BackupStartTime: "now-1h", CrossBackupSetFile: file }]);

    expect(record?.["CrossBackupSetFile"]).toBe("20240305110000_7_{Nothing}.xb");
  });

  test("may stand for a series, each one earlier and with a smaller id", async () => {
    const series = await sent([
      {
        CrossBackupId: "100",
        BackupStartTime: "now-2h",
        ConsistentTime: "2024-03-05T10:01:00Z",
        CrossBackupSetFile: "{date}",
        "x-repeat": { count: 3, every: "1d", idStep: 10 },
      },
    ]);

    expect(series).toEqual(
      [5, 4, 3].map((day) => ({
        CrossBackupId: 50 + day * 10,
        BackupStartTime: `2024-03-0${day}T10:00:00Z`,
        ConsistentTime: `2024-03-0${day}T10:01:00Z`,
        CrossBackupSetFile: `2024030${day}100000`,
      })),
    );
  });

  test("is written out anew for other defaults", async () => {
    const ids = (records: Json[]): unknown[] => records.map((record) => [record["CrossBackupId"], record["Engine"]]);

    expect(ids(await sent(SERIES, { Engine: "mysql" }))).toEqual([
      [9, "mysql"],
      [8, "mysql"],
    ]);
    expect(ids(await sent(SERIES, { Engine: "mssql" }))).toEqual([
      [9, "mssql"],
      [8, "mssql"],
    ]);
  });
});
