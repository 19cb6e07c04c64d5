import { Fn, Op, type Postcondition, TerraformSelf } from "cdktf";
import { Construct } from "constructs";
import type { RdsInstanceCrossBackupPolicy } from "../../.gen/providers/alicloud/rds-instance-cross-backup-policy";
import { writesHcl } from "../synthesis/attributes";
import { checkFramework } from "../synthesis/check-framework";
import { checkProps, type PropRules } from "../synthesis/check-props";
import { type LookupError, misuse } from "../synthesis/lookup-error";
import { LookupRegistry } from "../synthesis/lookup-registry";
import { providerOf } from "../synthesis/provider-of";
import { settleAtSynthesis } from "../synthesis/settle-at-synthesis";
import { checkFlag, checkInstanceId, checkRegionId, checkThat } from "../validation/checks";
import { framework } from "../validation/own-package";
import { lostPreventDestroy } from "./prevent-destroy";

type Bindings = typeof import("../../.gen/providers/alicloud/rds-instance-cross-backup-policy");

/** Fewest and most days that the API keeps a cross-region backup. */
const [fewestDays, mostDays] = [7, 1825];

/** Which instance has its backups copied, and where to. */
export interface CrossRegionBackupPolicyProps {
  /** Id of the instance, such as `rm-uf6wjk5xxxx`. It may be a token, such as the id of a restored instance. */
  readonly dbInstanceId: string;
  /** Region to which RDS copies the backups, such as `cn-shanghai`. It may be a token. */
  readonly crossBackupRegion: string;
  /**
   * How long RDS keeps the copies, 7 to 1825 whole days. Set it if the instance has a policy already.
   *
   * @default - the provider's default applies (7)
   */
  readonly retentionDays?: number;
  /**
   * Whether RDS copies the logs as well, which a restore to a point in time needs. False does not switch them off: logs
   * that are copied already go on being copied.
   *
   * @default true
   */
  readonly logBackup?: boolean;
  /**
   * Whether Terraform refuses every plan that would destroy the policy.
   *
   * @default true
   */
  readonly protect?: boolean;
}

const propRules: PropRules<CrossRegionBackupPolicyProps> = {
  dbInstanceId: { check: checkInstanceId, isRequired: true, mayBeToken: true },
  crossBackupRegion: { check: checkRegionId, isRequired: true, mayBeToken: true },
  retentionDays: {
    check: checkThat(
      (days) => Number.isInteger(days) && Number(days) >= fewestDays && Number(days) <= mostDays,
      `a whole number of days from ${fewestDays} to ${mostDays}`,
    ),
  },
  logBackup: { check: checkFlag },
  protect: { check: checkFlag },
};

/**
 * Has RDS copy the backups of an ApsaraDB RDS instance to another region (resource
 * `alicloud_rds_instance_cross_backup_policy`). Use it for the primary, and for a restored instance once it is the
 * primary.
 *
 * Its provider must be that of the instance's region. While that region is down, Terraform cannot plan a stack with the
 * policy: keep the policy of the primary out of the stack that restores.
 *
 * If somebody switches the copies off outside of Terraform, every plan fails and says so, until they are on again.
 *
 * A destroy of the resource disables the copies, and works only while the instance runs. So the policy has
 * `prevent_destroy`, which also refuses another `dbInstanceId`. Removing the construct from the code removes the guard.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { CrossRegionBackupPolicy } from "cdktf-alicloud-rds-dr";
 * import { AlicloudProvider } from "cdktf-alicloud-rds-dr/alicloud";
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "primary");
 * new AlicloudProvider(stack, "alicloud", { region: "cn-hangzhou" });
 * new CrossRegionBackupPolicy(stack, "orders", {
 *   dbInstanceId: "rm-uf6wjk5xxxx",
 *   crossBackupRegion: "cn-shanghai",
 *   retentionDays: 30,
 * });
 * app.synth();
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-modifyinstancecrossbackuppolicy
 */
export class CrossRegionBackupPolicy extends Construct {
  /** The resource, for all that the props lack: `resource.provider`, `resource.addOverride`, …. */
  readonly resource: RdsInstanceCrossBackupPolicy;

  /** @throws LookupError for a prop that is missing, malformed, or a token that must be a plain value */
  constructor(scope: Construct, id: string, props: CrossRegionBackupPolicyProps) {
    super(scope, id);
    checkFramework(this);
    checkProps(this.node.path, props, propRules);
    const { dbInstanceId, crossBackupRegion, retentionDays, logBackup = true, protect = true } = props;
    // Loaded here, because an app without a policy does not need them.
    const bindings = require("../../.gen/providers/alicloud/rds-instance-cross-backup-policy") as Bindings;
    // Under this id, the name in Terraform is that of the construct.
    this.resource = new bindings.RdsInstanceCrossBackupPolicy(this, "Default", {
      instanceId: dbInstanceId,
      crossBackupRegion,
      retention: retentionDays,
      // The API and the provider do not agree on the word for off.
      logBackupEnabled: logBackup ? "Enable" : undefined,
      lifecycle: { preventDestroy: protect ? true : undefined, postcondition: [copiesAreOn(dbInstanceId)] },
    });
    LookupRegistry.of(this).inspect(this, () => ({
      warnings: writesHcl(this.resource) ? [this.withoutPostcondition()] : [],
      error: this.sameRegion(crossBackupRegion) ?? lostPreventDestroy(this, this.resource, protect),
    }));
    settleAtSynthesis(this);
  }

  /** Removes what cdktf cannot write as HCL, and says so. */
  private withoutPostcondition(): string {
    const { postcondition, ...lifecycle } = this.resource.lifecycle ?? {};
    this.resource.lifecycle = lifecycle;
    return `${framework} cannot write postconditions as HCL: if somebody switches the copies off, no plan says so. Synthesise JSON to have it checked`;
  }

  /** A copy beside the original is lost with it. */
  private sameRegion(crossBackupRegion: string): LookupError | undefined {
    const { path, region } = providerOf(this.resource) ?? {};
    return region === undefined || region !== crossBackupRegion
      ? undefined
      : misuse(
          this.node.path,
          "SameRegion",
          `crossBackupRegion is "${crossBackupRegion}", which is the region of the provider "${path ?? ""}", and so of the instance`,
          "set crossBackupRegion to another region, such as the one to restore to",
        );
  }
}

/**
 * Fails a plan if the copies are off, which the provider does not notice: the state has it as a result only. The words
 * are those of the API; what it may say besides is not judged.
 */
function copiesAreOn(dbInstanceId: string): Postcondition {
  const enabled = Fn.try([Fn.lower(TerraformSelf.getString("backup_enabled")), ""]) as unknown;
  return {
    condition: Op.not(Fn.contains(["disable", "disabled"], enabled)),
    errorMessage: `somebody has switched off the copies of the backups of ${dbInstanceId}, so no new backup reaches the other region. Terraform cannot switch them on again: do it in the RDS console, or with the API's ModifyInstanceCrossBackupPolicy, or remove this policy from the code.`,
  };
}
