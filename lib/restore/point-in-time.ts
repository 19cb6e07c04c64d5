import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { Instant } from "../backup/instant";
import type { BrokenRule } from "./restore-rules";

type Facts = Partial<CrossRegionBackup>;

/** Why a backup and its logs cannot be restored to a point in time; undefined where they can. Pure. */
export function brokenWindowOf(
  { crossBackupId = "", dataTime, recoverableUntil, recoveryGaps = [] }: Facts,
  restoreTime: Instant,
): BrokenRule | undefined {
  if (dataTime === undefined || recoverableUntil === undefined) {
    return {
      code: "NoRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but nobody knows to which points in time the backup ${crossBackupId} and its logs can be restored`,
      hint: "look it up with recoveryWindow: true; of a backup that is named, tell dataTime and recoverableUntil",
    };
  }
  const window = `the backup ${crossBackupId} and its logs can be restored from ${dataTime} to ${recoverableUntil}`;
  if (restoreTime < dataTime) {
    return {
      code: "OutsideRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but ${window}`,
      hint: `look up with notAfter: "${restoreTime}", which chooses a backup from before`,
    };
  }
  if (restoreTime > recoverableUntil) {
    const gaps = recoveryGaps.map(
      ({ from, until }) => `from ${from}${until === undefined ? " on" : ` to ${until}`}`,
    );
    const missing = gaps.length === 0 ? "" : `, as no log covers the time ${gaps.join(", ")}`;
    return {
      code: "OutsideRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but ${window}${missing}`,
      hint: "set it to that time or an earlier one, or to recoverableUntil of the backup for the latest possible",
    };
  }
  return undefined;
}
