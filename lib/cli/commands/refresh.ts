import { constants } from "node:os";
import { Command } from "commander";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { type AnswerChange, ChangeStatus } from "../../lock/answer-changes";
import { shownPath } from "../../lock/lock-file";
import type { LockedAnswer } from "../../lock/locked-answers";
import { Mode } from "../../lock/mode";
import { nearestProjectFile, noProjectFile } from "../../lock/project-file";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { ExitCode, exitCodeFor } from "../exit-code";
import { addLockFileOption, appFolder, type LockFileOption, lockSettings } from "../options";
import { failureJson, printFailures, printJson, printNote, printText, printWarnings } from "../print";
import { refresh, type RefreshOutcome } from "../refresh";

interface RefreshOptions extends LockFileOption {
  readonly app: boolean;
  readonly check: boolean;
  readonly prune: boolean;
  readonly acceptOlder: boolean;
  readonly json: boolean;
}

/** `rds-dr refresh`: every question of the app, or of the lock file, settled anew and locked. */
export function refreshCommand(): Command {
  const command = new Command("refresh")
    .description(
      "settle every lookup of the app in cdktf.json anew, show what changed, and write the lock file",
    )
    .option(
      "--no-app",
      "settle what the lock file holds, and run no app (default where there is no cdktf.json)",
    )
    .option(
      "--check",
      "write nothing, and exit with 7 where the lock file is not what a refresh would write",
      false,
    )
    .option(
      "--prune",
      "take out the answers that the app does not ask for any more, pinned ones apart",
      false,
    )
    .option(
      "--accept-older",
      "let an older backup, or none, replace a locked one, of every lookup (or RDS_DR_ACCEPT_OLDER=true)",
      false,
    );
  return addLockFileOption(command)
    .option("--json", "print JSON", false)
    .addHelpText("after", "\nExample:\n  rds-dr refresh --prune")
    .action(async (options: RefreshOptions) => {
      process.exitCode = await run(options);
    });
}

async function run({ app, check, prune, acceptOlder, json, ...option }: RefreshOptions): Promise<number> {
  const settings = lockSettings(option, {
    RDS_DR_MODE: Mode.REFRESH,
    ...(acceptOlder ? { RDS_DR_ACCEPT_OLDER: "true" } : {}),
  });
  const { lockFile } = settings;
  if (lockFile === undefined) {
    throw new InvalidRequestError("lockFile", undefined, `given, as ${noProjectFile}`);
  }
  const projectFile = app ? nearestProjectFile(appFolder(option)) : undefined;
  if (prune && projectFile === undefined) {
    throw new InvalidRequestError("prune", true, "left out where no app runs, which would say what is asked");
  }
  const outcome = await refresh({ settings, lockFile, projectFile, prune, write: !check });
  if (outcome.app?.stoppedBy !== undefined) {
    printNote("rds-dr: stopped, and nothing was written");
    return 128 + constants.signals[outcome.app.stoppedBy];
  }
  print(outcome, lockFile, { check, json });
  return exitCodeOf(outcome, check);
}

function exitCodeOf({ changes, isDifferent, app }: RefreshOutcome, check: boolean): number {
  const codes = changes.flatMap(({ failure }) => (failure === undefined ? [] : [exitCodeFor(failure)]));
  if (check && isDifferent) {
    codes.push(ExitCode.DIFFERENT);
  }
  if (app !== undefined && app.exitCode !== 0 && codes.length === 0) {
    // The app does not do without a backup that there is not, or fails for a reason of its own: its defect.
    const none = changes.some(({ status, after }) => isAsked(status) && after?.backup === null);
    codes.push(none ? ExitCode.NO_BACKUP : ExitCode.DEFECT);
  }
  return Math.max(ExitCode.DONE, ...codes);
}

function isAsked(status: ChangeStatus): boolean {
  return status !== ChangeStatus.UNUSED && status !== ChangeStatus.REMOVED;
}

function print(
  { changes, isDifferent, app }: RefreshOutcome,
  lockFile: string,
  { check, json }: Pick<RefreshOptions, "check" | "json">,
): void {
  if (json) {
    const written = isDifferent && !check;
    printJson({ lockFile, written, answers: changes.map(changeJson) });
  } else {
    for (const change of changes) {
      printText(changeText(change));
    }
  }
  for (const { warnings } of changes) {
    printWarnings(warnings);
  }
  printFailures(
    changes.flatMap(({ key, failure }) => (failure === undefined ? [] : [{ name: key, failure }])),
  );
  if (app !== undefined && app.exitCode !== 0) {
    const end = app.exitCode === null ? "ended by a signal" : `exit code ${app.exitCode}`;
    printNote(
      `error: the app failed, so there may be lookups that it did not get to: see above what it said (${end})`,
    );
  }
  if (app?.exitCode === 0 && !changes.some(({ status }) => isAsked(status))) {
    printNote("warning: the app looked nothing up, so nothing was refreshed, and nothing is pruned");
  }
  const path = shownPath(lockFile);
  const isWhole = (app?.exitCode ?? 0) === 0 && changes.every(({ failure }) => failure === undefined);
  const different = check ? "is not up to date" : "was written";
  const same = isWhole ? "is up to date" : "was left as it is";
  printNote(`rds-dr: ${path} ${isDifferent ? different : same}`);
}

function changeText({ key, status, before, after, gainedHours }: AnswerChange): string {
  const [old, now] = [answerText(before), answerText(after)];
  const gain =
    gainedHours === undefined || gainedHours === 0
      ? ""
      : `, ${gainedHours > 0 ? "+" : ""}${rounded(gainedHours)} h`;
  const values = status === ChangeStatus.CHANGED ? `${old} -> ${now}${gain}` : (now ?? old);
  const pin = after?.pin === undefined ? "" : `, pinned: ${after.pin.reason}`;
  const kept =
    after?.retentionDays === undefined || after.retentionDays === before?.retentionDays
      ? ""
      : `, kept for ${after.retentionDays} days`;
  return [
    `${status.padEnd(statusWidth)}${key}`,
    ...(values === undefined ? [] : [`${" ".repeat(statusWidth)}${values}${kept}${pin}`]),
  ].join("\n");
}

/** The longest status, and two spaces. */
const statusWidth = "unchanged  ".length;

/** An answer in a few words; undefined where there is no answer. */
function answerText(answer: LockedAnswer | undefined): string | undefined {
  if (answer === undefined) {
    return undefined;
  }
  const { backup, backups } = answer;
  if (backups !== undefined) {
    return `${backups.length} records`;
  }
  return backup === undefined || backup === null
    ? "no valid backup"
    : `${backup.crossBackupId} (data of ${backup.dataTime}${windowText(backup)})`;
}

/** The recoverable window of a backup, where it was asked for. */
function windowText({ recoverableUntil, recoveryGaps = [] }: RestorableBackup): string {
  const gaps = recoveryGaps.length === 0 ? "" : ", and no later";
  return recoverableUntil === undefined ? "" : `, recoverable up to ${recoverableUntil}${gaps}`;
}

function rounded(hours: number): number {
  return Math.round(hours * 10) / 10;
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
  const { backup, backups, changedAt = null, retentionDays = null } = answer;
  return {
    crossBackupId: backup?.crossBackupId ?? null,
    dataTime: backup?.dataTime ?? null,
    recoverableUntil: backup?.recoverableUntil ?? null,
    records: backups?.length ?? null,
    changedAt,
    retentionDays,
  };
}
