import { TerraformStack } from "cdktf";
import { AlicloudProvider, Vpc, Vswitch } from "cdktf-alicloud-rds-dr/alicloud";
import type { Construct } from "constructs";

/** The stack of a region, with the network of its replacements. */
export class RecoveryStack extends TerraformStack {
  readonly vpc: Vpc;
  readonly vswitch: Vswitch;

  constructor(
    scope: Construct,
    readonly region: string,
    zoneId: string,
  ) {
    const name = `dr-${region}`;
    super(scope, name);
    new AlicloudProvider(this, "alicloud", {
      region,
      // Without these, the provider asks central services when it starts, and in an outage each plan waits for them.
      accountType: String(this.node.getContext("accountType")),
      endpoints: [{ rds: `rds.${region}.aliyuncs.com`, vpc: `vpc.${region}.aliyuncs.com` }],
    });
    // The version of the bindings, and no later one: a night of an outage is no time for an upgrade.
    this.addOverride("terraform.required_providers.alicloud.version", "1.289.0");
    this.vpc = new Vpc(this, "vpc", { vpcName: name, cidrBlock: "10.0.0.0/8" });
    this.vswitch = new Vswitch(this, "vswitch", {
      vswitchName: name,
      vpcId: this.vpc.id,
      zoneId,
      cidrBlock: "10.1.0.0/16",
    });
  }
}
