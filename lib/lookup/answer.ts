import type { Instant } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import { compareBackups, type RestorableBackup } from "../backup/restorable-backup";
import type { Rejections } from "../backup/select-latest";
import type { Rejection } from "../backup/validity";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../validation/checks";
import { scrub } from "../validation/printable";
import type { SourceInstance } from "../backup/source-instance";

/** What a query got, as JSON can carry it. */
export type LookupAnswer = FoundAnswer | NoneAnswer | ListedAnswer | DiscoveredAnswer | ErrorAnswer;

/**
 * Where an answer comes from: the API of now, a locked answer, a locked answer that is pinned, or nowhere, as nothing
 * but a destroy is wanted.
 */
export type Origin = "api" | "lock" | "pin" | "placeholder";

/** What every answer to use says, whatever it is. */
interface Usable {
  readonly origin: Origin;
  /** What the user must know of the answer, such as that it is not the API's of now. */
  readonly warnings?: readonly string[];
  /** Why the API gave no answer, if a locked one is used in its place. */
  readonly failure?: LookupFailure;
  /** Ids of the requests about the instance that were answered; absent unless the run wants them. */
  readonly requestIds?: readonly string[];
}

/** The latest valid full backup. */
export interface FoundAnswer extends Usable, Rejections {
  readonly status: "found";
  readonly backup: RestorableBackup;
  /** Set if the facts of a pinned backup are not those that are locked, as RDS contradicts them. */
  readonly isCorrected?: true;
}

/** There is no valid backup, though the API answered. */
export interface NoneAnswer extends Usable, Rejections {
  readonly status: "none";
  /** Since when a locked answer says so, if it does. */
  readonly since?: Instant;
}

/** Every record of a list query, newest first. */
export interface ListedAnswer extends Usable {
  readonly status: "listed";
  readonly records: readonly CrossRegionBackupRecord[];
  /** Set if the newest of the locked records is missing, though it may still be there: the locked list stays. */
  readonly isIncomplete?: true;
}

/** The instances of a region, by their ids. */
export interface DiscoveredAnswer extends Usable {
  readonly status: "discovered";
  readonly instances: readonly SourceInstance[];
}

/** The question could not be answered. */
export interface ErrorAnswer {
  readonly status: "error";
  readonly error: LookupFailure;
  /** What the API itself said, if `error` says more. */
  readonly failure?: LookupFailure;
  /** The backups that the preflight had refused by then. */
  readonly rejected?: readonly Rejection[];
}

/** Why a question could not be answered. Never carries anything secret. */
export interface LookupFailure {
  readonly kind: ErrorKind;
  /** Code of the API, of the network, or of this package. */
  readonly code: string;
  readonly message: string;
  /** The part of the message that any other question would get as well. */
  readonly sharedReason?: string;
  /** What to do about it. */
  readonly hint: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
}

/** The answer to a question that was asked; that there is none would be a defect. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) {
    throw new Error("the engine gave no answer");
  }
  return answer;
}

/** Whether a live answer is worse than a backup that it does not know. */
export function isWorse(live: FoundAnswer | NoneAnswer, backup: RestorableBackup): boolean {
  return (
    live.status === "none" ||
    (live.backup.crossBackupId !== backup.crossBackupId && compareBackups(backup, live.backup) < 0)
  );
}

/** An answer with one more warning, the first to be shown; unchanged if it is an error or there is no warning. */
export function withWarning<T extends LookupAnswer>(answer: T, warning: string | undefined): T {
  return answer.status === "error" || warning === undefined
    ? answer
    : { ...answer, warnings: [warning, ...(answer.warnings ?? [])] };
}

/**
 * The answer that stands for an error of the client.
 *
 * @param subject what was asked about, in words
 * @throws the error itself if it is of any other kind: a defect is never an answer
 */
export function errorAnswer(subject: string, error: unknown): ErrorAnswer {
  if (error instanceof InvalidRequestError) {
    const { message, parameter } = error;
    const hint = `correct ${parameter}`;
    return { status: "error", error: { kind: ErrorKind.MISUSE, code: "InvalidRequest", message, hint } };
  }
  if (!(error instanceof RdsApiError)) {
    throw error;
  }
  const { kind, code, sharedMessage: sharedReason, hint, httpStatus, requestId } = error;
  const message = `cannot look up ${subject}: ${error.message}`;
  return {
    status: "error",
    error: { kind, code, message, sharedReason, hint, httpStatus, requestId },
  };
}

/**
 * A defect in words: its message, scrubbed, and where it came from. Never its other properties, which may contain
 * anything.
 */
export function defectText(error: unknown): string {
  if (!(error instanceof Error)) {
    return scrub(String(error));
  }
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${scrub(error.message)}`, ...frames].join("\n");
}

/** A failure in words: what happened, what a ticket must quote, and what to do about it. */
export function failureText({ message, hint, httpStatus, requestId }: LookupFailure): string {
  const source = [
    ...(httpStatus === undefined ? [] : [`HTTP ${httpStatus}`]),
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return `${message}${source.length === 0 ? "" : ` (${source.join(", ")})`}\n  -> ${hint}`;
}

/** A failure in the form that scripts rely on. */
export function failureJson({ kind, code, message, hint, requestId }: LookupFailure): object {
  return { kind, code, message, hint, requestId: requestId ?? null };
}

/** Kinds of failures that have nothing to do with what was asked. */
const sharedKinds = [ErrorKind.ACCESS, ErrorKind.THROTTLED, ErrorKind.TRANSIENT];

/** What failed in the same way. */
export interface FailureGroup<T> {
  readonly first: T;
  /** The names of the others: all that is held of them. */
  readonly others: readonly string[];
}

/** Groups what failed by what is to be said of it, each group once, in the order of its first member. */
export function groupFailures<T>(
  failed: Iterable<T>,
  failureOf: (each: T) => Pick<LookupFailure, "kind" | "message" | "sharedReason">,
  nameOf: (each: T) => string,
): readonly FailureGroup<T>[] {
  const groups = new Map<string, { readonly first: T; readonly others: string[] }>();
  for (const each of failed) {
    const { kind, message, sharedReason = message } = failureOf(each);
    const key = sharedKinds.includes(kind) ? sharedReason : message;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: each, others: [] });
    } else {
      group.others.push(nameOf(each));
    }
  }
  return [...groups.values()];
}

/** Names that are shown of the lookups that share a failure. */
const namesShown = 10;

/** Says which other lookups failed in the same way: their number, and the first of their names. */
export function othersText(others: readonly string[]): string {
  const names = [...new Set(others)];
  if (names.length === 0) {
    return "";
  }
  const shown = names.slice(0, namesShown).join(", ");
  const count = `${names.length} ${names.length === 1 ? "other lookup" : "other lookups"}`;
  return `\n  the same for ${count}: ${shown}${names.length > namesShown ? ", …" : ""}`;
}
