import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupQuery } from "../lookup/query";
import { type Lock, lockedAnswer } from "./locked-answers";

const placeholder = "placeholder-of-RDS_DR_MODE-destroy";

/**
 * What stands for a backup while nothing but a destroy is wanted: the locked one as far as there is one, with a
 * placeholder for each fact that nobody knows. Its id, where none is locked, is one that no restore takes.
 */
export function destroyAnswer(query: LookupQuery, lock: Lock, now: Instant): LookupAnswer {
  if (query.kind === "list") {
    return { status: "listed", records: [] };
  }
  const locked = lockedAnswer(query, lock, now);
  const { regionId, restoreRegion = regionId } = query.request;
  const epoch: Instant = "1970-01-01T00:00:00Z";
  const nothing: RestorableBackup = {
    crossBackupId: "0",
    restoreRegions: [restoreRegion],
    dataTime: epoch,
    dataTimeEstimated: true,
    recoverableFrom: epoch,
    recoverableUntil: epoch,
    recoveryGaps: [],
    backupStartTime: epoch,
    backupEndTime: epoch,
    category: placeholder,
    crossBackupRegion: placeholder,
    crossBackupSetFile: placeholder,
    crossBackupSetSize: 0,
    dbInstanceStorageType: placeholder,
    engine: placeholder,
    engineVersion: placeholder,
    unreadable: [],
  };
  return {
    status: "found",
    backup: locked.status === "found" ? { ...nothing, ...locked.backup } : nothing,
    rejected: [],
    basis: "placeholder",
    warnings: [
      "RDS_DR_MODE=destroy: nothing was looked up, and what is synthesised can only be destroyed with, not deployed",
    ],
  };
}
