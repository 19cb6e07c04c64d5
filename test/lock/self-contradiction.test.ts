import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { flawText, selfContradiction, type SelfContradiction } from "../../lib/lock/contradictions";
import { wholeBackup } from "./locked-backups";

type Facts = Partial<RestorableBackup>;

/** As a refresh locks it. */
const backup: RestorableBackup = { ...wholeBackup, dataTimeEstimated: false, unreadable: [] };
const { backupStartTime: start, backupEndTime: end, dataTime, recoverableUntil: until } = wholeBackup;
const now = "2024-03-10T12:00:00Z";
const changedAt = "2024-03-05T11:30:00Z";

test.each<[string, Facts]>([
  ["whose data time is its consistent time", {}],
  ["whose data time is its start", { dataTime: start }],
  ["whose data time is its end, if nothing is known in between", { dataTime: end, consistentTime: undefined }],
  ["of which little is known", { backupStartTime: undefined, backupEndTime: undefined }],
  [
    "whose end RDS puts before the start, as a refresh locks it",
    { dataTime: start, dataTimeEstimated: true, backupEndTime: "2001-01-01T00:00:00Z" },
  ],
  ["without a window", { recoverableFrom: undefined, recoverableUntil: undefined, recoveryGaps: undefined }],
  ["whose window is its data time alone", { recoverableFrom: dataTime, recoverableUntil: dataTime }],
  ["whose window ends before its first gap", { recoverableUntil: "2024-03-05T11:00:00Z" }],
  [
    "whose window ends within an hour of the time at which it was read",
    { recoverableUntil: "2024-03-05T12:30:00Z", recoveryGaps: [] },
  ],
  [
    "whose data may be later than the last log",
    { ...{ dataTime: start, dataTimeEstimated: true }, recoverableFrom: end, recoverableUntil: start },
  ],
])("a backup %s does not contradict itself", (_, changes) => {
  expect(selfContradiction({ ...backup, ...changes }, { now, changedAt })).toBeUndefined();
});

test.each<[SelfContradiction["fact"], string, Facts, string]>([
  [
    "dataTime",
    "before its start",
    { dataTime: "2024-03-05T02:22:44Z" },
    `at or after its own backupStartTime, "${start}"`,
  ],
  ["dataTime", "after its end", { dataTime: "2024-03-05T02:23:38Z" }, `at or before its own backupEndTime, "${end}"`],
  [
    "dataTime",
    "after its end, which is before its start",
    { backupEndTime: "2024-03-05T02:00:00Z" },
    'at or before its own backupEndTime, "2024-03-05T02:00:00Z"',
  ],
  ["dataTime", "after its consistent time", { dataTime: end }, `at or before its own consistentTime, "${dataTime}"`],
  [
    "recoverableUntil",
    "before the data time",
    { recoverableUntil: "2024-03-05T02:22:53Z" },
    `at or after its own dataTime, "${dataTime}"`,
  ],
  [
    "recoverableUntil",
    "after a gap",
    { recoverableUntil: "2024-03-05T11:30:01Z" },
    `at or before the gap of its own recoveryGaps that begins at "${until}"`,
  ],
  [
    "recoverableUntil",
    "after the time at which it was read",
    { recoverableUntil: "2024-03-05T12:30:01Z", recoveryGaps: [] },
    `at most an hour after its own changedAt, "${changedAt}"`,
  ],
  [
    "recoverableFrom",
    "before the data time",
    { recoverableFrom: start },
    `at or after its own dataTime, "${dataTime}"`,
  ],
  [
    "recoverableFrom",
    "before the data time, without an end",
    { recoverableFrom: start, recoverableUntil: undefined },
    `at or after its own dataTime, "${dataTime}"`,
  ],
  [
    "recoverableFrom",
    "after recoverableUntil",
    { recoverableFrom: "2024-03-05T11:30:01Z" },
    `at or before its own recoverableUntil, "${until}"`,
  ],
])("a backup with its %s %s contradicts itself", (fact, _, changes, allowed) => {
  const locked = { ...backup, ...changes };

  const flaw = selfContradiction(locked, { now, changedAt });

  expect(flaw).toEqual({ fact, value: locked[fact], allowed });
  expect(flaw && flawText(flaw)).toBe(`its ${fact} must be ${allowed}, but is locked as "${locked[fact] ?? ""}"`);
});

test.each([undefined, "2099-01-01T00:00:00Z"])(
  "no window reaches into the future, whatever changedAt says: %s",
  (changedAt) => {
    const locked = { ...backup, recoverableUntil: "2098-01-01T00:00:00Z", recoveryGaps: [] };

    expect(selfContradiction(locked, { now, ...(changedAt === undefined ? {} : { changedAt }) })).toMatchObject({
      fact: "recoverableUntil",
      allowed: `at most an hour after now, "${now}"`,
    });
  },
);
