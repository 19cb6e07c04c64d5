import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { type Doubt, settleDoubt } from "../../lib/lock/reconcile";
import type { ErrorAnswer, FoundAnswer, LookupAnswer } from "../../lib/lookup/answer";
import { judgeById } from "../../lib/lookup/by-id";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { fullBackup, now, without } from "../backup/records";
import { failureOf, found, kinds, locked, newer, older, outages, query, refusing, rejected } from "./locked-and-live";

describe("a doubt", () => {
  const doubt: Doubt = {
    status: "doubt",
    query,
    live: { status: "found", origin: "api", backup: older, rejected },
    locked: { status: "found", origin: "lock", backup: locked, rejected: [] },
    lockedAt: { now },
  };
  const listed = (...records: readonly CrossRegionBackupRecord[]): LookupAnswer => ({
    status: "listed",
    origin: "api",
    records,
  });
  const settled = (settledDoubt: Doubt, byId: LookupAnswer): LookupAnswer =>
    settleDoubt(settledDoubt, judgeById(settledDoubt.query, locked.crossBackupId, byId, now));
  const finding = 'of "rm-orders" of cn-hangzhou the API lists 100 (data of 2024-03-05T04:00:00Z) as the latest';

  /** As the API lists it: without what the package adds. */
  function recordOf({ crossBackupId, dataTime }: RestorableBackup): CrossRegionBackupRecord {
    return fullBackup({
      crossBackupId,
      backupStartTime: dataTime,
      backupEndTime: dataTime,
      consistentTime: dataTime,
    });
  }

  test("is settled for the locked backup if it is still there, with what the API says of it by now", () => {
    const answer = settled(doubt, listed({ ...recordOf(locked), category: "Finance" }));

    expect(answer).toEqual({
      status: "found",
      origin: "lock",
      backup: { ...locked, category: "Finance" },
      rejected,
      warnings: [
        `${finding}, but the newer, locked 200 (data of 2024-03-05T05:00:00Z) is still there: the locked one counts, as the region may have come back without all of its records`,
      ],
    });
  });

  test("keeps the locked window: if backups were lost, logs may be lost as well", () => {
    const window = {
      recoverableFrom: "2024-03-05T05:00:00Z",
      recoverableUntil: "2024-03-05T06:00:00Z",
      recoveryGaps: [{ start: "2024-03-05T06:00:00Z" }],
    };
    const backup = { ...locked, ...window };

    const answer = settled({ ...doubt, locked: { ...doubt.locked, backup } }, listed(recordOf(locked)));

    expect(answer).toMatchObject({ status: "found", origin: "lock", backup });
  });

  test("is settled with what the preflight refused of the backups that the API lists", () => {
    const live = refusing(["300"], found(older)) as Doubt["live"];
    const told = [{ crossBackupId: "300", reason: "preflight-refused", detail: "x" }];
    const error: LookupAnswer = { status: "error", error: failureOf(ErrorKind.TRANSIENT) };

    for (const byId of [listed(recordOf(locked)), error]) {
      expect(settled({ ...doubt, live }, byId)).toMatchObject({
        status: "found",
        origin: "lock",
        backup: { crossBackupId: "200" },
        rejected: told,
        warnings: [expect.any(String) as unknown, "the preflight refused 300: x"],
      });
    }
  });

  test("is settled with what was refused when the backup was locked", () => {
    const locked: Doubt["locked"] = refusing(["400"], doubt.locked) as Doubt["locked"];

    expect(settled({ ...doubt, locked }, listed(recordOf(locked.backup)))).toMatchObject({
      rejected: [{ crossBackupId: "400", reason: "preflight-refused" }, ...rejected],
    });
  });

  test("says why no preflight can check the locked backup", () => {
    const answer = settleDoubt(doubt, { status: "valid", backup: locked, warnings: ["cloud disks"] });

    expect(answer).toMatchObject({ warnings: [expect.stringContaining("is still there"), "cloud disks"] });
  });

  test("ends with what counts instead if the region of the restore refuses the locked backup", () => {
    const instead = refusing(["200"], found(older)) as FoundAnswer;

    expect(settleDoubt(doubt, { status: "refused", instead })).toEqual(instead);
  });

  test.each(kinds)("if the preflight fails (%s) is for the locked backup in an outage alone", (kind) => {
    const failed: ErrorAnswer = { status: "error", error: failureOf(kind) };
    const asked = { ...query, request: { ...query.request, restoreRegion: "cn-shanghai" } };

    const outcome = settleDoubt({ ...doubt, query: asked }, { status: "unchecked", backup: locked, failed });

    expect(outcome).toEqual(
      outages.includes(kind)
        ? {
            ...doubt.locked,
            warnings: [
              `${finding}, but the newer, locked 200 (data of 2024-03-05T05:00:00Z) is still there, and cn-shanghai did not say (TheCode) whether it still accepts it: the locked one counts`,
            ],
          }
        : failed,
    );
  });

  test("is for the locked backup with the API's facts if they differ, and it is still better", () => {
    const byId = { ...recordOf(locked), category: "Finance", engine: "pgsql" };
    const facts = { ...locked, category: "Basic", engine: "mysql" };
    const contradiction = expect.stringMatching(/category is locked as "Basic".*engine is locked/) as unknown;
    const backup = { ...locked, category: "Finance", engine: "pgsql" };

    const contradicted: Doubt = { ...doubt, locked: { ...doubt.locked, backup: facts } };
    const valid = judgeById(query, locked.crossBackupId, listed(byId), now);
    const failed: ErrorAnswer = { status: "error", error: failureOf(ErrorKind.TRANSIENT) };

    for (const standIn of [valid, { status: "unchecked", backup, failed } as const]) {
      expect(settleDoubt(contradicted, standIn)).toMatchObject({
        origin: "api",
        backup,
        warnings: [contradiction, expect.stringContaining("is still there")],
      });
    }
  });

  test("is for the live answer if the API's facts show that the locked backup is no better", () => {
    const byId = listed({ ...recordOf({ ...older, crossBackupId: "99" }), crossBackupId: "200" });
    const early = {
      ...doubt,
      live: { ...doubt.live, backup: { ...older, dataTime: "2024-03-05T04:30:00Z" } },
    };

    const outcome = settleDoubt(early, judgeById(query, locked.crossBackupId, byId, now));

    expect(outcome).toMatchObject({
      ...early.live,
      warnings: [expect.stringContaining("dataTime is locked as")],
    });
  });

  test("that cannot be settled is an error if the locked backup contradicts itself", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const flaw: Doubt["flaw"] = { fact: "dataTime", value: "2024-03-05T05:00:01Z", allowed: "earlier" };

    expect(settled({ ...doubt, flaw }, { status: "error", error })).toMatchObject({
      status: "error",
      error: {
        code: "TheCode",
        message:
          'it failed; the locked answer "latest rm-orders regionId=cn-hangzhou" is not used: its dataTime must be earlier, but is locked as "2024-03-05T05:00:01Z"',
      },
    });
  });

  test("says so if the API lists no valid backup at all", () => {
    const answer = settled(
      { ...doubt, live: { status: "none", origin: "api", rejected: [] } },
      listed(recordOf(locked)),
    );

    expect(answer).toMatchObject({
      status: "found",
      origin: "lock",
      warnings: [expect.stringContaining("the API lists no valid backup, but the newer, locked 200")],
    });
  });

  test.each<[string, LookupAnswer, string]>([
    ["nothing is listed under its id", listed(), "there"],
    [
      "what is asked ignores the id, and lists others",
      listed(recordOf(older), recordOf(newer), without(recordOf(newer), "crossBackupId")),
      "there",
    ],
    [
      "it failed since",
      listed({ ...recordOf(locked), backupSetStatus: 1 }),
      "valid (not-successful: BackupSetStatus is 1, a successful backup has 0)",
    ],
    [
      "it can be restored nowhere",
      listed(recordOf(older), { ...recordOf(locked), restoreRegions: [] }),
      "valid (no-restore-region: the record names no region to restore to)",
    ],
  ])("fails if the locked backup is gone: %s", (_, byId, fate) => {
    expect(settled(doubt, byId)).toEqual({
      status: "error",
      error: {
        kind: ErrorKind.NOT_FOUND,
        code: "LockedGone",
        message: `${finding}, and the newer, locked 200 (data of 2024-03-05T05:00:00Z) is no longer ${fate}`,
        hint: 'wait until the region has all of its records again; or use the locked one with RDS_DR_MODE=locked; or accept what the API lists with "npx rds-dr refresh --accept-older"',
      },
    });
  });

  test.each(kinds)("that cannot be settled (%s) is for the locked backup in an outage alone", (kind) => {
    const error = failureOf(kind);

    const answer = settled(doubt, { status: "error", error });

    expect(answer).toEqual(
      outages.includes(kind)
        ? {
            ...doubt.locked,
            warnings: [
              `${finding}, and did not say (TheCode) whether the newer, locked 200 (data of 2024-03-05T05:00:00Z) is still there: the locked one counts`,
            ],
          }
        : { status: "error", error },
    );
  });
});
