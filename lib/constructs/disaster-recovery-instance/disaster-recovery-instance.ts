import { Lazy, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { checkFramework } from "../../synthesis/check-framework";
import { checkProps } from "../../synthesis/check-props";
import { checked } from "../../synthesis/lookup-error";
import { LookupRegistry } from "../../synthesis/lookup-registry";
import { addOutputs, checkOutputOptions } from "../../synthesis/outputs";
import { writtenOf } from "../../synthesis/provider-of";
import { settleAtSynthesis } from "../../synthesis/settle-at-synthesis";
import { checkRestoredFrom, checkSubscription, propRules } from "./prop-rules";
import { type DisasterRecoveryInstanceProps } from "./props";
import type { InstanceResource } from "./restored-instance";

/** Loaded late, because an app without such an instance needs none of them, and with one mostly not the last. */
const sources = () => require("./source") as typeof import("./source");
const creation = () => require("./restored-instance") as typeof import("./restored-instance");
const importation = () => require("./imported-instance") as typeof import("./imported-instance");

/**
 * An ApsaraDB RDS instance that Terraform restores once, from a cross-region backup or to a point in time. If the backup
 * changes later, a deploy leaves the instance as it is. To restore again, declare a second one, move over, and remove the
 * first.
 *
 * If something interrupts that deploy, the instance exists, but Terraform does not know it. Look for it with
 * `rds-dr find-instance`, and import it, before you deploy again.
 *
 * The synthesis judges the rules of a restore before it writes a file. For the backup of another app, whose facts only
 * Terraform knows, they are preconditions on the facts of the first try, which Terraform keeps. cdktf cannot write
 * preconditions as HCL, so such a restore fails the synthesis of HCL.
 *
 * Outputs of a construct with the id `orders-dr`: `orders_dr_instance_id`, `orders_dr_connection_string` and
 * `orders_dr_port`. What it was really restored from is in `orders_dr_backup_set_id` or `orders_dr_restore_time`;
 * `unknown` if nobody can know, such as after an import without `restoredFrom`.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { DisasterRecoveryInstance, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
 * import { AlicloudProvider } from "cdktf-alicloud-rds-dr/alicloud";
 *
 * const app = new App();
 * const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", {
 *   dbInstanceId: "rm-uf6wjk5xxxx",
 *   regionId: "cn-hangzhou",
 *   restoreRegion: "cn-shanghai",
 * });
 * const stack = new TerraformStack(app, "dr-cn-shanghai");
 * new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
 * new DisasterRecoveryInstance(stack, "orders-dr", {
 *   backup,
 *   regionId: "cn-shanghai",
 *   instanceClass: "rds.mysql.s3.large",
 *   storageGb: 100,
 *   vswitchId: "vsw-uf6xxxx",
 *   securityIps: ["10.0.0.0/8"],
 * });
 * app.synth();
 *
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/rds_ddr_instance
 */
export class DisasterRecoveryInstance extends Construct {
  /**
   * The resource of the provider, for what the props lack, such as `resource.provider` or
   * `resource.addOverride("storage_auto_scale", "Enable")`. If an argument fails after the restore, Terraform marks the
   * instance as tainted and replaces it. So add what the restore does not need in a later deploy.
   *
   * Add to its lifecycle, as by `resource.addOverride("lifecycle.ignore_changes", ["tags"])`. Another lifecycle in its
   * place removes the guards.
   */
  get resource(): TerraformResource {
    return this.written.resource;
  }

  /**
   * Id of the backup that it was really restored from, or `unknown`; empty after a restore to a point in time. Terraform
   * keeps it as long as the instance has the same id.
   */
  readonly backupSetId: string;
  /**
   * The point in time that it was really restored to, or `unknown`; empty after a restore of a backup as it is. Terraform
   * keeps it as long as the instance has the same id.
   */
  readonly restoreTime: string;

  private readonly written: InstanceResource;

  /** @throws LookupError for a prop that is missing, malformed, or a token that must be a plain value */
  constructor(scope: Construct, id: string, props: DisasterRecoveryInstanceProps) {
    super(scope, id);
    checkFramework(this);
    const { path } = this.node;
    checkProps(path, props, propRules);
    checked(path, () => {
      checkSubscription(props);
      checkRestoredFrom(props);
    });
    checkOutputOptions(this, props);
    const source = sources().restoreSourceOf(this, props);
    const { restoreTime } = source;
    const { knownRestore } = require("./known-restore") as typeof import("./known-restore");
    const restore = knownRestore(this, props, source);
    this.written =
      restore.instance === undefined
        ? creation().restoreInstance(this, props, source)
        : importation().importInstance(this, props, source, restore.instance, restore.intent);
    const { from, ignoreChanges } = this.written;
    this.backupSetId = restoreTime === undefined ? from : "";
    this.restoreTime = restoreTime === undefined ? "" : from;
    this.addInstanceOutputs(props, restoreTime === undefined);
    LookupRegistry.of(this).inspect(this, () => {
      // Terraform must not shrink storage that grows by itself.
      const { storage_auto_scale: scaling = "Disable" } = writtenOf(this.resource);
      if (scaling !== "Disable" && !ignoreChanges.includes("instance_storage")) {
        ignoreChanges.push("instance_storage");
      }
      const { inspectRestore } = require("./inspection") as typeof import("./inspection");
      return inspectRestore(this, this.resource, props, source, ignoreChanges, restore);
    });
    settleAtSynthesis(this);
  }

  /** Id of the instance. */
  get instanceId(): string {
    return this.written.resource.id;
  }

  /** Host name of the instance within its VPC. */
  get connectionString(): string {
    return this.written.resource.connectionString;
  }

  /** Port of the instance. */
  get port(): string {
    return this.written.resource.port;
  }

  private addInstanceOutputs(options: DisasterRecoveryInstanceProps, isOfBackup: boolean): void {
    // Read late, because the resource may get another name until then.
    const late = (produce: () => string): string => Lazy.stringValue({ produce });
    addOutputs(this, options, [
      ["instance_id", "Id of the restored instance", late(() => this.instanceId)],
      ["connection_string", "Host name of the restored instance within its VPC", late(() => this.connectionString)],
      ["port", "Port of the restored instance", late(() => this.port)],
      isOfBackup
        ? ["backup_set_id", "Id of the cross-region backup that was restored", this.backupSetId]
        : ["restore_time", "The point in time that was restored", this.restoreTime],
    ]);
  }
}
