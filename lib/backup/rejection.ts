/** Why a record is not a valid full backup for what was asked. */
export enum RejectionReason {
  /** BackupType is not `F`. */
  NOT_FULL = "not-full",
  /** BackupSetStatus says anything but success. */
  NOT_SUCCESSFUL = "not-successful",
  /** No status is reported, and there is no end time or no file name, or the size is 0. */
  UNFINISHED = "unfinished",
  /** A backup of a single database, not of the instance. */
  DATABASE_LEVEL = "database-level",
  /** A logical dump: a restore needs a physical backup. */
  LOGICAL = "logical",
  /** No CrossBackupId that a restore could name. */
  NO_ID = "no-id",
  /** A field that decides holds what it cannot mean, such as an engine of `${…}`. */
  MALFORMED = "malformed",
  /** A SQL Server backup whose file does not end in `.zip`. */
  NOT_ZIP = "not-zip",
  /** Stored in another region than the one that was asked for. */
  OTHER_STORAGE_REGION = "other-storage-region",
  /** Can be restored to no region at all. */
  NO_RESTORE_REGION = "no-restore-region",
  /** Cannot be restored to the region that was asked for. */
  OTHER_RESTORE_REGION = "other-restore-region",
  /** A time of the backup is missing or cannot be read. */
  UNREADABLE_TIME = "unreadable-time",
  /** A time of the backup lies more than an hour in the future. */
  IN_THE_FUTURE = "in-the-future",
  /** The data is later than `notAfter`. */
  AFTER_NOT_AFTER = "after-not-after",
  /** The region of the restore, asked beforehand, does not accept it. */
  PREFLIGHT_REFUSED = "preflight-refused",
}

/** A record that was not taken, and why. */
export interface Rejection {
  /** Id of the record; absent where it has none. */
  readonly crossBackupId?: string;
  readonly reason: RejectionReason;
  /** The value that decided, and what it should have been. */
  readonly detail: string;
}

/** How many rejections of each reason are not told one by one. */
export type LeftOut = Readonly<Partial<Record<RejectionReason, number>>>;

/** One line on many rejections: how many records fell to each reason, the most frequent first. */
export function summariseRejections(rejections: readonly Rejection[], leftOut: LeftOut = {}): string {
  const counts = new Map<RejectionReason, number>();
  for (const { reason } of rejections) {
    counts.set(reason, (counts.get(reason) ?? leftOut[reason] ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}
