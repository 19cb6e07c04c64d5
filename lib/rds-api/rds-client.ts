import { ErrorKind } from "./errors/error-kind";
import { RdsApiError } from "./errors/rds-api-error";
import { Gate } from "./pace/gate";
import type { Pace } from "./pace/pace";
import type { RpcAnswer, RpcParameters, RpcTransport } from "./rpc-transport";

/** Bound of the first pause after a transient fault, milliseconds; each later one doubles. */
const initialBackoffMs = 200;

/** Bound of any such pause, milliseconds. */
const maxBackoffMs = 5_000;

/**
 * So much of a client's whole time is given to one request before it is tried anew; one that was too slow for that gets
 * all that is left, as the API itself may be slow.
 */
const attemptShare = 1 / 3;

/** That share is never less, milliseconds: a connection must come about in it. */
const leastAttemptMs = 1_000;

/** So much more than what is left to the deadline is given to a request, so that it is the deadline that ends it. */
const graceMs = 100;

/** The code of a try that took too long, which says no more than that time ran out. */
const timedOut = "RequestTimeout";

/** The API of one endpoint, under one access key: what the functions named after its actions call. */
export class RdsClient {
  private readonly gate: Gate;
  private readonly attemptMs: number;
  /** What the last request met that got no answer, for the calls that had no turn; none once there was an answer. */
  private outage: RdsApiError | undefined;

  /**
   * @param deadline when every call must have ended, milliseconds of `performance.now()`: clocks on the wall are set
   * @param concurrency most requests that are under way at once; the others wait their turn
   * @param pace of all requests to this endpoint and profile, those of other clients included
   */
  constructor(
    private readonly transport: RpcTransport,
    private readonly deadline: number,
    readonly concurrency: number,
    pace: Pace,
  ) {
    this.gate = new Gate(concurrency, pace);
    this.attemptMs = Math.max(leastAttemptMs, (deadline - performance.now()) * attemptShare);
  }

  /**
   * Calls an action. A call that is throttled, or fails by a transient fault, is tried again until the deadline. The
   * pace that all calls share decides when throttled calls are sent again; after a fault the pause has full jitter.
   *
   * @throws RdsApiError the last real error; DeadlineExceeded if there was none
   */
  call(action: string, parameters: RpcParameters): Promise<RpcAnswer> {
    return this.callAndRead(action, parameters, (answer) => answer);
  }

  /**
   * As `call`, with what is read of the answer.
   *
   * @param read throws an RdsApiError for an answer that makes no sense, which is a failed try like any other
   */
  async callAndRead<T>(
    action: string,
    parameters: RpcParameters,
    read: (answer: RpcAnswer) => T,
  ): Promise<T> {
    let lastError: RdsApiError | undefined;
    let isOver = false;
    const send = async (): Promise<T> => {
      const remainingMs = this.deadline - performance.now();
      if (remainingMs <= 0) {
        isOver = true;
        throw this.deadlineExceeded(action, lastError);
      }
      const attemptMs = lastError?.code === timedOut ? Infinity : this.attemptMs;
      const timeoutMs = Math.min(attemptMs, remainingMs + graceMs);
      try {
        const answer = await this.transport.send(action, parameters, timeoutMs);
        this.outage = undefined;
        return read(answer);
      } catch (error) {
        // What the API itself says bears a request id, and is of this one request.
        if (error instanceof RdsApiError && error.requestId === undefined && saysMore(error)) {
          this.outage = error;
        }
        throw error;
      }
    };
    const sendUntilAnswered = async (): Promise<T> => {
      for (let faults = 0; ;) {
        try {
          return await this.gate.pass(send, lastError !== undefined);
        } catch (error) {
          if (isOver || !(error instanceof RdsApiError && error.retryable)) {
            throw error;
          }
          lastError = error;
        }
        if (lastError.kind !== ErrorKind.THROTTLED) {
          await backoff(++faults, this.deadline - performance.now());
        }
      }
    };
    return this.untilDeadline(sendUntilAnswered(), () => this.deadlineExceeded(action, lastError));
  }

  /** About how many requests a second the API lets through; undefined unless the pace believes in a limit. */
  get limit(): number | undefined {
    return this.gate.limit;
  }

  /** Closes the connections that are kept alive. */
  close(): void {
    this.transport.close();
  }

  /** What comes first: the end of a call, or the deadline with its error. */
  private async untilDeadline<T>(call: Promise<T>, exceeded: () => RdsApiError): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      const end = (): void => {
        reject(exceeded());
      };
      timer = setTimeout(end, Math.max(0, this.deadline - performance.now()));
    });
    try {
      return await Promise.race([call, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last real error says more than that time ran out. */
  private deadlineExceeded(action: string, lastError: RdsApiError | undefined): RdsApiError {
    const real = lastError === undefined || lastError.code === timedOut ? this.outage : lastError;
    if (real !== undefined) {
      return real.withNote("no try succeeded before the deadline");
    }
    const { route } = this.transport;
    const throttled =
      this.limit === undefined
        ? ""
        : `, as the API throttles the requests of this account to about ${this.limit} a second`;
    const reason = `no answer came before the deadline${throttled}${route === undefined ? "" : ` (${route})`}`;
    return new RdsApiError({ action, code: "DeadlineExceeded", reason });
  }
}

/** Whether an error says more than to wait. */
function saysMore({ code, kind }: RdsApiError): boolean {
  return code !== timedOut && kind !== ErrorKind.THROTTLED;
}

/** Waits before the retry with this number, 1 for the first, and never until the deadline; full jitter. */
async function backoff(retry: number, remainingMs: number): Promise<void> {
  const boundMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (retry - 1), remainingMs);
  // The deadline's own timer keeps the process alive while anything is under way.
  await new Promise((resolve) => setTimeout(resolve, Math.floor(Math.random() * boundMs)).unref());
}
