import { App, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { RecoveryStack } from "./recovery-stack";

/** A primary database, as "context" in cdktf.json describes it. */
interface Database {
  readonly name: string;
  readonly dbInstanceId: string;
  /** Region of the primary. */
  readonly regionId: string;
  /** The replacement must be possible in this region. */
  readonly restoreRegion: string;
  /** We prefer the replacement in this region, if the backup can be restored there too. */
  readonly preferredRegion: string;
  /** What Terraform builds; absent for PostgreSQL, which it cannot restore. */
  readonly replacement?: Replacement;
}

/** The instance that replaces a primary. */
interface Replacement {
  readonly instanceClass: string;
  readonly storageGb: number;
  /** Set it if the record of the backup does not contain it. */
  readonly storageType?: string;
}

const app = new App();
const databases = app.node.getContext("databases") as readonly Database[];
/** The zone of the vswitch, by region. */
const zones = app.node.getContext("zones") as Readonly<Record<string, string>>;

// The side of the primaries: one lookup for each database. Other apps read the ids from its outputs.
const lookup = new TerraformStack(app, "lookup");
const backups = databases.map(({ name, dbInstanceId, regionId, restoreRegion }) => {
  return new LatestCrossRegionBackup(lookup, name, {
    dbInstanceId,
    regionId,
    restoreRegion,
    maxAgeHours: 26,
  });
});

// The other side: a stack for each region that gets a replacement. The first call that needs a concrete value settles
// every lookup above, in one wait. The newest backup decides the region: once an instance exists, pin its backup, so that
// the region stays.
const stacks = new Map<string, RecoveryStack>();
databases.forEach(({ name, restoreRegion, preferredRegion, replacement }, index) => {
  const backup = backups[index];
  if (backup === undefined) {
    return;
  }
  const region = backup.canRestoreTo(preferredRegion) ? preferredRegion : restoreRegion;
  const stack = stacks.get(region) ?? new RecoveryStack(app, region, zoneOf(region));
  stacks.set(region, stack);
  if (replacement === undefined) {
    handOver(stack, name, backup);
    return;
  }
  new DisasterRecoveryInstance(stack, `${name}-dr`, {
    backup,
    regionId: region,
    ...replacement,
    vswitchId: stack.vswitch.id,
    securityIps: [stack.vpc.cidrBlock],
  });
});

app.synth();

function zoneOf(region: string): string {
  const zone = zones[region];
  if (zone === undefined) {
    throw new Error(`"zones" in cdktf.json has no zone of ${region}, the region of a replacement`);
  }
  return zone;
}

/** Outputs what a restore without Terraform needs. */
function handOver(stack: RecoveryStack, name: string, backup: LatestCrossRegionBackup): void {
  const backupSetId = new TerraformLocal(stack, `${name}_backup_set_id`, backup.crossBackupId);
  new TerraformOutput(stack, `${name}_restore`, {
    staticId: true,
    description: `What the replacement of ${name} is built from, and where`,
    value: {
      region: stack.region,
      vswitch_id: stack.vswitch.id,
      backup_set_id: backupSetId.asString,
      engine: backup.engine,
      engine_version: backup.engineVersion,
      data_time: backup.dataTime,
    },
  });
}
