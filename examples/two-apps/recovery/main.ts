import { join } from "node:path";
import { App, DataTerraformRemoteStateLocal, Fn, TerraformOutput, TerraformStack, Token } from "cdktf";
import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
import { AlicloudProvider, Vpc, Vswitch } from "cdktf-alicloud-rds-dr/alicloud";

const app = new App();
const context = (key: string): string => String(app.node.getContext(key));
const region = context("regionId");
const name = `dr-${region}`;

const stack = new TerraformStack(app, name);
new AlicloudProvider(stack, "alicloud", {
  region,
  // Without these, the provider asks central services when it starts, and in an outage each plan waits for them.
  accountType: context("accountType"),
  endpoints: [{ rds: `rds.${region}.aliyuncs.com`, vpc: `vpc.${region}.aliyuncs.com` }],
});
// The version of the bindings, and no later one: a night of an outage is no time for an upgrade.
stack.addOverride("terraform.required_providers.alicloud.version", "1.289.0");
const vpc = new Vpc(stack, "vpc", { vpcName: name, cidrBlock: "10.0.0.0/8" });
const vswitch = new Vswitch(stack, "vswitch", {
  vswitchName: name,
  vpcId: vpc.id,
  zoneId: context("zoneId"),
  cidrBlock: "10.1.0.0/16",
});

// The state of the primary's app. Yours: a DataTerraformRemoteStateOss, see README.md.
const remoteState = new DataTerraformRemoteStateLocal(stack, "primary", {
  path: join(__dirname, "..", "terraform.lookup.tfstate"),
});

const backup = LatestCrossRegionBackup.fromRemoteState(stack, "orders", { remoteState });

// Nothing checks its age here, so the plan must show it. Once the instance is there, lost outputs must not stop a plan.
new TerraformOutput(stack, "orders_data_time", {
  staticId: true,
  description: "The point to which the backup that the primary's app looked up last brings the data",
  value: Token.asString(Fn.try([backup.dataTime, "unknown"])),
});

// Only Terraform gets to know the facts. So the rules of a restore are preconditions, and you must name the storage type.
new DisasterRecoveryInstance(stack, "orders-dr", {
  backup,
  regionId: region,
  instanceClass: context("instanceClass"),
  storageGb: Number(context("storageGb")),
  storageType: context("storageType"),
  vswitchId: vswitch.id,
  securityIps: [vpc.cidrBlock],
});

app.synth();
