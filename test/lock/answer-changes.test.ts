import { answerChanges, type AnswerChange, ChangeStatus } from "../../lib/lock/answer-changes";
import type { Settled } from "../../lib/lock/answer-by-mode";
import type { LockedAnswer, LockedAnswers } from "../../lib/lock/locked-answers";
import type { LookupAnswer, LookupFailure } from "../../lib/lookup/answer";
import { queryKey } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { shortBackup } from "./locked-backups";

const query: Settled["query"] = {
  kind: "latest",
  request: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
  connection: {},
};
const key = queryKey(query);

const backup: RestorableBackup = { ...shortBackup, dataTimeEstimated: false, unreadable: [] };
const newer: RestorableBackup = { ...backup, crossBackupId: "14700", dataTime: "2024-03-05T08:22:54Z" };
const pin = { reason: "failed over" };
const failure: LookupFailure = { kind: ErrorKind.TRANSIENT, code: "ECONNRESET", message: "reset", hint: "wait" };

const found = (of: RestorableBackup, more: object = {}): LookupAnswer => ({
  status: "found",
  origin: "api",
  backup: of,
  rejected: [],
  ...more,
});

const settledOf = (answer: LookupAnswer, entry?: LockedAnswer): Settled => ({
  key,
  query,
  answer,
  ...(entry === undefined ? {} : { entry }),
});

/** The one change between two answers of the same key. */
function changeOf(settled: readonly Settled[], before?: LockedAnswer, after?: LockedAnswer): AnswerChange | undefined {
  const answersOf = (answer?: LockedAnswer): LockedAnswers => (answer === undefined ? {} : { [key]: answer });
  const changes = answerChanges(settled, answersOf(before), answersOf(after));
  expect(changes).toHaveLength(1);
  return changes[0];
}

const locked: LockedAnswer = { backup };
const lockedNewer: LockedAnswer = { backup: newer };
const pinned: LockedAnswer = { backup, pin };

test.each<[ChangeStatus, string, readonly Settled[], LockedAnswer | undefined, LockedAnswer | undefined]>([
  [ChangeStatus.NEW, "no answer was locked", [settledOf(found(backup), locked)], undefined, locked],
  [ChangeStatus.CHANGED, "it is another backup", [settledOf(found(newer), lockedNewer)], locked, lockedNewer],
  [ChangeStatus.UNCHANGED, "it says the same", [settledOf(found(backup), locked)], locked, { ...locked }],
  [ChangeStatus.KEPT, "RDS lists less", [settledOf(found(backup, { origin: "lock" }))], locked, locked],
  [ChangeStatus.PINNED, "it is pinned", [settledOf(found(backup, { origin: "pin" }))], pinned, pinned],
  [ChangeStatus.PINNED, "RDS confirms the pin", [settledOf(found(backup), pinned)], pinned, { ...pinned }],
  [
    ChangeStatus.CHANGED,
    "RDS corrects a pinned fact",
    [settledOf(found(backup), { ...pinned, backup: { ...backup, engine: "mysql" } })],
    pinned,
    { ...pinned, backup: { ...backup, engine: "mysql" } },
  ],
  [ChangeStatus.FAILED, "there was no answer", [settledOf({ status: "error", error: failure })], locked, locked],
  [ChangeStatus.FAILED, "a locked one stood in", [settledOf(found(backup, { failure }))], locked, locked],
  [ChangeStatus.UNUSED, "nothing asks for it", [], locked, locked],
  [ChangeStatus.REMOVED, "nothing asks, and it was pruned", [], locked, undefined],
])("a change is %s if %s", (status, _, settled, before, after) => {
  expect(changeOf(settled, before, after)).toMatchObject({ key, status, before, after });
});

test("the gain is how much newer the data is, in hours", () => {
  expect(changeOf([settledOf(found(newer), lockedNewer)], locked, lockedNewer)?.gainedHours).toBe(6);
});

test.each<[string, LockedAnswer | undefined, LockedAnswer | undefined]>([
  ["before", undefined, locked],
  ["after", locked, { backup: null }],
  ["before and after", { backup: null }, { backup: null }],
])("there is no gain without a backup %s", (_, before, after) => {
  expect(changeOf([settledOf(found(backup), locked)], before, after)?.gainedHours).toBeUndefined();
});

test("the failure is told, be it the answer or what a locked one stands in for", () => {
  expect(changeOf([settledOf({ status: "error", error: failure })], locked, locked)?.failure).toBe(failure);
  expect(changeOf([settledOf(found(backup, { failure }))], locked, locked)?.failure).toBe(failure);
  expect(changeOf([settledOf(found(backup), locked)], locked, locked)?.failure).toBeUndefined();
  expect(changeOf([], locked, locked)?.failure).toBeUndefined();
});

test("warnings are those of the answer; an error has none", () => {
  const warnings = ["expires soon"];

  expect(changeOf([settledOf(found(backup, { warnings }), locked)], locked, locked)?.warnings).toEqual(warnings);
  expect(changeOf([settledOf(found(backup), locked)], locked, locked)?.warnings).toEqual([]);
  expect(changeOf([settledOf({ status: "error", error: failure })], locked, locked)?.warnings).toEqual([]);
  expect(changeOf([], locked, locked)?.warnings).toEqual([]);
});

test("the changes come in the order of their keys, each once", () => {
  const other = { b: locked, a: locked };

  const changes = answerChanges([settledOf(found(backup), locked)], { ...other, [key]: locked }, other);

  expect(changes.map((change) => change.key)).toEqual(["a", "b", key]);
});
