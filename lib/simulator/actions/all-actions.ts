import type { Action } from "./action";
import { checkCreateDdrDbInstance } from "./check-create-ddr-db-instance";
import { describeAvailableRecoveryTime } from "./describe-available-recovery-time";
import { describeCrossRegionBackupDbInstance } from "./describe-cross-region-backup-db-instance";
import { describeCrossRegionBackups } from "./describe-cross-region-backups";
import { describeCrossRegionLogBackupFiles } from "./describe-cross-region-log-backup-files";
import { describeInstanceCrossBackupPolicy } from "./describe-instance-cross-backup-policy";

/** Every action that the simulator knows, by name. */
export const allActions: ReadonlyMap<string, Action> = new Map([
  ["CheckCreateDdrDBInstance", checkCreateDdrDbInstance],
  ["DescribeAvailableRecoveryTime", describeAvailableRecoveryTime],
  ["DescribeCrossRegionBackupDBInstance", describeCrossRegionBackupDbInstance],
  ["DescribeCrossRegionBackups", describeCrossRegionBackups],
  ["DescribeCrossRegionLogBackupFiles", describeCrossRegionLogBackupFiles],
  ["DescribeInstanceCrossBackupPolicy", describeInstanceCrossBackupPolicy],
]);
