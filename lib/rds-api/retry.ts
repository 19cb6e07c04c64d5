import { ErrorKind } from "./errors/error-kind";
import { RdsApiError } from "./errors/rds-api-error";

/** Bound of the first pause after a fault, milliseconds; each later one doubles. */
const initialBackoffMs = 200;

/** Bound of any such pause, milliseconds. */
const maxBackoffMs = 5_000;

/**
 * Whether a request is sent again: if it was throttled, or failed by a fault that passes by itself. The table of errors
 * says which codes are such faults.
 */
export function isRetried(error: unknown): error is RdsApiError {
  return error instanceof RdsApiError && error.retryable;
}

/** What the network says of a request that did not leave this machine, or reached nobody. */
const neverSent = ["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"];

/** Whether a request that failed was surely not done, so that the same one can be sent without doing it twice. */
export function isNotDone(error: unknown): error is RdsApiError {
  return isRetried(error) && (error.kind === ErrorKind.THROTTLED || neverSent.includes(error.code));
}

/**
 * How long to wait before a retry after a fault, milliseconds: a random time up to a bound that doubles (full jitter).
 * After throttling nothing waits here: the pace of all requests decides.
 *
 * @param retry 1 for the first one
 * @param remainingMs the time to the deadline, which the wait never exceeds; negative once it has passed
 */
export function backoffMs(retry: number, remainingMs = Infinity): number {
  const boundMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (retry - 1), Math.max(0, remainingMs));
  return Math.floor(Math.random() * boundMs);
}

/** After so many tries, and no sooner than so many milliseconds, a resolver that is busy counts as down. */
const enoughTries = 3;
const patienceMs = 3_000;

/**
 * Whether the host of an endpoint, or of its proxy, has no address: then each further request would wait for the same
 * failure. Once anything has answered, the name is good, and a failure passes by itself.
 */
export class NameFailures {
  private hasAnswered = false;
  private tries = 0;
  private firstAt: number | undefined;
  private lastAt = -Infinity;
  /** The failure of every request from now on; undefined while one may still succeed. */
  final: object | undefined;

  /** Records that something answered. */
  answered(): void {
    this.hasAnswered = true;
  }

  /** Records a failure; requests that were under way together are one try. */
  failed(failure: object, sentAt: number, now: number): void {
    const { code } = failure as NodeJS.ErrnoException;
    if (this.hasAnswered || this.final !== undefined || (code !== "ENOTFOUND" && code !== "EAI_AGAIN")) {
      return;
    }
    if (sentAt >= this.lastAt) {
      this.tries++;
      this.lastAt = now;
    }
    this.firstAt ??= sentAt;
    if (code === "ENOTFOUND" || (this.tries >= enoughTries && now - this.firstAt >= patienceMs)) {
      this.final = failure;
    }
  }
}
