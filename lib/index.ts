export type { CrossRegionBackup } from "./backup/cross-region-backup";
export type { CrossRegionBackupRecord, UnreadableField } from "./backup/cross-region-backup-record";
export type { ICrossRegionBackup } from "./cross-region-backup";
export { CrossRegionBackups, type CrossRegionBackupsProps } from "./cross-region-backups";
export type { CrossBackupIdAttributes } from "./fixed-cross-region-backup";
export { OnStale } from "./frozen/settings";
export { LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "./latest-cross-region-backup";
export { ErrorKind } from "./rds-api/error-kind";
export { LookupError, LookupErrors } from "./synthesis/lookup-error";
