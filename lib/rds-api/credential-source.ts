import { RdsApiError, type RdsApiFailure } from "./rds-api-error";
import type { AccessKey } from "./rpc-transport";
import { scrub } from "./scrub";

/** An access key, with its end if it is temporary. */
export interface SessionKey extends AccessKey {
  /** When it ends, milliseconds since 1970. */
  readonly expiresAt?: number;
}

/**
 * Asks one source for an access key. When the signal aborts it fails at once, and leaves no socket and no process.
 *
 * @throws RdsApiError of code CredentialsUnavailable if another try can succeed, else of a code of the kind ACCESS
 */
export type KeySource = (signal: AbortSignal) => Promise<SessionKey>;

/** How long one try may take before the next one, milliseconds. */
const attemptTimeoutMs = 10_000;

/** What is known of a failed request for credentials, besides its code. */
type Circumstances = Partial<Pick<RdsApiFailure, "httpStatus" | "requestId">>;

/** The source gave no answer, asks to wait, or failed on its side: another try can succeed. */
export function unavailable(asked: string, reason: string, circumstances: Circumstances = {}): RdsApiError {
  return credentialsError("CredentialsUnavailable", `${asked} gave no access key: ${reason}`, circumstances);
}

/** The source was reached, and refuses. */
export function denied(asked: string, reason: string, circumstances: Circumstances = {}): RdsApiError {
  return credentialsError("CredentialsDenied", `${asked} denied an access key: ${reason}`, circumstances);
}

/** An error of getting credentials; the reason is made safe to show. */
export function credentialsError(
  code: string,
  reason: string,
  circumstances: Circumstances = {},
): RdsApiError {
  return new RdsApiError({ action: "Signing the request", code, reason: scrub(reason), ...circumstances });
}

/**
 * The result of one try, or an error that names who was asked if it takes too long.
 *
 * @param attempt gets a signal that aborts when the time of the try is over
 */
export async function withinAttempt<T>(
  asked: string,
  run: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.any([run, AbortSignal.timeout(attemptTimeoutMs)]);
  const outOfTime = (): RdsApiError => unavailable(asked, "it did not answer in time");
  if (isOver(signal)) {
    throw outOfTime();
  }
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(outOfTime());
    };
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([attempt(signal), aborted]);
  } catch (error) {
    // What was cut off by us says "aborted", which explains nothing.
    throw isOver(signal) ? outOfTime() : error;
  } finally {
    if (stop !== undefined) {
      signal.removeEventListener("abort", stop);
    }
  }
}

/** Whether the time is over; a function, as it can be later on in the same function. */
export function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** The names under which an answer holds an access key. */
export interface KeyFields {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  readonly expiration: string;
}

/** The access key that an answer holds; undefined if a part is missing, as an empty key would sign nothing. */
export function keyIn(answer: Readonly<Record<string, unknown>>, fields: KeyFields): SessionKey | undefined {
  const [accessKeyId, accessKeySecret, securityToken] = [
    fields.accessKeyId,
    fields.accessKeySecret,
    fields.securityToken,
  ].map((name) => textIn(answer, name));
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    return undefined;
  }
  const expiresAt = instantOf(answer[fields.expiration]);
  return {
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** The text of a field, without what editors leave at its ends; undefined if there is none. */
export function textIn(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name];
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** Milliseconds since 1970 of a date in text, or of a number of seconds, of which 0 says nothing. */
function instantOf(value: unknown): number | undefined {
  const ms = typeof value === "number" ? value * 1_000 : typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
