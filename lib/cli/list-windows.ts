import { toCrossRegionBackup, type CrossRegionBackup } from "../backup/cross-region-backup";
import type { RecoveryWindow } from "../backup/recovery-window";
import { withConnection } from "../frozen/connection";
import { Mode } from "../frozen/mode";
import type { LookupFailure } from "../lookup/answer";
import { explainWindows } from "../lookup/explain-window";
import type { ListQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/error-kind";
import type { Answered } from "./answer-queries";
import type { JudgedRecord } from "./judged-record";
import { withEngine } from "./with-engine";

/** The records of a list with their recoverable windows, or why these are not known. */
export interface WindowedList {
  /** Each with its window; null where it is not valid. */
  readonly judged: readonly JudgedRecord[];
  readonly warnings: readonly string[];
  readonly failure?: LookupFailure;
}

const notLocked: LookupFailure = {
  kind: ErrorKind.MISUSE,
  code: "NotLocked",
  message: "the recoverable windows of a list are never locked, and the mode is locked",
  hint: "leave out --window, or look them up with RDS_DR_MODE=live; of the latest backup, lookup --window uses the locked one",
};

/** Looks up the recoverable windows of the valid records of a list. */
export async function withWindows(
  judged: readonly JudgedRecord[],
  query: ListQuery,
  { settings, now }: Pick<Answered, "settings" | "now">,
): Promise<WindowedList> {
  if (settings.mode === Mode.LOCKED) {
    return { judged, warnings: [], failure: notLocked };
  }
  const valid = judged.map(({ record, detail }) =>
    detail === null ? toCrossRegionBackup(record) : undefined,
  );
  const backups = valid.filter((backup) => backup !== undefined);
  const windowed = await withEngine(settings, now, (engine) =>
    engine.recoveryWindows(withConnection(query, settings), backups),
  );
  if ("error" in windowed) {
    return { judged, warnings: [], failure: windowed.error };
  }
  const windowOf = new Map(backups.map((backup, index) => [backup, toWindow(windowed[index])]));
  return {
    judged: judged.map((each, index) => {
      const backup = valid[index];
      return { ...each, window: (backup && windowOf.get(backup)) ?? null };
    }),
    warnings: explainWindows(query.request, windowed),
  };
}

function toWindow({ recoverableFrom, recoverableUntil, recoveryGaps }: Partial<CrossRegionBackup> = {}):
  RecoveryWindow | undefined {
  return recoverableFrom === undefined || recoverableUntil === undefined || recoveryGaps === undefined
    ? undefined
    : { recoverableFrom, recoverableUntil, recoveryGaps };
}
