import { writeFileSync } from "node:fs";
import { environmentOf, readText, runCli, type Finished } from "../fixtures";

/** What the tests read of an entry of a lock file. */
export interface Entry {
  readonly backup?: { readonly crossBackupId: string; readonly dataTime: string } | null;
  readonly [name: string]: unknown;
}

/** The answers in a lock file. */
export function answersIn(lockFile: string): Record<string, Entry> {
  return (JSON.parse(readText(lockFile)) as { readonly answers: Record<string, Entry> }).answers;
}

/** Changes one answer in a lock file, as another process may. */
export function changeAnswer(lockFile: string, key: string, changes: object | undefined): void {
  const { [key]: entry, ...others } = answersIn(lockFile);
  const answers = changes === undefined ? others : { ...others, [key]: { ...entry, ...changes } };
  writeFileSync(lockFile, JSON.stringify({ version: 1, answers }));
}

/** Looks up, or lists, with the answers written to a lock file. */
export function refresh(lockFile: string, endpoint: string, args: readonly string[]): Promise<Finished> {
  return runCli(args, {
    environment: { ...environmentOf(endpoint), RDS_DR_MODE: "refresh", RDS_DR_LOCK_FILE: lockFile },
  });
}
