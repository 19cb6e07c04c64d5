import type { RestorableBackup } from "../backup/restorable-backup";
import { explainContradictions, explainUnprovenDataTime, flawText } from "../lock/contradictions";
import type { LookupFailure } from "../lookup/answer";
import type { AnswerOnLocked, Engine } from "../lookup/engine";
import type { Connection } from "../lookup/query";
import type { CheckCreateDdrDbInstanceRequest } from "../rds-api/actions/check-create-ddr-db-instance";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { ExitCode, exitCodeFor, exitCodeOfFinding, type Finding, notAsked } from "./exit-code";
import type { LockedSubject } from "./locked-subject";

/** What became of a locked answer. */
export interface LockedCheck extends LockedSubject {
  /** Whether its backup is still there as it is locked, and valid for its question. */
  readonly existence: Finding;
  /** Whether the destination accepts it. */
  readonly restorability: Finding;
}

const remedy =
  'lock another one with "npx rds-dr refresh" (an older one with --accept-older), or with "npx rds-dr pin" where it is pinned';

const correction =
  'lock what RDS says with "npx rds-dr refresh", which corrects a pinned one as well and keeps its pin';

/** Asks the source's region whether a locked backup is still there, and the destination's whether it accepts it. */
export async function checkLocked(engine: Engine, subject: LockedSubject): Promise<LockedCheck> {
  const { query, key, backup, flaw, replacement, destination = {} } = subject;
  if (backup === undefined || flaw !== undefined) {
    return { ...subject, existence: flaw ?? notAsked, restorability: notAsked };
  }
  const [answer, restorability] = await Promise.all([
    engine.lookUpLocked(query, backup),
    replacement === undefined ? notAsked : findRestorability(engine, destination, replacement),
  ]);
  const unproven = answer.status === "valid" ? explainUnprovenDataTime(backup, answer.backup) : undefined;
  const doubtful = unproven && `"${key}" may be older than it says: ${unproven}; ${correction}`;
  return {
    ...subject,
    warnings: [...subject.warnings, doubtful].filter((each) => each !== undefined),
    existence: existenceOf(subject, backup, answer),
    restorability,
  };
}

/** What contradicts itself is not there as it is locked, even if the region of the source gives no answer. */
function existenceOf(
  { contradiction }: LockedSubject,
  locked: RestorableBackup,
  answer: AnswerOnLocked,
): Finding {
  const { crossBackupId } = locked;
  if (answer.status === "invalid") {
    return { verdict: "no", detail: `${crossBackupId} is no longer ${answer.isNot}; ${remedy}` };
  }
  const facts =
    (answer.status === "valid" ? explainContradictions(locked, answer.backup) : undefined) ??
    (contradiction && flawText(contradiction));
  if (facts !== undefined) {
    return { verdict: "no", detail: `${crossBackupId} is not as it is locked: ${facts}; ${correction}` };
  }
  const failure = answer.status === "error" ? answer.error : answer.windowFailure;
  return failure === undefined ? { verdict: "yes" } : { verdict: "unknown", failure };
}

async function findRestorability(
  engine: Engine,
  destination: Connection,
  replacement: CheckCreateDdrDbInstanceRequest,
): Promise<Finding> {
  const answer = await engine.checkCreate(replacement, destination);
  if (typeof answer === "object") {
    const { error } = answer;
    return isRefusal(error)
      ? { verdict: "no", detail: error.sharedReason ?? error.message, failure: error }
      : { verdict: "unknown", failure: error };
  }
  const { regionId, dbInstanceClass, dbInstanceStorage } = replacement;
  const detail = `CheckCreateDdrDBInstance, which knows no cloud disks, does not accept it for ${dbInstanceClass} with ${dbInstanceStorage} GB in ${regionId}`;
  return answer ? { verdict: "yes" } : { verdict: "no", detail };
}

const kindsOfRefusals: ReadonlySet<ErrorKind> = new Set([
  ErrorKind.MISUSE,
  ErrorKind.NOT_FOUND,
  ErrorKind.UNSUPPORTED,
]);

/** Whether the API itself said no, be it by an error; what it gave an id to, it has read. */
function isRefusal({ kind, requestId }: LookupFailure): boolean {
  return requestId !== undefined && kindsOfRefusals.has(kind);
}

/**
 * Whether it does not count that the source's region gave no answer: it may be the one that is down, and the
 * destination, which accepts the backup, has seen its id.
 */
export function isMadeUpFor({ existence, restorability }: LockedCheck): boolean {
  return (
    existence.verdict === "unknown" &&
    exitCodeFor(existence.failure) === ExitCode.UNREACHABLE &&
    restorability.verdict === "yes"
  );
}

/** The exit code of a check: the greater one of its two findings. */
export function exitCodeOf(check: LockedCheck): number {
  const existence = isMadeUpFor(check) ? ExitCode.DONE : exitCodeOfFinding(check.existence);
  return Math.max(existence, exitCodeOfFinding(check.restorability));
}
