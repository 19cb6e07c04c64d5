import type { LookupAnswer } from "../../lib/lookup/answer";
import type { Asked } from "../../lib/lookup/connections";
import type { Connection, LatestRequest } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import type { RdsClient } from "../../lib/rds-api/rds-client";
import { type Fault, FaultKind, type Simulator, startSimulator, type WorldRecord } from "../../lib/simulator";
import { hoursOld, instance as instanceWith } from "../fixtures";
import { connect, inDays } from "../rds-api/simulated";
import { instance, latest, lookUpOver, lookUpWith } from "./queries";

const action = "CheckCreateDdrDBInstance";
const refusedPlainly: WorldRecord = { "x-restorable": false };
const gone: WorldRecord = { "x-check-error": "InvalidBackupSetID.NotFound" };

const restore = {
  restoreRegion: "cn-shanghai",
  dbInstanceClass: "rds.mysql.s3.large",
  dbInstanceStorage: 100,
};

describe("a preflight", () => {
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

  /** Serves one backup a day: 900 the newest, 899 the one before, …. */
  const serve = (...backups: readonly WorldRecord[]): void => {
    const records = backups.map((changes, index) => ({
      ...hoursOld(1 + 24 * index, 900 - index),
      ...changes,
    }));
    simulator.setWorld({ instances: [{ ...instanceWith(instance.dbInstanceId, records) }] });
  };
  const lookUp = async (changes: Partial<LatestRequest> = {}): Promise<LookupAnswer | undefined> => {
    const [answer] = await lookUpWith(client, [latest({ ...restore, ...changes })], now);
    return answer;
  };
  const asked = (): unknown[] =>
    simulator.requests
      .filter((request) => request.action === action)
      .map(({ parameters }) => Number(parameters["BackupSetId"]));
  const refuse = (code: string, rest: Partial<Fault> = {}): void => {
    simulator.injectFault({ kind: FaultKind.REFUSED, action, code, ...rest });
  };

  test("asks the region of the restore about the latest backup, and takes what it accepts", async () => {
    serve({}, {});

    expect(await lookUp()).toEqual({
      status: "found",
      origin: "api",
      backup: expect.objectContaining({ crossBackupId: "900" }) as unknown,
      rejected: [],
    });
    const { parameters } = simulator.requests.at(-1) ?? {};
    expect(parameters).toMatchObject({
      RegionId: "cn-shanghai",
      Engine: "MySQL",
      EngineVersion: "8.0",
      DBInstanceClass: "rds.mysql.s3.large",
      DBInstanceStorage: "100",
      RestoreType: "0",
      BackupSetId: "900",
    });
  });

  test("is not made if the question does not ask for it", async () => {
    serve(refusedPlainly);

    const [answer] = await lookUpWith(client, [latest({ restoreRegion: "cn-shanghai" })], now);

    expect(answer).toMatchObject({ status: "found", origin: "api", backup: { crossBackupId: "900" } });
    expect(asked()).toEqual([]);
  });

  test.each<[string, readonly WorldRecord[], number[], string]>([
    ["one that it does not know", [gone, {}], [900, 899], "899"],
    ["several that it does not know", [gone, gone, gone, gone, {}], [900, 899, 898, 897, 896], "896"],
    ["a plain no, if the older one is accepted", [refusedPlainly, {}], [900, 899], "899"],
    ["a plain no, then one that it does not know", [refusedPlainly, gone, {}], [900, 899, 898], "898"],
    ["one that it does not know, then a plain no", [gone, refusedPlainly, {}], [900, 899, 898], "898"],
  ])("passes over %s", async (_, backups, ids, found) => {
    serve(...backups);

    const answer = await lookUp();

    expect(asked()).toEqual(ids);
    expect(answer).toMatchObject({
      status: "found",
      origin: "api",
      backup: { crossBackupId: found },
      rejected: ids.slice(0, -1).map((id) => ({
        crossBackupId: String(id),
        reason: "preflight-refused",
      })),
    });
  });

  test("names each refusal, with the reason, among the other rejected records", async () => {
    serve({ BackupType: "I" }, gone, { BackupMethod: "L" }, refusedPlainly, {});

    const answer = await lookUp();

    if (answer?.status !== "found") {
      throw new Error(JSON.stringify(answer));
    }
    expect(answer.rejected.map(({ crossBackupId, reason }) => [crossBackupId, reason])).toEqual([
      ["900", "not-full"],
      ["899", "preflight-refused"],
      ["898", "logical"],
      ["897", "preflight-refused"],
    ]);
    const details = [
      "in cn-shanghai, CheckCreateDdrDBInstance failed with InvalidBackupSetID.NotFound: Specified backup set ID does not exist.",
      "CheckCreateDdrDBInstance says no to rds.mysql.s3.large with 100 GB in cn-shanghai",
    ];
    const refusals = answer.rejected.filter(({ reason }) => reason === "preflight-refused");
    expect(refusals.map(({ detail }) => detail)).toEqual(details);
    expect(answer.warnings).toEqual([
      expect.stringMatching(
        /^the preflight of "rm-\w+" of cn-hangzhou refused 899 \(data of \S+\): in cn-shanghai, .+NotFound.+; the older 896 \(data of \S+\) takes its place$/,
      ),
      expect.stringMatching(/refused 897 \(data of \S+\): CheckCreateDdrDBInstance says no .+; the older 896 /),
    ]);
  });

  test("says that the backup is not to blame if an older one gets the same no", async () => {
    serve(refusedPlainly, refusedPlainly, {});

    const answer = await lookUp();

    expect(asked()).toEqual([900, 899]);
    expect(answer).toMatchObject({
      status: "error",
      error: { kind: ErrorKind.UNSUPPORTED, code: "PreflightRefused" },
      rejected: [{ crossBackupId: "900" }, { crossBackupId: "899" }],
    });
    const { message, hint } = answer?.status === "error" ? answer.error : { message: "", hint: "" };
    expect(message.split("\n")).toEqual([
      'the preflight of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou: cn-shanghai refuses an older backup as well, so the backup is not to blame',
      expect.stringMatching(
        /^ {2}refused: 900 \(data of \S+\): CheckCreateDdrDBInstance says no to rds.mysql.s3.large with 100 GB in cn-shanghai$/,
      ),
      expect.stringMatching(/^ {2}refused: 899 /),
    ]);
    expect(hint).toMatch(/class, zone or size.+rds-dr check.+edition of the source.+name the storage type$/);
  });

  test.each<[string, readonly WorldRecord[], RegExp]>([
    ["no other", [refusedPlainly], /there is no older valid one that could show.+\n {2}refused: 900 .+GB in \S+$/],
    [
      "no other valid one",
      [refusedPlainly, { BackupType: "I" }],
      /there is no older valid one that could show.+\n {2}refused: 900 .+GB in \S+$/,
    ],
    [
      "none but on cloud disks, about which nobody can say anything",
      [refusedPlainly, { DBInstanceStorageType: "ecs" }],
      /refuses the backup, and the next older valid one cannot show whether the backup is to blame.+\n {2}refused: 900 .+\n {2}not asked: 899 \(data of \S+\): CheckCreateDdrDBInstance does not know cloud disks \(ecs\)$/,
    ],
  ])("says that it is not known whose fault a plain no is, with %s to compare with", async (_, backups, message) => {
    serve(...backups);

    const answer = await lookUp();

    expect(asked()).toEqual([900]);
    expect(answer).toMatchObject({
      status: "error",
      error: {
        code: "PreflightRefused",
        message: expect.stringMatching(message) as unknown,
      },
    });
  });

  test("gives up after five backups", async () => {
    serve(gone, gone, gone, gone, refusedPlainly, {});

    const answer = await lookUp();

    expect(asked()).toEqual([900, 899, 898, 897, 896]);
    expect(answer).toMatchObject({
      status: "error",
      error: {
        code: "PreflightRefused",
        message: expect.stringMatching(/refuses the latest 5 backups, and no more are tried\n/) as unknown,
      },
    });
  });

  test("says that there is none if each one is at fault, with all of them named", async () => {
    serve(gone, { BackupSetStatus: 1 }, gone);

    expect(await lookUp()).toMatchObject({
      status: "none",
      origin: "api",
      rejected: [
        { crossBackupId: "900", reason: "preflight-refused" },
        { crossBackupId: "899", reason: "not-successful" },
        { crossBackupId: "898", reason: "preflight-refused" },
      ],
      warnings: [
        expect.stringMatching(/^refused: 900 \(data of \S+\): in cn-shanghai, .+NotFound/) as unknown,
        expect.stringMatching(/^refused: 898 /) as unknown,
      ],
    });
    expect(asked()).toEqual([900, 898]);
  });

  test.each<[string, ErrorKind]>([
    ["InvalidDBInstanceClass.NotFound", ErrorKind.MISUSE],
    ["OperationDenied.ZoneResource", ErrorKind.UNSUPPORTED],
    ["InsufficientAvailableQuota", ErrorKind.ACCOUNT],
    ["Forbidden.RAM", ErrorKind.ACCESS],
    ["DisasterRestoreRegionNotMatched", ErrorKind.UNSUPPORTED],
    ["Unheard.Of", ErrorKind.MISUSE],
  ])("stops with the refusal %s, which no older backup would escape", async (code, kind) => {
    serve({}, {});
    refuse(code);

    const answer = await lookUp();

    expect(asked()).toEqual([900]);
    expect(answer).toMatchObject({ status: "error", error: { kind, code } });
    expect(answer?.status === "error" && answer.error.message).toMatch(
      /^cannot look up whether cn-shanghai accepts 900 of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou \(the preflight\): CheckCreateDdrDBInstance failed with /,
    );
  });

  test("names what was refused before, if it stops with another refusal", async () => {
    serve(gone, {});
    refuse("OperationDenied.ZoneResource", { after: 1 });

    const answer = await lookUp();

    expect(answer).toMatchObject({
      status: "error",
      error: {
        code: "OperationDenied.ZoneResource",
        message: expect.stringMatching(/accepts 899 .+\n {2}refused: 900 .+InvalidBackupSetID.NotFound/) as unknown,
      },
      rejected: [{ crossBackupId: "900", reason: "preflight-refused" }],
    });
  });

  test("waits a fault of the destination out, and calls one that stays an outage", async () => {
    serve({}, {});
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action, times: 1 });
    expect(await lookUp()).toMatchObject({
      status: "found",
      origin: "api",
      backup: { crossBackupId: "900" },
    });

    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action });
    const hasty = connect(simulator, { deadlineMs: 500 });
    const [answer] = await lookUpWith(hasty, [latest(restore)], now);
    hasty.close();
    expect(answer).toMatchObject({ status: "error", error: { kind: ErrorKind.TRANSIENT } });
  });

  test.each<[string, WorldRecord, Partial<LatestRequest>, RegExp]>([
    ["the record is of cloud disks", { DBInstanceStorageType: "cloud_essd" }, {}, /cloud disks \(cloud_essd\)$/],
    ["cloud disks are to be restored to", {}, { dbInstanceStorageType: "cloud_essd" }, /cloud disks \(cloud_essd\)$/],
    ["the record names no engine", { Engine: undefined }, {}, /no usable engine and version: \(none\) 8.0$/],
  ])("is left out, with a warning, if %s", async (_, record, changes, reason) => {
    serve({ ...record, ...refusedPlainly });

    const answer = await lookUp(changes);

    expect(asked()).toEqual([]);
    expect(answer).toMatchObject({
      status: "found",
      origin: "api",
      backup: { crossBackupId: "900" },
      rejected: [],
    });
    const [warning = "", ...more] = answer?.status === "found" ? (answer.warnings ?? []) : [];
    expect(warning).toMatch(
      /^no preflight can say whether 900 of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou can be restored to cn-shanghai: /,
    );
    expect(warning).toMatch(reason);
    expect(more).toEqual([]);
  });

  test.each<[string, number, string]>([
    ["the next one is near the start of the first window", 9, "2"],
    ["the next one is beyond the first window", 40, "2"],
    ["there is no next one", 0, ""],
  ])("looks further back after a refusal: %s", async (_, days, found) => {
    const others = days === 0 ? [] : [hoursOld(24 * days, 2)];
    simulator.setWorld({
      instances: [instanceWith(instance.dbInstanceId, [{ ...hoursOld(1, 3), ...gone }, ...others])],
    });

    const answer = await lookUp();

    expect(asked()).toEqual(found === "" ? [3] : [3, 2]);
    expect(answer).toMatchObject(
      found === "" ? { status: "none" } : { status: "found", origin: "api", backup: { crossBackupId: found } },
    );
    expect(simulator.requests.length - asked().length).toBeGreaterThan(1);
  });

  test("asks once for questions that want the same accepted, and anew for another class or way", async () => {
    serve({}, {});
    const ways: readonly [Partial<LatestRequest>, Connection][] = [
      [{}, {}],
      [{}, {}],
      [{ notAfter: inDays(1) }, {}],
      [{}, { endpoint: "vpc" }],
      [{ dbInstanceClass: "rds.mysql.s2.large" }, {}],
      [{}, { restoreEndpoint: "vpc" }],
      [{}, { profile: "dr" }],
      [{}, { roleArn: "acs:ram::1:role/dr" }],
    ];
    const queries = ways.map(([changes, connection]) => latest({ ...restore, ...changes }, connection));

    const answers = await lookUpWith(client, queries, now);

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(asked()).toEqual([900, 900, 900, 900, 900]);
  });

  test("goes to the endpoint of the restore, with the profile and the role of the lookup", async () => {
    serve({});
    const reached: unknown[] = [];
    const clientFor = ({ request: { regionId }, connection }: Asked): RdsClient => {
      reached.push([regionId, connection.endpoint, connection.profile, connection.roleArn]);
      return client;
    };
    const roleArn = "acs:ram::1:role/dr";
    const connection = { endpoint: "vpc", restoreEndpoint: "http://127.0.0.1:1", profile: "dr", roleArn };

    await lookUpOver(clientFor, [latest(restore, connection)], now);

    expect(reached).toEqual([
      ["cn-hangzhou", "vpc", "dr", roleArn],
      ["cn-shanghai", "http://127.0.0.1:1", "dr", roleArn],
    ]);
  });
});
