export type { RestorableBackup } from "./backup/restorable-backup";
export type { CrossRegionBackupFile, CrossRegionBackupRecord, UnreadableField } from "./backup/record-fields";
export type { RecoveryGap } from "./backup/recovery-window";
export { CrossRegionBackup, type ICrossRegionBackup } from "./constructs/cross-region-backup";
export { CrossRegionBackupPolicy, type CrossRegionBackupPolicyProps } from "./constructs/cross-region-backup-policy";
export { CrossRegionBackups, type CrossRegionBackupsProps } from "./constructs/cross-region-backups";
export { DisasterRecoveryInstance } from "./constructs/disaster-recovery-instance/disaster-recovery-instance";
export {
  PaymentType,
  type DisasterRecoveryInstanceProps,
  type PointInTime,
  RestoreVia,
} from "./constructs/disaster-recovery-instance/props";
export type { CrossRegionBackupAttributes } from "./constructs/known-cross-region-backup";
export { DiscoveredInstances, type DiscoveredInstancesProps } from "./constructs/discovered-instances";
export { OnStale } from "./lock/mode";
export { LatestCrossRegionBackup } from "./constructs/latest-cross-region-backup";
export type { SourceInstance } from "./backup/source-instance";
export type { LatestCrossRegionBackupProps, LookupProps, RestorePreflight } from "./constructs/lookup-props";
export type { RemoteCrossRegionBackupProps } from "./constructs/remote-cross-region-backup";
export type { OutputOptions } from "./synthesis/outputs";
export * as alicloud from "./alicloud";
export { TestAnswers, type TestRestore } from "./testing/test-answers";
export type { TestBackup } from "./testing/test-backup";
