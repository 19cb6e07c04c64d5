import { isOneLine } from "../backup/forms";
import { ErrorKind } from "./errors/error-kind";
import { RdsApiError } from "./errors/rds-api-error";
import { Gate } from "./pace/gate";
import type { Pace } from "./pace/pace";
import { backoffMs, isNotDone, isRetried } from "./retry";

/** One signed call to the API and its answer, without retries. */
export interface RpcTransport {
  /** The endpoint and proxy that it asks, for messages; never holds a credential. @default - messages name none */
  readonly route?: string;
  /**
   * Sends one request.
   *
   * @param parameters in the API's spelling; those that are undefined are not sent
   * @param timeoutMs how long this one request may take, milliseconds
   * @returns the answer of a call that succeeded, integers beyond 2^53 as strings of digits
   * @throws RdsApiError for every failure
   */
  send(action: string, parameters: RpcParameters, timeoutMs: number): Promise<RpcAnswer>;
  /** Closes the connections that are kept alive. */
  close(): void;
}

/** Parameters of an action. */
export type RpcParameters = Readonly<Record<string, string | number | undefined>>;

/** The JSON object that the API answered with. */
export type RpcAnswer = Readonly<Record<string, unknown>>;

/** The part of a client's time that one request gets before it is sent again. */
const attemptShare = 1 / 3;

/** That part is never less, milliseconds: a connection must come about in it. Nor more: a run of hours must not hang. */
const leastAttemptMs = 1_000;
const mostAttemptMs = 60_000;

/**
 * After a request that took longer, the next one gets all the time that is left, as the API itself may be slow; at most
 * so many milliseconds.
 */
const mostPatientAttemptMs = 600_000;

/** A request may outlive the deadline by so much, milliseconds, so that the deadline ends it. */
const graceMs = 100;

/** Characters of the longest id of a request that is kept; those of RDS have 36. */
const maxIdLength = 64;

/** The code of a try that took too long: it says nothing but that time ran out. */
const timedOut = "RequestTimeout";

/** The API of one endpoint, under one access key. The functions that are named after its actions call it. */
export class RdsClient {
  private readonly gate: Gate;
  private readonly attemptMs: number;
  /** The error of the last request without an answer, for calls that had no turn; none once there was an answer. */
  private outage: RdsApiError | undefined;
  /** The ids of the requests that were answered, by the region and the instance that they asked about. */
  private readonly requestIds = new Map<string, string[]>();

  /**
   * @param deadline when every call must have ended, milliseconds of `performance.now()`, which nobody sets
   * @param concurrency most requests that are under way at once; the others wait their turn
   * @param pace of all requests to this endpoint and profile, those of other clients included
   * @param keepsRequestIds whether somebody wants to know them: they take memory
   */
  constructor(
    private readonly transport: RpcTransport,
    private readonly deadline: number,
    readonly concurrency: number,
    pace: Pace,
    private readonly keepsRequestIds = false,
  ) {
    this.gate = new Gate(concurrency, pace);
    const shareMs = (deadline - performance.now()) * attemptShare;
    this.attemptMs = Math.min(mostAttemptMs, Math.max(leastAttemptMs, shareMs));
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
   * As `call`, but returns what is read from the answer.
   *
   * @param read throws an RdsApiError for an answer that makes no sense, which is a failed try like any other
   */
  callAndRead<T>(action: string, parameters: RpcParameters, read: (answer: RpcAnswer) => T): Promise<T> {
    return this.callWhile(isRetried, action, parameters, read);
  }

  /**
   * As `callAndRead`, for an action that must not be done twice: it is tried again only if it was surely not done. After
   * any other failure nobody knows.
   */
  callOnce<T>(action: string, parameters: RpcParameters, read: (answer: RpcAnswer) => T): Promise<T> {
    return this.callWhile(isNotDone, action, parameters, read);
  }

  /** @param mayTryAgain judges the error of a failed try */
  private async callWhile<T>(
    mayTryAgain: (error: unknown) => error is RdsApiError,
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
      const attemptMs = lastError?.code === timedOut ? mostPatientAttemptMs : this.attemptMs;
      const timeoutMs = Math.min(attemptMs, remainingMs + graceMs);
      try {
        const answer = await this.transport.send(action, parameters, timeoutMs);
        this.outage = undefined;
        const result = read(answer);
        this.keepRequestId(parameters, answer);
        return result;
      } catch (error) {
        // An error of the API itself has a request id, and is about this one request.
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
          if (isOver || !mayTryAgain(error)) {
            throw error;
          }
          lastError = error;
        }
        if (lastError.kind !== ErrorKind.THROTTLED) {
          const pauseMs = backoffMs(++faults, this.deadline - performance.now());
          // The deadline's own timer keeps the process alive while anything is under way.
          await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
        }
      }
    };
    return this.untilDeadline(sendUntilAnswered(), () => this.deadlineExceeded(action, lastError));
  }

  /**
   * Hands over the ids of the requests about an instance that were answered, in the order of the answers: ActionTrail
   * finds a request by its id. They are not kept any longer, as a fleet has many.
   *
   * @param dbInstanceId undefined for all requests about the region and its instances
   */
  takeRequestIds(regionId: string, dbInstanceId?: string): readonly string[] {
    const about = dbInstanceId === undefined ? [...this.requestIds.keys()] : [`${regionId} ${dbInstanceId}`];
    return about
      .filter((key) => key.startsWith(`${regionId} `))
      .flatMap((key) => {
        const ids = this.requestIds.get(key) ?? [];
        this.requestIds.delete(key);
        return ids;
      });
  }

  private keepRequestId({ RegionId, DBInstanceId }: RpcParameters, { RequestId: id }: RpcAnswer): void {
    if (!this.keepsRequestIds || !isOneLine(id) || id.length > maxIdLength) {
      return;
    }
    const about = `${RegionId ?? ""} ${DBInstanceId ?? ""}`;
    const ids = this.requestIds.get(about) ?? [];
    this.requestIds.set(about, ids);
    ids.push(id);
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
      timer = setTimeout(
        () => {
          reject(exceeded());
        },
        // A timer can be a millisecond early. Then a try could begin after the end, with nobody to close its connection.
        Math.max(0, Math.ceil(this.deadline - performance.now())) + 1,
      );
    });
    return Promise.race([call, deadline]).finally(() => {
      clearTimeout(timer);
    });
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

/** Whether an error says more than "wait". */
function saysMore({ code, kind }: RdsApiError): boolean {
  return code !== timedOut && kind !== ErrorKind.THROTTLED;
}
