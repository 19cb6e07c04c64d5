import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { optional } from "../../backup/json-object";
import { scrub } from "../../validation/printable";
import { RdsApiError, type RdsApiFailure } from "../errors/rds-api-error";
import { backoffMs, isRetried } from "../retry";

/** An access key for one request. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** Where access keys come from; asked before each request, so that short-lived ones are renewed. */
export interface CredentialsProvider {
  getCredentials(): Promise<AccessKey>;
}

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

/** What is known of a failed request for credentials, besides its code. */
type Circumstances = Partial<Pick<RdsApiFailure, "httpStatus" | "requestId">>;

/** The source gave no answer, asks to wait, or failed on its side: another try can succeed. */
export function unavailable(asked: string, reason: string, circumstances?: Circumstances): RdsApiError {
  return credentialsError("CredentialsUnavailable", `${asked} gave no access key: ${reason}`, circumstances);
}

/** The source was reached, and refuses. */
export function denied(asked: string, reason: string, circumstances?: Circumstances): RdsApiError {
  return credentialsError("CredentialsDenied", `${asked} denied an access key: ${reason}`, circumstances);
}

/** The source has no access key to give. */
export function noKey(source: string, reason: string): RdsApiError {
  return credentialsError("NoCredentials", `${source} gives no access key: ${reason}`);
}

/** An error of getting credentials; the reason is made safe to show. */
export function credentialsError(code: string, reason: string, circumstances?: Circumstances): RdsApiError {
  return new RdsApiError({ action: "Signing the request", code, reason: scrub(reason), ...circumstances });
}

/** How long one try may take before the next one, milliseconds. */
const attemptTimeoutMs = 10_000;

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
  try {
    signal.throwIfAborted();
    const aborted = once(signal, "abort").then(() => Promise.reject(new Error("aborted")));
    return await Promise.race([attempt(signal), aborted]);
  } catch (error) {
    // What the signal cut off says "aborted", which explains nothing.
    throw isOver(signal) ? unavailable(asked, "it did not answer in time") : error;
  }
}

/** Whether the time is over; a function, as the answer can change within one function. */
function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

/** The names under which an answer has the parts of an access key, and its end. */
type AnswerNames = readonly [id: string, secret: string, token: string, expiration: string];

/** The names that STS, the metadata service and a credentials URI use. */
export const stsNames: AnswerNames = ["AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"];

/** The names that a program uses that prints a key. */
export const programNames: AnswerNames = ["access_key_id", "access_key_secret", "sts_token", "expiration"];

/** The names that a profile of the CLI uses for the session that it keeps. */
export const profileNames: AnswerNames = ["access_key_id", "access_key_secret", "sts_token", "sts_expiration"];

/** The access key of an answer; undefined if a part is missing, as an empty key would sign nothing. */
export function keyIn(answer: Readonly<Record<string, unknown>>, names: AnswerNames): SessionKey | undefined {
  const [accessKeyId, accessKeySecret, securityToken] = names.map((name) => textIn(answer, name));
  return accessKeyId === undefined || accessKeySecret === undefined
    ? undefined
    : {
        ...{ accessKeyId, accessKeySecret },
        ...optional("securityToken", securityToken),
        ...optional("expiresAt", epochMsOf(answer[names[3]])),
      };
}

/** The text of a field, without what editors leave at its ends; undefined if there is none. */
export function textIn(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name];
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** Milliseconds since 1970 of a date in text, or of a number of seconds; 0 means unknown. */
function epochMsOf(value: unknown): number | undefined {
  const ms = typeof value === "number" ? value * 1_000 : typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

/** How long before its end a temporary key is renewed, milliseconds. */
const renewalMs = 3 * 60_000;

/** How long a key that could not be renewed is used before the next try, milliseconds. */
const renewalPauseMs = 30_000;

/** The access key of one source: asked for once for all who want it, and again shortly before it ends. */
export class SharedKey implements CredentialsProvider {
  private key: AccessKey | undefined;
  private expiresAt: number | undefined;
  private renewAt = 0;
  private asking: Promise<AccessKey> | undefined;
  private failure: RdsApiError | undefined;

  constructor(
    private readonly source: KeySource,
    private readonly run: AbortSignal,
  ) {}

  getCredentials(): Promise<AccessKey> {
    if (this.key !== undefined && Date.now() < this.renewAt) {
      return Promise.resolve(this.key);
    }
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<AccessKey> {
    for (let tries = 1; ; tries++) {
      if (isOver(this.run)) {
        throw this.failure ?? unavailable("the source of credentials", "there is no time left to ask it");
      }
      try {
        const { expiresAt, ...key } = await this.source(this.run);
        this.key = key;
        this.expiresAt = expiresAt;
        this.renewAt = renewalOf(expiresAt);
        return key;
      } catch (error) {
        if (!isRetried(error)) {
          throw error;
        }
        if (this.key !== undefined && Date.now() < (this.expiresAt ?? 0)) {
          this.renewAt = Date.now() + renewalPauseMs;
          return this.key;
        }
        // An error from before the time ran out says more than that it did.
        this.failure = isOver(this.run) ? (this.failure ?? error) : error;
      }
      await sleep(backoffMs(tries), undefined, { signal: this.run }).catch(() => undefined);
    }
  }
}

/** When a key is renewed; a key that lives for minutes only, after half of its time. */
function renewalOf(expiresAt: number | undefined): number {
  if (expiresAt === undefined) {
    return Infinity;
  }
  const now = Date.now();
  // An end in the past is that of another clock.
  return expiresAt <= now ? now + renewalPauseMs : Math.max(expiresAt - renewalMs, (now + expiresAt) / 2);
}
