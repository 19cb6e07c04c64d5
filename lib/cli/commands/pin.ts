import { reason as reasonForm } from "../../backup/forms";
import type { Instant } from "../../backup/instant";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { isSameAnswer } from "../../lock/answer-changes";
import { readLock } from "../../lock/lock-file";
import { entryOf, type LockedAnswer, withRefusals } from "../../lock/locked-answers";
import { withConnection } from "../../lock/connection";
import { type Settings } from "../../lock/settings";
import { entryFor } from "../../lock/settle";
import { updateLockFile } from "../../lock/update-lock-file";
import { queryById } from "../../lookup/by-id";
import type { Engine } from "../../lookup/engine";
import { hintAtList } from "../../lookup/explain";
import { checkQuery, type LatestQuery, readClock, subjectOf } from "../../lookup/query";
import { ErrorKind } from "../../rds-api/errors/error-kind";
import { InvalidRequestError } from "../../validation/checks";
import { withEngine } from "../answer-queries";
import { CommandFailure, ExitCode } from "../exit-code";
import type { CommandResult, Io } from "../io";
import { chooseEntry, type EntryOptions, entryOptions, type KeyedEntry, notLocked, questionOf } from "../locked-entry";
import { type CommandSpec, jsonOption, type LockFileOptions, lockFileOptions, readLockSettings } from "../options";

interface UnpinOptions extends EntryOptions, LockFileOptions {
  readonly json?: true;
}

interface PinOptions extends UnpinOptions {
  readonly reason: string;
  readonly crossBackupId?: string;
}

const sharedOptions = [...entryOptions, ...lockFileOptions, jsonOption];

/** `rds-dr pin`: a locked backup is used unmodified until it is unpinned. */
export const pin: CommandSpec<PinOptions> = {
  name: "pin",
  does: "use a locked backup unmodified, without lookup or age check, until it is unpinned",
  options: [
    ["--reason <text>", "why; every use shows it", { isRequired: true }],
    ...sharedOptions,
    ["--cross-backup-id <digits>", "look up this backup, and lock it in place of the locked one"],
  ],
  example:
    'rds-dr pin --db-instance-id rm-uf6wjk5xxxx --reason "last one before the bad migration" --cross-backup-id 14562',
  async run(options, io) {
    const { crossBackupId } = options;
    const reason = options.reason.replace(/\s+/g, " ").trim();
    if (!reasonForm.holds(reason)) {
      throw new InvalidRequestError("reason", reason, reasonForm.allowed);
    }
    return changeEntry(options, io, "pinned", async (chosen, settings) => {
      if (crossBackupId === undefined) {
        return (entry) => ({ ...entry, pin: { reason } });
      }
      const query = withConnection(questionOf(chosen, {}), settings);
      const now = readClock();
      checkQuery(queryById(query, crossBackupId));
      const backup = await withEngine({ settings, now }, io, (engine) => findBackup(engine, query, crossBackupId));
      return (entry) => ({ ...withBackup(entry, query, backup, now), pin: { reason } });
    });
  },
};

/** `rds-dr unpin`: the pin of a locked backup goes; the backup stays until it is refreshed. */
export const unpin: CommandSpec<UnpinOptions> = {
  name: "unpin",
  does: "remove the pin of a locked backup: the next refresh looks it up again",
  options: sharedOptions,
  example: "rds-dr unpin --db-instance-id rm-uf6wjk5xxxx",
  run: (options, io) => changeEntry(options, io, "unpinned", () => Promise.resolve(({ pin: _, ...entry }) => entry)),
};

/**
 * The backup of this id, with its recoverable window if the question asks for it: a pinned answer is used unmodified.
 *
 * @throws CommandFailure if the API does not return it, or if it is not what the question asks for
 */
async function findBackup(engine: Engine, query: LatestQuery, crossBackupId: string): Promise<RestorableBackup> {
  const answer = await engine.lookUpById(query, crossBackupId);
  if (answer.status === "error") {
    throw new CommandFailure(answer.error);
  }
  if (answer.status === "invalid") {
    throw new CommandFailure({
      kind: ErrorKind.NOT_FOUND,
      code: "NoValidBackup",
      message: `the backup ${crossBackupId} of ${subjectOf(query)} is not ${answer.isNot}`,
      hint: hintAtList(query.request),
    });
  }
  const { backup } = answer;
  const isWindowAsked = query.request.recoveryWindow !== undefined;
  const windowed = isWindowAsked ? await engine.recoveryWindows(query, [backup]) : [];
  if ("error" in windowed) {
    throw new CommandFailure(windowed.error);
  }
  return windowed[0] ?? backup;
}

/**
 * An entry with another backup, as the API's answer of now. What the preflight refused stays refused once the backup
 * is unpinned.
 */
function withBackup(entry: LockedAnswer, query: LatestQuery, backup: RestorableBackup, now: Instant): LockedAnswer {
  const refused = entry.refused?.filter(({ crossBackupId }) => crossBackupId !== backup.crossBackupId) ?? [];
  const answer = withRefusals({ status: "found", origin: "api", backup, rejected: [] }, refused);
  const found = entryFor(query, answer, now, entry.retentionDays);
  return found === undefined || isSameAnswer(entry, found) ? entry : found;
}

/**
 * Changes a locked backup in the lock file.
 *
 * @param prepare gets the entry that the options name, and may ask the network before it returns the change; the
 *   change is made to the entry as it is by then
 * @throws InvalidRequestError if the options match no single backup, or the lock file cannot be read or written
 * @throws CommandFailure if there is no such entry, or no backup in it
 */
async function changeEntry(
  options: UnpinOptions,
  io: Io,
  did: "pinned" | "unpinned",
  prepare: (chosen: KeyedEntry, settings: Settings) => Promise<(entry: LockedAnswer) => LockedAnswer>,
): Promise<CommandResult> {
  const settings = readLockSettings(options, io);
  const { answers: inContext, lockFile } = settings;
  if (inContext !== undefined) {
    const allowed = "omitted if you change the lock file: the context replaces that file";
    throw new InvalidRequestError('"answers" in the context "rds-dr"', inContext, allowed);
  }
  const lock = readLock(settings, io.cwd);
  if (lockFile === undefined) {
    throw notLocked("any question", lock);
  }
  const chosen = chooseEntry(lock, options);
  const [key] = chosen;
  const change = await prepare(chosen, settings);
  const { before, after } = await updateLockFile(lockFile, (answers) => {
    const [, entry] = chooseEntry({ ...lock, answers }, { key });
    const changed = change(entry);
    backupOf(key, changed);
    return { ...answers, [key]: changed };
  });
  const { crossBackupId, dataTime } = backupOf(key, entryOf(after, key));
  const [pinBefore, pinNow] = [entryOf(before, key)?.pin, entryOf(after, key)?.pin];
  const isIdle = (pinBefore ?? pinNow) === undefined;
  const what = `${isIdle ? "not pinned:" : did} "${key}": ${crossBackupId} with the data of ${dataTime}`;
  const json = { key, crossBackupId, dataTime, pin: pinNow ?? null };
  const why = isIdle ? "" : `: ${(pinNow ?? pinBefore)?.reason ?? ""}`;
  return { exitCode: ExitCode.DONE, json, texts: [`${what}${why}`] };
}

function backupOf(key: string, entry: LockedAnswer | undefined): RestorableBackup {
  const backup = entry?.backup ?? undefined;
  if (backup === undefined) {
    const message = `the locked answer "${key}" is that there is no valid backup, and only a backup can be pinned`;
    const hint = 'see whether there is one now with "npx rds-dr refresh", or name one with --cross-backup-id';
    throw new CommandFailure({ kind: ErrorKind.NOT_FOUND, code: "NoValidBackup", message, hint });
  }
  return backup;
}
