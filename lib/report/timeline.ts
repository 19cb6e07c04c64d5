import { addHours, epochMsOf, hoursBetween, type Instant } from "../backup/instant";
import type { JudgedRecord } from "../backup/judge-records";
import type { RestorableBackup } from "../backup/restorable-backup";
import type { RejectionReason } from "../backup/validity";
import type { LogGap } from "./log-gaps";

/** What a mark on a timeline stands for. The many reasons of rejection are five kinds of marks. */
export enum MarkKind {
  VALID = "valid",
  /** Not a full, physical backup of the whole instance. */
  OTHER_TYPE = "other-type",
  /** It failed, or it is not complete. */
  FAILED = "failed",
  /** It cannot be restored to the region. */
  ELSEWHERE = "elsewhere",
  /** What RDS says of it cannot be used. */
  UNREADABLE = "unreadable",
  /** The backup that would be used: drawn last, over its neighbours. */
  CHOSEN = "chosen",
}

const kindOfReason: Readonly<Record<RejectionReason, MarkKind>> = {
  "not-full": MarkKind.OTHER_TYPE,
  logical: MarkKind.OTHER_TYPE,
  "database-level": MarkKind.OTHER_TYPE,
  "not-successful": MarkKind.FAILED,
  unfinished: MarkKind.FAILED,
  "other-storage-region": MarkKind.ELSEWHERE,
  "no-restore-region": MarkKind.ELSEWHERE,
  "other-restore-region": MarkKind.ELSEWHERE,
  "preflight-refused": MarkKind.ELSEWHERE,
  "no-id": MarkKind.UNREADABLE,
  malformed: MarkKind.UNREADABLE,
  "not-zip": MarkKind.UNREADABLE,
  "unreadable-time": MarkKind.UNREADABLE,
  "in-the-future": MarkKind.UNREADABLE,
  "after-not-after": MarkKind.UNREADABLE,
};

/** A stretch of time, milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What the timeline of an instance shows; times in milliseconds since 1970. */
export interface Timeline extends Stretch {
  /** The times of the marks of each kind. */
  readonly marks: Readonly<Partial<Record<MarkKind, readonly number[]>>>;
  /** Which time the logs cover, from the data time of the chosen backup on. */
  readonly logs: readonly Stretch[];
  /** Which time no log covers. */
  readonly gaps: readonly Stretch[];
  /** Before that time data is too old. */
  readonly objective: number;
  /** How many backups are older than all that is shown. */
  readonly older: number;
}

/** Days that a timeline shows, unless the backup that would be used is older. */
const shownDays = 14;
const hoursPerDay = 24;

/** A margin before the oldest that must be seen, as a part of the whole. */
const margin = 0.05;

/** A backup on the timeline of an instance. */
export interface DatedRecord {
  /** Its data time, or if that cannot be read, its start. */
  readonly time: Instant;
  readonly verdict: JudgedRecord["verdict"];
}

/** What a timeline is made of. */
interface Dated {
  /** Every backup with a time, the newest first. */
  readonly records: readonly DatedRecord[];
  /** The backup that would be used. */
  readonly backup: RestorableBackup | undefined;
  readonly objectiveHours: number;
  readonly logGaps: readonly LogGap[];
}

/** What the timeline of an instance shows; undefined if it has no backup with a time. Pure. */
export function timelineOf({ records, backup, objectiveHours, logGaps }: Dated, now: Instant): Timeline | undefined {
  if (records.length === 0) {
    return undefined;
  }
  const hours = Math.max(
    shownDays * hoursPerDay,
    objectiveHours * (1 + margin),
    backup === undefined ? 0 : hoursBetween(backup.dataTime, now) * (1 + margin),
  );
  const start = addHours(now, -hours);
  const shown = records.filter(({ time }) => time >= start);
  const marks: Partial<Record<MarkKind, number[]>> = {};
  for (const { time, verdict } of shown) {
    const kind = verdict === "latest" ? MarkKind.CHOSEN : verdict === "valid" ? MarkKind.VALID : kindOfReason[verdict];
    // A time that lies ahead is shown at the end.
    (marks[kind] ??= []).push(Math.min(epochMsOf(time), epochMsOf(now)));
  }
  return {
    from: epochMsOf(start),
    to: epochMsOf(now),
    marks,
    ...logsOf(backup, logGaps, now),
    objective: epochMsOf(addHours(now, -objectiveHours)),
    older: records.length - shown.length,
  };
}

/** What the logs cover. After the last gap nobody knows how far they reach, so nothing is shown. */
function logsOf(backup: Dated["backup"], logGaps: Dated["logGaps"], now: Instant): Pick<Timeline, "logs" | "gaps"> {
  const { dataTime, recoverableUntil } = backup ?? {};
  if (dataTime === undefined || recoverableUntil === undefined) {
    return { logs: [], gaps: [] };
  }
  const gaps = logGaps.map(({ start, end = now }) => ({ from: epochMsOf(start), to: epochMsOf(end) }));
  const between = gaps.slice(1).map(({ from }, index) => ({ from: gaps[index]?.to ?? from, to: from }));
  return { logs: [{ from: epochMsOf(dataTime), to: epochMsOf(recoverableUntil) }, ...between], gaps };
}
