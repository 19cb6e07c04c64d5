import type { LockedAnswer } from "../../lib/lock/locked-answers";
import { isPinned, weighPinned } from "../../lib/lock/pin";
import type { AnswerOnLocked } from "../../lib/lookup/engine";
import { queryKey } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { now } from "../backup/records";
import { failureOf, locked, query } from "./locked-and-live";

const key = queryKey(query);
const pinned: LockedAnswer = { backup: locked, pin: { reason: "drill" } };
const lockOf = (entry: LockedAnswer) => ({ answers: { [key]: entry }, place: "", remedy: "fill it" });
const name = 'the pinned backup 200 (data of 2024-03-05T05:00:00Z) of "rm-orders" of cn-hangzhou';

/** The answer to a query whose pinned backup is this one, after RDS was asked for its id. */
function weighed(byId: AnswerOnLocked, entry: LockedAnswer = pinned) {
  return weighPinned(query, { ...locked, ...entry.backup }, byId, lockOf(entry), now);
}

/** The warnings of that answer, beside that of the pin itself. */
function warningsOf(byId: AnswerOnLocked, entry: LockedAnswer = pinned): readonly string[] {
  const answer = weighed(byId, entry);
  const warnings = answer.status === "error" ? [] : (answer.warnings ?? []);
  return warnings.filter((warning) => !warning.includes(" is pinned, and used without"));
}

test.each<[string, LockedAnswer, boolean]>([
  ["with a pin", pinned, true],
  ["without one", { backup: locked }, false],
])("an entry %s: is pinned %p", (_, entry, expected) => {
  expect(isPinned(query, lockOf(entry))).toBe(expected);
});

test("a query without an entry is not pinned", () => {
  expect(isPinned(query, { ...lockOf(pinned), answers: {} })).toBe(false);
});

describe("a pinned backup is used", () => {
  test("as it is if RDS agrees with its facts", () => {
    expect(weighed({ status: "valid", backup: locked })).toMatchObject({
      status: "found",
      origin: "pin",
      backup: locked,
    });
    expect(weighed({ status: "valid", backup: locked })).not.toHaveProperty("isCorrected");
    expect(warningsOf({ status: "valid", backup: locked })).toEqual([]);
  });

  test("as it is, with a warning, if it is no longer valid", () => {
    const byId: AnswerOnLocked = { status: "invalid", isNot: "there" };

    expect(weighed(byId)).toMatchObject({ status: "found", backup: locked });
    expect(warningsOf(byId)).toEqual([
      `${name} is no longer there: it is used as it is; unpin it with "npx rds-dr unpin", or pin another one with "npx rds-dr pin"`,
    ]);
  });

  test("as it is, with a warning, if RDS does not say", () => {
    const byId: AnswerOnLocked = { status: "error", error: failureOf(ErrorKind.TRANSIENT) };

    expect(weighed(byId)).toMatchObject({ status: "found", backup: locked });
    expect(warningsOf(byId)).toEqual([
      `RDS did not say whether ${name} is still there: it failed: it is used as it is`,
    ]);
  });

  test("with the facts of RDS if RDS contradicts it", () => {
    const backup = { ...locked, engineVersion: "5.7" };

    expect(weighed({ status: "valid", backup })).toMatchObject({
      status: "found",
      origin: "pin",
      backup,
      isCorrected: true,
    });
    expect(warningsOf({ status: "valid", backup })).toEqual([
      expect.stringContaining('engineVersion is locked as "8.0", but RDS says "5.7"'),
    ]);
  });

  test("not at all if it contradicts itself and RDS does not say", () => {
    const late = { ...locked, dataTime: "2024-03-05T05:00:01Z" };
    const byId: AnswerOnLocked = { status: "error", error: failureOf(ErrorKind.TRANSIENT) };

    expect(weighed(byId, { ...pinned, backup: late })).toMatchObject({
      status: "error",
      error: { code: "LockedContradictory" },
    });
  });
});

describe("the locked window of a pinned backup", () => {
  const windowFailure = failureOf(ErrorKind.THROTTLED);
  const window = {
    recoverableFrom: "2024-03-05T05:00:00Z",
    recoverableUntil: "2024-03-05T09:00:00Z",
    recoveryGaps: [],
  };
  const windowed: LockedAnswer = { ...pinned, backup: { ...locked, ...window } };
  const silence = `RDS did not say how far ${name} can be recovered: it failed: its locked window is `;

  test("is used if RDS does not say how far it leads", () => {
    const byId: AnswerOnLocked = { status: "valid", backup: locked, windowFailure };

    expect(weighed(byId, windowed)).toMatchObject({ backup: window });
    expect(warningsOf(byId, windowed)).toEqual([`${silence}used as it is`]);
  });

  test("is kept if RDS contradicts another fact", () => {
    const byId: AnswerOnLocked = {
      status: "valid",
      backup: { ...locked, engineVersion: "5.7" },
      windowFailure,
    };

    expect(weighed(byId, windowed)).toMatchObject({ backup: { ...window, engineVersion: "5.7" } });
    expect(warningsOf(byId, windowed)[1]).toBe(`${silence}kept`);
  });

  test("goes if it contradicts itself", () => {
    const entry = { ...windowed, backup: { ...locked, ...window, recoverableUntil: "2024-03-12T09:00:00Z" } };
    const byId: AnswerOnLocked = { status: "valid", backup: locked, windowFailure };

    expect(weighed(byId, entry)).toMatchObject({ status: "found", isCorrected: true });
    expect(weighed(byId, entry)).not.toHaveProperty("backup.recoverableUntil");
    expect(warningsOf(byId, entry)[1]).toBe(`${silence}dropped, as it contradicts itself`);
  });
});
