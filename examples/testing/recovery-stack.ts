import type { Construct } from "constructs";
import { TerraformStack } from "cdktf";
import {
  DisasterRecoveryInstance,
  LatestCrossRegionBackup,
  type LatestCrossRegionBackupProps,
} from "cdktf-alicloud-rds-dr";
import { AlicloudProvider } from "cdktf-alicloud-rds-dr/alicloud";

/** The lookup of the stack; the tests pass it to the answers. */
export const orders: LatestCrossRegionBackupProps = {
  dbInstanceId: "rm-uf6wjk5t8q2vz71ab",
  regionId: "cn-hangzhou",
  restoreRegion: "cn-shanghai",
  maxAgeHours: 26,
};

/** Restores the latest backup of the orders; an older one than a day and a bit is an error. */
export class RecoveryStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AlicloudProvider(this, "alicloud", { region: "cn-shanghai" });
    new DisasterRecoveryInstance(this, "orders-dr", {
      backup: new LatestCrossRegionBackup(this, "orders", orders),
      regionId: "cn-shanghai",
      instanceClass: "rds.mysql.s3.large",
      storageGb: 100,
      vswitchId: "vsw-uf6xxxx",
      securityIps: ["10.0.0.0/8"],
    });
  }
}
