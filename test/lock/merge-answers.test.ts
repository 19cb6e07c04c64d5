import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import type { LockedAnswer, LockedAnswers } from "../../lib/lock/locked-answers";
import { isSameAnswer, mergeAnswers } from "../../lib/lock/answer-changes";

const key = "latest rm-orders regionId=cn-hangzhou";
const earlier = "2024-03-05T06:00:00Z";
const later = "2024-03-05T07:00:00Z";

/** A backup with this id, whose data is of this hour. */
function backupOf(crossBackupId: string, hour: number): RestorableBackup {
  return {
    crossBackupId,
    dataTime: `2024-03-05T0${hour}:00:00Z`,
    dataTimeEstimated: false,
    restoreRegions: ["cn-shanghai"],
    unreadable: [],
  };
}

const entryOf = (id: string, hour: number, others: Partial<LockedAnswer> = {}): LockedAnswer => ({
  backup: backupOf(id, hour),
  changedAt: later,
  ...others,
});

/** What stands in the file after a merge, where `current` stood, and `seen` had stood when `entry` was found. */
function merged(
  current: LockedAnswer | undefined,
  entry: LockedAnswer,
  seen: LockedAnswer | undefined,
): LockedAnswer | undefined {
  const answersOf = (answer?: LockedAnswer): LockedAnswers => (answer === undefined ? {} : { [key]: answer });
  return mergeAnswers(answersOf(current), [{ key, entry }], answersOf(seen))[key];
}

const standIn = "http://127.0.0.1:8080";
const old = entryOf("100", 1, { changedAt: earlier });

test.each<[string, { current?: LockedAnswer; entry: LockedAnswer; seen?: LockedAnswer; taken: "current" | "entry" }]>([
  ["a first answer is taken", { entry: entryOf("200", 2), taken: "entry" }],
  ["a newer answer is taken", { current: old, entry: entryOf("200", 2), seen: old, taken: "entry" }],
  [
    "an older answer is taken if nobody else wrote, since it was accepted",
    { current: old, entry: entryOf("99", 0), seen: old, taken: "entry" },
  ],
  [
    "none is taken if nobody else wrote",
    { current: old, entry: { backup: null, changedAt: later }, seen: old, taken: "entry" },
  ],
  [
    "the newer answer that another process wrote meanwhile stays",
    { current: entryOf("300", 3), entry: entryOf("200", 2), seen: old, taken: "current" },
  ],
  [
    "the answer that another process wrote first stays if it is newer",
    { current: entryOf("300", 3), entry: entryOf("200", 2), taken: "current" },
  ],
  [
    "the answer that another process wrote meanwhile stays if there is none by now",
    { current: entryOf("300", 3), entry: { backup: null, changedAt: later }, seen: old, taken: "current" },
  ],
  [
    "an older answer that another process wrote meanwhile goes",
    { current: entryOf("150", 1), entry: entryOf("200", 2), seen: old, taken: "entry" },
  ],
  [
    "a none that another process wrote meanwhile goes",
    { current: { backup: null, changedAt: later }, entry: entryOf("200", 2), seen: old, taken: "entry" },
  ],
  [
    "a pin that was set meanwhile stays",
    {
      current: { ...old, pin: { reason: "the drill" } },
      entry: entryOf("200", 2),
      seen: old,
      taken: "current",
    },
  ],
  [
    "a pinned answer whose facts are corrected is taken",
    {
      current: { ...old, pin: { reason: "the drill" } },
      entry: entryOf("100", 0, { pin: { reason: "the drill" } }),
      seen: { ...old, pin: { reason: "the drill" } },
      taken: "entry",
    },
  ],
  [
    "a pinned answer that somebody unpinned meanwhile is not pinned again by its correction",
    {
      current: old,
      entry: entryOf("100", 0, { pin: { reason: "the drill" } }),
      seen: { ...old, pin: { reason: "the drill" } },
      taken: "current",
    },
  ],
  [
    "a pin whose reason changed meanwhile stays",
    {
      current: { ...old, pin: { reason: "another drill" } },
      entry: entryOf("100", 0, { pin: { reason: "the drill" } }),
      seen: { ...old, pin: { reason: "the drill" } },
      taken: "current",
    },
  ],
  [
    "the newer answer of a stand-in goes, though it was written meanwhile",
    {
      current: entryOf("300", 3, { endpoint: standIn }),
      entry: entryOf("200", 2),
      seen: old,
      taken: "entry",
    },
  ],
  [
    "the newer answer of a stand-in goes, though it was there all the time",
    {
      current: entryOf("300", 3, { endpoint: standIn }),
      entry: entryOf("200", 2),
      seen: entryOf("300", 3, { endpoint: standIn }),
      taken: "entry",
    },
  ],
  [
    "the newer answer of the same stand-in stays, however its endpoint is spelled",
    {
      current: entryOf("300", 3, { endpoint: `${standIn}/` }),
      entry: entryOf("200", 2, { endpoint: standIn }),
      seen: old,
      taken: "current",
    },
  ],
])("%s", (_, { current, entry, seen, taken }) => {
  expect(merged(current, entry, seen)).toEqual(taken === "entry" ? entry : current);
});

test("the same answer keeps the time of its change, and the facts of now", () => {
  const again = entryOf("100", 1, { query: { dbInstanceId: "rm-orders" }, retentionDays: 30 });

  expect(merged(old, again, old)).toEqual({ ...again, changedAt: earlier });
});

test("how long the copies are kept stays if the API does not say it this time", () => {
  const known = { ...old, retentionDays: 7 };

  expect(merged(known, entryOf("200", 2), known)).toEqual({ ...entryOf("200", 2), retentionDays: 7 });
  expect(merged(known, entryOf("200", 2, { retentionDays: 30 }), known)).toHaveProperty("retentionDays", 30);
});

test("what nobody asked for stays", () => {
  const others = { "latest rm-billing regionId=cn-hangzhou": old };

  expect(mergeAnswers(others, [{ key, entry: entryOf("200", 2) }], {})).toEqual({
    ...others,
    [key]: entryOf("200", 2),
  });
});

test("answers are the same if backup, refusals and endpoint are, whenever they were found", () => {
  expect(isSameAnswer(old, { ...old, changedAt: later, retentionDays: 7 })).toBe(true);
  expect(isSameAnswer(old, { ...old, endpoint: "rds.aliyuncs.com" })).toBe(true);
  expect(isSameAnswer(old, { ...old, endpoint: standIn })).toBe(false);
  expect(isSameAnswer(old, { ...old, refused: [{ crossBackupId: "101", detail: "no" }] })).toBe(false);
  expect(isSameAnswer({ backup: null }, { backups: [] })).toBe(false);
  expect(isSameAnswer({ backup: null }, { backup: null })).toBe(true);
});

describe("two lists of instances", () => {
  const list = (endpoint: string | undefined, ...ids: readonly string[]): LockedAnswer => ({
    instances: ids.map((dbInstanceId) => ({ dbInstanceId, regionId: "cn-hangzhou" })),
    ...(endpoint !== undefined && { endpoint }),
  });

  test.each<[string, LockedAnswer | undefined, readonly string[]]>([
    ["what another process added meanwhile stays", list(undefined, "rm-b", "rm-gone"), ["rm-a", "rm-b", "rm-c"]],
    ["what another process locked first stays", undefined, ["rm-a", "rm-b", "rm-c"]],
    ["what was there, and was accepted to be gone, goes", list(undefined, "rm-a", "rm-b", "rm-gone"), ["rm-b", "rm-c"]],
  ])("%s", (_, seen, ids) => {
    const after = merged(list(undefined, "rm-a", "rm-b"), list(undefined, "rm-b", "rm-c"), seen);

    expect(after?.instances?.map(({ dbInstanceId }) => dbInstanceId)).toEqual(ids);
  });

  test("of two hosts are not mixed", () => {
    expect(merged(list(standIn, "rm-a"), list(undefined, "rm-b"), undefined)?.instances).toHaveLength(1);
  });
});
