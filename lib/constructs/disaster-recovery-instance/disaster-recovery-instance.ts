import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { RdsDdrInstance } from "../../../.gen/providers/alicloud/rds-ddr-instance";
import { checkPropNames, refuseTokens } from "../../synthesis/check-props";
import { checked, fail, misuse } from "../../synthesis/lookup-error";
import { LookupRegistry } from "../../synthesis/lookup-registry";
import { addOutputs, checkOutputOptions } from "../../synthesis/outputs";
import { writtenOf } from "../../synthesis/provider-of";
import { settleAtSynthesis } from "../../synthesis/settle-at-synthesis";
import { engineArgument, sourceArguments, storageTypeArgument } from "./arguments";
import { restorePreconditions } from "./preconditions";
import { checkValues, type DisasterRecoveryInstanceProps, PaymentType, plainProps, propNames } from "./props";
import { restoreSourceOf } from "./source";
import { instanceNameOf } from "./value-checks";

/**
 * What the instance was made from, and what the cloud changes by itself. A newer backup would otherwise replace
 * the instance, upgrade it or move its disk, and a switch to its other zone replace it.
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

type Bindings = typeof import("../../../.gen/providers/alicloud/rds-ddr-instance");

/**
 * An ApsaraDB RDS instance that Terraform restores from a cross-region backup, or to a point in time, once:
 * whatever the backup becomes later, a deploy leaves the instance as it is. To restore again, declare a second
 * one, move over, and remove the first.
 *
 * The rules of a restore are judged when the app is synthesised, before a file is written; for a backup of
 * another app, whose facts only Terraform knows, they are preconditions. Such a restore fails the synthesis of HCL, as
 * cdktf cannot write preconditions there.
 *
 * Outputs, for a construct with the id `orders-dr`: `orders_dr_instance_id`, `orders_dr_connection_string`,
 * `orders_dr_port`, and `orders_dr_backup_set_id` or `orders_dr_restore_time`, what it was really restored from.
 *
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/rds_ddr_instance
 */
export class DisasterRecoveryInstance extends Construct {
  /**
   * The resource of the provider, for what the props do not have, such as `resource.provider`, or
   * `resource.storageAutoScale = "Enable"`. Terraform takes an instance for tainted, and replaces it,
   * where an argument fails after the restore: add what is not needed to restore in a later deploy. Its lifecycle
   * is to be added to, as by `resource.addOverride("lifecycle.ignore_changes", ["tags"])`: one that replaces it
   * takes the guards away.
   */
  readonly resource: RdsDdrInstance;

  /** @throws LookupError for a prop that is missing or malformed, or a token where it must not be */
  constructor(scope: Construct, id: string, props: DisasterRecoveryInstanceProps) {
    super(scope, id);
    const { path } = this.node;
    checkPropNames(path, props, propNames);
    refuseTokens(path, props, plainProps);
    checkOutputOptions(this, props);
    checked(path, () => {
      checkValues(props);
    });
    const source = restoreSourceOf(path, props);
    const { backup, restoreTime, known } = source;
    const { paymentType = PaymentType.PAY_AS_YOU_GO, protect = true } = props;
    const { storageType = storageTypeArgument(source) } = props;
    if (storageType === undefined) {
      fail(
        misuse(
          path,
          "StorageTypeNeeded",
          `the storage type of "${backup.node.path}" is known only when Terraform runs`,
          'set storageType to that of the source, such as "local_ssd", or to another that is sold with the instanceClass',
        ),
      );
    }
    const ignoreChanges = [
      ...ignoredAfterCreation,
      ...(props.storageType === undefined ? ["db_instance_storage_type"] : []),
    ];
    // Loaded here, as an app without such an instance does not need them.
    const bindings = require("../../../.gen/providers/alicloud/rds-ddr-instance") as Bindings;
    this.resource = new bindings.RdsDdrInstance(this, "Default", {
      ...sourceArguments(source),
      engine: engineArgument(source),
      engineVersion: backup.engineVersion,
      instanceName: props.instanceName ?? instanceNameOf(path),
      instanceType: props.instanceClass,
      instanceStorage: props.storageGb,
      dbInstanceStorageType: storageType,
      vswitchId: props.vswitchId,
      securityIps: props.securityIps,
      paymentType,
      period: props.period,
      resourceGroupId: props.resourceGroupId,
      encryptionKey: props.encryptionKey,
      // The provider lifts and sets it by the hour only; written out, so that a drill can lift it.
      deletionProtection: paymentType === PaymentType.PAY_AS_YOU_GO ? protect : undefined,
      timeouts: { create: `${props.createTimeoutHours ?? defaultCreateTimeoutHours}h` },
      lifecycle: {
        preventDestroy: protect ? true : undefined,
        ignoreChanges,
        precondition: known === undefined ? restorePreconditions(source, props) : undefined,
      },
    });
    this.addInstanceOutputs(props, restoreTime === undefined);
    LookupRegistry.of(this).inspect(this, () => {
      // Storage that grows by itself is nothing to shrink again.
      if (growsByItself(this.resource) && !ignoreChanges.includes("instance_storage")) {
        ignoreChanges.push("instance_storage");
      }
      const { inspectRestore } = require("./inspection") as typeof import("./inspection");
      return inspectRestore(this.resource, props, source, ignoreChanges);
    });
    settleAtSynthesis(this);
  }

  /** Id of the instance. */
  get instanceId(): string {
    return this.resource.id;
  }

  /** Host name at which the instance is reached within its VPC. */
  get connectionString(): string {
    return this.resource.connectionString;
  }

  /** Port at which it is reached. */
  get port(): string {
    return this.resource.port;
  }

  /** Id of the backup that it was really restored from, when it was made; nothing where a point in time was. */
  get backupSetId(): string {
    return this.resource.backupSetId;
  }

  /** The point in time that it was really restored to, when it was made; nothing where a backup was. */
  get restoreTime(): string {
    return this.resource.restoreTime;
  }

  private addInstanceOutputs(options: DisasterRecoveryInstanceProps, isOfBackup: boolean): void {
    // Read late, as the resource may get another name until then.
    const late = (read: () => string): string => Lazy.stringValue({ produce: read });
    addOutputs(this, options, [
      {
        suffix: "instance_id",
        description: "Id of the restored instance",
        value: late(() => this.instanceId),
      },
      {
        suffix: "connection_string",
        description: "Host name at which the restored instance is reached within its VPC",
        value: late(() => this.connectionString),
      },
      {
        suffix: "port",
        description: "Port at which the restored instance is reached",
        value: late(() => this.port),
      },
      isOfBackup
        ? {
            suffix: "backup_set_id",
            description: "Id of the cross-region backup that the instance was restored from",
            value: late(() => this.backupSetId),
          }
        : {
            suffix: "restore_time",
            description: "The point in time that the instance was restored to",
            value: late(() => this.restoreTime),
          },
    ]);
  }
}

/** Whether the resource enlarges its disk by itself, or may do so. */
function growsByItself(resource: RdsDdrInstance): boolean {
  const { storage_auto_scale: scaling = "Disable" } = writtenOf(resource);
  return scaling !== "Disable";
}
