/** What goes wrong with a request. */
export enum FaultKind {
  /** HTTP 400 with the code Throttling.User. */
  THROTTLING = "throttling",
  /** HTTP 500 with the code InternalError. */
  SERVER_ERROR = "server-error",
  /** HTTP 500, or `httpStatus`, with JSON that has no code at all. */
  SERVER_ERROR_WITHOUT_CODE = "server-error-without-code",
  /** HTTP 503 with the code ServiceUnavailable. */
  UNAVAILABLE = "unavailable",
  /** HTTP 502, or `httpStatus`, with an HTML page, as a proxy in between would give. */
  HTML = "html",
  /** HTTP 200 with nothing in it. */
  EMPTY_BODY = "empty-body",
  /** The connection is reset before any answer. */
  RESET = "reset",
  /** The right answer, cut off in the middle. */
  CUT_BODY = "cut-body",
  /** The request is accepted and never answered. */
  NO_ANSWER = "no-answer",
  /** The right answer, `latencyMs` later. */
  SLOW = "slow",
  /** HTTP 403 with the code Forbidden.RAM. */
  DENIED = "denied",
  /** HTTP 400 with the code InvalidTimeStamp.Expired, as for a caller whose clock is wrong. */
  CLOCK_SKEW = "clock-skew",
  /** The refusal that `code`, `httpStatus` and `message` describe. */
  REFUSED = "refused",
}

/** A fault that hits every request that matches. An omitted field matches every request. */
export interface Fault {
  /** What goes wrong. */
  readonly kind: FaultKind;
  /** Only requests of this action. @default - every action */
  readonly action?: string;
  /** Only requests about this instance. @default - every instance */
  readonly dbInstanceId?: string;
  /** Only requests with this RegionId. @default - every region */
  readonly regionId?: string;
  /** How many matching requests it hits. @default - for ever */
  readonly times?: number;
  /** How many matching requests it lets pass first. @default 0 */
  readonly after?: number;
  /** True: the action takes effect, and only its answer is lost; always so for `CUT_BODY` and `SLOW`. @default false */
  readonly isPerformed?: boolean;
  /** The code of a `REFUSED` fault. @default "InternalError" */
  readonly code?: string;
  /**
   * The HTTP status of a `REFUSED`, `HTML` or `SERVER_ERROR_WITHOUT_CODE` fault.
   * @default - the one that goes with the code of a `REFUSED` fault, 502 for `HTML`, 500 for the other
   */
  readonly httpStatus?: number;
  /** The message of a `REFUSED` fault. @default - the one that goes with the code */
  readonly message?: string;
  /** The delay of a `SLOW` fault, in milliseconds. @default 1000 */
  readonly latencyMs?: number;
}
