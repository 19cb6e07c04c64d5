import type { WorldInstance, WorldRecord } from "./world";
import { timeOf } from "./world-records";
import type { WorldView } from "./world-view";

/** The instants, in milliseconds since 1970, to which a backup can be restored with the logs after it. */
export interface RecoveryWindow {
  readonly beginMs: number;
  readonly endMs: number;
}

/** From the data time of a backup to the end of the logs that follow it without a gap; undefined without a time. */
export function recoveryWindowOf(
  view: WorldView,
  instance: WorldInstance,
  backup: WorldRecord,
): RecoveryWindow | undefined {
  const beginMs = dataTimeOf(backup);
  if (beginMs === undefined) {
    return undefined;
  }
  const chain = view
    .logs(instance)
    .map((log) => ({ begin: timeOf(log, "LogBeginTime") ?? NaN, end: timeOf(log, "LogEndTime") ?? NaN }))
    .sort((a, b) => a.begin - b.begin);
  const endMs = chain.reduce(
    (reached, log) => (log.begin <= reached && log.end > reached ? log.end : reached),
    beginMs,
  );
  return { beginMs, endMs };
}

function dataTimeOf(backup: WorldRecord): number | undefined {
  const consistent = backup["ConsistentTime"];
  if (typeof consistent === "number" && consistent > 0) {
    return consistent * 1000;
  }
  return timeOf(backup, "ConsistentTime") ?? timeOf(backup, "BackupStartTime");
}
