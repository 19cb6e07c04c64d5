import { type Rejection } from "../../lib/backup/validity";
import type { NoneAnswer } from "../../lib/lookup/answer";
import { explainHomebound, explainNone, explainStale } from "../../lib/lookup/explain";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { fullBackup } from "../backup/records";
import { instance } from "./queries";

describe("that there is no valid backup is explained", () => {
  const rejection = (id: number): Rejection => ({
    crossBackupId: String(id),
    reason: id % 2 === 0 ? "not-full" : "logical",
    detail: `detail of ${id}`,
  });

  const none = (...rejected: readonly Rejection[]): NoneAnswer => ({
    status: "none",
    origin: "api",
    rejected,
  });

  test("by a list with nothing in it", () => {
    expect(explainNone(instance, none())).toEqual({
      kind: ErrorKind.NOT_FOUND,
      code: "NoValidBackup",
      message:
        'no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou: the API lists no cross-region backup at all',
      hint: "check that cross-region backup is enabled for the instance, and since when; a first copy can take a day",
    });
  });

  test("by the newest record of each reason, the most frequent reason first", () => {
    const noId: Rejection = { reason: "no-id", detail: "CrossBackupId is absent" };
    const { message } = explainNone(instance, none(noId, rejection(9), rejection(8), rejection(6), rejection(4)));

    expect(message).toBe(
      'no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou: of 5 records none is valid (3 not-full, 1 logical, 1 no-id)\n' +
        "  not-full, such as 8: detail of 8\n" +
        "  no-id, such as (no id): CrossBackupId is absent\n" +
        "  logical, such as 9: detail of 9",
    );
  });

  test("with the command that shows every record, with the same restrictions", () => {
    const restore = {
      restoreRegion: "cn-chengdu",
      dbInstanceClass: "rds.mysql.s3.large",
      dbInstanceStorage: 5,
    };
    const request = {
      ...instance,
      ...restore,
      resourceGroupId: "rg-1",
      dbInstanceStorageType: "local_ssd",
      recoveryWindow: true as const,
    };

    expect(explainNone(request, none(rejection(8))).hint).toBe(
      "see every record: npx rds-dr list --db-instance-id rm-uf6wjk5t8q2vz71ab --region-id cn-hangzhou --restore-region cn-chengdu --resource-group-id rg-1",
    );
  });

  test("by the restrictions, if the API lists nothing under them", () => {
    const { message, hint } = explainNone({ ...instance, resourceGroupId: "rg-1" }, none());

    expect(message).toContain("in the resource group rg-1: the API lists no cross-region backup at all");
    expect(hint).toMatch(/^check crossBackupRegion and resourceGroupId/);
  });

  test("in the words of the question", () => {
    const request = {
      ...instance,
      crossBackupRegion: "cn-shanghai",
      restoreRegion: "cn-beijing",
      dbInstanceClass: "rds.mysql.s3.large",
      dbInstanceStorage: 100,
      notAfter: "2024-03-05T02:21:00Z",
    };
    expect(explainNone(request, none()).message).toMatch(
      /^no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, stored in cn-shanghai, restorable to cn-beijing, as rds.mysql.s3.large with 100 GB, not after 2024-03-05T02:21:00Z: /,
    );
  });
});

describe("that a backup is too old is explained", () => {
  const backup = {
    ...fullBackup(),
    crossBackupId: "14562",
    dataTime: "2024-03-05T02:22:54Z",
    dataTimeEstimated: false,
  };

  test("with its id, its data time and what was allowed", () => {
    expect(explainStale(instance, backup, { maxAgeHours: 26 }, "2024-03-10T12:00:00Z")).toEqual({
      kind: ErrorKind.NOT_FOUND,
      code: "BackupTooOld",
      message:
        'the latest valid backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, 14562, holds the data of 2024-03-05T02:22:54Z, which is more than maxAgeHours (26) ago',
      hint: 'find out why no newer copy arrived; in a real disaster, accept it with onStale "warn" or RDS_DR_ON_STALE=warn',
    });
  });

  test("by the end of its recovery window, whatever its data time is", () => {
    const windowed = { ...backup, recoverableUntil: "2024-03-10T01:00:00Z", recoveryGaps: [] };
    const request = { ...instance, recoveryWindow: true as const };

    expect(explainStale(request, windowed, { maxRecoverableAgeHours: 11 }, "2024-03-10T12:00:00Z")).toBeUndefined();
    expect(explainStale(request, windowed, { maxRecoverableAgeHours: 10 }, "2024-03-10T12:00:00Z")).toMatchObject({
      message:
        'the latest valid backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, 14562, can be restored up to 2024-03-10T01:00:00Z, which is more than maxRecoverableAgeHours (10) ago',
      hint: expect.stringMatching(/^find out why no newer log arrived; /) as unknown,
    });
  });

  test("by its data time, whatever the end of its window is, and by both if both are too long ago", () => {
    const windowed = { ...backup, recoverableUntil: "2024-03-10T01:00:00Z" };
    const request = { ...instance, recoveryWindow: true as const };
    const limits = { maxAgeHours: 26, maxRecoverableAgeHours: 10 };

    expect(explainStale(request, windowed, { maxAgeHours: 26 }, "2024-03-10T12:00:00Z")?.message).toMatch(
      /holds the data of .* maxAgeHours \(26\) ago$/,
    );
    expect(explainStale(request, windowed, limits, "2024-03-10T12:00:00Z")).toMatchObject({
      message: expect.stringMatching(
        /14562, holds the data of \S+, which is more than maxAgeHours \(26\) ago, and can be restored up to \S+, which is more than maxRecoverableAgeHours \(10\) ago$/,
      ) as unknown,
      hint: expect.stringMatching(/why no newer copy and no newer log arrived/) as unknown,
    });
  });

  test("by its data time in place of a window that nobody knows", () => {
    const limits = { maxRecoverableAgeHours: 26 };

    expect(explainStale({ ...instance, recoveryWindow: true }, backup, limits, "2024-03-10T12:00:00Z")).toBeDefined();
  });

  test.each([
    ["no age is asked for", undefined, "2030-01-01T00:00:00Z"],
    ["it is as old as that, to the second", 26, "2024-03-06T04:22:54Z"],
  ])("not if %s", (_, maxAgeHours, now) => {
    expect(explainStale(instance, backup, { maxAgeHours }, now)).toBeUndefined();
  });
});

describe("that a backup can be restored only to the region of its source", () => {
  const backup = {
    ...fullBackup(),
    crossBackupId: "14562",
    dataTime: "2024-03-05T02:22:54Z",
    dataTimeEstimated: false,
    restoreRegions: ["cn-hangzhou"],
  };

  test("is shown, with what to set", () => {
    expect(explainHomebound(instance, backup)).toBe(
      'the latest valid backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, 14562, can be restored only to cn-hangzhou, the region of its source: set restoreRegion to the region of the replacement',
    );
  });

  test("is no news if it was asked for, or if there is another region", () => {
    expect(explainHomebound({ ...instance, restoreRegion: "cn-hangzhou" }, backup)).toBeUndefined();
    expect(explainHomebound(instance, { ...backup, restoreRegions: ["cn-hangzhou", "cn-shanghai"] })).toBeUndefined();
  });
});
