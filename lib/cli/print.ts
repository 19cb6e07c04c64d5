import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import picocolors from "picocolors";
import { failureText, groupFailures, type LookupFailure, othersText } from "../lookup/answer";
import { shownValue } from "../validation/invalid-request-error";
import { printable, printableJson } from "../validation/printable";
import { ExitCode } from "./exit-code";
import type { Colouring } from "./record-table";

/*
 * Everything that the command prints goes through here, so that no text from outside steers a terminal, or the log of
 * a CI runner, and no result is lost without an error.
 */

/** Prints a result for people, on standard output. */
export function printText(text: string): void {
  writeResult(`${printable(text)}\n`);
}

/** Prints a result for scripts, on standard output. */
export function printJson(result: object): void {
  writeResult(`${printableJson(result)}\n`);
}

/**
 * Writes to standard output as it is: a text whose parts are printable.
 *
 * A write that fails is an error of the command, but for that of a reader that went away, such as `head`.
 */
export function writeResult(text: string): void {
  if (process.stdout instanceof Socket) {
    process.stdout.write(text);
    return;
  }
  try {
    // The stream would take the part that a full disk still had room for to be the whole.
    writeFileSync(standardOutput, text);
  } catch (error) {
    failToWrite(error);
  }
}

/** Sees to what happens if a stream cannot be written: without this, Node prints a stack. Call it once. */
export function watchStreams(): void {
  process.stdout.on("error", failToWrite);
  // There is no place left to say it.
  process.stderr.on("error", () => undefined);
}

const standardOutput = 1;

let isWriteFailed = false;

function failToWrite(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === "EPIPE" || isWriteFailed) {
    return;
  }
  isWriteFailed = true;
  printNote(
    `error: the result is not printed, or not whole: standard output must be a place that can be written, but is ${shownValue(code)}\n  -> free some room there, or send the output to another place, and run the command again`,
  );
  process.once("exit", () => {
    process.exitCode = ExitCode.DEFECT;
  });
}

/** Prints anything else, on standard error. */
export function printNote(text: string): void {
  console.error(printable(text));
}

/** Prints what to know of a result, on standard error. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) {
    printNote(`warning: ${warning}`);
  }
}

/** Prints why there is no result, on standard error. */
export function printFailure(failure: LookupFailure): void {
  printNote(`error: ${failureText(failure)}`);
}

/** What failed, and what it was asked for. */
export interface Failed {
  readonly name: string;
  readonly failure: LookupFailure;
}

/** Prints why there are no results, on standard error: what many share is printed once, with their number. */
export function printFailures(failed: readonly Failed[]): void {
  for (const [first, ...others] of groupFailures(failed, ({ failure }) => failure)) {
    const same = othersText(others.map(({ name }) => name));
    printNote(`error: ${first === undefined ? "" : failureText(first.failure)}${same}`);
  }
}

/** What is asked of a stream that may be a terminal. */
export interface Stream {
  readonly isTTY?: boolean;
  /** 0 where the terminal does not know. */
  readonly columns?: number;
}

/** Characters of a line: what the terminal says, else COLUMNS; without bounds where the stream is no terminal. */
export function terminalWidth(
  { isTTY, columns }: Stream,
  { COLUMNS }: Readonly<Record<string, string | undefined>>,
): number {
  const widths = isTTY === true ? [columns ?? 0, Number(COLUMNS)] : [];
  return widths.find((width) => width > 0) ?? Infinity;
}

/** Colours on a terminal that has them; none where the stream is no terminal, or NO_COLOR is set. */
export function terminalColouring({ isTTY }: Stream): Colouring {
  const { green, dim } = picocolors.createColors(isTTY === true && picocolors.isColorSupported);
  return { latest: green, rejected: dim };
}

/** A failure in the form that scripts rely on. */
export function failureJson({ kind, code, message, hint, requestId }: LookupFailure): object {
  return { kind, code, message, hint, requestId: requestId ?? null };
}
