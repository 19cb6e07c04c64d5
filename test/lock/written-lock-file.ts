import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLockFile } from "../../lib/lock/lock-file";
import type { LockedAnswers } from "../../lib/lock/locked-answers";

export const lockFileName = "rds-dr.lock.json";

/** So many locked answers; all have the same note. Scripts of other processes contain its source. */
export function answersOf(count: number, note: string): LockedAnswers {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `latest rm-${index} regionId=cn-hangzhou`,
      {
        backup: {
          crossBackupId: "14562",
          dataTime: "2024-03-05T02:22:54Z",
          dataTimeEstimated: false,
          restoreRegions: ["cn-shanghai"],
          crossBackupSetFile: note,
          unreadable: [],
        },
      },
    ]),
  );
}

/** Writes a lock file into a folder; returns its path. */
export function writeLockFile(folder: string, answers: LockedAnswers): string {
  const path = join(folder, lockFileName);
  writeFileSync(path, formatLockFile({ schema: "x", answers }));
  return path;
}
