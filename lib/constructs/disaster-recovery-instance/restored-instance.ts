import type { Construct } from "constructs";
import type { DbInstance } from "../../../.gen/providers/alicloud/db-instance";
import type { RdsDdrInstance } from "../../../.gen/providers/alicloud/rds-ddr-instance";
import { refuse } from "../../synthesis/lookup-error";
import { defaultInstanceName } from "./identity";
import { defaultCreateTimeoutHours, type DisasterRecoveryInstanceProps, PaymentType } from "./props";
import { restorableEngines } from "./restore-rules";
import { engineArgument, identityOf, type RestoreSource, sourceArguments, storageTypeArgument } from "./source";

/** The resource of an instance, whoever restores it. */
export interface InstanceResource {
  readonly resource: DbInstance | RdsDdrInstance;
  /** The arguments that no later deploy may change. */
  readonly ignoreChanges: string[];
  /** The backup that it was really restored from, or the point in time. */
  readonly from: string;
}

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

/** What an output says if nobody knows what an instance was restored from. */
export const unknownOrigin = "unknown";

/** The arguments that a later deploy may change only if the user has chosen them. */
export function ignoredIfNotChosen({ storageType, instanceName }: DisasterRecoveryInstanceProps): readonly string[] {
  return [
    ...(storageType === undefined ? ["db_instance_storage_type"] : []),
    ...(instanceName === undefined ? ["instance_name"] : []),
  ];
}

/** Loaded late, because only an instance whose backup another app looked up needs them. */
const preconditions = () => require("./preconditions") as typeof import("./preconditions");

type Bindings = typeof import("../../../.gen/providers/alicloud/rds-ddr-instance");

/**
 * Writes an instance that Terraform restores.
 *
 * @throws LookupError if nobody knows the storage type
 */
export function restoreInstance(
  scope: Construct,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
): InstanceResource {
  const { backup, restoreTime, frozen } = source;
  const { path } = scope.node;
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
  const ignoreChanges = [...ignoredAfterCreation, ...ignoredIfNotChosen(props)];
  // Loaded here, because an app without such an instance does not need them.
  const { restoredFrom } = require("./restored-from") as typeof import("./restored-from");
  const bindings = require("../../../.gen/providers/alicloud/rds-ddr-instance") as Bindings;
  const resource = new bindings.RdsDdrInstance(scope, "Default", {
    ...sourceArguments(source),
    engine: engineArgument(source, restorableEngines),
    engineVersion: backup.engineVersion,
    instanceName: props.instanceName ?? defaultInstanceName(path, identityOf(path, source, props)),
    instanceType: props.instanceClass,
    instanceStorage: props.storageGb,
    dbInstanceStorageType: storageType,
    vswitchId: props.vswitchId,
    zoneId: props.zoneId,
    vpcId: props.vpcId,
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
  const from = restoredFrom(scope, resource, argument, props.restoredFrom ?? unknownOrigin);
  return { resource, ignoreChanges, from };
}
