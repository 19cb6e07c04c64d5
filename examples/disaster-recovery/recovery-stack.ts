import { TerraformStack } from "cdktf";
import { AlicloudProvider, Vpc, Vswitch } from "cdktf-alicloud-rds-dr/alicloud";
import type { Construct } from "constructs";

/** The stack of a region with replacements. */
export class RecoveryStack extends TerraformStack {
  private vswitch: Vswitch | undefined;

  constructor(scope: Construct, region: string) {
    super(scope, `dr-${region}`);
    new AlicloudProvider(this, "alicloud", {
      region,
      // Without these, the provider asks central services when it starts, and in an outage each plan waits for them.
      accountType: String(this.node.getContext("accountType")),
      endpoints: [{ rds: `rds.${region}.aliyuncs.com`, vpc: `vpc.${region}.aliyuncs.com` }],
    });
    // The version of the bindings, and no later one: a night of an outage is no time for an upgrade.
    this.addOverride("terraform.required_providers.alicloud.version", "1.289.0");
  }

  /** The vswitch of the replacements that Terraform restores. The first of them makes it, in its VPC. */
  vswitchIn(zoneId: string, cidrBlock: string): Vswitch {
    this.vswitch ??= new Vswitch(this, "vswitch", {
      vswitchName: this.node.id,
      vpcId: new Vpc(this, "vpc", { vpcName: this.node.id, cidrBlock }).id,
      zoneId,
      cidrBlock: "10.1.0.0/16",
    });
    return this.vswitch;
  }
}
