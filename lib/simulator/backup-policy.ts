import type { WorldInstance, WorldRecord } from "./world";
import { recordsAt, sentFields } from "./world-records";

/** The fields of an instance's cross-region backup policy, as two of the actions give them. */
export function policyOf(instance: WorldInstance, now: Date): WorldRecord {
  const [policy = {}] = recordsAt(now, [instance.policy ?? {}]);
  return {
    DBInstanceId: instance.dbInstanceId,
    DBInstanceStatus: "Running",
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    BackupEnabled: "Disable",
    LogBackupEnabled: "Disable",
    LockMode: "Unlock",
    ...sentFields(policy),
  };
}
