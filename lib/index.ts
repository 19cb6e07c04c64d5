export type { CrossRegionBackup } from "./backup/cross-region-backup";
export type { CrossRegionBackupRecord, UnreadableField } from "./backup/cross-region-backup-record";
export type { RecoveryGap } from "./backup/recovery-window";
export type { ICrossRegionBackup } from "./cross-region-backup";
export { CrossRegionBackupPolicy, type CrossRegionBackupPolicyProps } from "./cross-region-backup-policy";
export { CrossRegionBackups, type CrossRegionBackupsProps } from "./cross-region-backups";
export { DisasterRecoveryInstance } from "./disaster-recovery-instance";
export {
  PaymentType,
  type DisasterRecoveryInstanceProps,
  type PointInTime,
} from "./disaster-recovery-instance-props";
export type { CrossBackupIdAttributes } from "./fixed-cross-region-backup";
export { OnStale } from "./frozen/on-stale";
export { LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "./latest-cross-region-backup";
export type { LookupProps } from "./lookup-props";
export type { RestorePreflight } from "./restore-preflight";
export { ErrorKind } from "./rds-api/error-kind";
export type { RemoteCrossRegionBackupProps } from "./remote-cross-region-backup";
export { LookupError, LookupErrors } from "./synthesis/lookup-error";
export type { OutputOptions } from "./synthesis/outputs";
