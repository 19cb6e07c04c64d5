import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";

const app = new App();
const context = (key: string): string => String(app.node.getContext(key));

const stack = new TerraformStack(app, "lookup");

// A file, so that the example runs anywhere. Yours: an OssBackend in the region of the restore, see README.md.
new LocalBackend(stack, { path: join(__dirname, "..", "terraform.lookup.tfstate") });

// One for each database. The names of its outputs begin with its id, so that the other app finds them.
new LatestCrossRegionBackup(stack, "orders", {
  dbInstanceId: context("dbInstanceId"),
  regionId: context("regionId"),
  restoreRegion: context("restoreRegion"),
  maxAgeHours: 26,
});

app.synth();
