import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { failureText, groupFailures, type LookupFailure, othersText } from "../lookup/answer";
import type { Clock } from "../restore/restore-run";
import { InvalidRequestError } from "../validation/checks";
import { readInput } from "../validation/json-file";
import { partsOfPrintableJson, printable } from "../validation/printable";

/** What a command has of the world beside its options: the process's own, or a test's. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that the user works in. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<unknown> & { readonly isTTY?: boolean };
  /** Its `write` may return a promise: until then nothing more should be written, as the reader is slower. */
  readonly stdout: Terminal & { readonly write: (text: string) => unknown };
  /** An app that a command runs prints to its descriptor. */
  readonly stderr: { readonly write: (text: string) => unknown; readonly fd: number };
  /** The time, and pauses. */
  readonly clock: Clock;
  /** Emits the signals that stop a command. */
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "removeListener">;
}

/** A stream that may be a terminal. */
export interface Terminal {
  readonly isTTY?: boolean;
  /** Characters in a line; 0 if the terminal does not know. */
  readonly columns?: number;
}

/** What a command has found. It is printed when the command ends. */
export interface CommandResult {
  readonly exitCode: number;
  /** The form that scripts rely on, for standard output; printed with --json, or if there is no other form. */
  readonly json?: object;
  /** The form for people, for standard output. */
  readonly texts?: Iterable<string>;
  /** What to know about the result, for standard error. */
  readonly warnings?: Iterable<string>;
  /** Why there is no result, or not all of it, for standard error. */
  readonly failed?: Iterable<NamedFailure>;
  /** What else to say, for standard error. */
  readonly notes?: readonly string[];
}

/** A failure, and the name of what failed. */
export interface NamedFailure {
  readonly name: string;
  readonly failure: LookupFailure;
}

/** A text that the user named, and its name for messages. */
export interface GivenText {
  readonly name: string;
  readonly text: string;
}

/**
 * The text of a file that an option names; `-` is standard input.
 *
 * @throws InvalidRequestError if it cannot be read, or is too large
 */
export async function readGiven(file: string, { stdin, cwd }: Io): Promise<GivenText> {
  const name = file === "-" ? "standard input" : JSON.stringify(file);
  const input = file === "-" ? stdin : createReadStream(resolve(cwd, file));
  return { name, text: (await readInput(input, name)).replace(/^\uFEFF/, "") };
}

/*
 * Commands print through these functions only. So no text from outside controls a terminal, or the log of a CI runner.
 */

/** Prints what a command has found. A failure that many lookups share is printed once, with their number. */
export async function printResult(io: Io, result: CommandResult, asJson: boolean): Promise<void> {
  const { json, texts, warnings = [], failed = [], notes = [] } = result;
  if (json !== undefined && (asJson || texts === undefined)) {
    for (const part of partsOfPrintableJson(json)) {
      await io.stdout.write(part);
    }
    await io.stdout.write("\n");
  } else {
    for (const text of texts ?? []) {
      await io.stdout.write(`${printable(text)}\n`);
    }
  }
  printWarnings(io, warnings);
  const groups = groupFailures(
    failed,
    ({ failure }) => failure,
    ({ name }) => name,
  );
  for (const { first, others } of groups) {
    printNote(io, `error: ${failureText(first.failure)}${othersText(others)}`);
  }
  notes.forEach((note) => {
    printNote(io, note);
  });
}

/** Prints warnings at once, on standard error. */
export function printWarnings(io: Io, warnings: Iterable<string>): void {
  for (const warning of warnings) {
    printNote(io, `warning: ${warning}`);
  }
}

/** Prints anything else at once, on standard error. */
export function printNote({ stderr }: Io, text: string): void {
  stderr.write(`${printable(text)}\n`);
}

/** That the file of an option cannot be written, with the code of the system. */
export function unwritable(option: string, file: string, error: unknown): InvalidRequestError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return new InvalidRequestError(option, file, `a file that can be written, in a folder that is there (${code})`);
}
