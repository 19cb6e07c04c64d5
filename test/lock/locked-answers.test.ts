import { type Lock, lockedAnswer, type LockedAnswers } from "../../lib/lock/locked-answers";
import { parseLockedAnswers } from "../../lib/lock/parse-locked-answers";
import { type LatestQuery, queryKey } from "../../lib/lookup/query";
import { errorOf } from "../fixtures";
import { shortBackup as backup, wholeBackup as whole } from "./locked-backups";

const now = "2026-03-05T06:00:00Z";

const key = "latest rm-orders regionId=cn-hangzhou";
const listKey = "list rm-orders regionId=cn-hangzhou";

function lockOf(answers: LockedAnswers): Lock {
  return { answers, place: " in rds-dr.lock.json", remedy: "fill it" };
}

const latestQuery: LatestQuery = {
  kind: "latest",
  request: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
  connection: {},
};

describe("the key of a query", () => {
  test("is readable, and says everything that decides the answer, in one order", () => {
    expect(
      queryKey({
        kind: "latest",
        request: {
          restoreRegion: "cn-shanghai",
          regionId: "cn-hangzhou",
          notAfter: "2024-03-05T02:22:54Z",
          dbInstanceId: "rm-orders",
        },
        connection: {},
      }),
    ).toBe("latest rm-orders notAfter=2024-03-05T02:22:54Z regionId=cn-hangzhou restoreRegion=cn-shanghai");
  });

  test("does not depend on how the API is reached, or on parameters that are not given", () => {
    const request = { ...latestQuery.request, restoreRegion: undefined };

    expect(queryKey({ kind: "latest", request, connection: { endpoint: "vpc", profile: "dr" } })).toBe(key);
  });
});

describe("a locked answer", () => {
  test("with the three facts that a restore needs is enough", () => {
    const answers = parseLockedAnswers({ [key]: { backup } }, "answers");

    expect(lockedAnswer(latestQuery, lockOf(answers), now)).toEqual({
      status: "found",
      origin: "lock",
      backup: { ...backup, dataTimeEstimated: false, unreadable: [] },
      rejected: [],
    });
  });

  test("may hold every other fact of a record, the query and when it changed", () => {
    const entry = {
      query: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
      changedAt: "2024-03-05T03:00:00Z",
      retentionDays: 30,
      pin: { reason: "the drill of March" },
    };

    const answers = parseLockedAnswers({ [key]: { ...entry, backup: whole } }, "answers");

    expect(answers).toEqual({ [key]: { ...entry, backup: whole } });
  });

  const refused = [
    { crossBackupId: "14564", detail: "in cn-shanghai, it failed" },
    { crossBackupId: "14563", detail: "CheckCreateDdrDBInstance says no" },
  ];
  const rejected = refused.map((each) => ({ ...each, reason: "preflight-refused" }));
  const lines = [
    "the preflight refused 14564: in cn-shanghai, it failed",
    "the preflight refused 14563: CheckCreateDdrDBInstance says no",
  ];

  test.each<[string, object, object]>([
    [
      "that is used in place of refused ones",
      { backup },
      { status: "found", origin: "lock", rejected, warnings: lines },
    ],
    [
      "that is pinned",
      { backup, pin: { reason: "the drill" } },
      {
        status: "found",
        origin: "pin",
        rejected,
        warnings: [expect.stringContaining("is pinned"), ...lines],
      },
    ],
    ["of none", { backup: null }, { status: "none", origin: "lock", rejected, warnings: lines }],
  ])("%s tells what the preflight refused", (_, entry, expected) => {
    const answers = parseLockedAnswers({ [key]: { ...entry, refused } }, "answers");

    expect(lockedAnswer(latestQuery, lockOf(answers), now)).toMatchObject(expected);
  });

  test("to a list query is the list", () => {
    const answers = parseLockedAnswers({ [listKey]: { backups: [{ restoreRegions: [] }] } }, "answers");

    expect(lockedAnswer({ ...latestQuery, kind: "list" }, lockOf(answers), now)).toEqual({
      status: "listed",
      origin: "lock",
      records: [{ restoreRegions: [], unreadable: [] }],
    });
  });

  test("that is missing is shown with its key, and with two ways to get it", () => {
    expect(lockedAnswer(latestQuery, lockOf({}), now)).toEqual({
      status: "error",
      error: {
        kind: "misuse",
        code: "NotLocked",
        message: `there is no locked answer "${key}" in rds-dr.lock.json`,
        hint: "fill it",
      },
    });
  });

  test("that is missing is shown with those of the same instance: a prop may have changed", () => {
    const keys = [`${key} notAfter=2024-03-01T00:00:00Z`, listKey, "latest rm-other regionId=cn-hangzhou"];
    const answers = parseLockedAnswers(
      Object.fromEntries(keys.map((each) => [each, each === listKey ? { backups: [] } : { backup: null }])),
      "answers",
    );

    const answer = lockedAnswer(latestQuery, lockOf(answers), now);
    expect(answer.status === "error" && answer.error.message).toBe(
      `there is no locked answer "${key}" in rds-dr.lock.json, only "${keys[0] ?? ""}", "${listKey}"`,
    );
  });

  test("is not taken from what every object inherits", () => {
    const inherited: unknown = Object.create({ [key]: { backup } });

    expect(lockedAnswer(latestQuery, lockOf(inherited as LockedAnswers), now)).toMatchObject({
      status: "error",
    });
  });

  test.each<[string, object, object, string]>([
    [
      "cannot be restored where its key says",
      { restoreRegion: "cn-shenzhen" },
      {},
      'other-restore-region: can be restored to cn-shanghai, not to "cn-shenzhen"',
    ],
    [
      "is stored elsewhere than its key says",
      { crossBackupRegion: "cn-shenzhen" },
      { crossBackupRegion: "cn-shanghai" },
      'other-storage-region: stored in "cn-shanghai", not in "cn-shenzhen"',
    ],
    [
      "is later than its key allows",
      { notAfter: "2024-01-01T00:00:00Z" },
      {},
      "after-not-after: its data time 2024-03-05T02:22:54Z is after 2024-01-01T00:00:00Z",
    ],
    ["failed", {}, { backupSetStatus: 1 }, "not-successful: BackupSetStatus is 1, a successful backup has 0"],
    ["is incremental", {}, { backupType: "I" }, 'not-full: BackupType is "I", a full backup has "F"'],
    [
      "is of another year",
      {},
      { dataTime: "2999-01-01T00:00:00Z" },
      `in-the-future: 2999-01-01T00:00:00Z is more than 1 hour after ${now}`,
    ],
  ])("that %s is refused", (_, bounds, facts, reason) => {
    const query: LatestQuery = { ...latestQuery, request: { ...latestQuery.request, ...bounds } };
    const answers = parseLockedAnswers({ [queryKey(query)]: { backup: { ...backup, ...facts } } }, "answers");

    expect(lockedAnswer(query, lockOf(answers), now)).toMatchObject({
      status: "error",
      error: {
        code: "LockedUnfit",
        message: `the locked answer "${queryKey(query)}" is not what it asks for: ${reason}`,
      },
    });
  });

  test("that a stand-in in a container gave can be read if http to it is not allowed", () => {
    const endpoint = "http://simulator:8080";
    const answers = parseLockedAnswers({ [key]: { backup, endpoint } }, "answers");

    expect(lockedAnswer({ ...latestQuery, connection: { endpoint } }, lockOf(answers), now)).toMatchObject({
      status: "found",
      origin: "lock",
    });
  });

  test("that another endpoint gave is refused", () => {
    const answers = parseLockedAnswers({ [key]: { backup, endpoint: "http://127.0.0.1:8080" } }, "answers");
    const at = (endpoint: string): unknown =>
      lockedAnswer({ ...latestQuery, connection: { endpoint } }, lockOf(answers), now);

    expect(lockedAnswer(latestQuery, lockOf(answers), now)).toMatchObject({
      status: "error",
      error: {
        code: "LockedElsewhere",
        message: `the locked answer "${key}" came from http://127.0.0.1:8080, not from Alibaba Cloud`,
      },
    });
    expect(at("http://127.0.0.1:9999")).toMatchObject({ error: { code: "LockedElsewhere" } });
    expect(at("http://127.0.0.1:8080")).toMatchObject({ status: "found" });
    expect(at("http://127.0.0.1:8080/")).toMatchObject({ status: "found" });
  });
});

describe("locked answers that are broken say where, what is there and what is allowed", () => {
  const entry = (fields: object): unknown => ({ [key]: { backup: { ...backup, ...fields } } });
  const place = `["${key}"]["backup"]`;
  const refused = (crossBackupId: string): object => ({ crossBackupId, detail: "x" });

  test.each<[string, unknown, string]>([
    ["a number", 5, "ANSWERS must be an object, by the keys of the queries, but is 5"],
    ["null", null, "ANSWERS must be an object, by the keys of the queries, but is null"],
    ["a list", [], "ANSWERS must be an object, by the keys of the queries, but is []"],
    [
      "a key of no kind",
      { "rm-orders": { backup } },
      '["rm-orders"] of ANSWERS must be a question, but is "rm-orders": it begins with "latest", "list" or "instances", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"',
    ],
    ["an entry that is text", { [key]: "14562" }, `["${key}"] of ANSWERS must be an object, but is "14562"`],
    ["an empty entry", { [key]: {} }, `["${key}"] of ANSWERS must be one of backup, backups and instances, but is {}`],
    [
      "an entry with both answers",
      { [key]: { backup, backups: [] } },
      `["${key}"] of ANSWERS must be one of backup, backups and instances, but is { backup: {`,
    ],
    [
      "a list for a latest query",
      { [key]: { backups: [] } },
      `["${key}"] of ANSWERS must be backup, which is what its key asks for, but is "backups"`,
    ],
    [
      "a backup for a list query",
      { [listKey]: { backup } },
      `["${listKey}"] of ANSWERS must be backups, which is what its key asks for, but is "backup"`,
    ],
    [
      "an unknown field",
      { [key]: { backup, note: "" } },
      `["${key}"]["note"] of ANSWERS must be omitted, as an answer has nothing of this name, but is "note"`,
    ],
    [
      "no id",
      entry({ crossBackupId: undefined }),
      `${place}["crossBackupId"] of ANSWERS must be given, but is missing`,
    ],
    [
      "an id that is a number",
      entry({ crossBackupId: 14562 }),
      `${place}["crossBackupId"] of ANSWERS must be a string of 1 to 20 digits, above 0 and without leading zeros, but is 14562`,
    ],
    [
      "an id that is no number",
      entry({ crossBackupId: "last" }),
      `${place}["crossBackupId"] of ANSWERS must be a string of 1 to 20 digits, above 0 and without leading zeros, but is "last"`,
    ],
    [
      "the id 0",
      entry({ crossBackupId: "0" }),
      `${place}["crossBackupId"] of ANSWERS must be a string of 1 to 20 digits, above 0 and without leading zeros, but is "0"`,
    ],
    [
      "an id that the API would know by another text",
      entry({ crossBackupId: "0101" }),
      `${place}["crossBackupId"] of ANSWERS must be a string of 1 to 20 digits, above 0 and without leading zeros, but is "0101"`,
    ],
    [
      "a refused id that the API would know by another text",
      { [key]: { backup, refused: [{ crossBackupId: "0101", detail: "x" }] } },
      `["${key}"]["refused"][0]["crossBackupId"] of ANSWERS must be a string of 1 to 20 digits, above 0 and without leading zeros, but is "0101"`,
    ],
    [
      "its own backup among the refused ones",
      { [key]: { backup, refused: [refused("300"), refused(backup.crossBackupId)] } },
      `["${key}"]["refused"] of ANSWERS must be a list of other backups than the locked one, which was accepted, but is "${backup.crossBackupId}"`,
    ],
    [
      "a backup that is refused twice",
      { [key]: { backup: null, refused: [refused("300"), refused("200"), refused("300")] } },
      `["${key}"]["refused"] of ANSWERS must be a list of backups in which each stands once, but is "300"`,
    ],
    ["no data time", entry({ dataTime: undefined }), `${place}["dataTime"] of ANSWERS must be given, but is missing`],
    [
      "a data time that is none",
      entry({ dataTime: "yesterday" }),
      `${place}["dataTime"] of ANSWERS must be yyyy-MM-ddTHH:mm:ssZ, but is "yesterday"`,
    ],
    [
      "no restore regions",
      { [key]: { backup: { crossBackupId: "1", dataTime: backup.dataTime } } },
      `${place}["restoreRegions"] of ANSWERS must be given, but is missing`,
    ],
    [
      "restore regions that are text",
      entry({ restoreRegions: "cn-shanghai" }),
      `${place}["restoreRegions"] of ANSWERS must be a list of at least one region, but is "cn-shanghai"`,
    ],
    [
      "not one restore region",
      entry({ restoreRegions: [] }),
      `${place}["restoreRegions"] of ANSWERS must be a list of at least one region, but is []`,
    ],
    [
      "an empty restore region",
      entry({ restoreRegions: ["cn-shanghai", ""] }),
      `${place}["restoreRegions"][1] of ANSWERS must be the id of a region, such as "cn-hangzhou", but is ""`,
    ],
    [
      "a size that is text",
      entry({ crossBackupSetSize: "5" }),
      `${place}["crossBackupSetSize"] of ANSWERS must be a whole number of bytes, but is "5"`,
    ],
    [
      "a flag that is text",
      entry({ dataTimeEstimated: "no" }),
      `${place}["dataTimeEstimated"] of ANSWERS must be true or false, but is "no"`,
    ],
    [
      "a query with an object",
      { [key]: { backup, query: { regionId: {} } } },
      `["${key}"]["query"]["regionId"] of ANSWERS must be text, but is {}`,
    ],
  ])("%s", (_, answers, message) => {
    expect(errorOf(() => parseLockedAnswers(answers, "ANSWERS")).message).toContain(message);
  });

  test("a download link is refused without being repeated", () => {
    const answers = entry({ crossBackupDownloadLink: "https://oss.example/file?Signature=top-secret" });

    const { message } = errorOf(() => parseLockedAnswers(answers, "ANSWERS"));

    expect(message).toContain('"crossBackupDownloadLink"');
    expect(message).not.toContain("top-secret");
  });
});
