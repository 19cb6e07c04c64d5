import { join, sep } from "node:path";
import { failureText, groupFailures, type LookupFailure, othersText } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import { printable } from "../validation/printable";

/** A lookup that failed, or props that are wrong. It never contains anything secret. */
export class LookupError extends Error {
  override readonly name: string = "LookupError";
  /** Path of the construct. */
  declare readonly path: string;
  /** What kind of error it is: who can correct it. */
  declare readonly kind: ErrorKind;
  /** Code of the API, of the network, or of this package, such as `NoValidBackup`. */
  declare readonly code: string;
  /** What happened, without the path and the next step. */
  declare readonly reason: string;
  /**
   * The part of the reason that any other lookup would have met as well.
   *
   * @internal
   */
  declare readonly _sharedReason: string;
  /** What to do about it. */
  declare readonly hint: string;
  /** HTTP status of the API's answer; undefined if there was none. */
  declare readonly httpStatus: number | undefined;
  /** Id of the request, for a support ticket; undefined if there was none. */
  declare readonly requestId: string | undefined;

  constructor(path: string, failure: LookupFailure) {
    super(printable(`${markOf(failure)}${path}: ${failureText(failure)}`));
    const { message, sharedReason, ...others } = failure;
    const reason = printable(message);
    const texts = { reason, hint: printable(failure.hint), _sharedReason: sharedReason ?? reason };
    setHidden(this, { ...others, ...texts, path });
    finishError(this);
  }
}

/** Other languages get only the text of an error. There, it begins with what tells errors apart: the code and the kind. */
function markOf({ code, kind }: LookupFailure): string {
  // The runtime of jsii sets this variable.
  return process.env["JSII_AGENT"] === undefined ? "" : `[${code}, ${kind}] `;
}

/** Several lookups that failed in one synthesis. */
export class LookupErrors extends Error {
  override readonly name: string = "LookupErrors";
  /** Every error, in the order in which the lookups were declared. */
  declare readonly failures: LookupError[];

  constructor(errors: readonly LookupError[]) {
    super([`${errors.length} lookups failed`, ...textsOf(errors)].join("\n\n"));
    setHidden(this, { failures: [...errors] });
    finishError(this);
  }
}

/** Sets fields that nobody can change, and that Node does not print again below the message. */
function setHidden(error: Error, fields: object): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(error, name, { value });
  }
}

/** The error for a wrong prop. */
export function misuse(path: string, code: string, message: string, hint: string): LookupError {
  return new LookupError(path, { kind: ErrorKind.MISUSE, code, message, hint });
}

/** Throws. Above an uncaught error Node shows the line that threw it, unless the line has the mark of this one. */
export function fail(error: Error): never {
  throw error; // node-do-not-add-exception-line
}

/** Throws the error for a wrong prop. */
export function refuse(path: string, code: string, message: string, hint: string): never {
  return fail(misuse(path, code, message, hint));
}

/** Runs checks, and puts the path of the construct before the message of a wrong value. */
export function checked<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      refuse(path, "InvalidRequest", error.message, `correct ${error.parameter}`);
    }
    throw error;
  }
}

function textsOf(errors: readonly LookupError[]): string[] {
  const groups = groupFailures(
    errors,
    ({ kind, message, _sharedReason: sharedReason }) => ({ kind, message, sharedReason }),
    ({ path }) => path,
  );
  return groups.map(({ first, others }) => `${first.message}${othersText(others)}`);
}

/** Frames of this package do not help the author of an app, with or without source maps. */
const packageRoot = join(__dirname, "..", "..", "..");
const ownFolders = [join(packageRoot, "dist", "lib"), join(packageRoot, "lib")].map((folder) => folder + sep);

const framesSearched = 100;

/**
 * Keeps the message as it is: cdktf would bury it in "Resolution error: …" if it reads a value too late. Keeps the frames of
 * the app in the stack, and removes those of this package and of its dependencies.
 */
function finishError(error: Error): void {
  const { message } = error;
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined, configurable: true });
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = framesSearched;
  const captured: { stack?: string } = {};
  Error.captureStackTrace(captured);
  Error.stackTraceLimit = limit;
  const ofApp = (captured.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .filter((line) => !/node_modules|node:/.test(line))
    .filter((line) => !ownFolders.some((folder) => line.includes(folder)));
  error.stack = [`${error.name}: ${message}`, ...ofApp].join("\n");
}
