import type { ErrorKind } from "./error-kind";
import { explainError } from "./explain-error";

/** What is known of a failed call. */
export interface RdsApiFailure {
  /** The API action, such as `DescribeCrossRegionBackups`. */
  readonly action: string;
  /** Error code of the API, of the network (`ECONNRESET`) or of this package (`InvalidResponse`). */
  readonly code: string;
  /** What the other side said, without anything secret. */
  readonly reason: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** Set if a retry is pointless though errors of this code pass as a rule. */
  readonly isFinal?: boolean;
}

/** A call to the RDS API that failed. Never carries a credential, a signature or a signed URL. */
export class RdsApiError extends Error implements Omit<RdsApiFailure, "isFinal"> {
  override readonly name = "RdsApiError";
  readonly action: string;
  readonly code: string;
  readonly reason: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** What the error means for the caller. */
  readonly kind: ErrorKind;
  /** Whether the same call can succeed a moment later. */
  readonly retryable: boolean;
  /** What to do about it. */
  readonly hint: string;

  /** The message without a note: what other calls have met as well. */
  readonly sharedMessage: string;

  constructor(
    { action, code, reason, httpStatus, requestId, isFinal = false }: RdsApiFailure,
    sharedMessage?: string,
  ) {
    super(`${action} failed with ${code}: ${reason}`);
    this.sharedMessage = sharedMessage ?? this.message;
    const { kind, retryable, hint } = explainError(code, httpStatus);
    this.action = action;
    this.code = code;
    this.reason = reason;
    this.kind = kind;
    this.retryable = retryable && !isFinal;
    this.hint = hint;
    this.httpStatus = httpStatus;
    this.requestId = requestId;
  }

  /** The same error, with more on how it came to be the last word. */
  withNote(note: string): RdsApiError {
    const { action, code, httpStatus, requestId } = this;
    const [reason, isFinal] = [`${this.reason}; ${note}`, !this.retryable];
    const { sharedMessage } = this;
    return new RdsApiError({ action, code, reason, httpStatus, requestId, isFinal }, sharedMessage);
  }
}
