import {
  EmptyItems,
  RecordOrder,
  type Simulator,
  startSimulator,
  WindowFilter,
  type World,
  type WorldInstance,
  type WorldRecord,
} from "../../lib/simulator";
import { call, callWithPopCore, instant, itemsOf, type Json } from "./clients";

const ACTION = "DescribeCrossRegionBackups";
const INSTANCE = { DBInstanceId: "rm-1", RegionId: "cn-hangzhou" };
const WINDOW = { StartTime: "2024-03-01T00:00:00Z", EndTime: "2024-03-31T00:00:00Z" };

function worldOf(backups: readonly WorldRecord[], more: Partial<World & WorldInstance> = {}): World {
  const { windowFilters, order, emptyItems, regionsWithoutCrossBackup, regions, ...instance } = more;
  const base = { dbInstanceId: "rm-1", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" };
  return {
    instances: [{ ...base, ...instance, backups }],
    windowFilters,
    order,
    emptyItems,
    regionsWithoutCrossBackup,
    regions,
  };
}

const hourly = (count: number): WorldRecord[] =>
  Array.from({ length: count }, (_, hour) => ({
    CrossBackupId: 1000 + hour,
    BackupStartTime: instant(Date.parse("2024-03-05T00:00:00Z") + hour * 3600 * 1000),
  }));

describe("DescribeCrossRegionBackups", () => {
  let simulator: Simulator;
  const ids = async (parameters: Record<string, string>): Promise<unknown[]> =>
    itemsOf((await call(simulator.url, ACTION, { ...INSTANCE, ...parameters })).json).map(
      (record) => record["CrossBackupId"],
    );
  const codeOf = async (parameters: Record<string, string>): Promise<unknown[]> => {
    const { status, json } = await call(simulator.url, ACTION, parameters);
    return [status, json["Code"]];
  };

  beforeEach(async () => {
    simulator = await startSimulator({ world: worldOf(hourly(120)) });
  });
  afterEach(() => simulator.stop());

  test("answers Alibaba's own client", async () => {
    const answer = await callWithPopCore(simulator.url, ACTION, { ...INSTANCE, ...WINDOW });

    expect(answer).toMatchObject({
      ...WINDOW,
      RegionId: "cn-hangzhou",
      PageNumber: 1,
      PageRecordCount: 30,
      TotalRecordCount: 120,
    });
    expect(answer["RequestId"]).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(itemsOf(answer)[0]).toEqual({ CrossBackupId: 1119, BackupStartTime: "2024-03-09T23:00:00Z" });
  });

  test("pages until there is nothing left", async () => {
    const pages = await Promise.all(
      ["1", "2", "3", "4"].map((PageNumber) => ids({ ...WINDOW, PageSize: "50", PageNumber })),
    );

    expect(pages.map((page) => page.length)).toEqual([50, 50, 20, 0]);
    expect(new Set(pages.flat()).size).toBe(120);
  });

  test("shuffles the same way on every page", async () => {
    simulator.setWorld(worldOf(hourly(120), { order: RecordOrder.SHUFFLED }));

    const pages = await Promise.all(["1", "2"].map((PageNumber) => ids({ ...WINDOW, PageSize: "100", PageNumber })));

    const all = pages.flat();
    expect(new Set(all).size).toBe(120);
    expect(all).not.toEqual(all.toSorted());
    expect(all).not.toEqual(all.toSorted().reverse());
  });

  test.each([
    [RecordOrder.NEWEST_FIRST, [3, 2, 1]],
    [RecordOrder.OLDEST_FIRST, [1, 2, 3]],
    [RecordOrder.AS_WRITTEN, [2, 3, 1]],
  ])("lists records %s", async (order, expected) => {
    const day = (CrossBackupId: number): WorldRecord => ({
      CrossBackupId,
      BackupStartTime: `2024-03-0${CrossBackupId}T00:00:00Z`,
    });
    simulator.setWorld(worldOf([day(2), day(3), day(1)], { order }));

    expect(await ids(WINDOW)).toEqual(expected);
  });

  test("takes both ends of the window in", async () => {
    const at = { StartTime: "2024-03-05T01:00:00Z", EndTime: "2024-03-05T02:00:00Z" };

    expect(await ids(at)).toEqual([1002, 1001]);
  });

  test.each([
    [WindowFilter.START, [1]],
    [WindowFilter.END, []],
  ])("holds the window against the %s of backups", async (windowFilters, expected) => {
    const record = {
      CrossBackupId: 1,
      BackupStartTime: "2024-03-30T23:00:00Z",
      BackupEndTime: "2024-03-31T01:00:00Z",
    };
    simulator.setWorld(worldOf([record], { windowFilters }));

    expect(await ids(WINDOW)).toEqual(expected);
  });

  test("lists records without a readable time in every window", async () => {
    simulator.setWorld(worldOf([{ CrossBackupId: 1 }, { CrossBackupId: 2, BackupStartTime: "yesterday" }]));

    expect(await ids(WINDOW)).toEqual([1, 2]);
  });

  test("finds one backup by its CrossBackupId alone", async () => {
    const { json } = await call(simulator.url, ACTION, { ...INSTANCE, CrossBackupId: "1007" });

    expect(itemsOf(json).map((record) => record["CrossBackupId"])).toEqual([1007]);
    expect(json).not.toHaveProperty("StartTime");
  });

  test("finds a backup that is not listed by its CrossBackupId only", async () => {
    const [first = {}, ...others] = hourly(3);
    simulator.setWorld(worldOf([{ ...first, "x-listed": false }, ...others]));

    expect(await ids(WINDOW)).toEqual([1002, 1001]);
    expect(await ids({ CrossBackupId: "1000" })).toEqual([1000]);
  });

  test("filters by region of the copy, by backup id and by resource group", async () => {
    const record = (id: number, region: string, backupId: string): WorldRecord => ({
      CrossBackupId: id,
      CrossBackupRegion: region,
      "x-backup-id": backupId,
    });
    const records = [record(1, "cn-shanghai", "71"), record(2, "cn-beijing", "72")];
    simulator.setWorld(worldOf(records, { resourceGroupId: "rg-1" }));

    expect(await ids({ ...WINDOW, CrossBackupRegion: "cn-beijing" })).toEqual([2]);
    expect(await ids({ ...WINDOW, BackupId: "71" })).toEqual([1]);
    expect(await ids({ ...WINDOW, ResourceGroupId: "rg-1" })).toEqual([1, 2]);
    expect(await ids({ ...WINDOW, ResourceGroupId: "rg-2" })).toEqual([]);
  });

  test("writes ids beyond 2^53 with all their digits", async () => {
    simulator.setWorld(worldOf([{ CrossBackupId: "9007199254740993123" }]));

    const { text } = await call(simulator.url, ACTION, { ...INSTANCE, ...WINDOW });
    const answer = await callWithPopCore(simulator.url, ACTION, { ...INSTANCE, ...WINDOW });

    expect(text).toContain('"CrossBackupId":9007199254740993123}');
    expect(String(itemsOf(answer)[0]?.["CrossBackupId"])).toBe("9007199254740993123");
  });

  test("sends odd records as they are, without the simulator's own switches", async () => {
    const odd = {
      CrossBackupId: 0,
      ConsistentTime: 1709605374,
      RestoreRegions: { RestoreRegion: "cn-shanghai" },
      Engine: null,
      BackupSetStatus: "1",
    };
    simulator.setWorld(worldOf([{ ...odd, "x-restorable": false, "x-backup-id": "7", "x-listed": true }]));

    const { json } = await call(simulator.url, ACTION, { ...INSTANCE, ...WINDOW });

    expect(itemsOf(json)).toEqual([odd]);
  });

  test.each<[EmptyItems, Json]>([
    [EmptyItems.LIST, { Items: { Item: [] } }],
    [EmptyItems.OBJECT, { Items: {} }],
    [EmptyItems.ABSENT, {}],
  ])("says that there is nothing with Items as %s", async (emptyItems, expected) => {
    simulator.setWorld(worldOf([], { emptyItems }));

    const { status, json } = await call(simulator.url, ACTION, { ...INSTANCE, ...WINDOW });

    expect([status, json["TotalRecordCount"]]).toEqual([200, 0]);
    expect("Items" in json ? { Items: json["Items"] } : {}).toEqual(expected);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no DBInstanceId", 400, "ParameterAbsence", { RegionId: "cn-hangzhou", ...WINDOW }],
    ["no RegionId", 400, "ParameterAbsence", { DBInstanceId: "rm-1", ...WINDOW }],
    ["neither id nor window", 400, "ParameterAbsence", INSTANCE],
    ["half a window", 400, "ParameterAbsence", { ...INSTANCE, StartTime: WINDOW.StartTime }],
    ["a start in hours", 400, "InvalidStartTime.Format", { ...WINDOW, StartTime: "2024-03-01T00Z" }],
    ["a minute that is none", 400, "InvalidEndTime.Format", { ...WINDOW, EndTime: "2024-03-01T00:60Z" }],
    ["a start that is no day", 400, "InvalidStartTime.Format", { ...WINDOW, StartTime: "2024-02-31T00:00:00Z" }],
    ["an end with fractions", 400, "InvalidEndTime.Format", { ...WINDOW, EndTime: "2024-03-31T00:00:00.000Z" }],
    ["a window back to front", 400, "InvalidTime.Format", { StartTime: WINDOW.EndTime, EndTime: WINDOW.StartTime }],
    ["pages of 20", 400, "InvalidParameters.Format", { ...WINDOW, PageSize: "20" }],
    ["page 0", 400, "InvalidParameters.Format", { ...WINDOW, PageNumber: "0" }],
    ["a page beyond integers", 400, "InvalidParameters.Format", { ...WINDOW, PageNumber: "2147483648" }],
    ["an id that is no number", 400, "InvalidParameters.Format", { CrossBackupId: "undefined" }],
    ["an unknown region", 400, "InvalidRegion.Format", { ...WINDOW, RegionId: "cn-atlantis" }],
    ["an unknown instance", 404, "InvalidDBInstance.NotFound", { ...WINDOW, DBInstanceId: "rm-2" }],
    ["an instance of another region", 404, "InvalidDBInstance.NotFound", { ...WINDOW, RegionId: "cn-beijing" }],
  ])("refuses %s", async (_, status, code, parameters) => {
    const whole = code === "ParameterAbsence" ? parameters : { ...INSTANCE, ...parameters };

    expect(await codeOf(whole)).toEqual([status, code]);
  });

  test("takes a window without seconds, as the Terraform provider asks, for the same window with seconds", async () => {
    const backups = ["23:59:59", "00:00:00", "12:00:00"].map((time, index) => ({
      CrossBackupId: index + 1,
      BackupStartTime: `2024-02-${index === 0 ? 28 : 29}T${time}Z`,
    }));
    simulator.setWorld(worldOf(backups));
    const minutes = { StartTime: "2024-02-29T00:00Z", EndTime: "2024-02-29T12:00Z" };

    const { status, json } = await call(simulator.url, ACTION, { ...INSTANCE, ...minutes });

    expect([status, json]).toEqual([200, expect.objectContaining({ ...minutes, TotalRecordCount: 2 })]);
  });

  test("refuses a region that has no cross-region backup", async () => {
    simulator.setWorld(worldOf([], { regionsWithoutCrossBackup: ["cn-hangzhou"] }));

    expect(await codeOf({ ...INSTANCE, ...WINDOW })).toEqual([403, "CrossBackupNotSupport"]);
  });

  test("knows a region because the world names it", async () => {
    simulator.setWorld(worldOf([], { regions: ["cn-atlantis"] }));

    expect(await codeOf({ ...INSTANCE, ...WINDOW, RegionId: "cn-atlantis" })).toEqual([
      404,
      "InvalidDBInstance.NotFound",
    ]);
  });
});
