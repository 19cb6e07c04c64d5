import type { LookupFailure } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";

/** The exit codes of the command. With several results, the greatest counts. */
export enum ExitCode {
  DONE = 0,
  /** A defect of the program, or of the app that `refresh` runs; or the result cannot be printed. */
  DEFECT = 1,
  /** The command line is wrong, or asks for what RDS cannot do. */
  USAGE = 2,
  /** There is no valid backup, or it is too old, or the restore region does not accept it. */
  NO_BACKUP = 3,
  /** Credentials, access, the account, or no such instance. */
  DENIED = 4,
  /** Unreachable, throttled or out of time. */
  UNREACHABLE = 5,
  /** The locked answer is needed, but it is missing, does not fit, or contradicts itself. */
  NOT_LOCKED = 6,
  /** `refresh --check`: a refresh would change the lock file. `find-instance --state`: an instance is in no state. */
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
  AppFailed: ExitCode.DEFECT,
  NotLocked: ExitCode.NOT_LOCKED,
  LockedElsewhere: ExitCode.NOT_LOCKED,
  LockedUnfit: ExitCode.NOT_LOCKED,
  LockedContradictory: ExitCode.NOT_LOCKED,
  LockedGone: ExitCode.NO_BACKUP,
  NoInstances: ExitCode.NO_BACKUP,
  NoValidBackup: ExitCode.NO_BACKUP,
  BackupTooOld: ExitCode.NO_BACKUP,
  PreflightRefused: ExitCode.NO_BACKUP,
};

/** The exit code for a failure; `DONE` for none. */
export function exitCodeFor(failure: LookupFailure | undefined): ExitCode {
  return failure === undefined ? ExitCode.DONE : (byCode[failure.code] ?? byKind[failure.kind]);
}

/** Why a command has no result at all. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(readonly failure: LookupFailure) {
    super(failure.message);
  }
}
