import type { LookupFailure } from "../lookup/answer";
import { failureText, groupFailures, othersText } from "../lookup/failure-text";
import { printable, printableJson } from "../validation/printable";

/** What a command has of the world beside its options: the process's own, or a test's. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that the user works in. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<unknown> & { readonly isTTY?: boolean };
  readonly stdout: Terminal & { readonly write: (text: string) => unknown };
  /** An app that a command runs prints to its descriptor. */
  readonly stderr: { readonly write: (text: string) => unknown; readonly fd: number };
  /** Emits the signals that stop a command. */
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "removeListener">;
}

/** A stream that may be a terminal. */
export interface Terminal {
  readonly isTTY?: boolean;
  /** Characters in a line; 0 if the terminal does not know. */
  readonly columns?: number;
}

/*
 * Commands print through these functions only. So no text from outside controls a terminal, or the log of a CI runner.
 */

/** Prints a result for people, on standard output. */
export function printText({ stdout }: Io, text: string): void {
  stdout.write(`${printable(text)}\n`);
}

/** Prints a result for scripts, on standard output. */
export function printJson({ stdout }: Io, result: object): void {
  stdout.write(`${printableJson(result)}\n`);
}

/** Prints anything else, on standard error. */
export function printNote({ stderr }: Io, text: string): void {
  stderr.write(`${printable(text)}\n`);
}

/** Prints what to know about a result, on standard error. */
export function printWarnings(io: Io, warnings: readonly string[]): void {
  for (const warning of warnings) {
    printNote(io, `warning: ${warning}`);
  }
}

/** Prints why there is no result, on standard error. */
export function printFailure(io: Io, failure: LookupFailure): void {
  printNote(io, `error: ${failureText(failure)}`);
}

/** A failure, and the name of what failed. */
export interface NamedFailure {
  readonly name: string;
  readonly failure: LookupFailure;
}

/** Prints failures on standard error. A failure that many share is printed once, with their number. */
export function printFailures(io: Io, failed: readonly NamedFailure[]): void {
  for (const [first, ...others] of groupFailures(failed, ({ failure }) => failure)) {
    const same = othersText(others.map(({ name }) => name));
    printNote(io, `error: ${first === undefined ? "" : failureText(first.failure)}${same}`);
  }
}

/** A failure in the form that scripts rely on. */
export function failureJson({ kind, code, message, hint, requestId }: LookupFailure): object {
  return { kind, code, message, hint, requestId: requestId ?? null };
}
