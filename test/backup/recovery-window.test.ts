import { type LogFile, type RecoveryGap, recoveryWindowOf } from "../../lib/backup/recovery-window";

const now = "2024-03-05T12:00:00Z";
const backup = { dataTime: "2024-03-05T02:00:00Z", crossBackupRegion: "cn-shanghai" };

/** The instant of a time of that day. */
const at = (time: string): string => `2024-03-05T${time.length === 5 ? `${time}:00` : time}Z`;

/** Log files by their begin and end. */
function logs(...spans: readonly (readonly [begin: string, end: string])[]): readonly LogFile[] {
  return spans.map(([begin, end]) => ({ logBeginTime: at(begin), logEndTime: at(end) }));
}

const gap = (start: string, end: string): RecoveryGap => ({ start: at(start), end: at(end) });

test.each<[string, readonly LogFile[], string, readonly RecoveryGap[]]>([
  ["there is no log", [], "02:00", []],
  ["the logs end before it", logs(["00:00", "01:00"], ["01:00", "02:00"]), "02:00", []],
  ["one log spans it", logs(["01:00", "03:00"]), "03:00", []],
  ["one begins with it", logs(["02:00", "03:00"]), "03:00", []],
  ["each begins where the last one ends", logs(["01:30", "02:30"], ["02:30", "03:30"]), "03:30", []],
  ["each begins a second later", logs(["01:30", "02:29:59"], ["02:30", "03:30"]), "03:30", []],
  [
    "one begins two seconds later",
    logs(["01:30", "02:29:58"], ["02:30", "03:30"]),
    "02:29:58",
    [gap("02:29:58", "02:30")],
  ],
  ["they overlap", logs(["01:30", "04:00"], ["02:30", "03:30"], ["03:45", "05:00"]), "05:00", []],
  ["one lies within another, at its end", logs(["01:30", "04:00"], ["02:30", "03:30"]), "04:00", []],
  ["one is there twice", logs(["01:30", "03:00"], ["01:30", "03:00"]), "03:00", []],
  ["one covers no time", logs(["01:30", "03:00"], ["03:00", "03:00"]), "03:00", []],
  ["one ends before it begins", logs(["05:00", "04:00"]), "02:00", []],
  ["they are listed in another order", logs(["02:30", "03:30"], ["03:30", "04:00"], ["01:30", "02:30"]), "04:00", []],
  ["the first one comes too late", logs(["02:30", "03:30"]), "02:00", [gap("02:00", "02:30")]],
  [
    "there are several gaps",
    logs(["01:30", "03:00"], ["04:00", "05:00"], ["06:00", "07:00"]),
    "03:00",
    [gap("03:00", "04:00"), gap("05:00", "06:00")],
  ],
  ["a gap of before it is none of it", logs(["00:00", "01:00"], ["01:30", "03:00"]), "03:00", []],
])("the window ends, if %s, as it must", (_, files, until, gaps) => {
  const expected = { recoverableFrom: at("02:00"), recoverableUntil: at(until), recoveryGaps: gaps };

  expect(recoveryWindowOf(backup, files, undefined, now)).toEqual(expected);
  expect(recoveryWindowOf(backup, [...files].reverse(), undefined, now)).toEqual(expected);
});

test.each<[string, LogFile]>([
  ["without a begin", { logEndTime: at("04:00") }],
  ["without an end", { logBeginTime: at("02:30") }],
  ["that is turned round", { logBeginTime: at("04:00"), logEndTime: at("02:30") }],
  ["that ends more than an hour ahead", { logBeginTime: at("02:30"), logEndTime: at("13:00:01") }],
  [
    "that is stored in another region",
    { logBeginTime: at("02:30"), logEndTime: at("04:00"), crossBackupRegion: "cn-beijing" },
  ],
])("a log %s closes no gap", (_, log) => {
  const files = [...logs(["01:00", "03:00"], ["03:30", "05:00"]), log];

  expect(recoveryWindowOf(backup, files, undefined, now)).toEqual({
    recoverableFrom: at("02:00"),
    recoverableUntil: at("03:00"),
    recoveryGaps: [gap("03:00", "03:30")],
  });
});

test("logs of every region count for a backup that does not say where it is stored, as do logs that do not", () => {
  const [log] = logs(["01:00", "03:00"]);
  const elsewhere = { ...log, crossBackupRegion: "cn-beijing" };

  expect(recoveryWindowOf({ dataTime: backup.dataTime }, [elsewhere], undefined, now)).toMatchObject({
    recoverableUntil: at("03:00"),
  });
  expect(recoveryWindowOf(backup, logs(["01:00", "03:00"]), undefined, now)).toMatchObject({
    recoverableUntil: at("03:00"),
  });
});

test("nothing after now can be restored, whatever a log says whose clock is a little ahead", () => {
  expect(recoveryWindowOf(backup, logs(["01:00", "13:00"]), undefined, now)).toEqual({
    recoverableFrom: at("02:00"),
    recoverableUntil: now,
    recoveryGaps: [],
  });
});

test.each<[string, string, string, readonly RecoveryGap[]]>([
  ["as late as the logs", "06:00", "06:00", []],
  ["later than the logs", "11:00", "06:00", []],
  ["a little earlier, as it was asked a little earlier", "05:00", "05:00", []],
  ["much earlier", "04:59:59", "04:59:59", [{ start: at("04:59:59") }]],
  ["before the backup, which is implausible", "01:00", "02:00", [{ start: at("02:00") }]],
])("of the logs and what RDS reports the earlier end counts: %s", (_, reported, until, gaps) => {
  expect(recoveryWindowOf(backup, logs(["01:00", "06:00"]), { recoveryEndTime: at(reported) }, now)).toEqual({
    recoverableFrom: at("02:00"),
    recoverableUntil: at(until),
    recoveryGaps: gaps,
  });
});

test("what RDS reports stands for no log that is not there", () => {
  expect(recoveryWindowOf(backup, [], { recoveryEndTime: at("06:00") }, now)).toEqual({
    recoverableFrom: backup.dataTime,
    recoverableUntil: backup.dataTime,
    recoveryGaps: [],
  });
});

test("a report that cuts the window short comes before the gaps of the logs", () => {
  const files = logs(["01:00", "06:00"], ["07:00", "08:00"]);

  expect(recoveryWindowOf(backup, files, { recoveryEndTime: at("03:00") }, now)).toEqual({
    recoverableFrom: at("02:00"),
    recoverableUntil: at("03:00"),
    recoveryGaps: [{ start: at("03:00") }, gap("06:00", "07:00")],
  });
});

test.each<[string, object, string | undefined, string]>([
  ["at the data time that is known", { backupEndTime: at("03:00") }, undefined, "02:00"],
  ["at the end if it is estimated", { backupEndTime: at("03:00"), dataTimeEstimated: true }, undefined, "03:00"],
  ["at an estimated time if no end is known", { dataTimeEstimated: true }, undefined, "02:00"],
  [
    "not before it if the end is turned round",
    { backupEndTime: at("01:00"), dataTimeEstimated: true },
    undefined,
    "02:00",
  ],
  ["where RDS reports, if that is later", {}, "02:30", "02:30"],
  ["not where RDS reports, if that is earlier", {}, "01:30", "02:00"],
  ["where RDS reports, if that is the end", {}, "06:00", "06:00"],
  ["not where RDS reports, if that is after the end, which is implausible", {}, "06:00:01", "02:00"],
  [
    "at the later one of the end and what RDS reports",
    { backupEndTime: at("03:00"), dataTimeEstimated: true },
    "02:30",
    "03:00",
  ],
])("the window begins %s", (_, changes, reported, from) => {
  const report = reported === undefined ? {} : { recoveryBeginTime: at(reported) };

  expect(recoveryWindowOf({ ...backup, ...changes }, logs(["01:00", "06:00"]), report, now)).toEqual({
    recoverableFrom: at(from),
    recoverableUntil: at("06:00"),
    recoveryGaps: [],
  });
});

test("the window of an estimated time is empty if the logs end before the backup does", () => {
  const estimated = { ...backup, backupEndTime: at("03:00"), dataTimeEstimated: true };

  expect(recoveryWindowOf(estimated, logs(["01:00", "02:30"]), undefined, now)).toMatchObject({
    recoverableFrom: at("03:00"),
    recoverableUntil: at("02:30"),
  });
});
