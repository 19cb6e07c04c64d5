import { dataTimeOf } from "../../backup/data-time";
import { judge, type JudgedRecord } from "../../backup/judge-records";
import { explainLeftOutFacts } from "../../backup/record-fields";
import { toRestorableBackup } from "../../backup/restorable-backup";
import { Mode } from "../../lock/mode";
import { withConnection } from "../../lock/connection";
import { failureJson, type LookupAnswer, type LookupFailure } from "../../lookup/answer";
import type { ListQuery } from "../../lookup/query";
import { explainWindows } from "../../lookup/recovery-window";
import { type DescribeCrossRegionBackupsRequest, isBounded } from "../../rds-api/actions/describe-cross-region-backups";
import { ErrorKind } from "../../rds-api/errors/error-kind";
import { checkInstant, checkRegionId, ifGiven } from "../../validation/checks";
import { answerQueries, type Circumstances, circumstancesOf, withEngine } from "../answer-queries";
import { CommandFailure, ExitCode, exitCodeFor } from "../exit-code";
import { type CommandResult, type Io, printWarnings } from "../io";
import { type BackupOptions, backupOptions, type CommandSpec, number, once } from "../options";
import { hasColours, recordTable, terminalWidth } from "../record-table";

interface ListOptions extends BackupOptions, DescribeCrossRegionBackupsRequest {
  readonly notAfter?: string;
  readonly window?: true;
}

/** `rds-dr list`: every record of a query, newest first, with its verdict. */
export const list: CommandSpec<ListOptions> = {
  name: "list",
  does: "print every cross-region backup record of an instance, newest first, with its verdict",
  options: [
    ["--db-instance-id <id>", "the source instance", { isRequired: true, parse: once }],
    ...backupOptions,
    ["--cross-backup-id <digits>", "only the backup with this id"],
    ["--start-time <time>", "start of the window (default: all that RDS can keep, 1,825 days)"],
    ["--end-time <time>", "end of the window (default: a day from now)"],
    [
      "--page-size <number>",
      "records in one page: 30, 50 or 100 (default: 100)",
      { parse: number, choices: ["30", "50", "100"] },
    ],
    ["--page-number <number>", "only this page (default: every page)", { parse: number }],
    ["--backup-id <digits>", "only copies of this backup of the source region"],
    ["--not-after <time>", "reject a backup whose data is later"],
    ["--window", "also look up the recoverable window of each valid record"],
  ],
  notes: `
Times have the form yyyy-MM-ddTHH:mm:ssZ, in UTC.

--window lists the logs once, from the oldest valid record on. It sends one more request for each valid record of
MySQL. Use --start-time and --end-time to keep both short. The windows are never locked, so in the mode locked
--window is an error.
`,
  example: "rds-dr list --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai",
  async run(options, io) {
    const { dbInstanceId, regionId } = options;
    try {
      return await listRecords(options, io);
    } catch (error) {
      if (!(error instanceof CommandFailure && options.json)) {
        throw error;
      }
      const { failure } = error;
      const json = { dbInstanceId, regionId, records: [], error: failureJson(failure) };
      return { exitCode: exitCodeFor(failure), json };
    }
  },
};

/** @throws CommandFailure if there are no records to print */
async function listRecords(options: ListOptions, io: Io): Promise<CommandResult> {
  const { dbInstanceId, regionId, crossBackupRegion, restoreRegion, notAfter } = options;
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  ifGiven(checkInstant, "notAfter", notAfter);
  const request: DescribeCrossRegionBackupsRequest = {
    dbInstanceId,
    regionId,
    crossBackupRegion,
    crossBackupId: options.crossBackupId,
    startTime: options.startTime,
    endTime: options.endTime,
    pageSize: options.pageSize,
    pageNumber: options.pageNumber,
    backupId: options.backupId,
    resourceGroupId: options.resourceGroupId,
  };
  const query: ListQuery = { kind: "list", request, connection: options };
  const circumstances = circumstancesOf(io);
  const answers: LookupAnswer[] = [];
  await answerQueries({ count: 1, queryOf: () => query }, io, circumstances.settings, (each) => {
    answers.push(each.answer);
  });
  const [answer] = answers;
  if (answer?.status === "error") {
    throw new CommandFailure(answer.error);
  }
  if (answer?.status !== "listed") {
    throw new Error(`the engine did not answer for ${dbInstanceId}`);
  }
  const leftOutFacts = explainLeftOutFacts(answer.records);
  printWarnings(io, [...(answer.warnings ?? []), ...(leftOutFacts === undefined ? [] : [leftOutFacts])]);
  const criteria = { crossBackupRegion, restoreRegion, notAfter };
  const judged = judge(answer.records, criteria, circumstances.now, isUnrestricted(request));
  const { windowed, warnings } = options.window
    ? await withWindows(judged, query, circumstances, io)
    : { windowed: judged, warnings: [] };
  const json = { dbInstanceId, regionId, records: windowed.map(recordJson), error: null };
  return { exitCode: ExitCode.DONE, warnings, ...(options.json ? { json } : printTable(windowed, io)) };
}

/** Whether a request lists all that RDS keeps: only then can one of the records be called the latest. */
function isUnrestricted(request: DescribeCrossRegionBackupsRequest): boolean {
  return !isBounded(request) && request.pageNumber === undefined && request.backupId === undefined;
}

const windowsNotLocked: LookupFailure = {
  kind: ErrorKind.MISUSE,
  code: "NotLocked",
  message: "the mode is locked, but the recoverable windows of a list are never locked",
  hint: "omit --window, or set RDS_DR_MODE=live; for the latest backup, lookup --window uses the locked window",
};

/**
 * Looks up the recoverable windows of the valid records.
 *
 * @throws CommandFailure if they are not known
 */
async function withWindows(
  judged: readonly JudgedRecord[],
  query: ListQuery,
  circumstances: Circumstances,
  io: Io,
): Promise<{ readonly windowed: readonly JudgedRecord[]; readonly warnings: readonly string[] }> {
  if (circumstances.settings.mode === Mode.LOCKED) {
    throw new CommandFailure(windowsNotLocked);
  }
  const valid = judged.map(({ record, detail }) => (detail === null ? toRestorableBackup(record) : undefined));
  const backups = valid.filter((backup) => backup !== undefined);
  const found = await withEngine(circumstances, io, (engine) =>
    engine.recoveryWindows(withConnection(query, circumstances.settings), backups),
  );
  if ("error" in found) {
    throw new CommandFailure(found.error);
  }
  const foundOf = new Map(backups.map((backup, index) => [backup, found[index]]));
  const windowed = judged.map((each, index) => {
    const backup = valid[index];
    return { ...each, window: (backup && foundOf.get(backup)) ?? null };
  });
  return { windowed, warnings: explainWindows(query.request, found) };
}

function printTable(judged: readonly JudgedRecord[], io: Io): Partial<CommandResult> {
  const width = terminalWidth(io);
  const { text, leftOut } = recordTable(judged, width, hasColours(io.stdout));
  // Unchanged, for its colours: the form of every field leaves nothing to replace.
  io.stdout.write(`${text}\n`);
  const note = `note: ${leftOut.join(", ")} left out to fit ${width} columns; --json prints all`;
  return leftOut.length === 0 ? {} : { notes: [note] };
}

function recordJson({ record, verdict, detail, window }: JudgedRecord): object {
  const { recoverableFrom, recoverableUntil, recoveryGaps } = window ?? {};
  const facts = {
    recoverableFrom: recoverableFrom ?? null,
    recoverableUntil: recoverableUntil ?? null,
    recoveryGaps: recoveryGaps ?? null,
  };
  return {
    ...record,
    dataTime: dataTimeOf(record)?.instant ?? null,
    ...(window === undefined ? {} : facts),
    verdict,
    detail,
  };
}
