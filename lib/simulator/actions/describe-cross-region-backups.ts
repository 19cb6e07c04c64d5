import { itemsOf, pageOf, recordsOn } from "../paging";
import { refusal } from "../rpc-error";
import { isInWindow } from "../window-filter";
import { idOf, sentFields } from "../world-records";
import type { Action } from "./action";
import { cannedAnswer } from "./canned-answer";

const times = { start: "BackupStartTime", end: "BackupEndTime" };

/** The backups of an instance in a time window, or the one with a CrossBackupId. */
export const describeCrossRegionBackups: Action = (parameters, view) => {
  const dbInstanceId = parameters.required("DBInstanceId");
  const regionId = view.sourceRegion(parameters);
  const crossBackupId = parameters.optionalInteger("CrossBackupId", 0);
  const backupId = parameters.optionalInteger("BackupId", 0);
  const window = parameters.optionalWindow();
  if (crossBackupId === undefined && window === undefined) {
    throw refusal("ParameterAbsence", "CrossBackupId, or StartTime and EndTime");
  }
  const page = pageOf(parameters);
  const instance = view.instance(regionId, dbInstanceId);
  const canned = cannedAnswer(instance, "DescribeCrossRegionBackups", page, view.world);
  if (canned !== undefined) {
    return canned;
  }

  const crossBackupRegion = parameters.optional("CrossBackupRegion");
  const resourceGroupId = parameters.optional("ResourceGroupId");
  const found = view
    .backups(instance)
    .filter(
      (record) =>
        (crossBackupId === undefined
          ? record["x-listed"] !== false
          : idOf(record, "CrossBackupId") === crossBackupId) &&
        (backupId === undefined || idOf(record, "x-backup-id") === backupId) &&
        (crossBackupRegion === undefined || record["CrossBackupRegion"] === crossBackupRegion) &&
        (resourceGroupId === undefined || instance.resourceGroupId === resourceGroupId) &&
        (window === undefined || isInWindow(record, window, times, view.world)),
    );
  const shown = recordsOn(page, found).map(sentFields);
  return {
    EndTime: window?.endTime,
    Items: itemsOf(shown, view.world),
    PageNumber: page.number,
    PageRecordCount: shown.length,
    RegionId: regionId,
    StartTime: window?.startTime,
    TotalRecordCount: found.length,
  };
};
