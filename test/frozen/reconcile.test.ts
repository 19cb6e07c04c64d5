import type { CrossRegionBackup } from "../../lib/backup/cross-region-backup";
import type { CrossRegionBackupRecord } from "../../lib/backup/cross-region-backup-record";
import { RejectionReason, type Rejection } from "../../lib/backup/rejection";
import type { LockedAnswers } from "../../lib/frozen/locked-answers";
import { fallBack, reconcile, settleDoubt, type Doubt } from "../../lib/frozen/reconcile";
import type { LookupAnswer, LookupFailure } from "../../lib/lookup/answer";
import { judgeById, queryById } from "../../lib/lookup/by-id";
import { queryKey, type LatestQuery, type ListQuery } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/error-kind";
import { fullBackup, now, without } from "../backup/records";

const request = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const query: LatestQuery = { kind: "latest", request, connection: {} };
const listQuery: ListQuery = { kind: "list", request, connection: {} };

/** A backup with this id, whose data is of this hour of 5 March. */
function backupOf(crossBackupId: string, hour: number): CrossRegionBackup {
  const time = `2024-03-05T${String(hour).padStart(2, "0")}:00:00Z`;
  return {
    ...fullBackup({ backupStartTime: time, backupEndTime: time, consistentTime: time }),
    crossBackupId,
    dataTime: time,
    dataTimeEstimated: false,
  };
}

const locked = backupOf("200", 5);
const older = backupOf("100", 4);
const newer = backupOf("300", 6);

function lockOf(answers: LockedAnswers): Parameters<typeof reconcile>[2] {
  return { answers, place: " in rds-dr.lock.json", remedy: "fill it" };
}

const lock = lockOf({ [queryKey(query)]: { backup: locked } });
const found = (backup: CrossRegionBackup): LookupAnswer => ({ status: "found", backup, rejected: [] });
const rejected: readonly Rejection[] = [{ reason: RejectionReason.NOT_FULL, detail: "x" }];
const none: LookupAnswer = { status: "none", rejected };

/** An answer of which the preflight has refused these backups. */
function refusing(ids: readonly string[], answer: LookupAnswer): LookupAnswer {
  const reason = RejectionReason.PREFLIGHT_REFUSED;
  const refusals = ids.map((crossBackupId): Rejection => ({ crossBackupId, reason, detail: "x" }));
  return { ...answer, rejected: refusals } as LookupAnswer;
}

/** An answer in which this backup is not valid by what its record says. */
function rejecting(crossBackupId: string, answer: LookupAnswer): LookupAnswer {
  const reason = RejectionReason.NOT_SUCCESSFUL;
  return { ...answer, rejected: [{ crossBackupId, reason, detail: "x" }] } as LookupAnswer;
}

function failureOf(kind: ErrorKind): LookupFailure {
  return { kind, code: "TheCode", message: "it failed", hint: "do something" };
}

const kinds = Object.values(ErrorKind);
const outages: readonly ErrorKind[] = [ErrorKind.TRANSIENT, ErrorKind.THROTTLED];

describe("a failure of the API", () => {
  const silence = 'the API gave no answer for "rm-orders" of cn-hangzhou (TheCode)';
  const foreign = "http://127.0.0.1:8080";

  describe.each(kinds)("of the kind %s", (kind) => {
    const isOutage = outages.includes(kind);
    const failure = failureOf(kind);
    const answerWith = (answers: LockedAnswers): unknown =>
      reconcile(query, { status: "error", error: failure }, lockOf(answers), now, false);

    test(`is ${isOutage ? "bridged by" : "told, not hidden by,"} a locked backup`, () => {
      const reconciled = answerWith({ [queryKey(query)]: { backup: locked } });

      const fallback = {
        status: "found",
        backup: locked,
        rejected: [],
        warnings: [`${silence}: the locked backup 200 (data of 2024-03-05T05:00:00Z) is used`],
      };
      const gone = {
        ...failure,
        message: "it failed; the locked backup is 200 (data of 2024-03-05T05:00:00Z)",
        hint: "do something; if the instance is gone for good, restore from the locked backup with RDS_DR_MODE=locked",
      };
      const error = { status: "error", error: kind === ErrorKind.NOT_FOUND ? gone : failure };
      expect(reconciled).toEqual({ answer: isOutage ? fallback : error, isLive: false, failure });
    });

    test(`is ${isOutage ? "bridged by" : "told, not hidden by,"} a locked none`, () => {
      const reconciled = answerWith({ [queryKey(query)]: { backup: null, changedAt: now } });

      const fallback = {
        status: "none",
        rejected: [],
        locked: { since: now },
        warnings: [`${silence}: the locked answer is used`],
      };
      const answer = isOutage ? fallback : { status: "error", error: failure };
      expect(reconciled).toEqual({ answer, isLive: false, failure });
    });

    test.each<[string, LockedAnswers]>([
      ["nothing is locked", {}],
      ["the locked answer is of a stand-in", { [queryKey(query)]: { backup: locked, endpoint: foreign } }],
      [
        "the locked backup does not fit the query",
        { [queryKey(query)]: { backup: { ...locked, backupType: "I" } } },
      ],
    ])("is told as it is where %s", (_, answers) => {
      expect(answerWith(answers)).toEqual({
        answer: { status: "error", error: failure },
        isLive: false,
        failure,
      });
    });

    test(`is ${isOutage ? "bridged by" : "told, not hidden by,"} a locked list`, () => {
      const records = [fullBackup()];
      const answer = fallBack(
        listQuery,
        failure,
        lockOf({ [queryKey(listQuery)]: { backups: records } }),
        now,
      );

      expect(answer).toEqual(
        isOutage
          ? { status: "listed", records, warnings: [`${silence}: the locked answer is used`] }
          : { status: "error", error: failure },
      );
    });
  });

  test("is not bridged by a locked backup that the preflight refused before it", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const live = refusing(["200"], { status: "error", error });

    expect(reconcile(query, live, lock, now, false)).toEqual({ answer: live, isLive: false, failure: error });
  });

  test("is bridged by a locked backup that stands in for a refused one, which is told", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const live = refusing(["300"], { status: "error", error });

    const told = [{ crossBackupId: "300", reason: RejectionReason.PREFLIGHT_REFUSED, detail: "x" }];
    expect(reconcile(query, live, lock, now, false)).toMatchObject({
      answer: {
        status: "found",
        backup: locked,
        rejected: told,
        warnings: [expect.stringContaining("(TheCode)") as unknown, "the preflight refused 300: x"],
      },
    });
    expect(reconcile(query, live, lockOf({}), now, false)).toMatchObject({
      answer: { status: "error", error, rejected: told },
    });
  });

  test("keeps what is to be known of the locked backup behind its own warning", () => {
    const answers = { [queryKey(query)]: { backup: locked, retentionDays: 7 } };

    const answer = fallBack(query, failureOf(ErrorKind.TRANSIENT), lockOf(answers), now);

    expect(answer).toMatchObject({
      warnings: [
        expect.stringContaining(silence),
        expect.stringContaining("kept for 7 days, expires at 2024-03-12T05:00:00Z"),
      ],
    });
  });
});

describe("a live answer", () => {
  test.each<[string, LookupAnswer, LockedAnswers]>([
    ["where nothing is locked", found(older), {}],
    ["of none where nothing is locked", none, {}],
    ["of none where none is locked", none, { [queryKey(query)]: { backup: null } }],
    ["that is newer", found(newer), lock.answers],
    ["that is the same", found(locked), lock.answers],
    ["of the same id with an older time", found({ ...older, crossBackupId: "200" }), lock.answers],
    [
      "that is older than what a stand-in gave",
      found(older),
      { [queryKey(query)]: { backup: locked, endpoint: "http://127.0.0.1:8080" } },
    ],
    [
      "that is older than what does not fit the query",
      found(older),
      { [queryKey(query)]: { backup: { ...locked, backupSetStatus: 1 } } },
    ],
  ])("%s is believed", (_, live, answers) => {
    expect(reconcile(query, live, lockOf(answers), now, false)).toEqual({ answer: live, isLive: true });
  });

  test.each<[string, LookupAnswer]>([
    ["an older backup", found(older)],
    ["a backup of the same time with a smaller id", found({ ...locked, crossBackupId: "199" })],
    ["none", none],
  ])("of %s is doubted, and the locked backup asked for by its id", (_, live) => {
    const asked: LatestQuery = {
      kind: "latest",
      request: { ...request, resourceGroupId: "rg-1", restoreRegion: "cn-shanghai" },
      connection: { profile: "dr" },
    };
    const answers = { [queryKey(asked)]: { backup: locked } };

    expect(reconcile(asked, live, lockOf(answers), now, false)).toEqual({
      doubt: { query: asked, live, locked: { status: "found", backup: locked, rejected: [] } },
    });
    expect(queryById(asked, locked.crossBackupId)).toEqual({
      kind: "list",
      request: { ...request, resourceGroupId: "rg-1", crossBackupId: "200" },
      connection: { profile: "dr" },
    });
  });

  test.each<[string, LookupAnswer, boolean]>([
    ["an older one, since the locked one is refused", refusing(["200"], found(older)), true],
    ["none, since the locked one is refused with others", refusing(["300", "200"], none), true],
    ["an older one, since another one is refused", refusing(["150"], found(older)), false],
    ["none, since another one is refused", refusing(["300"], none), false],
    ["an older one, where the locked one is rejected by its record", rejecting("200", found(older)), false],
  ])("of %s by the preflight of now: believed %s", (_, live, isBelieved) => {
    const reconciled = reconcile(query, live, lock, now, false);

    expect(reconciled).toEqual(
      isBelieved ? { answer: live, isLive: true } : { doubt: expect.objectContaining({ live }) as unknown },
    );
  });

  test.each([found(older), none])("is believed whatever it says where older ones are accepted", (live) => {
    expect(reconcile(query, live, lock, now, true)).toEqual({ answer: live, isLive: true });
  });

  test.each<[string, readonly CrossRegionBackupRecord[], boolean, boolean]>([
    ["that has lost its newest record is not to be locked", [], false, false],
    ["that has lost its newest record is believed where older ones are accepted", [], true, true],
    ["that is as new as the locked one is believed", [fullBackup()], false, true],
  ])("to a list query %s", (_, records, acceptOlder, isLive) => {
    const live: LookupAnswer = { status: "listed", records };
    const answers = { [queryKey(listQuery)]: { backups: [fullBackup()] } };

    const outcome = reconcile(listQuery, live, lockOf(answers), now, acceptOlder);

    expect(outcome).toMatchObject({ answer: live, isLive });
    expect("answer" in outcome && "warnings" in outcome.answer).toBe(!isLive);
  });
});

describe("a doubt", () => {
  const doubt: Doubt = {
    query,
    live: { status: "found", backup: older, rejected },
    locked: { status: "found", backup: locked, rejected: [] },
  };
  const listed = (...records: readonly CrossRegionBackupRecord[]): LookupAnswer => ({
    status: "listed",
    records,
  });
  const settled = (settledDoubt: Doubt, byId: LookupAnswer): LookupAnswer =>
    settleDoubt(settledDoubt, judgeById(settledDoubt.query, locked.crossBackupId, byId, now));
  const finding =
    'of "rm-orders" of cn-hangzhou the API lists 100 (data of 2024-03-05T04:00:00Z) as the latest';

  /** As the API lists it: without what the package adds. */
  function recordOf({ crossBackupId, dataTime }: CrossRegionBackup): CrossRegionBackupRecord {
    return fullBackup({
      crossBackupId,
      backupStartTime: dataTime,
      backupEndTime: dataTime,
      consistentTime: dataTime,
    });
  }

  test("is settled for the locked backup where it is still there, with what the API says of it by now", () => {
    const answer = settled(doubt, listed({ ...recordOf(locked), category: "Finance" }));

    expect(answer).toEqual({
      status: "found",
      backup: { ...locked, category: "Finance" },
      rejected,
      warnings: [
        `${finding}, but the newer, locked 200 (data of 2024-03-05T05:00:00Z) is still there: the locked one is used, as the region may have come back without all of its records`,
      ],
    });
  });

  test("keeps the locked window: where backups were lost, logs may be lost as well", () => {
    const window = {
      recoverableUntil: "2024-03-05T06:00:00Z",
      recoveryGaps: [{ from: "2024-03-05T06:00:00Z" }],
    };
    const backup = { ...locked, ...window };

    const answer = settled({ ...doubt, locked: { ...doubt.locked, backup } }, listed(recordOf(locked)));

    expect(answer).toMatchObject({ status: "found", backup });
  });

  test("is settled with what the preflight refused of the backups that the API lists", () => {
    const live = refusing(["300"], found(older)) as Doubt["live"];
    const told = [{ crossBackupId: "300", reason: RejectionReason.PREFLIGHT_REFUSED, detail: "x" }];
    const error: LookupAnswer = { status: "error", error: failureOf(ErrorKind.TRANSIENT) };

    for (const byId of [listed(recordOf(locked)), error]) {
      expect(settled({ ...doubt, live }, byId)).toMatchObject({
        status: "found",
        backup: { crossBackupId: "200" },
        rejected: told,
        warnings: [expect.any(String) as unknown, "the preflight refused 300: x"],
      });
    }
  });

  test("says so where the API lists no valid backup at all", () => {
    const answer = settled({ ...doubt, live: { status: "none", rejected: [] } }, listed(recordOf(locked)));

    expect(answer).toMatchObject({
      status: "found",
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
  ])("fails where the locked backup is gone: %s", (_, byId, fate) => {
    expect(settled(doubt, byId)).toEqual({
      status: "error",
      error: {
        kind: ErrorKind.NOT_FOUND,
        code: "LockedGone",
        message: `${finding}, and the newer, locked 200 (data of 2024-03-05T05:00:00Z) is no longer ${fate}`,
        hint: 'wait until the region has all of its records again; or use the locked one all the same with RDS_DR_MODE=locked; or take knowingly what the API lists with "npx rds-dr refresh --accept-older"',
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
              `${finding}, and did not say (TheCode) whether the newer, locked 200 (data of 2024-03-05T05:00:00Z) is still there: the locked one is used`,
            ],
          }
        : { status: "error", error },
    );
  });
});
