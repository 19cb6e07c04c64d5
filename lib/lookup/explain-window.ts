import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { RecoveryGap } from "../backup/recovery-window";
import { subjectOf, type LookupQuery } from "./query";

type Request = LookupQuery["request"];

/**
 * Says what the recoverable window of a backup lacks: it has gaps, or no log follows; undefined where it lacks
 * nothing, or is not known.
 */
export function explainWindow(request: Request, backup: CrossRegionBackup): string | undefined {
  const { crossBackupId, dataTime, recoverableUntil, recoveryGaps = [] } = backup;
  const { recoverableFrom = dataTime } = backup;
  if (recoverableUntil === undefined) {
    return undefined;
  }
  const whole = `the backup ${crossBackupId} of ${subjectOf({ request })}`;
  const gaps = recoveryGaps.map(gapText).join("; ");
  const noLog = `as no log follows: see by LogBackupEnabled in "aliyun rds DescribeInstanceCrossBackupPolicy --RegionId ${request.regionId} --DBInstanceId ${request.dbInstanceId}" whether logs are copied`;
  if (recoverableFrom > recoverableUntil) {
    return `${whole} can be restored as it is, but to no point in time that is known: its data may be as late as ${recoverableFrom}, and the logs lead no further than ${recoverableUntil}, ${gaps === "" ? noLog : `and to no later time: ${gaps}`}`;
  }
  if (gaps !== "") {
    return `${whole} can be restored up to ${recoverableUntil}, and to no later time: ${gaps}`;
  }
  return recoverableUntil === dataTime
    ? `${whole} can be restored to its data time alone, ${recoverableUntil}, ${noLog}`
    : undefined;
}

/** The same for many backups of one instance, newest first: each gap of the logs once. */
export function explainWindows(request: Request, backups: readonly CrossRegionBackup[]): readonly string[] {
  const byEnd = new Map<string, RecoveryGap>();
  for (const gap of backups.flatMap(({ recoveryGaps = [] }) => recoveryGaps)) {
    // Of an older backup, a gap begins at its data time at the latest; what ends together is one gap.
    const key = gap.until ?? `after ${gap.from}`;
    const known = byEnd.get(key);
    byEnd.set(key, known !== undefined && known.from < gap.from ? known : gap);
  }
  const gaps = [...byEnd.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  const [newest] = backups;
  const ofNewest = newest?.recoveryGaps?.length === 0 ? explainWindow(request, newest) : undefined;
  return [
    ...gaps.map((gap) => `${gapText(gap)}: a backup of before cannot be restored to a later time`),
    ...(ofNewest === undefined ? [] : [ofNewest]),
  ];
}

function gapText({ from, until }: RecoveryGap): string {
  return until === undefined
    ? `RDS reports ${from} as the end, though the logs go on`
    : `no log covers the time from ${from} to ${until}`;
}
