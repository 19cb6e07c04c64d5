import type { LookupFailure } from "../lookup/answer";
import { failureText } from "../lookup/failure-text";
import { printable, printableJson } from "../rds-api/printable";

/*
 * Everything that the command prints goes through here, so that no text from outside steers a terminal, or the log of
 * a CI runner.
 */

/** Prints a result for people, on standard output. */
export function printText(text: string): void {
  console.log(printable(text));
}

/** Prints a result for scripts, on standard output. */
export function printJson(result: object): void {
  console.log(printableJson(result));
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
