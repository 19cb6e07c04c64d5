import { App, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";

/** A primary database, as "context" in cdktf.json describes it. */
interface Database {
  readonly name: string;
  readonly dbInstanceId: string;
  /** Region of the primary. */
  readonly regionId: string;
  /** Region in which it must be possible to build the replacement. */
  readonly restoreRegion: string;
  /** Region in which we would rather have it, where the backup can be restored there too. */
  readonly preferredRegion: string;
}

const app = new App();
const databases = app.node.getContext("databases") as readonly Database[];

// The primaries' side: one lookup for each database. Its outputs carry the ids to other apps.
const lookup = new TerraformStack(app, "lookup");
const backups = databases.map(({ name, dbInstanceId, regionId, restoreRegion }) => {
  return new LatestCrossRegionBackup(lookup, name, {
    dbInstanceId,
    regionId,
    restoreRegion,
    maxAgeHours: 26,
  });
});

// The other side: a stack for each region that a replacement is built in. The first question that needs a
// concrete value settles every lookup above, in one wait.
const stacks = new Map<string, TerraformStack>();
databases.forEach(({ name, restoreRegion, preferredRegion }, index) => {
  const backup = backups[index];
  if (backup === undefined) {
    return;
  }
  const region = backup.canRestoreTo(preferredRegion) ? preferredRegion : restoreRegion;
  const stack = stacks.get(region) ?? new TerraformStack(app, `dr-${region}`);
  stacks.set(region, stack);

  const backupSetId = new TerraformLocal(stack, `${name}_backup_set_id`, backup.crossBackupId);
  new TerraformOutput(stack, `${name}_restore`, {
    staticId: true,
    description: `What the replacement of ${name} is built from, and where`,
    value: { region, backup_set_id: backupSetId.asString, data_time: backup.dataTime, engine: backup.engine },
  });
});

app.synth();
