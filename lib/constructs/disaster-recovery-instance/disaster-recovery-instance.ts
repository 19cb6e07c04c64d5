import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { RdsDdrInstance } from "../../../.gen/providers/alicloud/rds-ddr-instance";
import { checkProps } from "../../synthesis/check-props";
import { checked, refuse } from "../../synthesis/lookup-error";
import { LookupRegistry } from "../../synthesis/lookup-registry";
import { addOutputs, checkOutputOptions } from "../../synthesis/outputs";
import { writtenOf } from "../../synthesis/provider-of";
import { settleAtSynthesis } from "../../synthesis/settle-at-synthesis";
import { defaultInstanceName } from "./identity";
import { checkSubscription, type DisasterRecoveryInstanceProps, PaymentType, propRules } from "./props";
import { engineArgument, identityOf, restoreSourceOf, sourceArguments, storageTypeArgument } from "./source";

/**
 * What the instance was made from, and what the cloud changes by itself. Otherwise a newer backup would replace the
 * instance, upgrade it or move its disk, and a switch to its other zone would replace it.
 */
const ignoredAfterCreation = [
  "backup_set_id",
  "engine",
  "engine_version",
  "restore_time",
  "restore_type",
  "source_db_instance_name",
  "source_region",
  "tde_status",
  "vswitch_id",
  "zone_id",
];

const defaultCreateTimeoutHours = 24;

/** Loaded late, because only an instance whose backup another app looked up needs them. */
const preconditions = () => require("./preconditions") as typeof import("./preconditions");

type Bindings = typeof import("../../../.gen/providers/alicloud/rds-ddr-instance");

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
   * `resource.storageAutoScale = "Enable"`. If an argument fails after the restore, Terraform marks the instance as tainted
   * and replaces it. So add what the restore does not need in a later deploy.
   *
   * Add to its lifecycle, as by `resource.addOverride("lifecycle.ignore_changes", ["tags"])`. Another lifecycle in its
   * place removes the guards.
   */
  readonly resource: RdsDdrInstance;

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

  /** @throws LookupError for a prop that is missing, malformed, or a token that must be a plain value */
  constructor(scope: Construct, id: string, props: DisasterRecoveryInstanceProps) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, props, propRules);
    checked(path, () => {
      checkSubscription(props);
    });
    checkOutputOptions(this, props);
    const source = restoreSourceOf(this, props);
    const { backup, restoreTime, frozen } = source;
    const { paymentType = PaymentType.PAY_AS_YOU_GO, protect = true } = props;
    const { storageType = storageTypeArgument(source) } = props;
    if (storageType === undefined) {
      refuse(
        path,
        "StorageTypeNeeded",
        `only Terraform knows the storage type of "${backup.node.path}"`,
        'set storageType to that of the source, such as "local_ssd", or to another type that is sold with the instanceClass',
      );
    }
    const ignoreChanges = [
      ...ignoredAfterCreation,
      ...(props.storageType === undefined ? ["db_instance_storage_type"] : []),
      ...(props.instanceName === undefined ? ["instance_name"] : []),
    ];
    // Loaded here, because an app without such an instance does not need them.
    const { restoredFrom } = require("./restored-from") as typeof import("./restored-from");
    const bindings = require("../../../.gen/providers/alicloud/rds-ddr-instance") as Bindings;
    this.resource = new bindings.RdsDdrInstance(this, "Default", {
      ...sourceArguments(source),
      engine: engineArgument(source),
      engineVersion: backup.engineVersion,
      instanceName: props.instanceName ?? defaultInstanceName(path, identityOf(path, source, props)),
      instanceType: props.instanceClass,
      instanceStorage: props.storageGb,
      dbInstanceStorageType: storageType,
      vswitchId: props.vswitchId,
      securityIps: props.securityIps,
      paymentType,
      period: props.subscriptionMonths,
      resourceGroupId: props.resourceGroupId,
      encryptionKey: props.encryptionKey,
      // The provider changes it only for instances paid by the hour; false is written, so that a drill can lift it.
      deletionProtection: paymentType === PaymentType.PAY_AS_YOU_GO ? protect : undefined,
      timeouts: { create: `${props.createTimeoutHours ?? defaultCreateTimeoutHours}h` },
      lifecycle: {
        preventDestroy: protect ? true : undefined,
        ignoreChanges,
        precondition: frozen && preconditions().restorePreconditions(backup, { ...props, restoreTime }, frozen),
      },
    });
    const argument = restoreTime === undefined ? "backup_set_id" : "restore_time";
    const from = restoredFrom(this, this.resource, argument, props.restoredFrom);
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
      return inspectRestore(this, this.resource, props, source, ignoreChanges);
    });
    settleAtSynthesis(this);
  }

  /** Id of the instance. */
  get instanceId(): string {
    return this.resource.id;
  }

  /** Host name of the instance within its VPC. */
  get connectionString(): string {
    return this.resource.connectionString;
  }

  /** Port of the instance. */
  get port(): string {
    return this.resource.port;
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
