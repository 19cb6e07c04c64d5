import { hoursBetween, type Instant } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import { expiryOf, type RestorableBackup } from "../backup/restorable-backup";
import { type Rejection, rejectionOf } from "../backup/validity";
import { type ErrorAnswer, type FoundAnswer, type LookupAnswer, type NoneAnswer, withWarning } from "../lookup/answer";
import type { SourceInstance } from "../backup/source-instance";
import { type LookupQuery, queryKey } from "../lookup/query";
import { endpointOrigin } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import { type LockedAt, selfContradiction, type SelfContradiction } from "./contradictions";

const hoursPerDay = 24;

/** An id that is gone within three days may be gone in the night in which it is needed. */
const soonHours = 3 * hoursPerDay;

/** Keys in a message. */
const shownKeys = 3;

/** An answer that was written down, to be used instead of the network. */
export interface LockedAnswer {
  /** The parameters of the question; with the kind, the first word of its key, they are the question. */
  readonly query?: Readonly<Record<string, string | number | true | Readonly<Record<string, string>>>>;
  /** Answer to a `latest` query; null if there was no valid backup. */
  readonly backup?: RestorableBackup | null;
  /** Answer to a `list` query. */
  readonly backups?: readonly CrossRegionBackupRecord[];
  /** Answer to an `instances` query. */
  readonly instances?: readonly SourceInstance[];
  /** What the preflight refused before it came to this answer, the newest first; absent if it refused nothing. */
  readonly refused?: readonly Refused[];
  /** When the answer last became another one. */
  readonly changedAt?: Instant;
  /** The endpoint that gave it, if that is not Alibaba's own. */
  readonly endpoint?: string;
  /** Days for which the copies of the instance are kept, if that is known. */
  readonly retentionDays?: number;
  /** Set if the answer is to be used as it is, without lookup or age check. */
  readonly pin?: Pin;
}

/** A locked answer as a context may contain it: "none" stands for null, which is lost on the way from another language. */
export type WrittenAnswer = Omit<LockedAnswer, "backup"> & {
  readonly backup?: LockedAnswer["backup"] | "none";
};

/** Why an answer is to be used as it is. */
export interface Pin {
  readonly reason: string;
}

/** A backup that the region of the restore did not accept, as it is written down: without the reason, which is one. */
export interface Refused {
  readonly crossBackupId: string;
  readonly detail: string;
}

/** Locked answers by the key of their query. */
export type LockedAnswers = Readonly<Record<string, LockedAnswer>>;

/** Locked answers, and what to say if one is missing. */
export interface Lock {
  readonly answers: LockedAnswers;
  /** Where they stand, to follow the words "there is no locked answer …". */
  readonly place: string;
  /** How to get a missing one. */
  readonly remedy: string;
  /** Whether there is no project, and so no lock file that could have an answer; absent if there is one. */
  readonly isOutsideProject?: true;
}

/** The locked answer of a key, if any. */
export function entryOf(answers: LockedAnswers, key: string): LockedAnswer | undefined {
  return Object.hasOwn(answers, key) ? answers[key] : undefined;
}

/** Whether what is locked came from a simulator or another host that is not the one asked now. */
export function isForeign({ endpoint }: Pick<LockedAnswer, "endpoint">, asked: string | undefined): boolean {
  const given = endpointOrigin(endpoint);
  return given !== undefined && given !== endpointOrigin(asked);
}

/**
 * What is locked of the backup of a query, fit for it or not, to be compared with what the API says; undefined if
 * nothing is, or if another host gave it than is asked now.
 */
export function lockedFacts(query: LookupQuery, { answers }: Lock): RestorableBackup | undefined {
  const entry = entryOf(answers, queryKey(query));
  return entry === undefined || isForeign(entry, query.connection.endpoint) ? undefined : (entry.backup ?? undefined);
}

/** The other questions about the same instance or region, of which one may be meant: a prop was added, perhaps. */
function similarKeys(asked: string, answers: LockedAnswers): string {
  const subject = asked.split(" ")[1];
  const keys = Object.keys(answers).filter((key) => key.split(" ")[1] === subject);
  const shown = keys.slice(0, shownKeys).map((key) => `"${key}"`);
  return shown.length === 0 ? "" : `, only ${shown.join(", ")}${keys.length > shownKeys ? ", …" : ""}`;
}

/** When the locked answer to a query was read, and when it is judged. */
export function lockedAt(query: LookupQuery, { answers }: Lock, now: Instant): LockedAt {
  return { now, changedAt: entryOf(answers, queryKey(query))?.changedAt };
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
  const flaw = answer.status === "found" ? selfContradiction(answer.backup, lockedAt(query, lock, now)) : undefined;
  if (flaw === undefined) {
    return answer;
  }
  const { fact, value, allowed } = flaw;
  const parameter = `"${fact}" of the locked answer "${queryKey(query)}"${lock.place}`;
  const { message } = new InvalidRequestError(parameter, value, allowed);
  return unfit("LockedContradictory", message, `correct it, or ${lock.remedy}`);
}

/**
 * The locked answer to a query. It is an error if there is none, if another host gave it than is asked now, or if it
 * does not fit the query.
 */
export function lockedAnswer(query: LookupQuery, { answers, place, remedy }: Lock, now: Instant): LookupAnswer {
  const key = queryKey(query);
  const entry = entryOf(answers, key);
  if (entry === undefined) {
    return unfit("NotLocked", `there is no locked answer "${key}"${place}${similarKeys(key, answers)}`, remedy);
  }
  const { backup, backups, instances, refused = [], changedAt: since, endpoint, pin } = entry;
  if (isForeign(entry, query.connection.endpoint)) {
    const asked = endpointOrigin(query.connection.endpoint) ?? "Alibaba Cloud";
    return unfit(
      "LockedElsewhere",
      `the locked answer "${key}" came from ${endpointOrigin(endpoint) ?? ""}, not from ${asked}`,
      `${pin === undefined ? "" : "unpin it, and "}look it up again at this endpoint (npx rds-dr refresh): an answer of a simulator must never reach production`,
    );
  }
  if (backups !== undefined) {
    return { status: "listed", origin: "lock", records: backups };
  }
  if (instances !== undefined) {
    return { status: "discovered", origin: "lock", instances };
  }
  if (backup === null || backup === undefined) {
    return withRefusals({ status: "none", origin: "lock", rejected: [], since }, refused);
  }
  const rejection = rejectionOf(asRecord(backup), query.kind === "latest" ? query.request : {}, now);
  if (rejection !== undefined) {
    return unfit(
      "LockedUnfit",
      `the locked answer "${key}" is not what it asks for: ${rejection.reason}: ${rejection.detail}`,
      `correct it, or ${pin === undefined ? "" : "unpin it, and "}${remedy}`,
    );
  }
  const { crossBackupId, dataTime } = backup;
  const pinned =
    pin &&
    `${crossBackupId} with the data of ${dataTime} is pinned, and used without lookup or age check: ${pin.reason}`;
  const origin = pin === undefined ? "lock" : "pin";
  const found: FoundAnswer = { status: "found", origin, backup, rejected: [] };
  const expiry = explainExpiry(backup, entry.retentionDays, now);
  return withRefusals(withWarning(withWarning(found, expiry), pinned), refused);
}

/** Says that a backup expires soon, or has expired; undefined if neither is so, or if nobody knows. */
export function explainExpiry(
  backup: RestorableBackup,
  retentionDays: number | undefined,
  now: Instant,
): string | undefined {
  if (retentionDays === undefined) {
    return undefined;
  }
  const expires = expiryOf(backup, retentionDays);
  if (hoursBetween(now, expires) > soonHours) {
    return undefined;
  }
  const fate = expires <= now ? "has expired at" : "expires at";
  return `the locked backup ${backup.crossBackupId}, kept for ${retentionDays} days, ${fate} ${expires}: see whether it is there with "npx rds-dr check", and get a newer one with "npx rds-dr refresh"`;
}

function unfit(code: string, message: string, hint: string): ErrorAnswer {
  return { status: "error", error: { kind: ErrorKind.MISUSE, code, message, hint } };
}

/**
 * A locked backup as a record that the rules of validity can judge: what a short answer, written by hand, leaves out is
 * taken for right, and its data time is taken at its word.
 */
function asRecord(backup: RestorableBackup): CrossRegionBackupRecord {
  const { dataTime } = backup;
  const { backupType = "F", backupSetStatus = 0, crossBackupSetFile = ".zip" } = backup;
  return {
    ...backup,
    backupType,
    backupSetStatus,
    crossBackupSetFile,
    backupStartTime: dataTime,
    consistentTime: dataTime,
  };
}

/** The backups that the preflight refused on the way to an answer, the newest first. */
export function refusedIn({ rejected = [] }: FoundAnswer | NoneAnswer | ErrorAnswer): readonly Refused[] {
  return rejected.flatMap(({ crossBackupId, reason, detail }) =>
    reason === "preflight-refused" && crossBackupId !== undefined ? [{ crossBackupId, detail }] : [],
  );
}

/** Whether the preflight of now refuses the locked backup. */
export function isRefused(live: FoundAnswer | NoneAnswer | ErrorAnswer, locked: LookupAnswer): boolean {
  const id = locked.status === "found" ? locked.backup.crossBackupId : undefined;
  return refusedIn(live).some(({ crossBackupId }) => crossBackupId === id);
}

/** An answer that names these refusals as well: its backup is used in place of each of them. */
export function withRefusals<T extends LookupAnswer>(answer: T, refused: readonly Refused[]): T {
  if (answer.status === "listed" || answer.status === "discovered") {
    return answer;
  }
  const known = new Set(refusedIn(answer).map(({ crossBackupId }) => crossBackupId));
  const others = refused.filter(({ crossBackupId }) => !known.has(crossBackupId));
  if (others.length === 0) {
    return answer;
  }
  const rejections = others.map((each): Rejection => ({ ...each, reason: "preflight-refused" }));
  const named = { ...answer, rejected: [...rejections, ...(answer.rejected ?? [])] };
  const lines = others.map(({ crossBackupId, detail }) => `the preflight refused ${crossBackupId}: ${detail}`);
  return answer.status === "error" ? named : { ...named, warnings: [...(answer.warnings ?? []), ...lines] };
}
