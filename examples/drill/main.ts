import { App, TerraformStack } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { AlicloudProvider, Vpc, Vswitch } from "cdktf-alicloud-rds-dr/alicloud";

/** A database to rehearse with, as "context" in cdktf.json describes it. */
interface Database {
  readonly name: string;
  readonly dbInstanceId: string;
  readonly regionId: string;
  readonly instanceClass: string;
  readonly storageGb: number;
  readonly storageType?: string;
}

const app = new App();
const context = (key: string): string => String(app.node.getContext(key));
const databases = app.node.getContext("databases") as readonly Database[];
const drill = context("drill");
const restoreRegion = context("restoreRegion");

// This stack contains everything that a drill makes, so that one destroy removes all of it.
const stack = new TerraformStack(app, "drill");
new AlicloudProvider(stack, "alicloud", {
  region: restoreRegion,
  // Without these, the provider asks central services when it starts, and in an outage each plan waits for them.
  accountType: context("accountType"),
  endpoints: [{ rds: `rds.${restoreRegion}.aliyuncs.com`, vpc: `vpc.${restoreRegion}.aliyuncs.com` }],
});
// The version of the bindings, and no later one: a night of an outage is no time for an upgrade.
stack.addOverride("terraform.required_providers.alicloud.version", "1.289.0");

// A network of its own: production cannot reach the copy of its data, and the copy cannot reach production.
const vpc = new Vpc(stack, "vpc", { vpcName: `drill-${drill}`, cidrBlock: "172.16.0.0/12" });
const vswitch = new Vswitch(stack, "vswitch", {
  vswitchName: `drill-${drill}`,
  vpcId: vpc.id,
  zoneId: context("zoneId"),
  cidrBlock: "172.16.0.0/16",
});

for (const { name, dbInstanceId, regionId, ...replacement } of databases) {
  const backup = new LatestCrossRegionBackup(stack, name, {
    dbInstanceId,
    regionId,
    restoreRegion,
    maxAgeHours: 26,
  });
  // The id contains the name of the drill, so that another drill restores anew, whatever the last one left.
  new DisasterRecoveryInstance(stack, `${name}-${drill}`, {
    backup,
    regionId: restoreRegion,
    ...replacement,
    vswitchId: vswitch.id,
    securityIps: [vswitch.cidrBlock],
    instanceName: `drill-${drill}-${name}`,
    outputPrefix: `${name}_drill`,
    protect: false,
  });
}

app.synth();
