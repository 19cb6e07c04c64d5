import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { lookUpRecoveryWindows } from "../../lib/lookup/recovery-window";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../lib/rds-api/rds-client";
import { FaultKind, type Simulator, startSimulator } from "../../lib/simulator";
import { FakeTransport } from "../rds-api/fake-transport";
import { connect, mysql } from "../rds-api/simulated";
import { latest, lookUpWith } from "./queries";

const now = "2024-03-05T12:00:00Z";
const logFiles = "DescribeCrossRegionLogBackupFiles";
const recoveryTime = "DescribeAvailableRecoveryTime";

describe("the recoverable window", () => {
  let simulator: Simulator;
  let client: RdsClient;

  beforeEach(async () => {
    simulator = await startSimulator({ now: () => new Date(now) });
    client = connect(simulator);
  });
  afterEach(async () => {
    client.close();
    await simulator.stop();
  });

  const asked = (action: string): readonly Record<string, string>[] =>
    simulator.requests.filter((request) => request.action === action).map(({ parameters }) => parameters);

  test("is looked up for the latest backup if the question asks for it, of its logs and of RDS", async () => {
    const [answer] = await lookUpWith(
      client,
      [latest({ recoveryWindow: true, restoreRegion: "cn-shanghai", resourceGroupId: "rg-acfmyorders01" })],
      now,
    );

    expect(answer).toMatchObject({
      status: "found",
      origin: "api",
      backup: {
        crossBackupId: "12490124",
        dataTime: "2024-03-05T07:00:09Z",
        recoverableFrom: "2024-03-05T07:00:09Z",
        recoverableUntil: now,
        recoveryGaps: [],
      },
    });
    expect(asked(logFiles)).toEqual([
      {
        DBInstanceId: mysql.dbInstanceId,
        RegionId: "cn-hangzhou",
        CrossBackupRegion: "cn-shanghai",
        StartTime: "2024-03-03T07:00:09Z",
        EndTime: "2024-03-06T12:00:00Z",
        PageSize: "100",
        PageNumber: "1",
      },
    ]);
    expect(asked(recoveryTime)).toEqual([
      {
        CrossBackupId: "12490124",
        DBInstanceId: mysql.dbInstanceId,
        RegionId: "cn-hangzhou",
        ResourceGroupId: "rg-acfmyorders01",
      },
    ]);
  });

  test("costs nothing if the question does not ask for it", async () => {
    const [answer] = await lookUpWith(client, [latest()], now);

    expect(answer).toMatchObject({ status: "found" });
    expect(JSON.stringify(answer)).not.toContain("recover");
    expect(new Set(simulator.requests.map(({ action }) => action))).toEqual(new Set(["DescribeCrossRegionBackups"]));
  });

  test("is not asked for if there is no backup", async () => {
    const [answer] = await lookUpWith(client, [latest({ recoveryWindow: true, restoreRegion: "us-east-1" })], now);

    expect(answer).toMatchObject({ status: "none" });
    expect(asked(logFiles)).toEqual([]);
  });

  test("ends at a gap of the logs, which is named", async () => {
    const [answer] = await lookUpWith(
      client,
      [latest({ recoveryWindow: true, notAfter: "2024-03-04T12:00:00Z" })],
      now,
    );

    expect(answer).toMatchObject({
      backup: {
        crossBackupId: "12490117",
        recoverableUntil: "2024-03-04T12:00:00Z",
        recoveryGaps: [{ start: "2024-03-04T12:00:00Z", end: "2024-03-04T12:30:00Z" }],
      },
    });
  });

  test.each([
    ["PostgreSQL", { dbInstanceId: "pgm-2zec4x8n5m1k7y3wq", regionId: "cn-beijing" }],
    ["SQL Server", { dbInstanceId: "rm-2ze07tklq9d4f6s8hc", regionId: "cn-beijing" }],
  ])("of %s is that of its logs alone: RDS reports none", async (_, instance) => {
    const [answer] = await lookUpWith(client, [latest({ ...instance, recoveryWindow: true })], now);

    const { backup } = answer as { readonly backup: RestorableBackup };
    expect(backup).toMatchObject({ recoverableUntil: backup.dataTime, recoveryGaps: [] });
    expect(asked(logFiles)).toHaveLength(1);
    expect(asked(recoveryTime)).toEqual([]);
  });

  test.each([
    ["InvalidDBInstanceEngineType.Format", ErrorKind.UNSUPPORTED],
    ["InvalidParameter", ErrorKind.MISUSE],
    ["InvalidBackupSetID.NotFound", ErrorKind.NOT_FOUND],
  ])("is that of the logs alone if RDS refuses to report one (%s, %s)", async (code) => {
    simulator.injectFault({ kind: FaultKind.REFUSED, action: recoveryTime, code, httpStatus: 400 });

    const [answer] = await lookUpWith(client, [latest({ recoveryWindow: true })], now);

    expect(answer).toMatchObject({ status: "found", origin: "api", backup: { recoverableUntil: now } });
    expect(asked(recoveryTime)).toHaveLength(1);
  });

  test("of many backups takes one listing, from the oldest on", async () => {
    const [answer] = await lookUpWith(client, [latest({ restoreRegion: "cn-shanghai" })], now);
    const { backup } = answer as { readonly backup: RestorableBackup };
    const older = { ...backup, crossBackupId: "12490103", dataTime: "2024-03-02T07:00:09Z" };

    const windowed = await lookUpRecoveryWindows(client, mysql, [backup, older], now);

    expect(windowed).toMatchObject([
      { crossBackupId: "12490124", recoverableUntil: now },
      {
        crossBackupId: "12490103",
        recoverableUntil: "2024-03-02T07:00:09Z",
        recoveryGaps: [
          { start: "2024-03-02T07:00:09Z", end: "2024-03-03T12:00:00Z" },
          { start: "2024-03-04T12:00:00Z", end: "2024-03-04T12:30:00Z" },
        ],
      },
    ]);
    expect(asked(logFiles)).toMatchObject([{ CrossBackupRegion: "cn-shanghai", StartTime: "2024-02-29T07:00:09Z" }]);
    expect(asked(recoveryTime)).toHaveLength(2);
  });

  test("of none takes no request", async () => {
    expect(await lookUpRecoveryWindows(client, mysql, [], now)).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });
});

describe("the recoverable windows of backups that are stored in several regions", () => {
  const backup: RestorableBackup = {
    crossBackupId: "1",
    dataTime: "2024-03-05T02:00:00Z",
    dataTimeEstimated: false,
    crossBackupRegion: "cn-shanghai",
    engine: "mysql",
    restoreRegions: ["cn-shanghai"],
    unreadable: [],
  };
  const answerOf = (action: string, RecoveryEndTime: string): Record<string, unknown> =>
    action === logFiles
      ? {
          RequestId: "1",
          TotalRecordCount: 1,
          Items: {
            Item: [
              {
                CrossLogBackupId: 1,
                CrossBackupRegion: "cn-beijing",
                LogBeginTime: "2024-03-05T01:00:00Z",
                LogEndTime: "2024-03-05T11:00:00Z",
              },
            ],
          },
        }
      : { RequestId: "2", RecoveryEndTime };

  test("take one listing of every region, of which each has the logs that are beside it", async () => {
    const transport = new FakeTransport(({ action }) => answerOf(action, "2024-03-05T11:00:00Z"));

    const windowed = await lookUpRecoveryWindows(
      transport.client(),
      mysql,
      [backup, { ...backup, crossBackupRegion: "cn-beijing" }],
      now,
    );

    expect(windowed.map(({ recoverableUntil }) => recoverableUntil)).toEqual([
      "2024-03-05T02:00:00Z",
      "2024-03-05T11:00:00Z",
    ]);
    const listings = transport.calls.filter(({ action }) => action === logFiles);
    expect(listings).toHaveLength(1);
    expect(listings[0]?.parameters["CrossBackupRegion"]).toBeUndefined();
  });

  test.each([recoveryTime, logFiles])("are an error if %s fails in any other way", async (failing) => {
    const transport = new FakeTransport(({ action }) => {
      if (action === failing) {
        throw new RdsApiError({ action, code: "Forbidden.RAM", reason: "no", httpStatus: 403 });
      }
      return answerOf(action, "2024-03-05T11:00:00Z");
    });

    await expect(lookUpRecoveryWindows(transport.client(), mysql, [backup], now)).rejects.toMatchObject({
      action: failing,
      kind: ErrorKind.ACCESS,
    });
  });

  test.each([
    ["the earlier end that RDS reports counts", "2024-03-05T10:30:00Z", "2024-03-05T10:30:00Z"],
    ["an end that cannot be read is none", "soon", "2024-03-05T11:00:00Z"],
  ])("%s", async (_, reported, until) => {
    const transport = new FakeTransport(({ action }) => answerOf(action, reported));
    const beside = { ...backup, crossBackupRegion: "cn-beijing" };

    expect(await lookUpRecoveryWindows(transport.client(), mysql, [beside], now)).toMatchObject([
      { recoverableUntil: until },
    ]);
  });

  test("begin where RDS reports a later begin than the data time", async () => {
    const reported = "2024-03-05T03:00:00Z";
    const transport = new FakeTransport(({ action }) => ({
      ...answerOf(action, "2024-03-05T11:00:00Z"),
      RecoveryBeginTime: reported,
    }));
    const beside = { ...backup, crossBackupRegion: "cn-beijing" };

    expect(await lookUpRecoveryWindows(transport.client(), mysql, [beside], now)).toMatchObject([
      { recoverableFrom: reported, recoverableUntil: "2024-03-05T11:00:00Z" },
    ]);
  });
});
