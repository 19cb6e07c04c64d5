import type { RestorableBackup } from "../backup/restorable-backup";
import { ErrorKind } from "../rds-api/errors/error-kind";
import type { LookupFailure } from "./answer";
import { type LatestQuery, subjectOf } from "./query";

/** A backup that the region of the restore does not accept. */
export interface Refusal {
  readonly backup: RestorableBackup;
  /** Whether it was a "no" without a code, which does not say what is to blame. */
  readonly isPlain: boolean;
  readonly detail: string;
}

/** A backup about which no preflight gives a verdict, and why. */
export interface Unasked {
  readonly backup: RestorableBackup;
  readonly inconclusive: string;
}

/** Why a preflight ends without a backup. */
export enum Stop {
  /** Two backups got the same "no". */
  NOT_THE_BACKUP,
  /** One got a "no", and there is no other one that could show whose fault it is. */
  NOTHING_TO_COMPARE,
  /** One got a "no", and about the next older one no preflight tells. */
  NOT_COMPARABLE,
  /** One backup after the other is at fault. */
  TOO_MANY,
}

/**
 * Says why a preflight ends without a backup, with each of the refusals. Pure.
 *
 * @param unasked the next older backup where no preflight tells of it, and why
 */
export function explainRefusals(
  query: LatestQuery,
  refusals: readonly Refusal[],
  stop: Stop,
  unasked?: Unasked,
): LookupFailure {
  const { restoreRegion = "", dbInstanceStorageType } = query.request;
  const findings: Readonly<Record<Stop, string>> = {
    [Stop.NOT_THE_BACKUP]: "refuses an older backup as well, so that the backup is not to blame",
    [Stop.NOTHING_TO_COMPARE]:
      "refuses the backup, and there is no older valid one that could show whether the backup is to blame",
    [Stop.NOT_COMPARABLE]:
      "refuses the backup, and the next older valid one cannot show whether the backup is to blame, as no preflight tells of it",
    [Stop.TOO_MANY]: `refuses the latest ${refusals.length} backups, and no more are tried`,
  };
  const disks =
    dbInstanceStorageType === undefined
      ? "; for cloud disks, which the check does not know, name the storage type"
      : "";
  const otherInstance = `try another class, zone or size with "npx rds-dr check --db-instance-class <class> --db-instance-storage <GB>", and see whether ${restoreRegion} sells the edition of the source${disks}`;
  return {
    kind: ErrorKind.UNSUPPORTED,
    code: "PreflightRefused",
    message: [
      `the preflight of ${subjectOf(query)}: ${restoreRegion} ${findings[stop]}`,
      ...refusalLines(refusals),
      ...(unasked === undefined ? [] : [`not asked: ${shown(unasked.backup)}: ${unasked.inconclusive}`]),
    ].join("\n  "),
    hint:
      stop === Stop.TOO_MANY
        ? "find out in the console what is wrong with these backups; notAfter makes the lookup begin with an older one"
        : otherInstance,
  };
}

/** One line on each refusal. */
export function refusalLines(refusals: readonly Refusal[]): string[] {
  return refusals.map(({ backup, detail }) => `refused: ${shown(backup)}: ${detail}`);
}

/** One warning on each refusal, where an older backup is used. */
export function refusalWarnings(
  query: LatestQuery,
  refusals: readonly Refusal[],
  used: RestorableBackup,
): string[] {
  return refusals.map(
    ({ backup, detail }) =>
      `the preflight of ${subjectOf(query)} refused ${shown(backup)}: ${detail}; the older ${shown(used)} is used`,
  );
}

function shown({ crossBackupId, dataTime }: RestorableBackup): string {
  return `${crossBackupId} (data of ${dataTime})`;
}
