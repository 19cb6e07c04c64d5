import {
  bulkhead,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from "cockatiel";
import { RdsApiError } from "./rds-api-error";
import type { RpcAnswer, RpcParameters, RpcTransport } from "./rpc-transport";

/** Retries after the first try; with the backoff below, about 13 seconds in all. */
const maxRetries = 9;

/** Bound of the first pause before a retry, milliseconds; each later one doubles. */
const initialBackoffMs = 200;

/** Bound of any pause before a retry, milliseconds. */
const maxBackoffMs = 5_000;

/** How long one request may take before it is tried anew, milliseconds. */
const attemptTimeoutMs = 10_000;

/** So much more than what is left to the deadline is given to a request, so that it is the deadline that ends it. */
const graceMs = 1_000;

/** The API of one endpoint, under one access key: what the functions named after its actions call. */
export class RdsClient {
  private readonly inFlight;

  /**
   * @param deadline when every call must have ended, milliseconds since 1970
   * @param concurrency most requests that are under way at once; the others wait their turn
   */
  constructor(
    private readonly transport: RpcTransport,
    private readonly deadline: number,
    concurrency: number,
  ) {
    this.inFlight = bulkhead(concurrency, Infinity);
  }

  /**
   * Calls an action; throttling and transient faults are tried again with full jitter until the deadline.
   *
   * @throws RdsApiError the last real error; DeadlineExceeded where there was none
   */
  async call(action: string, parameters: RpcParameters): Promise<RpcAnswer> {
    let lastError: RdsApiError | undefined;
    const retrying = retry(
      handleWhen((error) => error instanceof RdsApiError && error.retryable),
      {
        maxAttempts: maxRetries,
        backoff: new ExponentialBackoff({
          generator: fullJitterGenerator,
          initialDelay: initialBackoffMs,
          maxDelay: maxBackoffMs,
        }),
      },
      // The deadline's own timer keeps the process alive while anything is under way.
    ).dangerouslyUnref();
    const send = async (): Promise<RpcAnswer> => {
      const remainingMs = this.deadline - Date.now();
      if (remainingMs <= 0) {
        throw deadlineExceeded(action, lastError);
      }
      try {
        const timeoutMs = Math.min(attemptTimeoutMs, remainingMs + graceMs);
        return await this.transport.send(action, parameters, timeoutMs);
      } catch (error) {
        lastError = error instanceof RdsApiError ? error : lastError;
        throw error;
      }
    };
    try {
      return await timeout(Math.max(0, this.deadline - Date.now()), TimeoutStrategy.Aggressive).execute(
        ({ signal }) => retrying.execute(() => this.inFlight.execute(send), signal),
      );
    } catch (error) {
      throw error instanceof TaskCancelledError ? deadlineExceeded(action, lastError) : error;
    }
  }

  /** Closes the connections that are kept alive. */
  close(): void {
    this.transport.close();
  }
}

/** The last real error says more than that time ran out. */
function deadlineExceeded(action: string, lastError: RdsApiError | undefined): RdsApiError {
  return (
    lastError?.withNote("no try succeeded before the deadline") ??
    new RdsApiError({ action, code: "DeadlineExceeded", reason: "no answer came before the deadline" })
  );
}
