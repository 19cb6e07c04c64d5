import type { ErrorKind } from "./error-kind";
import type { ErrorRow } from "./error-table";

/** What is known of a failed call. */
export interface RdsApiFailure {
  /** The API action, such as `DescribeCrossRegionBackups`. */
  readonly action: string;
  /** Error code of the API, of the network (`ECONNRESET`) or of this package (`InvalidResponse`). */
  readonly code: string;
  /** What the other side said, without any secret. */
  readonly reason: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** Set if a retry is pointless, although errors of this code usually pass. */
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

  /** The message without a note: other calls may have met the same. */
  readonly sharedMessage: string;

  constructor({ action, code, reason, httpStatus, requestId, isFinal = false }: RdsApiFailure, sharedMessage?: string) {
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

  /** The same error, with a note on why nothing followed it. */
  withNote(note: string): RdsApiError {
    const { action, code, httpStatus, requestId } = this;
    const [reason, isFinal] = [`${this.reason}; ${note}`, !this.retryable];
    const { sharedMessage } = this;
    return new RdsApiError({ action, code, reason, httpStatus, requestId, isFinal }, sharedMessage);
  }
}

/** The table, by code and by how the codes of each family begin, such as `Forbidden.` and `ERR_SSL_`. */
interface Rows {
  readonly byCode: ReadonlyMap<string, ErrorRow>;
  readonly byPrefix: readonly (readonly [prefix: string, row: ErrorRow])[];
}

let loaded: Rows | undefined;

/** Loaded with the first error: an app that meets none needs no table. */
function rows(): Rows {
  if (loaded === undefined) {
    const { errorTable } = require("./error-table") as typeof import("./error-table");
    const families = errorTable.filter(({ code }) => code.endsWith("*"));
    loaded = {
      byCode: new Map(errorTable.map((each) => [each.code, each])),
      byPrefix: families.map((each) => [each.code.slice(0, -1), each]),
    };
  }
  return loaded;
}

/** What an error means, whether a retry can help, and what its reader can do. */
export interface ErrorExplanation {
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly hint: string;
}

/**
 * What an error means and what to do about it: by its code, else by the family of its code, else by its HTTP status. A
 * page that RDS did not write is an outage whatever its status, so that a locked answer can be used: only RDS's own
 * JSON can deny access or say that something does not exist.
 *
 * Never throws. Neither a code nor a status means that no answer came.
 */
export function explainError(code: string | undefined, httpStatus: number | undefined): ErrorExplanation {
  const { kind, retryable, hint } = rowOf(code, httpStatus);
  return { kind, retryable, hint };
}

/** Whether a code says that the backup cannot be restored, so that an older one might. */
export function blamesBackup(code: string): boolean {
  return rows().byCode.get(code)?.blamesBackup === true;
}

function rowOf(code: string | undefined, httpStatus: number | undefined): ErrorRow {
  const hasAnswer = httpStatus !== undefined && httpStatus >= 100 && httpStatus < 600;
  return (
    (code === "InvalidResponse" && hasAnswer ? rowOfForeignPage(httpStatus) : undefined) ??
    (code === undefined ? undefined : (rows().byCode.get(code) ?? rowOfFamily(code))) ??
    row(hasAnswer ? statusCode(httpStatus, code !== undefined) : "no answer")
  );
}

function rowOfFamily(code: string): ErrorRow | undefined {
  return rows().byPrefix.find(([prefix]) => `${code}.`.startsWith(prefix))?.[1];
}

/** The row of a page that RDS did not write, if its status says something. */
function rowOfForeignPage(httpStatus: number): ErrorRow | undefined {
  if (httpStatus < 300 || httpStatus >= 500) {
    return undefined;
  }
  const byStatus = row(statusCode(httpStatus, true));
  return byStatus.retryable
    ? byStatus
    : (rows().byCode.get(`InvalidResponse, HTTP ${httpStatus}`) ?? row("InvalidResponse, HTTP 3xx or 4xx"));
}

/** The code of the row for a status. An error names a code, or is at least 400; the rest RDS did not write. */
function statusCode(httpStatus: number, hasCode: boolean): string {
  const own = `HTTP ${httpStatus}`;
  if (httpStatus >= 500) {
    return "HTTP 5xx";
  }
  return rows().byCode.has(own) ? own : hasCode || httpStatus >= 400 ? "HTTP 4xx" : "no code, HTTP 2xx or 3xx";
}

function row(code: string): ErrorRow {
  const found = rows().byCode.get(code);
  if (found === undefined) {
    throw new Error(`the table of errors has no row "${code}"`);
  }
  return found;
}
