import type { LookupFailure } from "../lookup/answer";
import { ExitCode, exitCodeFor } from "./exit-code";

/** What one question to the API came to. */
export type Finding =
  | { readonly verdict: "yes" | "not-asked" }
  /** With the API's error where it said no by one. */
  | { readonly verdict: "no"; readonly detail: string; readonly failure?: LookupFailure }
  | { readonly verdict: "unknown"; readonly failure: LookupFailure };

/** That a question was not asked. */
export const notAsked: Finding = { verdict: "not-asked" };

/** The exit code for a finding. */
export function exitCodeOfFinding(finding: Finding): ExitCode {
  switch (finding.verdict) {
    case "yes":
    case "not-asked":
      return ExitCode.DONE;
    case "no":
      return ExitCode.NO_BACKUP;
    case "unknown":
      return exitCodeFor(finding.failure);
  }
}

/** The error in a finding, if any. */
export function failureOf(finding: Finding): LookupFailure | undefined {
  return "failure" in finding ? finding.failure : undefined;
}

/** Why a finding is no yes, in words. */
export function reasonOf(finding: Finding): string | undefined {
  return "detail" in finding ? finding.detail : failureOf(finding)?.message;
}
