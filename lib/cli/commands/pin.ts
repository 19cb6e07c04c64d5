import { Command } from "commander";
import { isOneLine } from "../../backup/forms";
import type { Instant } from "../../backup/instant";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { type LockedAnswer, withRefusals } from "../../lock/locked-answers";
import { type Settings, withConnection } from "../../lock/settings";
import { entryFor } from "../../lock/settle";
import { isSameAnswer } from "../../lock/update-lock-file";
import { queryById } from "../../lookup/by-id";
import type { Engine } from "../../lookup/engine";
import { hintAtList } from "../../lookup/explain";
import { checkQuery, type LatestQuery, readClock, subjectOf } from "../../lookup/query";
import { ErrorKind } from "../../rds-api/errors/error-kind";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { withEngine } from "../answer-queries";
import { CommandFailure } from "../exit-code";
import { addEntryOptions, changeEntry, type EntryOptions, printEntry, questionOf } from "../lock-entry";

interface PinOptions extends EntryOptions {
  readonly reason: string;
  readonly crossBackupId?: string;
}

/** `rds-dr pin`: a locked backup is used as it is until it is unpinned. */
export function pinCommand(): Command {
  const command = new Command("pin")
    .description("use a locked backup as it is, without lookup or age check, until it is unpinned")
    .requiredOption("--reason <text>", "why; every use says it");
  return addEntryOptions(command)
    .option("--cross-backup-id <digits>", "put this backup, which the API is asked for, in its place first")
    .addHelpText(
      "after",
      '\nExample:\n  rds-dr pin --db-instance-id rm-uf6wjk5xxxx --reason "last one before the bad migration" --cross-backup-id 14562',
    )
    .action(pin);
}

async function pin(options: PinOptions): Promise<void> {
  const { crossBackupId, json } = options;
  const reason = options.reason.replace(/\s+/g, " ").trim();
  if (!isOneLine(reason)) {
    throw new InvalidRequestError(
      "reason",
      reason,
      "one line of text that says why, without control characters",
    );
  }
  const changed = await changeEntry(options, async (chosen, settings) => {
    if (crossBackupId === undefined) {
      return (entry) => ({ ...entry, pin: { reason } });
    }
    const query = withConnection(questionOf(chosen, {}), settings);
    const now = readClock();
    const backup = await findBackup(query, crossBackupId, settings, now);
    return (entry) => ({ ...withBackup(entry, query, backup, now), pin: { reason } });
  });
  printEntry(changed, { did: "pinned", json });
}

/** @throws CommandFailure where the API does not give the backup, or it is not what the question asks for */
async function findBackup(
  query: LatestQuery,
  crossBackupId: string,
  settings: Settings,
  now: Instant,
): Promise<RestorableBackup> {
  checkQuery(queryById(query, crossBackupId));
  return withEngine(settings, now, (engine) => askFor(engine, query, crossBackupId));
}

async function askFor(engine: Engine, query: LatestQuery, crossBackupId: string): Promise<RestorableBackup> {
  const answer = await engine.lookUpById(query, crossBackupId);
  switch (answer.status) {
    case "valid":
      return withWindow(engine, query, answer.backup);
    case "invalid":
      throw new CommandFailure({
        kind: ErrorKind.NOT_FOUND,
        code: "NoValidBackup",
        message: `the backup ${crossBackupId} of ${subjectOf(query)} is not ${answer.isNot}`,
        hint: hintAtList(query.request),
      });
    case "error":
      throw new CommandFailure(answer.error);
  }
}

/** The backup with its recoverable window, where the question asks for it: a pinned answer is used as it is. */
async function withWindow(
  engine: Engine,
  query: LatestQuery,
  backup: RestorableBackup,
): Promise<RestorableBackup> {
  const windowed =
    query.request.recoveryWindow === undefined ? [] : await engine.recoveryWindows(query, [backup]);
  if ("error" in windowed) {
    throw new CommandFailure(windowed.error);
  }
  return windowed[0] ?? backup;
}

/**
 * An entry with another backup in place of its own, as the API's answer of now. What the preflight refused stays
 * refused once it is unpinned.
 */
function withBackup(
  entry: LockedAnswer,
  query: LatestQuery,
  backup: RestorableBackup,
  now: Instant,
): LockedAnswer {
  const refused = entry.refused?.filter(({ crossBackupId }) => crossBackupId !== backup.crossBackupId) ?? [];
  const answer = withRefusals({ status: "found", origin: "api", backup, rejected: [] }, refused);
  const found = entryFor(query, answer, now, entry.retentionDays);
  return found === undefined || isSameAnswer(entry, found) ? entry : found;
}

/** `rds-dr unpin`: the pin of a locked backup goes, the backup stays until it is refreshed. */
export function unpinCommand(): Command {
  return addEntryOptions(new Command("unpin"))
    .description("take the pin away from a locked backup: the next refresh looks it up anew")
    .addHelpText("after", "\nExample:\n  rds-dr unpin --db-instance-id rm-uf6wjk5xxxx")
    .action(unpin);
}

async function unpin(options: EntryOptions): Promise<void> {
  const changed = await changeEntry(options, () => Promise.resolve(({ pin, ...entry }) => entry));
  printEntry(changed, {
    did: changed.pinBefore === undefined ? "not pinned:" : "unpinned",
    json: options.json,
  });
}
