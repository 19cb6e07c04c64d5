import { Command } from "commander";
import { dataTimeOf } from "../backup/data-time";
import { isBounded, type DescribeCrossRegionBackupsRequest } from "../rds-api/describe-cross-region-backups";
import { checkInstant, checkRegionId, ifGiven } from "../rds-api/request-checks";
import { answerQueries } from "./answer-queries";
import { addCommonOptions, once, parseNumber, type CommonOptions } from "./common-options";
import { ExitCode, exitCodeFor } from "./exit-code";
import { failureJson } from "./failure";
import { judge, type JudgedRecord } from "./judged-record";
import { printFailure, printJson, printWarnings } from "./print";
import { recordTable } from "./record-table";
import { terminalColouring, terminalWidth } from "./terminal";

interface ListOptions extends CommonOptions {
  readonly dbInstanceId: string;
  readonly crossBackupId?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly pageSize?: number;
  readonly pageNumber?: number;
  readonly backupId?: string;
  readonly notAfter?: string;
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
    .addHelpText(
      "after",
      "\nExample:\n  rds-dr list --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai",
    )
    .action(async (options: ListOptions) => {
      process.exitCode = await list(options);
    });
}

async function list(options: ListOptions): Promise<ExitCode> {
  const { dbInstanceId, regionId, restoreRegion, notAfter, endpoint, profile } = options;
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
  const { answers, now } = await answerQueries([
    { kind: "list", request, connection: { endpoint, profile } },
  ]);
  const [answer] = answers;
  if (answer?.status === "error") {
    if (options.json) {
      const error = failureJson(answer.error);
      printJson({ dbInstanceId, regionId, records: [], error });
    } else {
      printFailure(answer.error);
    }
    return exitCodeFor(answer.error);
  }
  if (answer?.status !== "listed") {
    throw new Error(`the engine did not answer for ${dbInstanceId}`);
  }
  printWarnings(answer.warnings ?? []);
  const criteria = { crossBackupRegion: options.crossBackupRegion, restoreRegion, notAfter };
  const judged = judge(answer.records, criteria, now, isUnrestricted(request));
  if (options.json) {
    const records = judged.map(recordJson);
    printJson({ dbInstanceId, regionId, records, error: null });
  } else {
    printTable(judged);
  }
  return ExitCode.DONE;
}

function printTable(judged: readonly JudgedRecord[]): void {
  const width = terminalWidth(process.stdout, process.env);
  const { text, leftOut } = recordTable(judged, width, terminalColouring(process.stdout));
  console.log(text);
  if (leftOut.length > 0) {
    console.error(`note: ${leftOut.join(", ")} left out to fit ${width} columns; --json prints all`);
  }
}

/** Whether a request lists all that is kept: only then can one of the records be called the latest. */
function isUnrestricted(request: DescribeCrossRegionBackupsRequest): boolean {
  return !isBounded(request) && request.pageNumber === undefined && request.backupId === undefined;
}

function recordJson({ record, verdict, detail }: JudgedRecord): object {
  return { ...record, dataTime: dataTimeOf(record)?.instant ?? null, verdict, detail };
}
