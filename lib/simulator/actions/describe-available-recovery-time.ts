import { BareInteger } from "../json-text";
import { recoveryWindowOf } from "../recovery-window";
import { formatInstant } from "../relative-time";
import { engineOf } from "../restorability";
import { refusal } from "../rpc-error";
import type { Action } from "./action";

/** The instants to which a backup can be restored; for MySQL on local disks only. */
export const describeAvailableRecoveryTime: Action = (parameters, view) => {
  parameters.required("CrossBackupId");
  const crossBackupId = parameters.optionalInteger("CrossBackupId", 0) ?? "";
  const regionId = parameters.optional("RegionId");
  const dbInstanceId = parameters.optional("DBInstanceId");
  if (regionId !== undefined) {
    view.sourceRegion(parameters);
  }
  const instances =
    regionId === undefined
      ? view.world.instances.filter((each) => dbInstanceId === undefined || each.dbInstanceId === dbInstanceId)
      : dbInstanceId === undefined
        ? view.instancesIn(regionId)
        : [view.instance(regionId, dbInstanceId)];

  const { instance, backup } = view.findBackup(crossBackupId, instances);
  if (engineOf(instance.engine) !== "mysql" || instance.localDisks !== true) {
    throw refusal("InvalidDBInstanceEngineType.Format", instance.dbInstanceId);
  }
  const window = recoveryWindowOf(view, instance, backup);
  if (window === undefined) {
    throw refusal("InvalidBackupSet", crossBackupId);
  }
  return {
    CrossBackupId: new BareInteger(crossBackupId),
    DBInstanceId: instance.dbInstanceId,
    RecoveryBeginTime: formatInstant(window.beginMs),
    RecoveryEndTime: formatInstant(window.endMs),
    RegionId: instance.regionId,
  };
};
