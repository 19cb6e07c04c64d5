import { brokenWindowOf } from "../../../lib/constructs/disaster-recovery-instance/point-in-time";

const facts = {
  crossBackupId: "12490124",
  dataTime: "2026-01-01T02:00:00Z",
  recoverableUntil: "2026-01-01T20:00:00Z",
};

test.each(["2026-01-01T02:00:00Z", "2026-01-01T11:30:00Z", "2026-01-01T20:00:00Z"])(
  "a backup can be restored to %s, within its window",
  (restoreTime) => {
    expect(brokenWindowOf(facts, restoreTime)).toBeUndefined();
  },
);

test("a time before the data of the backup is refused, with the way to an earlier one", () => {
  expect(brokenWindowOf(facts, "2026-01-01T01:59:59Z")).toEqual({
    code: "OutsideRecoveryWindow",
    message:
      'restoreTime is "2026-01-01T01:59:59Z", but the backup 12490124 and its logs can be restored from 2026-01-01T02:00:00Z to 2026-01-01T20:00:00Z',
    hint: 'look up with notAfter: "2026-01-01T01:59:59Z", which chooses a backup from before',
  });
});

test.each([
  [
    "2026-01-01T02:00:05Z",
    /^set it to 2026-01-01T03:00:00Z or a later time, or .+notAfter before 2026-01-01T02:00:00Z/,
  ],
  ["2026-01-01T01:00:00Z", /^look up with notAfter: "2026-01-01T01:00:00Z"/],
])("a time before the window, which begins after the data time, is refused: %s", (restoreTime, hint) => {
  const broken = brokenWindowOf({ ...facts, recoverableFrom: "2026-01-01T03:00:00Z" }, restoreTime);

  expect(broken?.code).toBe("OutsideRecoveryWindow");
  expect(broken?.message).toContain("from 2026-01-01T03:00:00Z to 2026-01-01T20:00:00Z");
  expect(broken?.hint).toMatch(hint);
  expect(
    brokenWindowOf({ ...facts, recoverableFrom: "2026-01-01T03:00:00Z" }, "2026-01-01T03:00:00Z"),
  ).toBeUndefined();
});

test("a window that ends before it begins holds no point in time, and says so", () => {
  const broken = brokenWindowOf(
    { ...facts, recoverableFrom: "2026-01-01T20:00:01Z" },
    "2026-01-01T20:00:00Z",
  );

  expect(broken?.message).toContain(
    "to no point in time that is known: its data may be as late as 2026-01-01T20:00:01Z, and the logs lead no further than 2026-01-01T20:00:00Z",
  );
  expect(broken?.hint).toMatch(/^restore the backup as it is/);
});

test("a time after the window is refused, with the gaps of the logs", () => {
  const recoveryGaps = [
    { start: "2026-01-01T20:00:00Z", end: "2026-01-01T21:00:00Z" },
    { start: "2026-01-01T23:00:00Z" },
  ];

  const broken = brokenWindowOf({ ...facts, recoveryGaps }, "2026-01-01T22:00:00Z");

  expect(broken?.code).toBe("OutsideRecoveryWindow");
  expect(broken?.message).toContain(
    "to 2026-01-01T20:00:00Z, as no log covers the time from 2026-01-01T20:00:00Z to 2026-01-01T21:00:00Z, from 2026-01-01T23:00:00Z on",
  );
  expect(broken?.hint).toContain("recoverableUntil of the backup for the latest possible");
});

test.each([{ dataTime: undefined }, { recoverableUntil: undefined }])(
  "a window that nobody knows is refused: %p",
  (unknown) => {
    const broken = brokenWindowOf({ ...facts, ...unknown }, "2026-01-01T11:30:00Z");

    expect(broken?.code).toBe("NoRecoveryWindow");
    expect(broken?.hint).toContain("recoveryWindow: true");
  },
);
