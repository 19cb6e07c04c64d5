import { explainExpiry } from "../../lib/lock/locked-answers";
import { fullBackup } from "../backup/records";

const backup = {
  ...fullBackup({ backupStartTime: "2024-03-01T00:00:00Z" }),
  crossBackupId: "14562",
  dataTime: "2024-03-01T06:00:00Z",
  dataTimeEstimated: false,
};

const remedy = 'see whether it is there with "npx rds-dr check", and get a newer one with "npx rds-dr refresh"';
const soon = `the locked backup 14562, kept for 7 days, expires at 2024-03-08T00:00:00Z: ${remedy}`;
const over = `the locked backup 14562, kept for 7 days, has expired at 2024-03-08T00:00:00Z: ${remedy}`;

test.each([
  ["2024-03-01T00:00:00Z", undefined],
  ["2024-03-04T23:59:59Z", undefined],
  ["2024-03-05T00:00:00Z", soon],
  ["2024-03-07T23:59:59Z", soon],
  ["2024-03-08T00:00:00Z", over],
  ["2031-01-01T00:00:00Z", over],
])("at %s, a backup of 1 March that is kept for 7 days: %s", (now, explanation) => {
  expect(explainExpiry(backup, 7, now)).toBe(explanation);
});

test("the days count from the data time if no start is known", () => {
  const { crossBackupId, dataTime, dataTimeEstimated, restoreRegions } = backup;
  const short = { crossBackupId, dataTime, dataTimeEstimated, restoreRegions, unreadable: [] };

  expect(explainExpiry(short, 7, "2024-03-08T05:59:59Z")).toContain("expires at 2024-03-08T06:00:00Z");
  expect(explainExpiry(short, 7, "2024-03-08T06:00:00Z")).toContain("has expired at 2024-03-08T06:00:00Z");
});

test("nothing is said if nobody knows how long it is kept", () => {
  expect(explainExpiry(backup, undefined, "2031-01-01T00:00:00Z")).toBeUndefined();
});
