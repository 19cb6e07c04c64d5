import { rejectionReasons } from "../../lib/backup/validity";
import { type DatedRecord, MarkKind, timelineOf } from "../../lib/report/timeline";

const now = "2026-03-20T12:00:00Z";
const ms = (instant: string): number => Date.parse(instant);

function record(time: string, verdict: DatedRecord["verdict"]): DatedRecord {
  return { time, verdict };
}

function backupOf(dataTime: string, more: object = {}) {
  return { crossBackupId: "1", dataTime, dataTimeEstimated: false, restoreRegions: [], unreadable: [], ...more };
}

test("shows two weeks, and says how many backups are older", () => {
  const records = [record("2026-03-20T02:00:00Z", "latest"), record("2026-03-06T11:59:59Z", "valid")];

  const timeline = timelineOf(
    { records, backup: backupOf("2026-03-20T02:00:00Z"), objectiveHours: 26, logGaps: [] },
    now,
  );

  expect(timeline).toMatchObject({
    from: ms("2026-03-06T12:00:00Z"),
    to: ms(now),
    objective: ms("2026-03-19T10:00:00Z"),
    marks: { chosen: [ms("2026-03-20T02:00:00Z")] },
    older: 1,
  });
});

test("shows the backup that would be used, however old", () => {
  const dataTime = "2025-03-20T12:00:00Z";

  const timeline = timelineOf(
    { records: [record(dataTime, "latest")], backup: backupOf(dataTime), objectiveHours: 26, logGaps: [] },
    now,
  );

  expect(timeline?.from).toBeLessThan(ms(dataTime));
  expect(timeline?.older).toBe(0);
});

test.each(rejectionReasons)("marks a backup that is rejected as %s", (reason) => {
  const timeline = timelineOf(
    { records: [record(now, reason)], backup: undefined, objectiveHours: 26, logGaps: [] },
    now,
  );

  const kinds = Object.keys(timeline?.marks ?? {});
  expect(kinds).toHaveLength(1);
  expect([MarkKind.OTHER_TYPE, MarkKind.FAILED, MarkKind.ELSEWHERE, MarkKind.UNREADABLE]).toContain(kinds[0]);
});

test("shows a time that lies ahead at the end", () => {
  const timeline = timelineOf(
    { records: [record("2027-01-01T00:00:00Z", "in-the-future")], backup: undefined, objectiveHours: 26, logGaps: [] },
    now,
  );

  expect(timeline?.marks.unreadable).toEqual([ms(now)]);
});

test("shows logs up to the first gap and between gaps, and nothing that nobody knows", () => {
  const [a, b, c, d] = ["02", "04", "06", "08"].map((hour) => `2026-03-20T${hour}:00:00Z`);
  const dataTime = "2026-03-20T01:00:00Z";
  const recoveryGaps = [
    { start: a ?? "", end: b ?? "" },
    { start: c ?? "", end: d ?? "" },
  ];

  const timeline = timelineOf(
    {
      records: [record(dataTime, "latest")],
      backup: backupOf(dataTime, { recoverableUntil: a, recoveryGaps }),
      objectiveHours: 26,
      logGaps: recoveryGaps,
    },
    now,
  );

  expect(timeline?.logs).toEqual([
    { from: ms(dataTime), to: ms(a ?? "") },
    { from: ms(b ?? ""), to: ms(c ?? "") },
  ]);
  expect(timeline?.gaps).toEqual([
    { from: ms(a ?? ""), to: ms(b ?? "") },
    { from: ms(c ?? ""), to: ms(d ?? "") },
  ]);
});

test("shows a log copy that stopped as a gap up to now", () => {
  const [dataTime, end] = ["2026-03-20T01:00:00Z", "2026-03-20T03:00:00Z"];

  const timeline = timelineOf(
    {
      records: [record(dataTime, "latest")],
      backup: backupOf(dataTime, { recoverableUntil: end, recoveryGaps: [] }),
      objectiveHours: 26,
      logGaps: [{ start: end }],
    },
    now,
  );

  expect(timeline?.logs).toEqual([{ from: ms(dataTime), to: ms(end) }]);
  expect(timeline?.gaps).toEqual([{ from: ms(end), to: ms(now) }]);
});

test("is not there if no backup has a time", () => {
  expect(timelineOf({ records: [], backup: undefined, objectiveHours: 26, logGaps: [] }, now)).toBeUndefined();
});
