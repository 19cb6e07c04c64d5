import type { Parameters } from "./parameters";
import { recoveryWindowOf } from "./recovery-window";
import { engineOf, isRestorableTo } from "./restorability";
import { refusal } from "./rpc-error";
import type { RecordSwitches, WorldInstance } from "./world";
import type { WorldView } from "./world-view";

/** Where an instance is to be created, and with which engine. */
export interface Destination {
  readonly regionId: string;
  readonly engine: ReturnType<typeof engineOf>;
}

/** The instance whose data a restore takes, and whether it can be restored to the destination. */
export interface RestoreSource {
  readonly instance: WorldInstance;
  readonly isRestorable: boolean;
}

/** What BackupSetId names; throws the refusal that the world has for the backup. */
export function backupSetOf(parameters: Parameters, view: WorldView, to: Destination): RestoreSource {
  const source = parameters.optional("SourceDBInstanceName");
  const { instance, backup } = view.findBackup(
    parameters.required("BackupSetId"),
    view.world.instances.filter(({ dbInstanceId }) => source === undefined || dbInstanceId === source),
  );
  const { "x-check-error": code } = backup as RecordSwitches;
  if (code !== undefined) {
    throw refusal(code);
  }
  return { instance, isRestorable: isSameEngine(instance, to) && isRestorableTo(backup, to.regionId) };
}

/** What RestoreTime, SourceRegion and SourceDBInstanceName name. */
export function pointInTimeOf(parameters: Parameters, view: WorldView, to: Destination): RestoreSource {
  const sourceRegion = view.region(parameters, "SourceRegion");
  const instance = view.instance(sourceRegion, parameters.required("SourceDBInstanceName"));
  parameters.required("RestoreTime");
  const time = parameters.optionalTime("RestoreTime", "InvalidTime.Format") ?? NaN;
  const isReachable = view.backups(instance).some((backup) => {
    const window = recoveryWindowOf(view, instance, backup);
    const isCovered = window !== undefined && window.beginMs <= time && time <= window.endMs;
    return isCovered && isRestorableTo(backup, to.regionId);
  });
  return { instance, isRestorable: isSameEngine(instance, to) && isReachable };
}

function isSameEngine(instance: WorldInstance, { engine }: Destination): boolean {
  return engineOf(instance.engine) === engine;
}
