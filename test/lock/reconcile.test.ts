import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import { fallBack } from "../../lib/lock/outage-fallback";
import { reconcile } from "../../lib/lock/reconcile";
import type { LookupAnswer } from "../../lib/lookup/answer";
import { queryById } from "../../lib/lookup/by-id";
import { type LatestQuery, type ListQuery, queryKey } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { fullBackup, now, without } from "../backup/records";
import {
  failureOf,
  found,
  kinds,
  locked,
  newer,
  none,
  older,
  outages,
  query,
  refusing,
  request,
} from "./locked-and-live";

const listQuery: ListQuery = { kind: "list", request, connection: {} };

function lockOf(answers: LockedAnswers): Parameters<typeof reconcile>[2] {
  return { answers, place: " in rds-dr.lock.json", remedy: "fill it" };
}

const lock = lockOf({ [queryKey(query)]: { backup: locked } });
/** An answer in which this backup is not valid by what its record says. */
function rejecting(crossBackupId: string, answer: LookupAnswer): LookupAnswer {
  const reason = "not-successful";
  return { ...answer, rejected: [{ crossBackupId, reason, detail: "x" }] } as LookupAnswer;
}

describe("a failure of the API", () => {
  const silence = 'the API gave no answer for "rm-orders" of cn-hangzhou (TheCode)';
  const foreign = "http://127.0.0.1:8080";
  /** The kinds of failures after which the locked backup is a way out, each with its condition. */
  const conditions: Partial<Record<ErrorKind, string>> = {
    [ErrorKind.NOT_FOUND]: "if the instance is gone for good",
    [ErrorKind.ACCESS]: "if that takes too long",
  };

  describe.each(kinds)("of the kind %s", (kind) => {
    const isOutage = outages.includes(kind);
    const failure = failureOf(kind);
    const answerWith = (answers: LockedAnswers): unknown =>
      reconcile(query, { status: "error", error: failure }, lockOf(answers), now, false);

    test(`is ${isOutage ? "bridged by" : "shown, not hidden by,"} a locked backup`, () => {
      const reconciled = answerWith({ [queryKey(query)]: { backup: locked } });

      const fallback = {
        status: "found",
        origin: "lock",
        backup: locked,
        rejected: [],
        failure,
        warnings: [`${silence}: the locked backup 200 (data of 2024-03-05T05:00:00Z) takes its place`],
      };
      const condition = conditions[kind];
      const withWayOut = {
        ...failure,
        message: "it failed; the locked backup is 200 (data of 2024-03-05T05:00:00Z)",
        hint: `do something; ${condition ?? ""}, restore from the locked backup with RDS_DR_MODE=locked`,
      };
      const error = { status: "error", error: condition === undefined ? failure : withWayOut, failure };
      expect(reconciled).toEqual(isOutage ? fallback : error);
    });

    test(`is ${isOutage ? "bridged by" : "shown, not hidden by,"} a locked none`, () => {
      const reconciled = answerWith({ [queryKey(query)]: { backup: null, changedAt: now } });

      const fallback = {
        status: "none",
        origin: "lock",
        rejected: [],
        since: now,
        failure,
        warnings: [`${silence}: the locked answer takes its place`],
      };
      expect(reconciled).toEqual(isOutage ? fallback : { status: "error", error: failure, failure });
    });

    test.each<[string, LockedAnswers, RegExp, RegExp]>([
      ["nothing is locked", {}, /^it failed; there is no locked answer "latest rm-orders /, /; or fill it$/],
      [
        "the locked answer is of a simulator",
        { [queryKey(query)]: { backup: locked, endpoint: foreign } },
        /^it failed; the locked answer .* came from http:/,
        /; or look it up again at this endpoint/,
      ],
      [
        "the locked backup does not fit the query",
        { [queryKey(query)]: { backup: { ...locked, backupType: "I" } } },
        /^it failed; the locked answer .* is not what it asks for/,
        /; or correct it, or fill it$/,
      ],
    ])(`is shown if %s${isOutage ? ", which the message says" : ""}`, (_, answers, message, hint) => {
      const matching = (form: RegExp): unknown => expect.stringMatching(form);
      const error = isOutage ? { ...failure, message: matching(message), hint: matching(hint) } : failure;
      expect(answerWith(answers)).toEqual({ status: "error", error, failure });
    });

    test(`is ${isOutage ? "bridged by" : "shown, not hidden by,"} a locked list`, () => {
      const records = [fullBackup()];
      const answer = fallBack(listQuery, failure, lockOf({ [queryKey(listQuery)]: { backups: records } }), now);

      expect(answer).toEqual(
        isOutage
          ? { status: "listed", origin: "lock", records, warnings: [`${silence}: the locked answer takes its place`] }
          : { status: "error", error: failure },
      );
    });
  });

  test("is shown as it is outside of a project: nobody expects a lock file there", () => {
    const error = failureOf(ErrorKind.TRANSIENT);

    expect(fallBack(query, error, { ...lockOf({}), isOutsideProject: true }, now)).toEqual({ status: "error", error });
  });

  test("is not bridged by a locked backup whose data time its own facts rule out", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const late = { ...locked, dataTime: "2024-03-05T05:00:01Z" };
    const answers = { [queryKey(query)]: { backup: late } };

    expect(fallBack(query, error, lockOf(answers), now)).toMatchObject({
      status: "error",
      error: {
        code: "TheCode",
        message:
          'it failed; the locked answer "latest rm-orders regionId=cn-hangzhou" is not used: its dataTime must be at or before its own backupEndTime, "2024-03-05T05:00:00Z", but is locked as "2024-03-05T05:00:01Z"',
        hint: "do something; or correct the lock file",
      },
    });
  });

  test("is not bridged by a locked backup that the preflight refused before it", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const live = refusing(["200"], { status: "error", error });

    expect(reconcile(query, live, lock, now, false)).toEqual({ ...live, failure: error });
  });

  test("is bridged by a locked backup that is used in place of a refused one, which is named", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const live = refusing(["300"], { status: "error", error });

    const told = [{ crossBackupId: "300", reason: "preflight-refused", detail: "x" }];
    expect(reconcile(query, live, lock, now, false)).toMatchObject({
      status: "found",
      origin: "lock",
      backup: locked,
      rejected: told,
      warnings: [expect.stringContaining("(TheCode)") as unknown, "the preflight refused 300: x"],
    });
    expect(reconcile(query, live, lockOf({}), now, false)).toMatchObject({
      status: "error",
      error: { code: "TheCode" },
      rejected: told,
    });
  });

  test("is bridged by a locked backup with what was refused when it was locked, and now", () => {
    const error = failureOf(ErrorKind.TRANSIENT);
    const refused = ["400", "300"].map((crossBackupId) => ({ crossBackupId, detail: "of then" }));
    const answers = { [queryKey(query)]: { backup: locked, refused } };

    const answer = reconcile(query, refusing(["500", "400"], { status: "error", error }), lockOf(answers), now, false);

    expect(answer).toMatchObject({
      rejected: [{ crossBackupId: "500" }, { crossBackupId: "400" }, { crossBackupId: "300" }],
      warnings: [
        expect.stringContaining("(TheCode)") as unknown,
        "the preflight refused 400: of then",
        "the preflight refused 300: of then",
        "the preflight refused 500: x",
      ],
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
    ["if nothing is locked", found(older), {}],
    ["of none if nothing is locked", none, {}],
    ["of none if none is locked", none, { [queryKey(query)]: { backup: null } }],
    ["that is newer", found(newer), lock.answers],
    ["that is the same", found(locked), lock.answers],
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
    expect(reconcile(query, live, lockOf(answers), now, false)).toEqual(live);
  });

  test("of the same id with other facts is believed, and the contradiction is a warning", () => {
    const live = found({ ...older, crossBackupId: "200" });

    for (const acceptOlder of [true, false]) {
      expect(reconcile(query, live, lock, now, acceptOlder)).toEqual({
        ...live,
        warnings: [expect.stringMatching(/^the locked backup 200 of "rm-orders" .*dataTime/)],
      });
    }
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
      status: "doubt",
      query: asked,
      live,
      locked: { status: "found", origin: "lock", backup: locked, rejected: [] },
      lockedAt: { now },
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
    ["an older one, if the locked one is rejected by its record", rejecting("200", found(older)), false],
  ])("of %s by the preflight of now: believed %s", (_, live, isBelieved) => {
    const reconciled = reconcile(query, live, lock, now, false);

    expect(reconciled).toEqual(isBelieved ? live : (expect.objectContaining({ status: "doubt", live }) as unknown));
  });

  test.each([found(older), none])("is believed whatever it says if older ones are accepted", (live) => {
    expect(reconcile(query, live, lock, now, true)).toEqual(live);
  });

  test("to a list query that names the newest locked record with an older time has lost nothing", () => {
    const [record, early] = [fullBackup(), { backupStartTime: "2024-03-04T00:00:00Z" }];
    const live: LookupAnswer = { status: "listed", origin: "api", records: [{ ...record, ...early }] };
    const answers = { [queryKey(listQuery)]: { backups: [record] } };

    expect(reconcile(listQuery, live, lockOf(answers), now, false)).toMatchObject({
      ...live,
      warnings: [expect.stringContaining("backupStartTime is locked as")],
    });
  });

  test("to a list query is compared with every locked record that it contains", () => {
    const newest = fullBackup({ crossBackupId: "2" });
    const live: LookupAnswer = {
      status: "listed",
      origin: "api",
      records: [newest, fullBackup({ crossBackupId: "1" })],
    };
    const backups = [newest, fullBackup({ crossBackupId: "1", crossBackupSetSize: 7 })];

    expect(reconcile(listQuery, live, lockOf({ [queryKey(listQuery)]: { backups } }), now, false)).toMatchObject({
      ...live,
      warnings: [expect.stringMatching(/contradicts RDS: 1: crossBackupSetSize is/)],
    });
  });

  test.each<[string, readonly CrossRegionBackupRecord[]]>([
    ["of none", []],
    ["of older ones", [fullBackup({ crossBackupId: "1", backupStartTime: "2024-03-04T00:00:00Z" })]],
  ])("to a list query %s has lost the newest locked record that has an id", (_, records) => {
    const live: LookupAnswer = { status: "listed", origin: "api", records };
    const unusable = [fullBackup({ crossBackupId: "0" }), without(fullBackup(), "crossBackupId")];
    const answers = { [queryKey(listQuery)]: { backups: [...unusable, fullBackup()] } };

    expect(reconcile(listQuery, live, lockOf(answers), now, false)).toEqual({
      status: "lost",
      query: listQuery,
      live,
      crossBackupId: "14562",
      backupStartTime: fullBackup().backupStartTime,
    });
  });

  test.each<[string, readonly CrossRegionBackupRecord[], boolean]>([
    ["that has lost its newest record is believed if older ones are accepted", [], true],
    ["that is as new as the locked one is believed", [fullBackup({ crossBackupId: "1" })], false],
  ])("to a list query %s", (_, records, acceptOlder) => {
    const live: LookupAnswer = { status: "listed", origin: "api", records };
    const answers = { [queryKey(listQuery)]: { backups: [fullBackup()] } };

    expect(reconcile(listQuery, live, lockOf(answers), now, acceptOlder)).toEqual(live);
  });
});
