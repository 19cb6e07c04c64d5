import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { compareBackups, type RestorableBackup } from "../backup/restorable-backup";
import type { Rejections } from "../backup/select-latest";
import type { Rejection } from "../backup/validity";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../validation/invalid-request-error";

/** What a query got, as JSON can carry it. */
export type LookupAnswer = FoundAnswer | NoneAnswer | ListedAnswer | ErrorAnswer;

/** What is to be known of an answer all the same, such as that it is not the API's of now. */
interface WithWarnings {
  readonly warnings?: readonly string[];
}

/** The latest valid full backup. */
export interface FoundAnswer extends WithWarnings, Rejections {
  readonly status: "found";
  readonly backup: RestorableBackup;
  /** Set where the backup is used whatever its age: it is pinned, or stands for none at all. */
  readonly basis?: "pinned" | "placeholder";
}

/** There is no valid backup, though the API answered. */
export interface NoneAnswer extends WithWarnings, Rejections {
  readonly status: "none";
  /** Set where a locked answer says so, with the time since when it does; absent where the API does. */
  readonly locked?: { readonly since?: Instant };
}

/** Every record of a list query, newest first. */
export interface ListedAnswer extends WithWarnings {
  readonly status: "listed";
  readonly records: readonly CrossRegionBackupRecord[];
}

/** The question could not be answered. */
export interface ErrorAnswer {
  readonly status: "error";
  readonly error: LookupFailure;
  /** The backups that the preflight had refused by then. */
  readonly rejected?: readonly Rejection[];
}

/** Why a question could not be answered. Never carries anything secret. */
export interface LookupFailure {
  readonly kind: ErrorKind;
  /** Code of the API, of the network, or of this package. */
  readonly code: string;
  readonly message: string;
  /** The part of the message that any other question would have got as well. */
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

/** An answer with one more warning, the first to be told. */
export function withWarning<T extends WithWarnings>(answer: T, warning: string): T {
  return { ...answer, warnings: [warning, ...(answer.warnings ?? [])] };
}

/**
 * The answer that stands for an error of the client.
 *
 * @param subject what was asked about, in words
 * @throws the error itself where it is of any other kind: a defect is never an answer
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
  const { kind, code, message, sharedMessage: sharedReason, hint, httpStatus, requestId } = error;
  return {
    status: "error",
    error: {
      kind,
      code,
      message: `cannot look up ${subject}: ${message}`,
      sharedReason,
      hint,
      ...optional("httpStatus", httpStatus),
      ...optional("requestId", requestId),
    },
  };
}
