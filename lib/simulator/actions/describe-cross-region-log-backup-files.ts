import { itemsOf, pageOf, recordsOn } from "../paging";
import { refusal } from "../rpc-error";
import { isInWindow } from "../window-filter";
import { sentFields } from "../world-records";
import type { Action } from "./action";

const times = { start: "LogBeginTime", end: "LogEndTime" };

/** The log backups of an instance in a time window. */
export const describeCrossRegionLogBackupFiles: Action = (parameters, view) => {
  const dbInstanceId = parameters.required("DBInstanceId");
  const regionId = view.sourceRegion(parameters);
  const window = parameters.optionalWindow();
  if (window === undefined) {
    throw refusal("ParameterAbsence", "StartTime and EndTime");
  }
  const page = pageOf(parameters);
  const instance = view.instance(regionId, dbInstanceId);

  const crossBackupRegion = parameters.optional("CrossBackupRegion");
  const found = view
    .logs(instance)
    .filter(
      (log) =>
        (crossBackupRegion === undefined || log["CrossBackupRegion"] === crossBackupRegion) &&
        isInWindow(log, window, times, view.world),
    );
  const shown = recordsOn(page, found).map(sentFields);
  return {
    DBInstanceId: dbInstanceId,
    EndTime: window.endTime,
    Items: itemsOf(shown, view.world),
    PageNumber: page.number,
    PageRecordCount: shown.length,
    RegionId: regionId,
    StartTime: window.startTime,
    TotalRecordCount: found.length,
  };
};
