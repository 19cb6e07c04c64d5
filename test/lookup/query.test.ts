import { checkQuery, type LookupQuery, queryKey } from "../../lib/lookup/query";
import { InvalidRequestError } from "../../lib/validation/checks";
import { latest, list } from "./queries";

const restore = {
  restoreRegion: "cn-shanghai",
  dbInstanceClass: "rds.mysql.s3.large",
  dbInstanceStorage: 100,
};

describe("a query is checked before it is asked", () => {
  test.each<[string, LookupQuery]>([
    ["a plain one", latest()],
    [
      "one with everything",
      latest(
        {
          crossBackupRegion: "cn-shanghai",
          restoreRegion: "cn-shanghai",
          notAfter: "2024-03-05T02:21:00Z",
          resourceGroupId: "rg-acfmyorders01",
          recoveryWindow: true,
        },
        { endpoint: "http://127.0.0.1:8080", profile: "drill" },
      ),
    ],
    [
      "one with a preflight",
      latest(
        { ...restore, dbInstanceStorageType: "local_ssd" },
        { endpoint: "vpc", restoreEndpoint: "http://127.0.0.1:8080" },
      ),
    ],
    ["one by the VPC", latest({}, { endpoint: "vpc" })],
    ["a list of everything", list()],
    ["a list of one record", list({ crossBackupId: "14562" })],
  ])("%s is right", (_, query) => {
    expect(() => {
      checkQuery(query);
    }).not.toThrow();
  });

  test.each<[string, LookupQuery]>([
    ["dbInstanceId", latest({ dbInstanceId: "" })],
    ["regionId", latest({ regionId: "hangzhou" })],
    ["crossBackupRegion", latest({ crossBackupRegion: "x" })],
    ["restoreRegion", latest({ restoreRegion: "x" })],
    ["notAfter", latest({ notAfter: "2024-02-30T00:00:00Z" })],
    ["resourceGroupId", latest({ resourceGroupId: "" })],
    ["recoveryWindow", latest({ recoveryWindow: "true" as unknown as true })],
    ["recoveryWindow", latest({ recoveryWindow: false as unknown as true })],
    ["endpoint", latest({}, { endpoint: "ftp://x" })],
    ["dbInstanceClass", latest({ ...restore, dbInstanceClass: undefined })],
    ["dbInstanceClass", latest({ ...restore, dbInstanceClass: "rds mysql" })],
    ["dbInstanceClass", latest({ restoreRegion: "cn-shanghai", dbInstanceStorageType: "local_ssd" })],
    ["dbInstanceStorage", latest({ ...restore, dbInstanceStorage: undefined })],
    ["dbInstanceStorage", latest({ ...restore, dbInstanceStorage: 7 })],
    ["dbInstanceStorage", latest({ ...restore, dbInstanceStorage: "100" as never })],
    ["dbInstanceStorageType", latest({ ...restore, dbInstanceStorageType: "ssd" })],
    ["restoreRegion", latest({ ...restore, restoreRegion: undefined })],
    ["restoreEndpoint", latest(restore, { restoreEndpoint: "ftp://x" })],
    ["restoreEndpoint", latest({ restoreRegion: "cn-shanghai" }, { restoreEndpoint: "vpc" })],
    ["crossBackupId", list({ crossBackupId: "x" })],
    ["pageSize", list({ pageSize: 7 })],
    ["endTime", list({ startTime: "2024-03-05T02:21:00Z" })],
    ["endpoint", list({}, { endpoint: "" })],
  ])("with a wrong %s it is refused", (parameter, query) => {
    let error: unknown;
    try {
      checkQuery(query);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ parameter });
  });
});

describe("the key of a query", () => {
  test("can be read", () => {
    expect(queryKey(latest({ restoreRegion: "cn-shanghai" }))).toBe(
      "latest rm-uf6wjk5t8q2vz71ab regionId=cn-hangzhou restoreRegion=cn-shanghai",
    );
    expect(queryKey(latest({ recoveryWindow: true }))).toBe(
      "latest rm-uf6wjk5t8q2vz71ab recoveryWindow=true regionId=cn-hangzhou",
    );
    expect(queryKey(list({ pageSize: 30, pageNumber: 2, crossBackupId: "5" }))).toBe(
      "list rm-uf6wjk5t8q2vz71ab crossBackupId=5 pageNumber=2 pageSize=30 regionId=cn-hangzhou",
    );
  });

  test("does not depend on the size of the pages if every page is read", () => {
    expect(queryKey(list({ pageSize: 30 }))).toBe(queryKey(list({})));
  });

  test.each<[string, LookupQuery, LookupQuery]>([
    [
      "the order of the props",
      latest({ notAfter: "a", restoreRegion: "b" }),
      latest({ restoreRegion: "b", notAfter: "a" }),
    ],
    ["a prop without a value", latest({ notAfter: undefined }), latest()],
    ["the way to the API", latest({}, { endpoint: "vpc", profile: "a" }), latest()],
  ])("does not depend on %s", (_, one, other) => {
    expect(queryKey(one)).toBe(queryKey(other));
  });

  test("differs with everything that decides the answer", () => {
    const queries = [
      latest(),
      list(),
      latest({ dbInstanceId: "rm-other" }),
      latest({ regionId: "cn-beijing" }),
      latest({ crossBackupRegion: "cn-shanghai" }),
      latest({ restoreRegion: "cn-shanghai" }),
      latest({ notAfter: "2024-03-05T02:21:00Z" }),
      latest({ resourceGroupId: "rg-1" }),
      latest({ recoveryWindow: true }),
      latest(restore),
      latest({ ...restore, dbInstanceClass: "rds.mysql.s2.large" }),
      latest({ ...restore, dbInstanceStorage: 200 }),
      latest({ ...restore, dbInstanceStorageType: "local_ssd" }),
      list({ crossBackupId: "1" }),
      list({ backupId: "1" }),
    ];
    expect(new Set(queries.map(queryKey)).size).toBe(queries.length);
  });
});
