import { TerraformStack } from "cdktf";
import { AlicloudProvider, Vpc, Vswitch } from "cdktf-alicloud-rds-dr/alicloud";
import type { Construct } from "constructs";

/** The stack of a region with replacements. */
export class RecoveryStack extends TerraformStack {
  private vswitch: Vswitch | undefined;

  constructor(scope: Construct, region: string) {
    super(scope, `dr-${region}`);
    new AlicloudProvider(this, "alicloud", { region });
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
