/** An app whose lookups are about one instance: identical ones, or such as differ in what they select. */
import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "cdktf-alicloud-rds-dr";
import { instanceIds, regionId, restoreRegion } from "../fleet";

const [dbInstanceId = ""] = instanceIds(1);
const selections: readonly Partial<LatestCrossRegionBackupProps>[] =
  process.env["BENCH_SHARING"] === "identical"
    ? [{}, {}, {}]
    : [{}, { restoreRegion }, { restoreRegion: regionId }, { maxAgeHours: 26 }, { maxAgeHours: 48 }];

const app = new App();
const stack = new TerraformStack(app, "lookup");
selections.forEach((selection, index) => {
  new LatestCrossRegionBackup(stack, `backup${index}`, { dbInstanceId, regionId, ...selection });
});
app.synth();
