import { join, sep } from "node:path";
import { failureText, groupFailures, type LookupFailure, othersText } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { printable } from "../validation/printable";

/** A lookup that failed, or was asked for wrongly. Never carries anything secret. */
export class LookupError extends Error {
  override readonly name: string = "LookupError";
  // Private, so that Node does not print each field again below the message.
  readonly #failure: LookupFailure;
  readonly #path: string;

  constructor(path: string, failure: LookupFailure) {
    super(printable(`${path}: ${failureText(failure)}`));
    this.#path = path;
    this.#failure = { ...failure, message: printable(failure.message), hint: printable(failure.hint) };
    keepMessage(this);
    hideOwnFrames(this);
  }

  /** Path of the construct. */
  get path(): string {
    return this.#path;
  }

  get kind(): ErrorKind {
    return this.#failure.kind;
  }

  /** Code of the API, of the network, or of this package, such as `NoValidBackup`. */
  get code(): string {
    return this.#failure.code;
  }

  /** What happened, without the path and the next step. */
  get reason(): string {
    return this.#failure.message;
  }

  /**
   * What any other lookup would have met as well.
   *
   * @internal
   */
  get _sharedReason(): string {
    return this.#failure.sharedReason ?? this.#failure.message;
  }

  /** What to do about it. */
  get hint(): string {
    return this.#failure.hint;
  }

  get httpStatus(): number | undefined {
    return this.#failure.httpStatus;
  }

  get requestId(): string | undefined {
    return this.#failure.requestId;
  }
}

/** Several lookups that failed in one synthesis. */
export class LookupErrors extends Error {
  override readonly name: string = "LookupErrors";
  readonly #failures: readonly LookupError[];

  constructor(errors: readonly LookupError[]) {
    super([`${errors.length} lookups failed`, ...textsOf(errors)].join("\n\n"));
    this.#failures = errors;
    keepMessage(this);
    hideOwnFrames(this);
  }

  /** Every error, in the order in which the lookups were declared. */
  get failures(): readonly LookupError[] {
    return this.#failures;
  }
}

/** The error for a prop that was given wrongly. */
export function misuse(path: string, code: string, message: string, hint: string): LookupError {
  return new LookupError(path, { kind: ErrorKind.MISUSE, code, message, hint });
}

/** Throws. Above an uncaught error Node shows the line that threw it, unless it bears the mark of this one. */
export function fail(error: Error): never {
  throw error; // node-do-not-add-exception-line
}

/** Runs checks of the client, and puts the path of the construct before what they say. */
export function checked<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      fail(misuse(path, "InvalidRequest", error.message, `correct ${error.parameter}`));
    }
    throw error;
  }
}

function textsOf(errors: readonly LookupError[]): string[] {
  const groups = groupFailures(errors, ({ kind, message, _sharedReason: sharedReason }) => ({
    kind,
    message,
    sharedReason,
  }));
  return groups.map(
    ([first, ...others]) => `${first?.message ?? ""}${othersText(others.map(({ path }) => path))}`,
  );
}

/** Keeps the message as it is: cdktf would bury it in "Resolution error: …" where a value is read too late. */
function keepMessage(error: Error): void {
  const { message } = error;
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined, configurable: true });
}

/** Frames of this package say nothing to the author of an app, whether or not source maps are at work. */
const packageRoot = join(__dirname, "..", "..", "..");
const ownFolders = [join(packageRoot, "dist", "lib"), join(packageRoot, "lib")].map((folder) => folder + sep);

const framesSearched = 100;

/** Leaves the frames of the app in a stack, and takes those of this package and of its dependencies out. */
function hideOwnFrames(error: Error): void {
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
  error.stack = [`${error.name}: ${error.message}`, ...ofApp].join("\n");
}
