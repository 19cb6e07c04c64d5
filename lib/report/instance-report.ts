import { dataTimeOf } from "../backup/data-time";
import { hoursBetween, type Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { judge } from "../backup/judge-records";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import { expiryOf, type RestorableBackup } from "../backup/restorable-backup";
import type { Rejections } from "../backup/select-latest";
import { type RejectionReason, summariseRejections } from "../backup/validity";
import { outcomeOf } from "../lookup/age-limit";
import type { LookupAnswer, LookupFailure } from "../lookup/answer";
import type { DiscoveredInstance } from "../lookup/discover";
import type { Connection, LatestRequest } from "../lookup/query";
import { type LogGap, logGapsOf } from "./log-gaps";
import { stateOf, type Verdict } from "./state";
import { type DatedRecord, type Timeline, timelineOf } from "./timeline";

/** What was asked about an instance, and what came of it. */
export interface InstanceAnswers {
  readonly request: LatestRequest;
  /** With which credentials it was asked. */
  readonly connection: Connection;
  /** How old its data may be, hours. */
  readonly objectiveHours: number;
  /** The answer for its latest backup; absent if RDS has no copies of it, so that nobody asked. */
  readonly answer?: LookupAnswer;
  /** The same answer with the recovery window; absent if the answer has it, or nobody asked for it. */
  readonly windowed?: LookupAnswer;
  /** All its records; absent if nobody asked, or if no list is locked. */
  readonly list?: LookupAnswer;
  /** What the lists of instances say of it; absent if nobody asked. */
  readonly instance?: Partial<DiscoveredInstance>;
  /** Why nobody knows that. */
  readonly copyingFailure?: LookupFailure;
  /** Days for which its copies are kept, as they are locked. */
  readonly retentionDays?: number;
  /** Since when the answer is locked. */
  readonly lockedSince?: Instant;
  /** Since when a pinned answer of the lock file is what it is; absent if none is pinned. */
  readonly pinnedSince?: Instant;
}

/** Where the facts of an instance come from. */
export type Source = "live" | "resumed" | "locked" | "pinned";

/** An instance: its state, and what that rests on. */
export interface InstanceReport extends Verdict, Rejections {
  readonly request: LatestRequest;
  readonly profile: string | undefined;
  /** RAM role that the credentials assumed. */
  readonly roleArn: string | undefined;
  readonly objectiveHours: number;
  /** The backup that would be used. */
  readonly backup: RestorableBackup | undefined;
  /** Age of its data, hours. */
  readonly ageHours: number | undefined;
  /** How long ago its logs end, hours: what a restore to the last possible time would lose. */
  readonly recoverableAgeHours: number | undefined;
  /** What its logs do not cover. */
  readonly logGaps: readonly LogGap[];
  /** When its copy is deleted. */
  readonly expiresAt: Instant | undefined;
  readonly retentionDays: number | undefined;
  /** What the lists of instances say of it. */
  readonly instance: Partial<DiscoveredInstance>;
  /** Its backups in time; undefined if none has a time. The records themselves would fill the memory. */
  readonly timeline: Timeline | undefined;
  /** What to know about the answer. */
  readonly warnings: readonly string[];
  readonly source: Source;
  /** When RDS was asked; undefined for a locked answer. */
  readonly askedAt: Instant | undefined;
  /** Ids of the requests about the instance that RDS answered: ActionTrail finds a request by its id. */
  readonly requestIds: readonly string[];
  /** Since when the answer is locked; undefined for one of now. */
  readonly lockedSince: Instant | undefined;
  /** Since when a pinned answer of the lock file is what it is, whether or not the report used it. */
  readonly pinnedSince: Instant | undefined;
}

/** Judges what came of the questions about an instance. Pure. */
export function reportOn(answers: InstanceAnswers, now: Instant): InstanceReport {
  const { request, connection, objectiveHours, answer, list, instance = {}, copyingFailure } = answers;
  const limit = { maxAgeHours: objectiveHours, staleIsFine: false };
  const outcome = answer && outcomeOf(request, answer, limit, now);
  const { rejected, leftOut } = newestOfEach(outcome ?? { rejected: [] });
  const backup = outcome?.backup && withWindow(outcome.backup, answers.windowed);
  const outage = answer?.status === "error" ? undefined : answer?.failure;
  const retentionDays = instance.retentionDays ?? answers.retentionDays;
  const expiresAt = backup && retentionDays !== undefined ? expiryOf(backup, retentionDays) : undefined;
  const verdict = stateOf({
    now,
    objectiveHours,
    isCopied: answer !== undefined,
    backup,
    failure: outage ?? (backup === undefined ? outcome?.failure : undefined),
    rejections: summariseRejections(rejected, leftOut),
    isHalfListed: list?.status === "listed" && list.isIncomplete === true,
    copyingFailure,
    backupEnabled: instance.backupEnabled,
    expiresAt,
  });
  const source = sourceOf(answer);
  const logGaps = backup === undefined ? [] : logGapsOf(backup, instance.logBackupEnabled, now);
  const records = list?.status === "listed" ? list.records : [];
  return {
    ...verdict,
    request,
    profile: connection.profile,
    roleArn: connection.roleArn,
    objectiveHours,
    backup,
    ageHours: backup && hoursBetween(backup.dataTime, now),
    recoverableAgeHours:
      backup?.recoverableUntil === undefined ? undefined : hoursBetween(backup.recoverableUntil, now),
    logGaps,
    expiresAt,
    retentionDays,
    instance,
    rejected,
    leftOut,
    timeline: timelineOf(
      { records: datedRecords(records, backup, request, now), backup, objectiveHours, logGaps },
      now,
    ),
    warnings: [...(outcome?.warnings ?? []), ...windowWarnings(answers.windowed)],
    source,
    askedAt: source === "live" ? now : undefined,
    requestIds: requestIdsOf([answer, answers.windowed, list]),
    lockedSince: source === "live" ? undefined : answers.lockedSince,
    pinnedSince: answers.pinnedSince,
  };
}

function requestIdsOf(answers: readonly (LookupAnswer | undefined)[]): readonly string[] {
  const ids = answers.flatMap((answer) =>
    answer === undefined || answer.status === "error" ? [] : (answer.requestIds ?? []),
  );
  return [...new Set(ids)];
}

/** A backup with the window that another answer has for it. */
function withWindow(backup: RestorableBackup, answer: LookupAnswer | undefined): RestorableBackup {
  const windowed = answer?.status === "found" ? answer.backup : undefined;
  if (windowed?.crossBackupId !== backup.crossBackupId) {
    return backup;
  }
  const { recoverableFrom, recoverableUntil, recoveryGaps } = windowed;
  return {
    ...backup,
    ...optional("recoverableFrom", recoverableFrom),
    ...optional("recoverableUntil", recoverableUntil),
    ...optional("recoveryGaps", recoveryGaps),
  };
}

function windowWarnings(answer: LookupAnswer | undefined): readonly string[] {
  return answer?.status === "error" ? [`nobody knows how far the logs reach: ${answer.error.message}`] : [];
}

/** Rejections of each reason that a report keeps; the others are counted. A fleet has many. */
const keptRejections = 10;

function newestOfEach({ rejected, leftOut: before = {} }: Rejections): Rejections {
  const counts = new Map<RejectionReason, number>();
  const kept = rejected.filter(({ reason }) => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    return count <= keptRejections;
  });
  const leftOut = [...counts].flatMap(([reason, count]) => {
    const more = count - Math.min(count, keptRejections) + (before[reason] ?? 0);
    return more > 0 ? [[reason, more] as const] : [];
  });
  return { rejected: kept, ...optional("leftOut", leftOut.length > 0 ? Object.fromEntries(leftOut) : undefined) };
}

function sourceOf(answer: LookupAnswer | undefined): Source {
  const origin = answer === undefined || answer.status === "error" ? "api" : answer.origin;
  return origin === "pin" ? "pinned" : origin === "lock" ? "locked" : "live";
}

/** The records with a time, the newest first, judged as `list` judges them. The backup that would be used is always among them. */
function datedRecords(
  records: readonly CrossRegionBackupRecord[],
  backup: RestorableBackup | undefined,
  request: LatestRequest,
  now: Instant,
): readonly DatedRecord[] {
  const isListed = records.some(({ crossBackupId }) => crossBackupId === backup?.crossBackupId);
  const all = backup === undefined || isListed ? records : [backup, ...records];
  return judge(all, request, now, false).flatMap(({ record, verdict }) => {
    const time = dataTimeOf(record)?.instant ?? record.backupStartTime;
    const isChosen = backup !== undefined && record.crossBackupId === backup.crossBackupId;
    return time === undefined ? [] : [{ time, verdict: isChosen ? "latest" : verdict }];
  });
}
