/** An app with a lookup for each instance, of which the code asks for concrete values before it is synthesised. */
import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { instanceIds, regionId, restoreRegion } from "../fleet";

const app = new App();
const stack = new TerraformStack(app, "lookup");
const backups = instanceIds(Number(process.env["BENCH_INSTANCES"])).map(
  (dbInstanceId) =>
    new LatestCrossRegionBackup(stack, dbInstanceId, {
      dbInstanceId,
      regionId,
      restoreRegion,
      maxAgeHours: 26,
    }),
);
if (process.env["BENCH_CONCRETE"] !== undefined) {
  backups.forEach((backup) => backup.lookUp());
}
app.synth();
