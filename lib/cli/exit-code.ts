import type { LookupFailure } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";

/** What the exit code of the command says; with several results, the greatest counts. */
export enum ExitCode {
  DONE = 0,
  /** A defect of the program, or of the app that `refresh` runs; or a result that cannot be printed. */
  DEFECT = 1,
  /** The command was called wrongly, or asks for what RDS cannot do. */
  USAGE = 2,
  /** No valid backup, or only one that is too old, or that is not accepted. */
  NO_BACKUP = 3,
  /** Credentials or access, the account, or no such instance. */
  DENIED = 4,
  /** Unreachable, throttled or out of time. */
  UNREACHABLE = 5,
  /** Locked answers only, and this one is missing. */
  NOT_LOCKED = 6,
  /** `refresh --check`: the lock file is not what a refresh would write. */
  DIFFERENT = 7,
}

const byKind: Readonly<Record<ErrorKind, ExitCode>> = {
  [ErrorKind.MISUSE]: ExitCode.USAGE,
  [ErrorKind.UNSUPPORTED]: ExitCode.USAGE,
  [ErrorKind.ACCESS]: ExitCode.DENIED,
  [ErrorKind.ACCOUNT]: ExitCode.DENIED,
  [ErrorKind.NOT_FOUND]: ExitCode.DENIED,
  [ErrorKind.THROTTLED]: ExitCode.UNREACHABLE,
  [ErrorKind.TRANSIENT]: ExitCode.UNREACHABLE,
};

const byCode: Readonly<Partial<Record<string, ExitCode>>> = {
  NotLocked: ExitCode.NOT_LOCKED,
  LockedElsewhere: ExitCode.NOT_LOCKED,
  LockedUnfit: ExitCode.NOT_LOCKED,
  LockedGone: ExitCode.NO_BACKUP,
  NoValidBackup: ExitCode.NO_BACKUP,
  BackupTooOld: ExitCode.NO_BACKUP,
  PreflightRefused: ExitCode.NO_BACKUP,
};

/** The exit code for a failure. */
export function exitCodeFor({ code, kind }: LookupFailure): ExitCode {
  return byCode[code] ?? byKind[kind];
}

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

/** Why a command has no result at all: told on standard error, and by the exit code of the failure. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(readonly failure: LookupFailure) {
    super(failure.message);
  }
}
