import { type Simulator, startSimulator, worlds } from "../../lib/simulator";
import { call } from "./clients";

const ACTION = "DescribeAvailableRecoveryTime";
const MYSQL = { DBInstanceId: "rm-uf6wjk5t8q2vz71ab", RegionId: "cn-hangzhou" };

describe("DescribeAvailableRecoveryTime", () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ now: () => new Date("2024-03-05T12:00:00Z") });
  });
  afterAll(() => simulator.stop());

  test.each([
    ["to now, the logs being whole", "12490124", "2024-03-05T07:00:09Z", "2024-03-05T12:00:00Z"],
    ["to the gap in the logs", "12490117", "2024-03-04T07:00:09Z", "2024-03-04T12:00:00Z"],
    ["nowhere beyond itself, without logs", "12490103", "2024-03-02T07:00:09Z", "2024-03-02T07:00:09Z"],
  ])("says that a backup reaches %s", async (_, CrossBackupId, begin, end) => {
    const { json } = await call(simulator.url, ACTION, { ...MYSQL, CrossBackupId });

    expect(json).toMatchObject({
      ...MYSQL,
      CrossBackupId: Number(CrossBackupId),
      RecoveryBeginTime: begin,
      RecoveryEndTime: end,
    });
  });

  test("finds a backup by its id alone", async () => {
    const { json } = await call(simulator.url, ACTION, { CrossBackupId: "12490124" });

    expect(json).toMatchObject(MYSQL);
  });

  test("takes a consistent time in seconds", async () => {
    const instance = { regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0", localDisks: true };
    const backups = [{ CrossBackupId: 5, ConsistentTime: 1709605374 }, { CrossBackupId: 6 }];
    simulator.setWorld({ instances: [{ dbInstanceId: "rm-1", ...instance, backups }] });

    const { json } = await call(simulator.url, ACTION, { CrossBackupId: "5" });
    const timeless = await call(simulator.url, ACTION, { CrossBackupId: "6" });
    simulator.setWorld(worlds.demo);

    expect(json["RecoveryBeginTime"]).toBe("2024-03-05T02:22:54Z");
    expect(timeless.json["Code"]).toBe("InvalidBackupSet");
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no id", 400, "ParameterAbsence", MYSQL],
    ["a malformed id", 400, "InvalidParameters.Format", { CrossBackupId: "latest" }],
    ["an unknown id", 400, "InvalidBackupSet", { ...MYSQL, CrossBackupId: "1" }],
    ["SQL Server", 400, "InvalidDBInstanceEngineType.Format", { CrossBackupId: "18371944" }],
    ["PostgreSQL", 400, "InvalidDBInstanceEngineType.Format", { CrossBackupId: "20771897" }],
    ["an unknown region", 400, "InvalidRegion.Format", { RegionId: "x", CrossBackupId: "12490124" }],
    ["an unknown instance", 404, "InvalidDBInstance.NotFound", { ...MYSQL, DBInstanceId: "x", CrossBackupId: "1" }],
  ])("refuses %s", async (_, status, code, parameters) => {
    const answer = await call(simulator.url, ACTION, parameters);

    expect([answer.status, answer.json["Code"]]).toEqual([status, code]);
  });
});
