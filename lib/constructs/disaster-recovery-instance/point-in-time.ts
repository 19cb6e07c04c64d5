import type { Instant } from "../../backup/instant";
import type { RestorableBackup } from "../../backup/restorable-backup";
import type { BrokenRule } from "./rules";

type Facts = Partial<RestorableBackup>;

/** Why a backup and its logs cannot be restored to a point in time; undefined where they can. Pure. */
export function brokenWindowOf(
  { crossBackupId = "", dataTime, recoverableFrom = dataTime, recoverableUntil, recoveryGaps = [] }: Facts,
  restoreTime: Instant,
): BrokenRule | undefined {
  if (recoverableFrom === undefined || recoverableUntil === undefined) {
    return {
      code: "NoRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but nobody knows to which points in time the backup ${crossBackupId} and its logs can be restored`,
      hint: "look it up with recoveryWindow: true; of a backup that is named, tell dataTime and recoverableUntil",
    };
  }
  if (recoverableFrom > recoverableUntil) {
    return {
      code: "OutsideRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but the backup ${crossBackupId} and its logs can be restored to no point in time that is known: its data may be as late as ${recoverableFrom}, and the logs lead no further than ${recoverableUntil}`,
      hint: `restore the backup as it is, without pointInTime, or look up with notAfter: "${restoreTime}", which chooses a backup from before`,
    };
  }
  const window = `the backup ${crossBackupId} and its logs can be restored from ${recoverableFrom} to ${recoverableUntil}`;
  if (restoreTime < recoverableFrom) {
    return {
      code: "OutsideRecoveryWindow",
      message: `restoreTime is "${restoreTime}", but ${window}`,
      hint:
        dataTime === undefined || restoreTime < dataTime
          ? `look up with notAfter: "${restoreTime}", which chooses a backup from before`
          : `set it to ${recoverableFrom} or a later time, or look up with a notAfter before ${dataTime}, which chooses a backup from before`,
    };
  }
  if (restoreTime > recoverableUntil) {
    const gaps = recoveryGaps.map(
      ({ start, end }) => `from ${start}${end === undefined ? " on" : ` to ${end}`}`,
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
