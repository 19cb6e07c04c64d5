/** An app with a lookup for each instance. */
import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { instanceIds, regionId } from "../fleet";

const app = new App();
const stack = new TerraformStack(app, "lookup");
for (const dbInstanceId of instanceIds(Number(process.env["SOAK_INSTANCES"]))) {
  new LatestCrossRegionBackup(stack, dbInstanceId, { dbInstanceId, regionId });
}
app.synth();
