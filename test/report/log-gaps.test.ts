import { type LogGap, logGapsOf, logGapText } from "../../lib/report/log-gaps";

const now = "2026-03-20T12:00:00Z";
const dataTime = "2026-03-20T01:00:00Z";

function gapsOf(facts: object, logBackupEnabled?: boolean): readonly LogGap[] {
  const backup = { crossBackupId: "1", dataTime, dataTimeEstimated: false, restoreRegions: [], unreadable: [] };
  return logGapsOf({ ...backup, recoveryGaps: [], ...facts }, logBackupEnabled, now);
}

const between = { start: "2026-03-20T02:00:00Z", end: "2026-03-20T03:00:00Z" };

test.each<[string, object, boolean | undefined, readonly LogGap[]]>([
  ["the window was not looked up", { recoverableUntil: undefined }, true, []],
  ["the last log is of eight hours ago", { recoverableUntil: "2026-03-20T04:00:00Z" }, true, []],
  [
    "the last log is a second older",
    { recoverableUntil: "2026-03-20T03:59:59Z" },
    true,
    [{ start: "2026-03-20T03:59:59Z" }],
  ],
  ["no log follows, though they are copied", { recoverableUntil: dataTime }, true, [{ start: dataTime }]],
  [
    "no log follows, and nobody knows whether they are copied",
    { recoverableUntil: dataTime },
    undefined,
    [{ start: dataTime }],
  ],
  ["no log follows, as they are not copied", { recoverableUntil: dataTime }, false, []],
  [
    "copying stopped after some logs",
    { recoverableUntil: "2026-03-20T02:00:00Z" },
    false,
    [{ start: "2026-03-20T02:00:00Z" }],
  ],
  ["there is a gap between logs", { recoverableUntil: between.start, recoveryGaps: [between] }, true, [between]],
  [
    "RDS restores less than the logs cover",
    { recoverableUntil: "2026-03-20T02:00:00Z", recoveryGaps: [{ start: "2026-03-20T02:00:00Z" }, between] },
    true,
    [{ start: "2026-03-20T02:00:00Z" }],
  ],
])("finds the gaps if %s", (_, facts, logBackupEnabled, gaps) => {
  expect(gapsOf(facts, logBackupEnabled)).toEqual(gaps);
});

test("says a gap in words", () => {
  expect([between, { start: now }].map(logGapText)).toEqual([
    "no log from 2026-03-20T02:00:00Z to 2026-03-20T03:00:00Z",
    "no usable log after 2026-03-20T12:00:00Z",
  ]);
});
