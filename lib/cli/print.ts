import type { LookupFailure } from "../lookup/answer";
import { failureText, groupFailures } from "../lookup/failure-text";
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

/** What failed, and what it was asked for. */
export interface Failed {
  readonly name: string;
  readonly failure: LookupFailure;
}

/** So many names stand behind a failure that many share. */
const namesShown = 10;

/** Prints why there are no results, on standard error: what many share is printed once, with their number. */
export function printFailures(failed: readonly Failed[]): void {
  for (const [first, ...others] of groupFailures(failed, ({ failure }) => failure)) {
    const names = [...new Set(others.map(({ name }) => name))];
    const more = names.length > namesShown ? ", …" : "";
    const shown = names.slice(0, namesShown).join(", ");
    const same =
      names.length === 0
        ? ""
        : `\n  the same for ${names.length} ${names.length === 1 ? "other lookup" : "other lookups"}: ${shown}${more}`;
    printNote(`error: ${first === undefined ? "" : failureText(first.failure)}${same}`);
  }
}
