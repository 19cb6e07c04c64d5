import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";

const app = new App();
const stack = new TerraformStack(app, "sql-server");

// Which instance: from "context" in cdktf.json.
const context = (key: string): string => String(app.node.getContext(key));

const backup = new LatestCrossRegionBackup(stack, "reporting", {
  dbInstanceId: context("dbInstanceId"),
  regionId: context("regionId"),
  crossBackupRegion: context("crossBackupRegion"),
  restoreRegion: context("restoreRegion"),
  // The instance to restore: the lookup asks its region whether it accepts the backup.
  preflight: {
    instanceClass: context("instanceClass"),
    storageGb: Number(context("storageGb")),
    storageType: "local_ssd",
  },
});

const { crossBackupId, crossBackupSetFile, dataTime } = backup.lookUp();
console.error(`restoring from ${crossBackupId}, data of ${dataTime}, file ${crossBackupSetFile ?? "not reported"}`);

app.synth();
