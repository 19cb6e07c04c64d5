import { Command } from "commander";
import { dataTimeOf } from "../../backup/data-time";
import { explainLeftOutFacts } from "../../backup/record-fields";
import type { RecoveryWindow } from "../../backup/recovery-window";
import { type RestorableBackup, toRestorableBackup } from "../../backup/restorable-backup";
import { Mode } from "../../lock/mode";
import { withConnection } from "../../lock/settings";
import type { LookupFailure } from "../../lookup/answer";
import type { ListQuery } from "../../lookup/query";
import { explainWindows } from "../../lookup/recovery-window";
import {
  type DescribeCrossRegionBackupsRequest,
  isBounded,
} from "../../rds-api/actions/describe-cross-region-backups";
import { ErrorKind } from "../../rds-api/errors/error-kind";
import { checkInstant, checkRegionId, ifGiven } from "../../validation/checks";
import { type Answered, answerQueries, withEngine } from "../answer-queries";
import { ExitCode, exitCodeFor } from "../exit-code";
import { addCommonOptions, type CommonOptions, once, parseNumber } from "../options";
import {
  failureJson,
  printFailure,
  printJson,
  printNote,
  printWarnings,
  terminalColouring,
  terminalWidth,
  writeResult,
} from "../print";
import { judge, type JudgedRecord } from "../record-table";

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
    detail === null ? toRestorableBackup(record) : undefined,
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

function toWindow({ recoverableFrom, recoverableUntil, recoveryGaps }: Partial<RestorableBackup> = {}):
  RecoveryWindow | undefined {
  return recoverableFrom === undefined || recoverableUntil === undefined || recoveryGaps === undefined
    ? undefined
    : { recoverableFrom, recoverableUntil, recoveryGaps };
}

interface ListOptions extends CommonOptions {
  readonly dbInstanceId: string;
  readonly crossBackupId?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly pageSize?: number;
  readonly pageNumber?: number;
  readonly backupId?: string;
  readonly notAfter?: string;
  readonly window?: true;
}

/** `rds-dr list`: every record of a query, newest first, with its verdict. */
export function listCommand(): Command {
  const command = new Command("list")
    .description("print every cross-region backup record of an instance, newest first, with its verdict")
    .requiredOption("--db-instance-id <id>", "the source instance", once);
  return addCommonOptions(command, process.env)
    .option("--cross-backup-id <digits>", "only the backup of this id")
    .option(
      "--start-time <time>",
      "start of the window, yyyy-MM-ddTHH:mm:ssZ in UTC (default: 1,828 days ago)",
    )
    .option("--end-time <time>", "end of the window, yyyy-MM-ddTHH:mm:ssZ in UTC (default: a day from now)")
    .option("--page-size <number>", "records in one page: 30, 50 or 100 (default: 100)", parseNumber)
    .option("--page-number <number>", "only this page (default: every page)", parseNumber)
    .option("--backup-id <digits>", "only copies of this backup of the source region")
    .option("--not-after <time>", "judge as if later data were of no use, yyyy-MM-ddTHH:mm:ssZ in UTC")
    .option("--window", "look up the recoverable window of each valid record as well")
    .addHelpText(
      "after",
      `
--window lists the logs once, from the oldest valid record on, and asks one question more for each valid record of
MySQL: --start-time and --end-time keep both few. It is never locked, so that the mode locked refuses it.

Example:
  rds-dr list --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai`,
    )
    .action(async (options: ListOptions) => {
      process.exitCode = await list(options);
    });
}

async function list(options: ListOptions): Promise<ExitCode> {
  const { dbInstanceId, regionId, restoreRegion, notAfter, endpoint, profile, roleArn } = options;
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  ifGiven(checkInstant, "notAfter", notAfter);
  const request: DescribeCrossRegionBackupsRequest = {
    dbInstanceId,
    regionId,
    crossBackupRegion: options.crossBackupRegion,
    crossBackupId: options.crossBackupId,
    startTime: options.startTime,
    endTime: options.endTime,
    pageSize: options.pageSize,
    pageNumber: options.pageNumber,
    backupId: options.backupId,
    resourceGroupId: options.resourceGroupId,
  };
  const query: ListQuery = { kind: "list", request, connection: { endpoint, profile, roleArn } };
  const { answers, settings, now } = await answerQueries([query]);
  const [answer] = answers;
  if (answer?.status === "error") {
    return fail(options, answer.error);
  }
  if (answer?.status !== "listed") {
    throw new Error(`the engine did not answer for ${dbInstanceId}`);
  }
  const leftOutFacts = explainLeftOutFacts(answer.records);
  printWarnings([...(answer.warnings ?? []), ...(leftOutFacts === undefined ? [] : [leftOutFacts])]);
  const criteria = { crossBackupRegion: options.crossBackupRegion, restoreRegion, notAfter };
  const verdicts = judge(answer.records, criteria, now, isUnrestricted(request));
  const { judged, warnings, failure }: WindowedList =
    options.window === undefined
      ? { judged: verdicts, warnings: [] }
      : await withWindows(verdicts, query, { settings, now });
  if (failure !== undefined) {
    return fail(options, failure);
  }
  if (options.json) {
    const records = judged.map(recordJson);
    printJson({ dbInstanceId, regionId, records, error: null });
  } else {
    printTable(judged);
  }
  printWarnings(warnings);
  return ExitCode.DONE;
}

function fail({ dbInstanceId, regionId, json }: ListOptions, failure: LookupFailure): ExitCode {
  if (json) {
    printJson({ dbInstanceId, regionId, records: [], error: failureJson(failure) });
  } else {
    printFailure(failure);
  }
  return exitCodeFor(failure);
}

function printTable(judged: readonly JudgedRecord[]): void {
  const width = terminalWidth(process.stdout, process.env);
  // Loaded here, since most commands print no table.
  const { recordTable } = require("../record-table") as typeof import("../record-table");
  const { text, leftOut } = recordTable(judged, width, terminalColouring(process.stdout));
  // As it is, for its colours: the form of every field leaves nothing that had to be replaced.
  writeResult(`${text}\n`);
  if (leftOut.length > 0) {
    printNote(`note: ${leftOut.join(", ")} left out to fit ${width} columns; --json prints all`);
  }
}

/** Whether a request lists all that is kept: only then can one of the records be called the latest. */
function isUnrestricted(request: DescribeCrossRegionBackupsRequest): boolean {
  return !isBounded(request) && request.pageNumber === undefined && request.backupId === undefined;
}

function recordJson({ record, verdict, detail, window }: JudgedRecord): object {
  const { recoverableFrom = null, recoverableUntil = null, recoveryGaps = null } = window ?? {};
  return {
    ...record,
    dataTime: dataTimeOf(record)?.instant ?? null,
    ...(window === undefined ? {} : { recoverableFrom, recoverableUntil, recoveryGaps }),
    verdict,
    detail,
  };
}
