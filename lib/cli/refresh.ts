import type { Settled } from "../lock/answer-by-mode";
import { type AnswerChange, answerChanges } from "../lock/answer-changes";
import { isSameText, readLock } from "../lock/lock-file";
import type { Lock, LockedAnswers } from "../lock/locked-answers";
import { OnStale } from "../lock/mode";
import { lockedQueries } from "../lock/parse-locked-answers";
import { type Settings, withConnection } from "../lock/settings";
import { settle } from "../lock/settle";
import { mergeAnswers, updateLockFile } from "../lock/update-lock-file";
import { readClock } from "../lookup/query";
import { type AppRun, runApp } from "./run-app";
import { makeTemporaryFolder } from "./temporary-folder";

/** How a lock file is refreshed. */
export interface RefreshRequest {
  /** The settings of mode `refresh`. */
  readonly settings: Settings;
  readonly lockFile: string;
  /** The cdktf.json whose app says what is asked; undefined for what the lock file holds already. */
  readonly projectFile: string | undefined;
  /** Whether answers that nothing asks for go. */
  readonly prune: boolean;
  /** Whether the lock file is written. */
  readonly write: boolean;
}

/** What a refresh came to. */
export interface RefreshOutcome {
  readonly changes: readonly AnswerChange[];
  /** Whether the lock file was not what a refresh makes of it. */
  readonly isDifferent: boolean;
  /** How the app ran; undefined where none did. */
  readonly app: AppRun | undefined;
}

/** Settles every question anew, and writes the lock file. */
export async function refresh(request: RefreshRequest): Promise<RefreshOutcome> {
  const { settings, lockFile, projectFile, write } = request;
  const lock = readLock(settings);
  const seen = lock.answers;
  const app =
    projectFile === undefined
      ? undefined
      : // What writes nothing that stays needs no place of its own.
        await runApp(projectFile, appEnvironment(request), makeTemporaryFolder(!write));
  if (app?.stoppedBy !== undefined) {
    return { changes: [], isDifferent: false, app };
  }
  const settled = app?.settled ?? (await settleLocked(settings, lock));
  // An app that failed may not have got as far as to all of its lookups; one without any is no reason to forget all.
  const prune = request.prune && app?.exitCode === 0 && settled.length > 0;
  const keys = new Set(settled.map(({ key }) => key));
  const change = (current: LockedAnswers): LockedAnswers => {
    const merged = mergeAnswers(current, settled, seen);
    const kept = Object.entries(merged).filter(
      ([key, { pin }]) => !prune || keys.has(key) || pin !== undefined,
    );
    return Object.fromEntries(kept);
  };
  const { before, after } = write
    ? await updateLockFile(lockFile, change)
    : { before: seen, after: change(seen) };
  return {
    changes: answerChanges(settled, before, after),
    isDifferent: !isSameText(before, after),
    app,
  };
}

async function settleLocked(settings: Settings, lock: Lock): Promise<readonly Settled[]> {
  const queries = lockedQueries(lock.answers).map((query) => withConnection(query, settings));
  return settle({ ...settings, queries, now: readClock(), environment: process.env, lock });
}

/**
 * What the app's lookups are told: the lock file by its whole path, since the app may run in another folder. How old
 * a backup is matters when it is used, not when it is locked.
 */
function appEnvironment({ settings, lockFile }: RefreshRequest): NodeJS.ProcessEnv {
  const { mode, acceptOlder } = settings;
  return {
    RDS_DR_MODE: mode,
    RDS_DR_LOCK_FILE: lockFile,
    RDS_DR_ON_STALE: OnStale.WARN,
    RDS_DR_ACCEPT_OLDER: String(acceptOlder),
  };
}
