import { recoveryWindowOf } from "../../lib/backup/recovery-window";
import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { selfContradiction } from "../../lib/lock/contradictions";
import { wholeBackup } from "./locked-backups";

/** As a refresh locks it. */
const backup: RestorableBackup = { ...wholeBackup, dataTimeEstimated: false, unreadable: [] };
const { backupStartTime: start } = wholeBackup;
const now = "2024-03-10T12:00:00Z";

describe("a window that a refresh locks does not contradict its backup", () => {
  const hour = (hours: number): string =>
    new Date(Date.parse(start) + hours * 3_600_000).toISOString().slice(0, 19) + "Z";
  const times = [-2, -0.5, 0, 0.01, 0.5, 1, 2, 5].map(hour);
  const backups: readonly RestorableBackup[] = [
    backup,
    { ...backup, dataTime: start, dataTimeEstimated: true },
    { ...backup, dataTime: start, dataTimeEstimated: true, backupEndTime: hour(3) },
    { ...backup, dataTime: start, dataTimeEstimated: true, backupEndTime: "2001-01-01T00:00:00Z" },
  ];

  test.each(backups)("%#", (locked) => {
    const pairs = times.flatMap((begin) => times.map((end) => ({ begin, end })));
    for (const { begin, end } of pairs) {
      for (const reported of pairs) {
        for (const readAt of [hour(0), hour(1.5), hour(9)]) {
          const logs = [
            { logBeginTime: hour(-1), logEndTime: hour(0.2) },
            { logBeginTime: begin, logEndTime: end },
          ];
          const ofRds = { recoveryBeginTime: reported.begin, recoveryEndTime: reported.end };
          const window = recoveryWindowOf(locked, logs, ofRds, readAt);
          const flaw = selfContradiction({ ...locked, ...window }, { now, changedAt: readAt });
          expect(flaw === undefined ? undefined : { flaw, window, logs, ofRds, readAt }).toBeUndefined();
        }
      }
    }
  });
});
