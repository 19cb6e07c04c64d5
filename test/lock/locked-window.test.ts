import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { selfContradiction } from "../../lib/lock/contradictions";
import { withLockedWindow } from "../../lib/lock/reconcile";
import { now } from "../backup/records";
import { locked } from "./locked-and-live";

const window = {
  recoverableFrom: "2024-03-05T05:10:00Z",
  recoverableUntil: "2024-03-05T09:00:00Z",
  recoveryGaps: [{ start: "2024-03-05T09:00:00Z" }],
};
const windowed: RestorableBackup = { ...locked, ...window };

/** The facts of RDS with the window that is locked. */
const withWindow = (backup: RestorableBackup, of: RestorableBackup) => withLockedWindow(backup, of, { now });

describe("the locked window", () => {
  test("stays if RDS was not asked for one", () => {
    expect(withWindow(locked, windowed)).toEqual(windowed);
  });

  test("gives way to the window of RDS", () => {
    const ofRds = { ...windowed, recoverableUntil: "2024-03-05T08:00:00Z", recoveryGaps: [] };

    expect(withWindow(ofRds, windowed)).toEqual(ofRds);
  });

  test("begins no earlier than the data time of RDS", () => {
    const early = { ...windowed, recoverableFrom: "2024-03-05T04:00:00Z" };

    expect(withWindow(locked, early)).toEqual({ ...windowed, recoverableFrom: locked.dataTime });
  });

  test("has no bound that is not locked", () => {
    expect(Object.keys(withWindow(locked, locked))).toEqual(Object.keys(locked));
  });

  test("goes if it contradicts the facts of RDS", () => {
    expect(withWindow(locked, { ...windowed, recoverableUntil: "2024-03-12T09:00:00Z" })).toEqual(locked);
  });
});

describe("a data time after the consistent time of its own backup", () => {
  const start = "2024-03-05T04:00:00Z";
  const backup = { ...locked, backupStartTime: start, consistentTime: "2024-03-05T04:30:00Z" };

  test.each<[string, Partial<RestorableBackup>]>([
    ["", {}],
    [", though it is said to be an estimate", { dataTimeEstimated: true }],
    [", which is the start itself", { consistentTime: start }],
  ])("is a contradiction%s", (_, changes) => {
    expect(selfContradiction({ ...backup, ...changes }, { now })).toMatchObject({
      fact: "dataTime",
      value: locked.dataTime,
    });
  });

  test.each<[string, Partial<RestorableBackup>]>([
    ["if that time is before the start, and so implausible", { consistentTime: "2024-03-05T03:00:00Z" }],
    ["if it is an estimate", { dataTime: start, dataTimeEstimated: true, consistentTime: undefined }],
  ])("is none %s", (_, changes) => {
    expect(selfContradiction({ ...backup, ...changes }, { now })).toBeUndefined();
  });
});
