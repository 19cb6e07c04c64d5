import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import { addHours, hoursBetween, type Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { RestorableBackup } from "../backup/restorable-backup";
import { rejectionOf } from "../backup/validity";
import type { FoundAnswer, LookupAnswer } from "../lookup/answer";
import { type LookupQuery, queryKey } from "../lookup/query";
import { endpointOrigin } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { type Refused, withRefusals } from "./refusals";
import { type LockedAt, selfContradiction, type SelfContradiction } from "./self-contradiction";

const hoursPerDay = 24;

/** An id that is gone within three days may be gone when the night comes on which it is needed. */
const soonHours = 3 * hoursPerDay;

/**
 * Says that a backup expires soon, or has expired; undefined where neither is so, or where nobody knows. The
 * documents do not say from when the days count: from the start, which never flatters.
 */
export function explainExpiry(
  { crossBackupId, backupStartTime, dataTime }: RestorableBackup,
  retentionDays: number | undefined,
  now: Instant,
): string | undefined {
  if (retentionDays === undefined) {
    return undefined;
  }
  // By far the most have long to go: they cost no more than a look at the clock.
  const hoursLeft = retentionDays * hoursPerDay - hoursBetween(backupStartTime ?? dataTime, now);
  if (hoursLeft > soonHours) {
    return undefined;
  }
  const expires = addHours(backupStartTime ?? dataTime, retentionDays * hoursPerDay);
  const what = `the locked backup ${crossBackupId}, kept for ${retentionDays} days,`;
  const remedy =
    'see whether it is there with "npx rds-dr check", and get a newer one with "npx rds-dr refresh"';
  if (expires <= now) {
    return `${what} has expired at ${expires}: ${remedy}`;
  }
  return `${what} expires at ${expires}: ${remedy}`;
}

/** An answer that was written down, to be used instead of the network. */
export interface LockedAnswer {
  /** The parameters of the question; with the kind, the first word of its key, they are the question. */
  readonly query?: Readonly<Record<string, string | number | true>>;
  /** Answer to a `latest` query; null where there was no valid backup. */
  readonly backup?: RestorableBackup | null;
  /** Answer to a `list` query. */
  readonly backups?: readonly CrossRegionBackupRecord[];
  /** What the preflight refused before it came to this answer, the newest first; absent where it refused nothing. */
  readonly refused?: readonly Refused[];
  /** When the answer last became another one. */
  readonly changedAt?: Instant;
  /** The endpoint that gave it, where that is not Alibaba's own. */
  readonly endpoint?: string;
  /** Days for which the copies of the instance are kept, where that is known. */
  readonly retentionDays?: number;
  /** Set where the answer is to be used as it is, without lookup or age check. */
  readonly pin?: Pin;
}

/** Why an answer is to be used as it is. */
export interface Pin {
  readonly reason: string;
}

/** Locked answers by the key of their query. */
export type LockedAnswers = Readonly<Record<string, LockedAnswer>>;

/** Locked answers, and what to say where one is missing. */
export interface Lock {
  readonly answers: LockedAnswers;
  /** Where they stand, to follow the words "there is no locked answer …". */
  readonly place: string;
  /** How a missing one is got. */
  readonly remedy: string;
}

/** The locked answer of a key, if any. */
export function entryOf(answers: LockedAnswers, key: string): LockedAnswer | undefined {
  return Object.hasOwn(answers, key) ? answers[key] : undefined;
}

/** Whether an answer came from a stand-in that is not the one asked now. */
export function isForeign({ endpoint }: LockedAnswer, asked: string | undefined): boolean {
  const given = endpointOrigin(endpoint);
  return given !== undefined && given !== endpointOrigin(asked);
}

/**
 * What is locked of the backup of a query, fit for it or not, to be compared with what the API says; undefined if
 * nothing is, or if a stand-in gave it that is not asked now.
 */
export function lockedFacts(query: LookupQuery, { answers }: Lock): RestorableBackup | undefined {
  const entry = entryOf(answers, queryKey(query));
  return entry === undefined || isForeign(entry, query.connection.endpoint)
    ? undefined
    : (entry.backup ?? undefined);
}

/** When the locked answer to a query was read, and when it is judged. */
export function lockedAt(query: LookupQuery, { answers }: Lock, now: Instant): LockedAt {
  return { now, ...optional("changedAt", entryOf(answers, queryKey(query))?.changedAt) };
}

/** The contradiction within the locked backup of a query; undefined if there is none. */
export function lockedFlaw(query: LookupQuery, lock: Lock, now: Instant): SelfContradiction | undefined {
  const facts = lockedFacts(query, lock);
  return facts && selfContradiction(facts, lockedAt(query, lock, now));
}

/**
 * As `lockedAnswer`, to be used without the word of RDS: an error as well if its backup contradicts itself, since a
 * false time would pass every age check.
 */
export function usableAnswer(query: LookupQuery, lock: Lock, now: Instant): LookupAnswer {
  const answer = lockedAnswer(query, lock, now);
  const flaw = answer.status === "found" ? lockedFlaw(query, lock, now) : undefined;
  if (flaw === undefined) {
    return answer;
  }
  const { fact, value, allowed } = flaw;
  const parameter = `"${fact}" of the locked answer "${queryKey(query)}"${lock.place}`;
  const { message } = new InvalidRequestError(parameter, value, allowed);
  return refusal("LockedContradictory", message, `correct it, or ${lock.remedy}`);
}

/** The backup of a locked answer that can be used for a query; undefined where there is none. */
export function lockedBackup(query: LookupQuery, lock: Lock, now: Instant): FoundAnswer | undefined {
  const answer = lockedAnswer(query, lock, now);
  return answer.status === "found" ? answer : undefined;
}

/**
 * The locked answer to a query; an error where there is none, where a stand-in gave it that is not asked now, or
 * where it does not fit the query.
 */
export function lockedAnswer(
  query: LookupQuery,
  { answers, place, remedy }: Lock,
  now: Instant,
): LookupAnswer {
  const key = queryKey(query);
  const entry = entryOf(answers, key);
  if (entry === undefined) {
    return refusal("NotLocked", `there is no locked answer "${key}"${place}`, remedy);
  }
  if (isForeign(entry, query.connection.endpoint)) {
    const asked = endpointOrigin(query.connection.endpoint) ?? "Alibaba Cloud";
    return refusal(
      "LockedElsewhere",
      `the locked answer "${key}" came from ${endpointOrigin(entry.endpoint) ?? ""}, not from ${asked}`,
      `${entry.pin === undefined ? "" : "unpin it, and "}look it up anew at this endpoint: an answer of a stand-in must never reach production`,
    );
  }
  const { backup, backups, refused = [], changedAt } = entry;
  if (backups !== undefined) {
    return { status: "listed", records: backups };
  }
  if (backup === null || backup === undefined) {
    return withRefusals({ status: "none", rejected: [], locked: optional("since", changedAt) }, refused);
  }
  const rejection = rejectionOf(asRecord(backup), query.kind === "latest" ? query.request : {}, now);
  if (rejection !== undefined) {
    return refusal(
      "LockedUnfit",
      `the locked answer "${key}" is not what it asks for: ${rejection.reason}: ${rejection.detail}`,
      entry.pin === undefined ? `correct it, or ${remedy}` : `correct it, or unpin it, and ${remedy}`,
    );
  }
  return withRefusals({ status: "found", backup, rejected: [], ...standingOf(backup, entry, now) }, refused);
}

/** What is to be known of a locked backup that is used: that it is pinned, that it expires. */
function standingOf(
  backup: RestorableBackup,
  { pin, retentionDays }: LockedAnswer,
  now: Instant,
): Pick<FoundAnswer, "basis" | "warnings"> {
  const { crossBackupId, dataTime } = backup;
  const pinned =
    pin &&
    `${crossBackupId} with the data of ${dataTime} is pinned, and used without lookup or age check: ${pin.reason}`;
  const warnings = [pinned, explainExpiry(backup, retentionDays, now)].filter((each) => each !== undefined);
  return {
    ...(pin === undefined ? {} : { basis: "pinned" }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function refusal(code: string, message: string, hint: string): LookupAnswer {
  return { status: "error", error: { kind: ErrorKind.MISUSE, code, message, hint } };
}

/**
 * A locked backup as a record that the rule of validity can judge: what a short answer, written by hand, leaves
 * out is taken for right, and its data time is taken at its word.
 */
function asRecord(backup: RestorableBackup): CrossRegionBackupRecord {
  return {
    backupType: "F",
    backupSetStatus: 0,
    crossBackupSetFile: ".zip",
    ...backup,
    backupStartTime: backup.dataTime,
    consistentTime: backup.dataTime,
  };
}
