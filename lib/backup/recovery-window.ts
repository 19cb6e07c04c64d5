import { addHours, epochMsOf, type Instant } from "./instant";

/** A stretch of time that no log covers: a restore to a point in time gets no further than its start. */
export interface RecoveryGap {
  /** Where the logs end, or the data time of the backup if none follows it at once. */
  readonly start: Instant;
  /** Where the next log begins; absent if RDS reports this end itself, though the logs go on. */
  readonly end?: Instant;
}

/** The points in time to which a backup and the logs after it can be restored; none if it ends before it begins. */
export interface RecoveryWindow {
  /** The first of them. */
  readonly recoverableFrom: Instant;
  /** The last of them; the data time itself if no log follows. */
  readonly recoverableUntil: Instant;
  /** What no log covers of the time between, or before, those that are there; the earliest first. */
  readonly recoveryGaps: RecoveryGap[];
}

/** What a window needs to know of a log file. */
export interface LogFile {
  /** Region in which the file is stored. */
  readonly crossBackupRegion?: string;
  readonly logBeginTime?: Instant;
  readonly logEndTime?: Instant;
}

/** What a window needs to know of a backup. */
interface DatedBackup {
  readonly dataTime: Instant;
  /** True if the start of the backup stands for its data time. */
  readonly dataTimeEstimated?: boolean;
  readonly backupEndTime?: Instant;
  /** Region in which the backup is stored. */
  readonly crossBackupRegion?: string;
}

/** The window that DescribeAvailableRecoveryTime reports; a bound is absent if RDS states none. */
interface ReportedWindow {
  readonly recoveryBeginTime?: Instant;
  readonly recoveryEndTime?: Instant;
}

/**
 * Times are whole seconds, and the documents do not say whether a log begins in the second in which the one
 * before it ends, or in the next.
 */
const joinMs = 1_000;

/** A log that begins or ends later than that has times that prove nothing, as a backup has. */
const clockToleranceHours = 1;

/** The logs are listed beside what RDS reports: one that arrives between the two must not make a gap. */
const reportToleranceMs = 60 * 60 * 1_000;

/**
 * The recoverable window of a backup: from its data time to the end of the last log that follows without a gap,
 * whichever host of the instance wrote it. Pure and total: the order of the logs does not matter, and one may be
 * there twice.
 *
 * Never flatters: of the logs and what RDS reports the earlier end counts, and nothing after `now` does; of the data
 * time and what RDS reports the later begin counts, unless it lies after the end, which is implausible. The data time
 * that nobody knows lies somewhere before the end of the backup, so that this end counts in its place. A log
 * that is stored in another region than the backup, or whose times cannot be read, are turned round or lie more
 * than an hour in the future, closes no gap.
 *
 * @param reported what RDS reports, if it does
 */
export function recoveryWindowOf(
  backup: DatedBackup,
  logs: readonly LogFile[],
  reported: ReportedWindow | undefined,
  now: Instant,
): RecoveryWindow {
  const { dataTime, dataTimeEstimated = false, backupEndTime = dataTime } = backup;
  const gaps: RecoveryGap[] = [];
  let reached = dataTime;
  for (const { begin, end } of spansOf(backup, logs, now)) {
    if (epochMsOf(begin) - epochMsOf(reached) > joinMs) {
      gaps.push({ start: reached, end: begin });
    }
    reached = later(reached, end);
  }
  const endOfLogs = later(dataTime, earlier(gaps[0]?.start ?? reached, now));
  const recoverableUntil = later(dataTime, earlier(endOfLogs, reported?.recoveryEndTime ?? endOfLogs));
  const isCutShort = epochMsOf(endOfLogs) - epochMsOf(recoverableUntil) > reportToleranceMs;
  const { recoveryBeginTime: begin = dataTime } = reported ?? {};
  const from = dataTimeEstimated ? later(dataTime, backupEndTime) : dataTime;
  return {
    recoverableFrom: begin > recoverableUntil ? from : later(from, begin),
    recoverableUntil,
    recoveryGaps: isCutShort ? [{ start: recoverableUntil }, ...gaps] : gaps,
  };
}

/** What the logs of the backup's region cover, the earliest first. */
function spansOf(
  { crossBackupRegion: region }: DatedBackup,
  logs: readonly LogFile[],
  now: Instant,
): readonly { readonly begin: Instant; readonly end: Instant }[] {
  const latest = addHours(now, clockToleranceHours);
  return logs
    .flatMap(({ crossBackupRegion = region, logBeginTime: begin, logEndTime: end }) =>
      begin === undefined || end === undefined || (region !== undefined && crossBackupRegion !== region)
        ? []
        : [{ begin, end }],
    )
    .filter(({ begin, end }) => begin <= end && end <= latest)
    .sort((a, b) => (a.begin < b.begin ? -1 : 1));
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
