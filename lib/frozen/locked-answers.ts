import type { CrossRegionBackup } from "../backup/cross-region-backup";
import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import type { LookupAnswer } from "../lookup/answer";
import { queryKey, type LookupQuery } from "../lookup/query";
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

/** The locked answer to a query; an error where there is none, or where another endpoint gave it. */
export function lockedAnswer(query: LookupQuery, locked: LockedAnswers): LookupAnswer {
  const key = queryKey(query);
  const answer = Object.hasOwn(locked, key) ? locked[key] : undefined;
  const { endpoint } = query.connection;
  if (answer?.endpoint !== undefined && answer.endpoint !== endpoint) {
    return refusal(
      "LockedElsewhere",
      `the locked answer "${key}" came from ${answer.endpoint}, not from ${endpoint ?? "Alibaba Cloud"}`,
      "look it up anew at this endpoint: an answer of a stand-in must never reach production",
    );
  }
  if (answer?.backup !== undefined) {
    const restoreRegion = query.kind === "latest" ? query.request.restoreRegion : undefined;
    if (restoreRegion !== undefined && !answer.backup.restoreRegions.includes(restoreRegion)) {
      return refusal(
        "LockedUnfit",
        `the locked answer "${key}" cannot be restored to ${restoreRegion}, only to ${answer.backup.restoreRegions.join(", ")}`,
        "correct its restoreRegions, or look it up anew with RDS_DR_MODE=live",
      );
    }
    return { status: "found", backup: answer.backup, rejected: [] };
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
