import { epochMsOf, toInstant } from "../../lib/backup/instant";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../lib/rds-api/rds-client";
import { FaultKind, type Simulator, startSimulator, WindowFilter, type WorldRecord } from "../../lib/simulator";
import { InvalidRequestError } from "../../lib/validation/checks";
import { FakeTransport } from "../rds-api/fake-transport";
import { connect, inDays, worldOf } from "../rds-api/simulated";
import type { ListQuery } from "../../lib/lookup/query";
import { instance, latest, list, lookUpOver, lookUpWith } from "./queries";

describe("the engine", () => {
  let simulator: Simulator;
  let client: RdsClient;
  const now = inDays(0);

  beforeEach(async () => {
    simulator = await startSimulator();
    client = connect(simulator);
  });
  afterEach(async () => {
    client.close();
    await simulator.stop();
  });

  /** Lets the simulator's newest backup be so old. */
  const serve = (count: number, startTime: string, changes: WorldRecord = {}): void => {
    const times = { BackupStartTime: startTime, BackupEndTime: startTime, ConsistentTime: startTime };
    simulator.setWorld(worldOf(count, { ...times, ...changes }));
  };
  const windowDays = (): number[] =>
    simulator.requests.map(({ parameters: { StartTime = "", EndTime = "" } }) =>
      Math.round((epochMsOf(EndTime) - epochMsOf(StartTime)) / 86_400_000),
    );

  test("asks once for one answer when everything fits", async () => {
    serve(9, "now-1h");

    const [answer] = await lookUpWith(client, [latest()], now);

    expect(answer).toMatchObject({
      status: "found",
      origin: "api",
      backup: { crossBackupId: "1000000", dataTimeEstimated: false },
      rejected: [],
    });
    expect(windowDays()).toEqual([11]);
  });

  test("sends what narrows the listing, and not what only chooses from it", async () => {
    await lookUpWith(
      client,
      [
        latest({
          crossBackupRegion: "cn-shanghai",
          resourceGroupId: "rg-acfmyorders01",
          restoreRegion: "cn-shanghai",
        }),
      ],
      now,
    );

    const { StartTime, EndTime, ...parameters } = simulator.requests[0]?.parameters ?? {};
    expect(parameters).toEqual({
      DBInstanceId: instance.dbInstanceId,
      RegionId: "cn-hangzhou",
      CrossBackupRegion: "cn-shanghai",
      ResourceGroupId: "rg-acfmyorders01",
      PageSize: "100",
      PageNumber: "1",
    });
    expect([StartTime, EndTime].every((time) => time?.length === 20)).toBe(true);
  });

  test("answers with the choice of the domain, the rejected ones named", async () => {
    const [answer] = await lookUpWith(client, [latest({ restoreRegion: "cn-shanghai" })], now);

    expect(answer).toMatchObject({ status: "found", origin: "api", backup: { crossBackupId: "12490124" } });
    expect(answer?.status === "found" && answer.rejected.map(({ reason }) => reason)).toEqual([
      "unfinished",
      "not-successful",
      "not-full",
      "logical",
      "database-level",
      "other-restore-region",
    ]);
  });

  test.each([
    ["nothing in the last days", "now-40d", [11, 101]],
    ["nothing in the last quarter", "now-400d", [11, 101, 1_829]],
    ["the best one near the start of the first window", "now-9d", [11, 101]],
    ["the best one near the start of the second window", "now-99d", [11, 101, 1_829]],
    ["the best one well within the first window", "now-7d", [11]],
  ])("looks as far back as it must: %s", async (_, startTime, days) => {
    serve(1, startTime);

    const [answer] = await lookUpWith(client, [latest()], now);

    expect(answer).toMatchObject({ status: "found", origin: "api", backup: { crossBackupId: "1000000" } });
    expect(windowDays()).toEqual(days);
  });

  test.each(Object.values(WindowFilter))("finds a long backup at the edge of a window by its %s", async (filter) => {
    // The later one started before the window of ten days, and would be missed by its start.
    const full = worldOf(1).instances[0]?.backups?.[0] ?? {};
    const [base] = worldOf(1).instances;
    const backups = [
      {
        ...full,
        CrossBackupId: 1,
        BackupStartTime: "now-9d23h",
        BackupEndTime: "now-9d22h",
        ConsistentTime: "now-9d22h30m",
      },
      {
        ...full,
        CrossBackupId: 2,
        BackupStartTime: "now-10d1h",
        BackupEndTime: "now-9d",
        ConsistentTime: "now-9d1h",
      },
    ];
    simulator.setWorld({
      instances: base === undefined ? [] : [{ ...base, backups }],
      windowFilters: filter,
    });

    const [answer] = await lookUpWith(client, [latest()], now);

    expect(answer).toMatchObject({ status: "found", origin: "api", backup: { crossBackupId: "2" } });
  });

  test("says that there is none only after every window, with the rejected ones of the widest", async () => {
    serve(3, "now-300d", { BackupSetStatus: 1 });

    const [answer] = await lookUpWith(client, [latest()], now);

    expect(answer).toMatchObject({
      status: "none",
      origin: "api",
      rejected: [
        { crossBackupId: "1000000", reason: "not-successful" },
        { crossBackupId: "999999" },
        { crossBackupId: "999998" },
      ],
    });
    expect(windowDays()).toEqual([11, 101, 1_829]);
  });

  test("says that there is none if there are no records at all", async () => {
    simulator.setWorld(worldOf(0));
    expect(await lookUpWith(client, [latest()], now)).toEqual([{ status: "none", origin: "api", rejected: [] }]);
  });

  test("looks back from notAfter", async () => {
    serve(400, "now-1h");
    const notAfter = toInstant(Date.now() - 200 * 86_400_000) ?? "";

    const [answer] = await lookUpWith(client, [latest({ notAfter })], now);

    expect(answer).toMatchObject({
      status: "found",
      origin: "api",
      backup: { crossBackupId: String(1_000_000 - 200) },
    });
    expect(new Set(windowDays())).toEqual(new Set([211]));
    expect(simulator.requests).toHaveLength(3);
  });

  test("lists once for questions that differ only in the choice", async () => {
    serve(9, "now-1h");

    const answers = await lookUpWith(
      client,
      [
        latest(),
        latest({ restoreRegion: "cn-shanghai" }),
        latest({ restoreRegion: "cn-beijing" }),
        latest({ notAfter: inDays(1) }),
      ],
      now,
    );

    expect(answers.map(({ status }) => status)).toEqual(["found", "found", "none", "found"]);
    // Two more for the wider windows that the third question needs.
    expect(windowDays()).toEqual([11, 101, 1_829]);
  });

  test("lists once for questions that are the same", async () => {
    serve(250, "now-1h");
    const queries = Array.from({ length: 20 }, () => latest());

    const answers = await lookUpWith(client, [...queries, latest({ notAfter: undefined })], now);

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(simulator.requests).toHaveLength(1);
  });

  test("chooses the latest from all records if they are listed anyway", async () => {
    serve(250, "now-30d");

    const answers = await lookUpWith(client, [latest(), list(), latest({ notAfter: inDays(-40) })], now);

    expect(windowDays()).toEqual([1_829, 1_829, 1_829]);
    expect(answers).toMatchObject([
      { status: "found", backup: { crossBackupId: "1000000" } },
      { status: "listed", records: { length: 250 } },
      { status: "found", backup: { crossBackupId: "999990" } },
    ]);
    expect(answers[0]).toEqual((await lookUpWith(client, [latest()], now))[0]);
  });

  test.each<[string, Partial<ListQuery["request"]>]>([
    ["a window", { startTime: inDays(-2), endTime: inDays(1) }],
    ["a page", { pageNumber: 1 }],
    ["the copies of one backup", { backupId: "1" }],
    ["another place of storage", { crossBackupRegion: "cn-shanghai" }],
  ])("does not choose from a list of %s only", async (_, changes) => {
    serve(9, "now-1h");

    const [answer] = await lookUpWith(client, [latest(), list(changes)], now);

    expect(answer).toMatchObject({ status: "found", backup: { crossBackupId: "1000000" } });
    expect(windowDays()).toContain(11);
  });

  test("lists anew for another way to the API", async () => {
    serve(1, "now-1h");
    const ways = [
      {},
      { endpoint: "vpc" },
      { profile: "a" },
      { profile: "a", endpoint: "vpc" },
      { endpoint: "vpc", profile: "a" },
    ];

    await lookUpWith(
      client,
      ways.map((way) => latest({}, way)),
      now,
    );

    expect(simulator.requests).toHaveLength(4);
  });

  test("answers in the order of the questions, whatever comes of each", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, dbInstanceId: "rm-2ze07tklq9d4f6s8hc" });
    const queries = [
      latest({ dbInstanceId: "rm-gone" }),
      latest(),
      latest({ dbInstanceId: "rm-2ze07tklq9d4f6s8hc", regionId: "cn-beijing" }),
      latest({ restoreRegion: "us-east-1" }),
      list({ crossBackupId: "12490124" }),
      latest({ regionId: "?" }),
    ];

    const answers = await lookUpWith(client, queries, now);

    expect(answers).toMatchObject([
      {
        status: "error",
        error: { code: "InvalidDBInstance.NotFound", kind: ErrorKind.NOT_FOUND, httpStatus: 404 },
      },
      { status: "found", origin: "api", backup: { crossBackupId: "12490125" } },
      { status: "error", error: { code: "Forbidden.RAM", kind: ErrorKind.ACCESS, httpStatus: 403 } },
      { status: "none" },
      { status: "listed", origin: "api", records: [{ crossBackupId: "12490124" }] },
      { status: "error", error: { code: "InvalidRequest", kind: ErrorKind.MISUSE } },
    ]);
    expect(JSON.parse(JSON.stringify(answers))).toEqual(answers);
    expect(JSON.stringify(answers)).not.toContain("FAKE-LINK");
  });

  test("lists records newest first, for all that can be kept if nothing bounds it", async () => {
    serve(130, "now-1h");

    const [answer] = await lookUpWith(client, [list()], now);

    expect(answer?.status === "listed" && answer.records.map(({ crossBackupId }) => crossBackupId)).toEqual(
      Array.from({ length: 130 }, (_, index) => String(1_000_000 - index)),
    );
    expect(windowDays()).toEqual([1_829, 1_829]);
  });

  test("lists within the bounds that are given", async () => {
    const startTime = inDays(-3);
    const endTime = inDays(-1);

    await lookUpWith(client, [list({ startTime, endTime, pageSize: 30, pageNumber: 1 })], now);

    expect(simulator.requests.map(({ parameters }) => parameters)).toMatchObject([
      { StartTime: startTime, EndTime: endTime, PageSize: "30", PageNumber: "1" },
    ]);
  });

  test("asks for the record of an id without a window", async () => {
    await lookUpWith(client, [list({ crossBackupId: "12490124" })], now);

    expect(Object.keys(simulator.requests[0]?.parameters ?? {})).not.toContain("StartTime");
  });
});

describe("the engine over other transports", () => {
  const now = "2024-03-10T12:00:00Z";

  test("throws a defect instead of answering with it", async () => {
    const transport = new FakeTransport(() => {
      throw new TypeError("a defect");
    });

    await expect(lookUpWith(transport.client(), [latest()], now)).rejects.toThrow("a defect");
  });

  test("answers with what is wrong about a question that finds no client", async () => {
    const clientFor = (): RdsClient => {
      throw new InvalidRequestError("endpoint", "?", "an endpoint");
    };

    expect(await lookUpOver(clientFor, [latest()], now)).toMatchObject([
      { status: "error", error: { code: "InvalidRequest", hint: "correct endpoint" } },
    ]);
  });

  test("shares a listing that failed with those who asked for the same", async () => {
    const transport = new FakeTransport(() => {
      throw new RdsApiError({ action: "X", code: "Forbidden.RAM", reason: "no", httpStatus: 403 });
    });

    const answers = await lookUpWith(transport.client(), [latest(), latest()], now);

    expect(answers).toMatchObject([{ error: { code: "Forbidden.RAM" } }, { error: { code: "Forbidden.RAM" } }]);
    expect(transport.calls).toHaveLength(1);
  });
});
