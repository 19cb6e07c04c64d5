import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { compareBackups, isOlderThan, toRestorableBackup } from "../../lib/backup/restorable-backup";
import { fullBackup, without } from "./records";

function backupOf(changes: Partial<CrossRegionBackupRecord>) {
  const backup = toRestorableBackup(fullBackup(changes));
  if (backup === undefined) {
    throw new Error("the record of a test is no backup");
  }
  return backup;
}

describe("a record becomes a backup", () => {
  test("with its data time", () => {
    expect(toRestorableBackup(fullBackup())).toEqual({
      ...fullBackup(),
      dataTime: "2024-03-05T02:22:54Z",
      dataTimeEstimated: false,
    });
  });

  test("marked if the data time is an estimate", () => {
    expect(toRestorableBackup(without(fullBackup(), "consistentTime"))).toMatchObject({
      dataTime: "2024-03-05T02:22:45Z",
      dataTimeEstimated: true,
    });
  });

  test.each(["crossBackupId", "backupStartTime"] as const)("only with %s", (field) => {
    expect(toRestorableBackup(without(fullBackup(), field))).toBeUndefined();
  });
});

describe("the age of a backup", () => {
  test.each([
    [26, "2024-03-06T04:22:54Z", false],
    [26, "2024-03-06T04:22:55Z", true],
    [0.5, "2024-03-05T02:53:00Z", true],
    [1, "2024-03-01T00:00:00Z", false],
  ])("within %d hours at %s: too old is %s", (maxAgeHours, now, expected) => {
    expect(isOlderThan("2024-03-05T02:22:54Z", maxAgeHours, now)).toBe(expected);
  });
});

describe("of two backups the better one is", () => {
  test.each<[string, Partial<CrossRegionBackupRecord>, Partial<CrossRegionBackupRecord>]>([
    [
      "the one with the later data, though it ended earlier",
      { consistentTime: "2024-03-05T02:23:00Z", backupEndTime: "2024-03-05T02:23:30Z" },
      { consistentTime: "2024-03-05T02:22:59Z", backupEndTime: "2024-03-05T02:23:37Z" },
    ],
    [
      "with equal data, the one that ended later, though its id is smaller",
      { backupEndTime: "2024-03-05T02:23:38Z", crossBackupId: "1" },
      { backupEndTime: "2024-03-05T02:23:37Z", crossBackupId: "2" },
    ],
    ["with equal times, the one with the greater number", { crossBackupId: "100" }, { crossBackupId: "99" }],
    [
      "with equal times, the greater number beyond 2^53 too",
      { crossBackupId: "9007199254740993" },
      { crossBackupId: "9007199254740992" },
    ],
  ])("%s", (_, better, worse) => {
    expect(Math.sign(compareBackups(backupOf(better), backupOf(worse)))).toBe(-1);
    expect(Math.sign(compareBackups(backupOf(worse), backupOf(better)))).toBe(1);
    expect(compareBackups(backupOf(better), backupOf(better))).toBe(0);
  });
});
