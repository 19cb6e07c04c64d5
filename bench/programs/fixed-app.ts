/** The app of the lookups, with literal strings in the place of the lookups. */
import { App, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { readLiterals } from "./literals";

const app = new App();
const stack = new TerraformStack(app, "lookup");
for (const [id, outputs] of Object.entries(readLiterals())) {
  const valueOf = (name: string): unknown => outputs.find(({ suffix }) => suffix === name)?.value;
  const facts = valueOf("backup") as Readonly<Record<string, string>>;
  LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, id, {
    crossBackupId: valueOf("cross_backup_id") as string,
    restoreRegions: valueOf("restore_regions") as string[],
    dbInstanceId: facts["db_instance_id"],
    regionId: facts["region_id"],
    dataTime: facts["data_time"],
    backupStartTime: facts["backup_start_time"],
    backupEndTime: facts["backup_end_time"],
    crossBackupRegion: facts["cross_backup_region"],
    crossBackupSetFile: facts["cross_backup_set_file"],
    engine: facts["engine"],
    engineVersion: facts["engine_version"],
    category: facts["category"],
    dbInstanceStorageType: facts["db_instance_storage_type"],
  });
}
app.synth();
