import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import { type Rejection } from "../../lib/backup/validity";
import type { LookupAnswer, LookupFailure } from "../../lib/lookup/answer";
import type { LatestQuery } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { fullBackup } from "../backup/records";

export const request = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
export const query: LatestQuery = { kind: "latest", request, connection: {} };

/** A backup with this id, whose data is of this hour of 5 March. */
function backupOf(crossBackupId: string, hour: number): RestorableBackup {
  const time = `2024-03-05T${String(hour).padStart(2, "0")}:00:00Z`;
  return {
    ...fullBackup({ backupStartTime: time, backupEndTime: time, consistentTime: time }),
    crossBackupId,
    dataTime: time,
    dataTimeEstimated: false,
  };
}

export const locked = backupOf("200", 5);
export const older = backupOf("100", 4);
export const newer = backupOf("300", 6);

export const found = (backup: RestorableBackup): LookupAnswer => ({
  status: "found",
  origin: "api",
  backup,
  rejected: [],
});
export const rejected: readonly Rejection[] = [{ reason: "not-full", detail: "x" }];
export const none: LookupAnswer = { status: "none", origin: "api", rejected };

/** An answer of which the preflight has refused these backups. */
export function refusing(ids: readonly string[], answer: LookupAnswer): LookupAnswer {
  const reason = "preflight-refused";
  const refusals = ids.map((crossBackupId): Rejection => ({ crossBackupId, reason, detail: "x" }));
  return { ...answer, rejected: refusals } as LookupAnswer;
}

export function failureOf(kind: ErrorKind): LookupFailure {
  return { kind, code: "TheCode", message: "it failed", hint: "do something" };
}

export const kinds = Object.values(ErrorKind);
export const outages: readonly ErrorKind[] = [ErrorKind.TRANSIENT, ErrorKind.THROTTLED];
