import type { Action } from "./action";
import { checkCreateDdrDbInstance } from "./check-create-ddr-db-instance";
import { createDdrInstance } from "./create-ddr-instance";
import { describeAvailableRecoveryTime } from "./describe-available-recovery-time";
import { describeCrossRegionBackupDbInstance } from "./describe-cross-region-backup-db-instance";
import { describeCrossRegionBackups } from "./describe-cross-region-backups";
import { describeCrossRegionLogBackupFiles } from "./describe-cross-region-log-backup-files";
import { describeDbInstanceAttribute } from "./describe-db-instance-attribute";
import { describeDbInstances } from "./describe-db-instances";
import { describeInstanceCrossBackupPolicy } from "./describe-instance-cross-backup-policy";
import { describePrice } from "./describe-price";
import { getCallerIdentity } from "./get-caller-identity";

/** Every action that the simulator knows, by name. */
export const allActions: ReadonlyMap<string, Action> = new Map([
  ["CheckCreateDdrDBInstance", checkCreateDdrDbInstance],
  ["CreateDdrInstance", createDdrInstance],
  ["DescribeAvailableRecoveryTime", describeAvailableRecoveryTime],
  ["DescribeCrossRegionBackupDBInstance", describeCrossRegionBackupDbInstance],
  ["DescribeCrossRegionBackups", describeCrossRegionBackups],
  ["DescribeCrossRegionLogBackupFiles", describeCrossRegionLogBackupFiles],
  ["DescribeDBInstanceAttribute", describeDbInstanceAttribute],
  ["DescribeDBInstances", describeDbInstances],
  ["DescribeInstanceCrossBackupPolicy", describeInstanceCrossBackupPolicy],
  ["DescribePrice", describePrice],
  ["GetCallerIdentity", getCallerIdentity],
]);
