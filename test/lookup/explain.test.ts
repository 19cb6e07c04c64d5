import { RejectionReason, type Rejection } from "../../lib/backup/rejection";
import { explainNone, explainStale } from "../../lib/lookup/explain";
import { ErrorKind } from "../../lib/rds-api/error-kind";
import { fullBackup } from "../backup/records";
import { instance } from "./queries";

describe("that there is no valid backup is explained", () => {
  const rejection = (id: number): Rejection => ({
    crossBackupId: String(id),
    reason: id % 2 === 0 ? RejectionReason.NOT_FULL : RejectionReason.LOGICAL,
    detail: `detail of ${id}`,
  });

  test("by a list with nothing in it", () => {
    expect(explainNone(instance, [])).toEqual({
      kind: ErrorKind.NOT_FOUND,
      code: "NoValidBackup",
      message:
        'no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou: the API lists no cross-region backup at all',
      hint: "check that cross-region backup is enabled for the instance, and since when; a first copy can take a day",
    });
  });

  test("record by record", () => {
    const noId: Rejection = { reason: RejectionReason.NO_ID, detail: "CrossBackupId is absent" };
    const { message, hint } = explainNone(instance, [rejection(8), noId]);

    expect(message).toBe(
      'no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou: of 2 records none is valid (1 no-id, 1 not-full)\n' +
        "  8: not-full: detail of 8\n  (no id): no-id: CrossBackupId is absent",
    );
    expect(hint).toBe(
      "see every record: rds-dr list --db-instance-id rm-uf6wjk5t8q2vz71ab --region-id cn-hangzhou",
    );
  });

  test.each([
    [5, undefined],
    [6, "  … and 1 more"],
    [17, "  … and 12 more"],
  ])("for %d records, the newest five of them in full", (count, last) => {
    const lines = explainNone(
      instance,
      Array.from({ length: count }, (_, id) => rejection(id)),
    ).message.split("\n");

    expect(lines.slice(1, 6)).toEqual(
      [0, 1, 2, 3, 4].map((id) => expect.stringContaining(`detail of ${id}`) as string),
    );
    expect(lines[6]).toBe(last);
  });

  test("in the words of the question", () => {
    const request = {
      ...instance,
      crossBackupRegion: "cn-shanghai",
      restoreRegion: "cn-beijing",
      notAfter: "2024-03-05T02:21:00Z",
    };
    expect(explainNone(request, []).message).toMatch(
      /^no valid full backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, stored in cn-shanghai, restorable to cn-beijing, not after 2024-03-05T02:21:00Z: /,
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
    expect(explainStale(instance, backup, 26, "2024-03-10T12:00:00Z")).toEqual({
      kind: ErrorKind.NOT_FOUND,
      code: "BackupTooOld",
      message:
        'the latest valid backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, 14562, holds the data of 2024-03-05T02:22:54Z, which is more than maxAgeHours (26) ago',
      hint: 'find out why no newer copy arrived; in a real disaster, pass it knowingly with onStale "warn" or RDS_DR_ON_STALE=warn',
    });
  });

  test.each([
    ["no age is asked for", undefined, "2030-01-01T00:00:00Z"],
    ["it is as old as that, to the second", 26, "2024-03-06T04:22:54Z"],
  ])("not where %s", (_, maxAgeHours, now) => {
    expect(explainStale(instance, backup, maxAgeHours, now)).toBeUndefined();
  });
});
