import { type Simulator, startSimulator } from "../../lib/simulator";
import { call, itemsOf } from "./clients";

const ACTION = "DescribeCrossRegionLogBackupFiles";
const MYSQL = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };
const WINDOW = { StartTime: "2024-03-01T00:00:00Z", EndTime: "2024-03-06T00:00:00Z" };

describe("DescribeCrossRegionLogBackupFiles", () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ now: () => new Date("2024-03-05T12:00:00Z") });
  });
  afterAll(() => simulator.stop());

  test("lists the logs, newest first", async () => {
    const { json } = await call(simulator.url, ACTION, { ...MYSQL, ...WINDOW, PageSize: "50" });

    expect(json).toMatchObject({ ...WINDOW, PageNumber: 1, PageRecordCount: 50, TotalRecordCount: 95 });
    expect(itemsOf(json)[0]).toMatchObject({
      CrossLogBackupId: 880195,
      LogFileName: "mysql-bin.880195",
      LogBeginTime: "2024-03-05T11:30:00Z",
      LogEndTime: "2024-03-05T12:00:00Z",
      LinkExpiredTime: "2024-03-07T12:00:00Z",
    });
  });

  test("pages", async () => {
    const page = { PageSize: "50", PageNumber: "2" };
    const { json } = await call(simulator.url, ACTION, { ...MYSQL, ...WINDOW, ...page });

    expect(itemsOf(json)).toHaveLength(45);
  });

  test("keeps to the window and to the region of the copies", async () => {
    const hour = { StartTime: "2024-03-05T10:00:00Z", EndTime: "2024-03-05T10:59:59Z" };
    const totalIn = async (CrossBackupRegion: string): Promise<unknown> =>
      (await call(simulator.url, ACTION, { ...MYSQL, ...hour, CrossBackupRegion })).json["TotalRecordCount"];

    expect(await totalIn("cn-shanghai")).toBe(2);
    expect(await totalIn("cn-beijing")).toBe(0);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no window", 400, "ParameterAbsence", MYSQL],
    ["no instance", 400, "ParameterAbsence", { RegionId: "cn-hangzhou", ...WINDOW }],
    ["pages of 10", 400, "InvalidParameters.Format", { ...MYSQL, ...WINDOW, PageSize: "10" }],
    ["an unknown instance", 404, "InvalidDBInstance.NotFound", { ...MYSQL, ...WINDOW, DBInstanceId: "x" }],
  ])("refuses %s", async (_, status, code, parameters) => {
    const answer = await call(simulator.url, ACTION, parameters);

    expect([answer.status, answer.json["Code"]]).toEqual([status, code]);
  });
});
