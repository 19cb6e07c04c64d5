import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { explainWindow, explainWindows } from "../../lib/lookup/recovery-window";
import { fullBackup } from "../backup/records";
import { instance } from "./queries";

const dataTime = "2024-03-05T02:22:54Z";
const end = "2024-03-05T06:00:00Z";
const gap = { start: end, end: "2024-03-05T07:00:00Z" };

function windowed(changes: Partial<RestorableBackup> = {}): RestorableBackup {
  return {
    ...fullBackup(),
    ...{ crossBackupId: "14562", dataTime, dataTimeEstimated: false },
    ...{ recoverableUntil: end, recoveryGaps: [] },
    ...changes,
  };
}

describe("what the recoverable window of a backup lacks is explained", () => {
  test("by each of its gaps", () => {
    const recoveryGaps = [{ start: end }, gap];

    expect(explainWindow(instance, windowed({ recoveryGaps }))).toBe(
      'the backup 14562 of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou can be restored up to 2024-03-05T06:00:00Z, and to no later time: RDS reports 2024-03-05T06:00:00Z as the end, though the logs go on; no log covers the time from 2024-03-05T06:00:00Z to 2024-03-05T07:00:00Z',
    );
  });

  test("by no log that follows, with how to see whether there will be one", () => {
    expect(explainWindow(instance, windowed({ recoverableUntil: dataTime }))).toBe(
      'the backup 14562 of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou can be restored to its data time alone, 2024-03-05T02:22:54Z, as no log follows: look at LogBackupEnabled in "aliyun rds DescribeInstanceCrossBackupPolicy --RegionId cn-hangzhou --DBInstanceId rm-uf6wjk5t8q2vz71ab" to see whether logs are copied',
    );
  });

  test("by its being empty, with the gaps, or how to see whether logs are copied", () => {
    const empty = { recoverableFrom: "2024-03-05T06:00:01Z" };
    const what =
      'the backup 14562 of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou can be restored as it is, but to no known point in time: its data may be as late as 2024-03-05T06:00:01Z, and the logs lead no further than 2024-03-05T06:00:00Z';

    expect(explainWindow(instance, windowed({ ...empty, recoveryGaps: [gap] }))).toBe(
      `${what}, and to no later time: no log covers the time from 2024-03-05T06:00:00Z to 2024-03-05T07:00:00Z`,
    );
    expect(explainWindow(instance, windowed(empty))).toMatch(`${what}, as no log follows: look at LogBackupEnabled`);
  });

  test("not if it lacks nothing, or is not known", () => {
    expect(explainWindow(instance, windowed())).toBeUndefined();
    expect(explainWindow(instance, windowed({ recoverableUntil: undefined, recoveryGaps: undefined }))).toBeUndefined();
  });
});

describe("what those of many backups lack is explained", () => {
  const older = windowed({
    crossBackupId: "2",
    recoveryGaps: [{ start: "2024-03-04T02:00:00Z", end: dataTime }, gap],
  });
  const oldest = windowed({
    crossBackupId: "1",
    recoveryGaps: [{ start: "2024-03-03T02:00:00Z", end: dataTime }, gap],
  });

  test("by each gap once, from where the oldest one meets it", () => {
    expect(explainWindows(instance, [windowed({ recoveryGaps: [gap] }), older, oldest])).toEqual([
      "no log covers the time from 2024-03-03T02:00:00Z to 2024-03-05T02:22:54Z: an older backup cannot be restored to a later time",
      "no log covers the time from 2024-03-05T06:00:00Z to 2024-03-05T07:00:00Z: an older backup cannot be restored to a later time",
    ]);
  });

  test("by no log after the newest", () => {
    const newest = windowed({ recoverableUntil: dataTime });

    expect(explainWindows(instance, [newest, windowed({ recoverableUntil: dataTime })])).toEqual([
      explainWindow(instance, newest),
    ]);
  });

  test("not if they lack nothing, or if there are none", () => {
    expect(explainWindows(instance, [windowed(), windowed()])).toEqual([]);
    expect(explainWindows(instance, [])).toEqual([]);
  });
});
