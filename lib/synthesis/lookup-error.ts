import { sep } from "node:path";
import type { LookupFailure } from "../lookup/answer";
import { ErrorKind } from "../rds-api/error-kind";
import { InvalidRequestError } from "../rds-api/invalid-request-error";

/** The folder of this package: frames of its own code say nothing to the author of an app. */
const packageRoot = `${__dirname.split(`${sep}synthesis`)[0] ?? __dirname}${sep}`;

/** A lookup that failed, or was asked for wrongly. Never carries anything secret. */
export class LookupError extends Error {
  override readonly name = "LookupError";
  /** Path of the construct. */
  readonly path: string;
  readonly kind: ErrorKind;
  /** Code of the API, of the network, or of this package, such as `NoValidBackup`. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string;
  readonly httpStatus?: number;
  readonly requestId?: string;

  constructor(path: string, failure: LookupFailure) {
    super(path === "" ? describe(failure) : `${path}: ${describe(failure)}`);
    this.path = path;
    this.kind = failure.kind;
    this.code = failure.code;
    this.hint = failure.hint;
    if (failure.httpStatus !== undefined) {
      this.httpStatus = failure.httpStatus;
    }
    if (failure.requestId !== undefined) {
      this.requestId = failure.requestId;
    }
    hideOwnFrames(this);
  }
}

/** Several lookups that failed in one synthesis. */
export class LookupErrors extends Error {
  override readonly name = "LookupErrors";

  constructor(readonly errors: readonly LookupError[]) {
    super([`${errors.length} lookups failed`, ...errors.map(({ message }) => message)].join("\n\n"));
    hideOwnFrames(this);
  }
}

/** The error for a prop that was given wrongly: at once, and with the path of the construct. */
export function misuse(path: string, code: string, message: string, hint: string): LookupError {
  return new LookupError(path, { kind: ErrorKind.MISUSE, code, message, hint });
}

/** Runs checks of the client, and puts the path of the construct before what they say. */
export function checked<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof InvalidRequestError
      ? misuse(path, "InvalidRequest", error.message, `correct ${error.parameter}`)
      : error;
  }
}

function describe({ message, hint, httpStatus, requestId }: LookupFailure): string {
  const facts = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    requestId === undefined ? undefined : `request id ${requestId}`,
  ].filter((fact) => fact !== undefined);
  const source = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `${message}${source}\n  -> ${hint}`;
}

/** Leaves the frames of the app in a stack, and takes those of this package and its dependencies out. */
function hideOwnFrames(error: Error): void {
  const [, ...frames] = (error.stack ?? "").replace(error.message, "").split("\n");
  const ofApp = frames.filter(
    (frame) =>
      frame.trim().startsWith("at ") && !/node_modules|node:/.test(frame) && !frame.includes(packageRoot),
  );
  error.stack = [`${error.name}: ${error.message}`, ...ofApp].join("\n");
}
