import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";

const app = new App();
const stack = new TerraformStack(app, "latest-backup");

// Which instance: from "context" in cdktf.json.
const context = (key: string): string => String(app.node.getContext(key));

new LatestCrossRegionBackup(stack, "orders", {
  dbInstanceId: context("dbInstanceId"),
  regionId: context("regionId"),
  restoreRegion: context("restoreRegion"),
  maxAgeHours: 26,
});

app.synth();
