import { failureJson } from "../../lookup/answer";
import type { RestorableBackup } from "../../backup/restorable-backup";
import type { Settled } from "../../lock/answer-by-mode";
import { type AnswerChange, answerChanges, ChangeStatus, mergeAnswers, movesText } from "../../lock/answer-changes";
import { isSameText, readLock, shownPath } from "../../lock/lock-file";
import type { Lock, LockedAnswer, LockedAnswers } from "../../lock/locked-answers";
import { Mode, OnStale } from "../../lock/mode";
import { lockedQueries } from "../../lock/parse-locked-answers";
import { nearestProjectFile, noProjectFile } from "../../lock/project-file";
import { withConnection } from "../../lock/connection";
import type { Settings } from "../../lock/settings";
import { settle } from "../../lock/settle";
import { updateLockFile } from "../../lock/update-lock-file";
import { readClock } from "../../lookup/query";
import { InvalidRequestError } from "../../validation/checks";
import { ExitCode, exitCodeFor } from "../exit-code";
import type { Io } from "../io";
import {
  appFolder,
  type CommandSpec,
  jsonOption,
  type LockFileOptions,
  lockFileOptions,
  readLockSettings,
} from "../options";
import { type AppRun, runApp } from "../run-app";
import { stoppedBy } from "../signals";

interface RefreshOptions extends LockFileOptions {
  readonly app: boolean;
  readonly check?: true;
  readonly prune?: true;
  readonly acceptOlder?: true;
  readonly json?: true;
}

/** `rds-dr refresh`: every question of the app, or of the lock file, is asked again, and the answers are locked. */
export const refresh: CommandSpec<RefreshOptions> = {
  name: "refresh",
  does: "look up again what the app in cdktf.json asks for, show what changed, and write the lock file",
  options: [
    ["--no-app", "run no app: look up what the lock file contains (default if there is no cdktf.json)"],
    ["--check", "write nothing, and exit with 7 if a refresh would change the lock file"],
    ["--prune", "remove answers that the app no longer asks for, except pinned ones"],
    [
      "--accept-older",
      "let an older backup, or none, or fewer instances replace what is locked (or RDS_DR_ACCEPT_OLDER=true)",
    ],
    ...lockFileOptions,
    jsonOption,
  ],
  example: "rds-dr refresh --prune",
  async run(options, io) {
    const settings = readLockSettings(options, io, {
      RDS_DR_MODE: Mode.REFRESH,
      ...(options.acceptOlder ? { RDS_DR_ACCEPT_OLDER: "true" } : {}),
    });
    const { lockFile } = settings;
    if (lockFile === undefined) {
      throw new InvalidRequestError("lockFile", undefined, `given, as ${noProjectFile}`);
    }
    const projectFile = options.app ? nearestProjectFile(appFolder(options, io)) : undefined;
    if (options.prune && projectFile === undefined) {
      throw new InvalidRequestError("prune", true, "omitted if no app runs: only an app shows what is asked");
    }
    const outcome = await refreshLock(settings, lockFile, projectFile, options, io);
    if (outcome.app?.stoppedBy !== undefined) {
      return stoppedBy(outcome.app.stoppedBy, ", and nothing was written");
    }
    const { changes, isDifferent } = outcome;
    return {
      exitCode: exitCodeOf(outcome, options),
      json: { lockFile, written: isDifferent && !options.check, answers: changes.map(changeJson) },
      texts: changes.map(changeText),
      warnings: changes.flatMap(({ warnings }) => warnings),
      failed: changes.flatMap(({ key, failure }) => (failure === undefined ? [] : [{ name: key, failure }])),
      notes: notesOn(outcome, shownPath(lockFile, io.cwd), options),
    };
  },
};

interface RefreshOutcome {
  readonly changes: readonly AnswerChange[];
  /** Whether a refresh changes the lock file. */
  readonly isDifferent: boolean;
  /** How the app ran; undefined if none did. */
  readonly app: AppRun | undefined;
}

/**
 * Asks every question again, and writes the lock file unless it is only checked.
 *
 * @param projectFile the cdktf.json whose app is run; undefined to ask what the lock file contains
 */
async function refreshLock(
  settings: Settings,
  lockFile: string,
  projectFile: string | undefined,
  options: RefreshOptions,
  io: Io,
): Promise<RefreshOutcome> {
  const lock = readLock(settings, io.cwd);
  const seen = lock.answers;
  const app =
    projectFile === undefined
      ? undefined
      : // A check keeps no file, so its temporary files may be anywhere.
        await runApp(projectFile, appVariables(settings, lockFile), io, options.check === true);
  if (app?.stoppedBy !== undefined) {
    return { changes: [], isDifferent: false, app };
  }
  const settled = app?.settled ?? (await settleLocked(settings, lock, io));
  // An app that failed may not have reached all its lookups. An app without lookups is no reason to forget all.
  const prune = options.prune && app?.exitCode === 0 && settled.length > 0;
  const keys = new Set(settled.map(({ key }) => key));
  const change = (current: LockedAnswers): LockedAnswers => {
    const merged = Object.entries(mergeAnswers(current, settled, seen));
    return Object.fromEntries(merged.filter(([key, { pin }]) => !prune || keys.has(key) || pin !== undefined));
  };
  const { before, after } = options.check
    ? { before: seen, after: change(seen) }
    : await updateLockFile(lockFile, change);
  return { changes: answerChanges(settled, before, after), isDifferent: !isSameText(before, after), app };
}

async function settleLocked(settings: Settings, lock: Lock, { environment }: Io): Promise<readonly Settled[]> {
  const queries = lockedQueries(lock.answers).map((query) => withConnection(query, settings));
  return settle({ ...settings, queries, now: readClock(), environment, lock });
}

/**
 * What the app's lookups get. The lock file is an absolute path, since the app may run in another folder. The age of
 * a backup matters when it is used, not when it is locked.
 */
function appVariables({ mode, acceptOlder }: Settings, lockFile: string): Record<string, string> {
  return {
    RDS_DR_MODE: mode,
    RDS_DR_LOCK_FILE: lockFile,
    RDS_DR_ON_STALE: OnStale.WARN,
    RDS_DR_ACCEPT_OLDER: String(acceptOlder),
  };
}

function exitCodeOf({ changes, isDifferent, app }: RefreshOutcome, { check }: RefreshOptions): number {
  const codes = changes.flatMap(({ failure }) => (failure === undefined ? [] : [exitCodeFor(failure)]));
  if (check && isDifferent) {
    codes.push(ExitCode.DIFFERENT);
  }
  if (app !== undefined && app.exitCode !== 0 && codes.length === 0) {
    // The app needs a backup that does not exist, or it fails for a reason of its own: its defect.
    const isNone = changes.some((change) => isAsked(change) && change.after?.backup === null);
    codes.push(isNone ? ExitCode.NO_BACKUP : ExitCode.DEFECT);
  }
  return Math.max(ExitCode.DONE, ...codes);
}

function isAsked({ status }: AnswerChange): boolean {
  return status !== ChangeStatus.UNUSED && status !== ChangeStatus.REMOVED;
}

/** How the app ended, if something was wrong, and what became of the lock file. */
function notesOn({ changes, isDifferent, app }: RefreshOutcome, path: string, { check }: RefreshOptions): string[] {
  const notes: string[] = [];
  if (app !== undefined && app.exitCode !== 0) {
    const end = app.exitCode === null ? "ended by a signal" : `exit code ${app.exitCode}`;
    notes.push(`error: the app failed (${end}), perhaps before some of its lookups: see its output above`);
  }
  if (app?.exitCode === 0 && !changes.some(isAsked)) {
    notes.push("warning: the app has no lookups, so nothing was refreshed, and nothing is pruned");
  }
  const isComplete = (app?.exitCode ?? 0) === 0 && changes.every(({ failure }) => failure === undefined);
  const different = check ? "is not up to date" : "was written";
  const same = isComplete ? "is up to date" : "was not changed";
  return [...notes, `rds-dr: ${path} ${isDifferent ? different : same}`];
}

/** The longest status, and two spaces. */
const statusWidth = "unchanged  ".length;

function changeText({ key, status, before, after, gainedHours = 0 }: AnswerChange): string {
  const [old, now] = [answerText(before), answerText(after)];
  const gain = gainedHours === 0 ? "" : `, ${gainedHours > 0 ? "+" : ""}${Math.round(gainedHours * 10) / 10} h`;
  const values = status === ChangeStatus.CHANGED ? `${old ?? ""} -> ${now ?? ""}${gain}` : (now ?? old);
  const moves = movesText(before, after);
  const pin = after?.pin === undefined ? "" : `, pinned: ${after.pin.reason}`;
  const days = after?.retentionDays;
  const kept = days === undefined || days === before?.retentionDays ? "" : `, kept for ${days} days`;
  const second = values === undefined ? "" : `\n${" ".repeat(statusWidth)}${values}${moves}${kept}${pin}`;
  return `${status.padEnd(statusWidth)}${key}${second}`;
}

/** An answer in a few words; undefined if there is no answer. */
function answerText(answer: LockedAnswer | undefined): string | undefined {
  if (answer?.backups !== undefined) {
    return `${answer.backups.length} records`;
  }
  if (answer?.instances !== undefined) {
    const { length } = answer.instances;
    return length === 1 ? "1 instance" : `${length} instances`;
  }
  const backup = answer?.backup ?? undefined;
  if (backup !== undefined) {
    return `${backup.crossBackupId} (data of ${backup.dataTime}${windowText(backup)})`;
  }
  return answer && "no valid backup";
}

/** The recoverable window of a backup, if it was asked for. */
function windowText({ recoverableUntil, recoveryGaps = [] }: RestorableBackup): string {
  const gaps = recoveryGaps.length === 0 ? "" : ", and no later";
  return recoverableUntil === undefined ? "" : `, recoverable up to ${recoverableUntil}${gaps}`;
}

/** The form that scripts rely on. */
function changeJson({ key, status, before, after, gainedHours, failure }: AnswerChange): object {
  return {
    key,
    status,
    before: answerJson(before),
    after: answerJson(after),
    gainedHours: gainedHours ?? null,
    pin: after?.pin ?? null,
    error: failure === undefined ? null : failureJson(failure),
  };
}

function answerJson(answer: LockedAnswer | undefined): object | null {
  if (answer === undefined) {
    return null;
  }
  const { backup, backups, instances, changedAt = null, retentionDays = null } = answer;
  return {
    crossBackupId: backup?.crossBackupId ?? null,
    dataTime: backup?.dataTime ?? null,
    recoverableUntil: backup?.recoverableUntil ?? null,
    records: backups?.length ?? null,
    instances: instances?.map(({ dbInstanceId }) => dbInstanceId) ?? null,
    changedAt,
    retentionDays,
  };
}
