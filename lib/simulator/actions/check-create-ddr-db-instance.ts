import type { Parameters } from "../parameters";
import { engineOf } from "../restorability";
import { backupSetOf, pointInTimeOf, type RestoreSource } from "../restore-source";
import { refusal } from "../rpc-error";
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
  parameters.required("DBInstanceStorage");
  checkStorage(parameters);
  const restoreType = parameters.required("RestoreType");
  if (engine === undefined) {
    throw refusal("InvalidDBInstanceEngineType.Format", "Engine");
  }
  switch (restoreType) {
    case "0":
      return verdict(backupSetOf(parameters, view, { regionId, engine }));
    case "1":
      return verdict(pointInTimeOf(parameters, view, { regionId, engine }));
    default:
      throw refusal("InvalidParameters.Format", "RestoreType");
  }
};

/** Refuses a storage that no instance has. */
export function checkStorage(parameters: Parameters): void {
  const gb = Number(parameters.optionalInteger("DBInstanceStorage", minStorageGb) ?? minStorageGb);
  if (gb > maxStorageGb || gb % storageStepGb !== 0) {
    throw refusal("InvalidParameters.Format", "DBInstanceStorage");
  }
}

/** IsValid is a text in this API, not a boolean. */
function verdict({ instance, isRestorable }: RestoreSource): Answer {
  return { DBInstanceId: instance.dbInstanceId, IsValid: String(isRestorable) };
}
