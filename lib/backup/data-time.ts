import type { Instant } from "./instant";
import type { CrossRegionBackupRecord } from "./record-fields";

/** The point to which a restore of a backup brings the data. */
export interface DataTime {
  readonly instant: Instant;
  /** True if the record has no plausible ConsistentTime, so that the start of the backup replaces it. */
  readonly estimated: boolean;
}

/**
 * The data time of a record: ConsistentTime if it lies between the start and the end of the backup, else
 * BackupStartTime, which never flatters the recovery point. Undefined if the start cannot be read.
 */
export function dataTimeOf(record: CrossRegionBackupRecord): DataTime | undefined {
  const { backupStartTime: start, backupEndTime: end, consistentTime } = record;
  if (start === undefined) {
    return undefined;
  }
  const plausible =
    consistentTime !== undefined && end !== undefined && start <= consistentTime && consistentTime <= end;
  return plausible ? { instant: consistentTime, estimated: false } : { instant: start, estimated: true };
}
