import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { Instant } from "../backup/instant";
import { rejectionOf } from "../backup/validity";
import type { LookupAnswer } from "../lookup/answer";
import { queryKey, type LookupQuery } from "../lookup/query";
import { endpointOrigin } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/error-kind";

/** An answer that was written down, to be used instead of the network. */
export interface LockedAnswer {
  /** The question, for readers; the key alone decides. */
  readonly query?: Readonly<Record<string, string | number>>;
  /** Answer to a `latest` query. */
  readonly backup?: CrossRegionBackup;
  /** Answer to a `list` query. */
  readonly backups?: readonly CrossRegionBackupRecord[];
  /** When the answer last became another one. */
  readonly changedAt?: string;
  /** The endpoint that gave it, where that is not Alibaba's own. */
  readonly endpoint?: string;
}

/** Locked answers by the key of their query. */
export type LockedAnswers = Readonly<Record<string, LockedAnswer>>;

/**
 * The locked answer to a query; an error where there is none, where a stand-in gave it that is not asked now, or
 * where it does not fit the query.
 */
export function lockedAnswer(query: LookupQuery, locked: LockedAnswers, now: Instant): LookupAnswer {
  const key = queryKey(query);
  const answer = Object.hasOwn(locked, key) ? locked[key] : undefined;
  const given = endpointOrigin(answer?.endpoint);
  const asked = endpointOrigin(query.connection.endpoint);
  if (given !== undefined && given !== asked) {
    return refusal(
      "LockedElsewhere",
      `the locked answer "${key}" came from ${given}, not from ${asked ?? "Alibaba Cloud"}`,
      "look it up anew at this endpoint: an answer of a stand-in must never reach production",
    );
  }
  if (answer?.backup !== undefined) {
    const criteria = query.kind === "latest" ? query.request : {};
    const rejection = rejectionOf(asRecord(answer.backup), criteria, now);
    return rejection === undefined
      ? { status: "found", backup: answer.backup, rejected: [] }
      : refusal(
          "LockedUnfit",
          `the locked answer "${key}" is not what it asks for: ${rejection.reason}: ${rejection.detail}`,
          "correct it, or look it up anew with RDS_DR_MODE=live",
        );
  }
  if (answer?.backups !== undefined) {
    return { status: "listed", records: answer.backups };
  }
  return refusal(
    "NotLocked",
    `there is no locked answer "${key}"`,
    `add it under that key to "answers" in the context "rds-dr", or look it up with RDS_DR_MODE=live`,
  );
}

function refusal(code: string, message: string, hint: string): LookupAnswer {
  return { status: "error", error: { kind: ErrorKind.MISUSE, code, message, hint } };
}

/**
 * A locked backup as a record that the rule of validity can judge: what a short answer, written by hand, leaves
 * out is taken for right, and its data time is taken at its word.
 */
function asRecord(backup: CrossRegionBackup): CrossRegionBackupRecord {
  return {
    backupType: "F",
    backupSetStatus: 0,
    crossBackupSetFile: ".zip",
    ...backup,
    backupStartTime: backup.dataTime,
    consistentTime: backup.dataTime,
  };
}
