import type { LookupFailure } from "../lookup/answer";
import { failureText } from "../lookup/failure-text";

/** Prints a result for scripts, on standard output. */
export function printJson(result: object): void {
  console.log(JSON.stringify(result, undefined, 2));
}

/** Prints what to know of a result, on standard error. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) {
    console.error(`warning: ${warning}`);
  }
}

/** Prints why there is no result, on standard error. */
export function printFailure(failure: LookupFailure): void {
  console.error(`error: ${failureText(failure)}`);
}
