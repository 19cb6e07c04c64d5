import { Command } from "commander";
import type { CrossRegionBackup } from "../backup/cross-region-backup";
import { isOneLine } from "../backup/forms";
import type { Instant } from "../backup/instant";
import { withConnection } from "../frozen/connection";
import type { LockedAnswer } from "../frozen/locked-answers";
import { isSameAnswer } from "../frozen/merge-answers";
import type { Settings } from "../frozen/settings";
import { withRefusals } from "../frozen/refusals";
import { entryFor } from "../frozen/settle";
import { queryById } from "../lookup/by-id";
import { readClock } from "../lookup/clock";
import type { Engine } from "../lookup/engine";
import { hintAtList } from "../lookup/explain";
import { checkQuery, subjectOf, type LatestQuery } from "../lookup/query";
import { ErrorKind } from "../rds-api/error-kind";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { changeEntry, printEntry } from "./change-entry";
import { addEntryOptions, questionOf, type EntryOptions } from "./choose-entry";
import { CommandFailure } from "./command-failure";
import { withEngine } from "./with-engine";

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
): Promise<CrossRegionBackup> {
  checkQuery(queryById(query, crossBackupId));
  return withEngine(settings, now, (engine) => askFor(engine, query, crossBackupId));
}

async function askFor(engine: Engine, query: LatestQuery, crossBackupId: string): Promise<CrossRegionBackup> {
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
  backup: CrossRegionBackup,
): Promise<CrossRegionBackup> {
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
  backup: CrossRegionBackup,
  now: Instant,
): LockedAnswer {
  const refused = entry.refused?.filter(({ crossBackupId }) => crossBackupId !== backup.crossBackupId) ?? [];
  const answer = withRefusals({ status: "found", backup, rejected: [] }, refused);
  const found = entryFor(query, answer, now, entry.retentionDays);
  return found === undefined || isSameAnswer(entry, found) ? entry : found;
}
