import type { Parameters } from "../parameters";
import { recoveryWindowOf } from "../recovery-window";
import { engineOf, isRestorableTo } from "../restorability";
import { refusal } from "../rpc-error";
import type { RecordSwitches } from "../world";
import type { WorldView } from "../world-view";
import type { Action, Answer } from "./action";

const minStorageGb = 5;
const maxStorageGb = 2000;
const storageStepGb = 5;

/** Whether a new instance can be created in RegionId, the destination, out of a backup or a point in time. */
export const checkCreateDdrDbInstance: Action = (parameters, view) => {
  const regionId = view.region(parameters);
  const engine = engineOf(parameters.required("Engine"));
  parameters.required("EngineVersion");
  parameters.required("DBInstanceClass");
  checkStorage(parameters);
  const restoreType = parameters.required("RestoreType");
  if (engine === undefined) {
    throw refusal("InvalidDBInstanceEngineType.Format", "Engine");
  }
  switch (restoreType) {
    case "0":
      return checkBackupSet(parameters, view, regionId, engine);
    case "1":
      return checkPointInTime(parameters, view, regionId, engine);
    default:
      throw refusal("InvalidParameters.Format", "RestoreType");
  }
};

function checkStorage(parameters: Parameters): void {
  parameters.required("DBInstanceStorage");
  const gb = Number(parameters.optionalInteger("DBInstanceStorage", minStorageGb));
  if (gb > maxStorageGb || gb % storageStepGb !== 0) {
    throw refusal("InvalidParameters.Format", "DBInstanceStorage");
  }
}

function checkBackupSet(parameters: Parameters, view: WorldView, regionId: string, engine: string): Answer {
  const source = parameters.optional("SourceDBInstanceName");
  const { instance, backup } = view.findBackup(
    parameters.required("BackupSetId"),
    ({ dbInstanceId }) => source === undefined || dbInstanceId === source,
  );
  const { "x-check-error": code } = backup as RecordSwitches;
  if (code !== undefined) {
    throw refusal(code);
  }
  return verdict(instance.dbInstanceId, engineOf(instance.engine) === engine && isRestorableTo(backup, regionId));
}

function checkPointInTime(parameters: Parameters, view: WorldView, regionId: string, engine: string): Answer {
  const sourceRegion = view.region(parameters, "SourceRegion");
  const instance = view.instance(sourceRegion, parameters.required("SourceDBInstanceName"));
  parameters.required("RestoreTime");
  const time = parameters.optionalTime("RestoreTime", "InvalidTime.Format") ?? NaN;
  const isReachable = view.backups(instance).some((backup) => {
    const window = recoveryWindowOf(view, instance, backup);
    const isCovered = window !== undefined && window.beginMs <= time && time <= window.endMs;
    return isCovered && isRestorableTo(backup, regionId);
  });
  return verdict(instance.dbInstanceId, engineOf(instance.engine) === engine && isReachable);
}

/** IsValid is a text in this API, not a boolean. */
function verdict(dbInstanceId: string, isValid: boolean): Answer {
  return { DBInstanceId: dbInstanceId, IsValid: String(isValid) };
}
