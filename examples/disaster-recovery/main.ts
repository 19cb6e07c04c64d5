import { App, TerraformStack } from "cdktf";
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
  readonly preferredRegion?: string;
  readonly replacement: Replacement;
  /** A network that exists already, for PostgreSQL: "rds-dr restore" makes the instance before Terraform runs. */
  readonly network?: Network;
}

/** The instance that replaces a primary. */
interface Replacement {
  readonly instanceClass: string;
  readonly storageGb: number;
  /** Set it if the record of the backup does not contain it. */
  readonly storageType?: string;
}

interface Network {
  readonly vpcId: string;
  readonly vswitchId: string;
  readonly zoneId: string;
}

/** The addresses of the replacements' networks: they may connect. */
const cidrBlock = "10.0.0.0/8";

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
// the region stays. A restore by "rds-dr restore" belongs to its region, so PostgreSQL has no preferred one.
const stacks = new Map<string, RecoveryStack>();
databases.forEach(({ name, restoreRegion, preferredRegion, replacement, network }, index) => {
  const backup = backups[index];
  if (backup === undefined) {
    return;
  }
  const isPreferred = preferredRegion !== undefined && backup.canRestoreTo(preferredRegion);
  const region = isPreferred ? preferredRegion : restoreRegion;
  const stack = stacks.get(region) ?? new RecoveryStack(app, region);
  stacks.set(region, stack);
  new DisasterRecoveryInstance(stack, `${name}-dr`, {
    backup,
    regionId: region,
    ...replacement,
    ...(network ?? { vswitchId: stack.vswitchIn(zoneOf(region), cidrBlock).id }),
    securityIps: [cidrBlock],
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
