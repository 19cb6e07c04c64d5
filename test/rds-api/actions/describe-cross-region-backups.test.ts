import {
  describeCrossRegionBackups,
  type DescribeCrossRegionBackupsRequest,
} from "../../../lib/rds-api/actions/describe-cross-region-backups";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { EmptyItems, RecordOrder, type Simulator, startSimulator, worlds } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf, lastDays, mysql, worldOf } from "../simulated";

describe("DescribeCrossRegionBackups", () => {
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

  test("sends every parameter of the page under its name", async () => {
    const request = {
      ...mysql,
      ...lastDays(10),
      crossBackupRegion: "cn-shanghai",
      crossBackupId: "12490124",
      pageSize: 50,
      pageNumber: 1,
      backupId: "6035240124",
      resourceGroupId: "rg-acfmyorders01",
    };

    const records = await describeCrossRegionBackups(client, request);

    expect(records.map(({ crossBackupId }) => crossBackupId)).toEqual(["12490124"]);
    expect(simulator.requests).toMatchObject([{ method: "POST", action: "DescribeCrossRegionBackups" }]);
    expect(simulator.requests[0]?.parameters).toEqual({
      DBInstanceId: mysql.dbInstanceId,
      RegionId: "cn-hangzhou",
      StartTime: request.startTime,
      EndTime: request.endTime,
      CrossBackupRegion: "cn-shanghai",
      CrossBackupId: "12490124",
      PageSize: "50",
      PageNumber: "1",
      BackupId: "6035240124",
      ResourceGroupId: "rg-acfmyorders01",
    });
  });

  test("sends only the given parameters, and asks for large pages", async () => {
    await describeCrossRegionBackups(client, { ...mysql, crossBackupId: "12490124" });

    expect(simulator.requests.map(({ parameters }) => parameters)).toEqual([
      {
        DBInstanceId: mysql.dbInstanceId,
        RegionId: "cn-hangzhou",
        CrossBackupId: "12490124",
        PageSize: "100",
        PageNumber: "1",
      },
    ]);
  });

  test("returns the records as the domain reads them, with a hidden link", async () => {
    const { dbInstanceId, regionId } = { dbInstanceId: "rm-2ze07tklqxxxxxxxx", regionId: "cn-beijing" };
    simulator.setWorld(worlds.pageSamples);

    const records = await describeCrossRegionBackups(client, { dbInstanceId, regionId, ...lastDays(1_000) });

    expect(records).toMatchObject([
      {
        crossBackupId: "18371944",
        engine: "mssql",
        engineVersion: "2022_web",
        restoreRegions: ["cn-shenzhen"],
      },
    ]);
    expect(records[0]?.crossBackupDownloadLink).toMatch(/^https:/);
    expect(JSON.stringify(records)).not.toContain("https:");
  });

  test("keeps every digit of ids of up to 20 digits", async () => {
    for (const id of ["9007199254740993", "9223372036854775807", "12345678901234567890"]) {
      simulator.setWorld(worldOf(1, { CrossBackupId: id }));
      const records = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(10) });
      expect(records.map(({ crossBackupId }) => crossBackupId)).toEqual([id]);
    }
  });

  test.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [350, 4],
  ])("lists %d backups in %d requests, each once, in the order of the API", async (count, requests) => {
    simulator.setWorld(worldOf(count));

    const records = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(1_000) });

    const newest = 1_000_000;
    expect(records.map(({ crossBackupId }) => crossBackupId)).toEqual(
      Array.from({ length: count }, (_, index) => String(newest - index)),
    );
    expect(simulator.requests).toHaveLength(requests);
  });

  test.each([30, 50])("lists in pages of %d if asked to", async (pageSize) => {
    simulator.setWorld(worldOf(140, {}, { order: RecordOrder.SHUFFLED }));

    const records = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(1_000), pageSize });

    expect(new Set(records.map(({ crossBackupId }) => crossBackupId)).size).toBe(140);
    expect(simulator.requests).toHaveLength(Math.ceil(140 / pageSize));
    expect(new Set(simulator.requests.map(({ parameters }) => parameters["PageSize"]))).toEqual(
      new Set([String(pageSize)]),
    );
  });

  test("returns one page if asked for one", async () => {
    simulator.setWorld(worldOf(250));

    const request = { ...mysql, ...lastDays(1_000), pageNumber: 3 };

    expect(await describeCrossRegionBackups(client, request)).toHaveLength(50);
    expect(simulator.requests).toHaveLength(1);
  });

  test.each(Object.values(EmptyItems))("returns nothing if Items is empty: %s", async (emptyItems) => {
    simulator.setWorld(worldOf(0, {}, { emptyItems }));

    expect(await describeCrossRegionBackups(client, { ...mysql, ...lastDays(10) })).toEqual([]);
  });

  test("passes on what the API refuses", async () => {
    const unknown = describeCrossRegionBackups(client, {
      ...mysql,
      dbInstanceId: "rm-gone",
      ...lastDays(10),
    });

    expect(await errorOf(unknown, RdsApiError)).toMatchObject({
      code: "InvalidDBInstance.NotFound",
      httpStatus: 404,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as string,
    });
    expect(simulator.requests).toHaveLength(1);
  });

  const window = { startTime: "2024-03-05T02:21:00Z", endTime: "2024-03-05T02:24:37Z" };
  test.each<[string, Partial<DescribeCrossRegionBackupsRequest>]>([
    ["dbInstanceId", { ...window, dbInstanceId: "" }],
    ["dbInstanceId", { ...window, dbInstanceId: undefined }],
    ["regionId", { ...window, regionId: "Hangzhou" }],
    ["crossBackupRegion", { ...window, crossBackupRegion: "" }],
    ["crossBackupId", { ...window, crossBackupId: "0" }],
    ["crossBackupId", {}],
    ["backupId", { ...window, backupId: "x" }],
    ["resourceGroupId", { ...window, resourceGroupId: "" }],
    ["pageSize", { ...window, pageSize: 99 }],
    ["pageNumber", { ...window, pageNumber: 0 }],
    ["startTime", { ...window, startTime: "2024-02-30T00:00:00Z" }],
    ["startTime", { endTime: window.endTime }],
    ["startTime", { ...window, startTime: "2024-03-05T02:24:37Z" }],
    ["endTime", { ...window, endTime: "2024-03-05T02:24Z" }],
    ["endTime", { crossBackupId: "14562", startTime: window.startTime }],
  ])("throws for a wrong %s before it sends a request: %j", async (parameter, changes) => {
    const call = describeCrossRegionBackups(client, { ...mysql, ...changes });

    const error = await errorOf(call, InvalidRequestError);
    expect(error.parameter).toBe(parameter);
    expect(error.message).toContain(`${parameter} must be ${error.allowed}, but is `);
    expect(simulator.requests).toEqual([]);
  });

  test("says that an id or both times are needed", async () => {
    const error = await errorOf(describeCrossRegionBackups(client, mysql), InvalidRequestError);
    expect(error.message).toBe("crossBackupId must be given, or else both startTime and endTime, but is missing");
  });

  test("takes numbers as text, and an Items without Item, from other implementations", async () => {
    const item = { CrossBackupId: "77", CrossBackupSetSize: "5", BackupSetStatus: "0" };
    const transport = new FakeTransport(() => ({ TotalRecordCount: "1", Items: [item] }));

    expect(await describeCrossRegionBackups(transport.client(), { ...mysql, crossBackupId: "77" })).toEqual([
      { crossBackupId: "77", crossBackupSetSize: 5, backupSetStatus: 0, restoreRegions: [], unreadable: [] },
    ]);
  });
});
