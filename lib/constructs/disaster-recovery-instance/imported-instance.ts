import { TerraformElement } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { EngineFamily, engineFamilyOf } from "../../backup/engine-family";
import type { RestoredInstance, RestoreIntent } from "../../lock/restores";
import { defaultInstanceName } from "./identity";
import { type DisasterRecoveryInstanceProps, PaymentType } from "./props";
import { ignoredIfNotChosen, type InstanceResource, unknownOrigin } from "./restored-instance";
import { engineArgument, identityOf, type RestoreSource } from "./source";

/**
 * What decided the creation, and what the cloud changes by itself. Otherwise Terraform would replace the imported
 * instance, upgrade it, resize it or restart it.
 */
const ignoredAfterImport = [
  "db_param_group_id",
  "encryption_key",
  "engine_version",
  "force_restart",
  "instance_storage",
  "node_id",
  "period",
  "target_minor_version",
  "vswitch_id",
  "zone_id",
  "zone_id_slave_a",
  "zone_id_slave_b",
];

type Bindings = typeof import("../../../.gen/providers/alicloud/db-instance");

/** Writes an instance that `rds-dr restore` has made: Terraform imports it, and creates nothing. */
export function importInstance(
  scope: Construct,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
  { dbInstanceId, crossBackupId, restoreTime }: RestoredInstance,
  intent: RestoreIntent | undefined,
): InstanceResource {
  const { path } = scope.node;
  const { paymentType = PaymentType.PAY_AS_YOU_GO, protect = true, instanceName } = props;
  const { DBInstanceDescription: nameAtCreation, DBInstanceStorageType: storageTypeAtCreation } =
    intent?.parameters ?? {};
  const storageType = props.storageType ?? storageTypeAtCreation;
  const ignoreChanges = [...ignoredAfterImport, ...ignoredIfNotChosen(props)];
  const isByTheHour = paymentType === PaymentType.PAY_AS_YOU_GO;
  // Loaded here, because an app without such an instance does not need them.
  const bindings = require("../../../.gen/providers/alicloud/db-instance") as Bindings;
  const resource = new bindings.DbInstance(scope, "Default", {
    engine: engineArgument(source, Object.values(EngineFamily)),
    engineVersion: intent?.parameters["EngineVersion"] ?? source.backup.engineVersion,
    instanceName: instanceName ?? nameAtCreation ?? defaultInstanceName(path, identityOf(path, source, props)),
    instanceType: props.instanceClass,
    instanceStorage: props.storageGb,
    dbInstanceStorageType: storageType,
    vswitchId: props.vswitchId,
    zoneId: props.zoneId,
    securityIps: props.securityIps,
    instanceChargeType: isByTheHour ? "Postpaid" : "Prepaid",
    period: props.subscriptionMonths,
    resourceGroupId: props.resourceGroupId,
    encryptionKey: props.encryptionKey,
    deletionProtection: isByTheHour ? protect : undefined,
    lifecycle: { preventDestroy: protect ? true : undefined, ignoreChanges },
  });
  resource.importFrom(dbInstanceId);
  if (engineFamilyOf(intent?.parameters["Engine"]) !== EngineFamily.POSTGRESQL) {
    new ForgottenResource(scope, forgottenId, () => `alicloud_rds_ddr_instance.${resource.friendlyUniqueId}`);
  }
  const from = source.restoreTime === undefined ? crossBackupId : restoreTime;
  return { resource, ignoreChanges, from: from ?? props.restoredFrom ?? unknownOrigin };
}

const forgottenId = "Forgotten";

/** Whether the stack makes Terraform forget a resource in favour of the imported one. */
export function forgetsResource({ node }: IConstruct): boolean {
  return node.tryFindChild(forgottenId) !== undefined;
}

/**
 * Makes Terraform forget a resource that another one takes the place of, for the same instance: otherwise Terraform
 * would destroy the instance. It needs Terraform 1.7.
 */
class ForgottenResource extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly address: () => string,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    return { removed: [{ from: this.address(), lifecycle: { destroy: false } }] };
  }
}
