import Table from "cli-table3";
import { Command } from "commander";
import type { CrossRegionBackupRecord } from "../backup/cross-region-backup-record";
import { dataTimeOf } from "../backup/data-time";
import type { Instant } from "../backup/instant";
import { selectLatest } from "../backup/select-latest";
import { rejectionOf, type SelectionCriteria } from "../backup/validity";
import { failureText } from "../lookup/failure-text";
import { isBounded, type DescribeCrossRegionBackupsRequest } from "../rds-api/describe-cross-region-backups";
import { checkInstant, checkRegionId, ifGiven } from "../rds-api/request-checks";
import { answerQueries } from "./answer-queries";
import { addCommonOptions, parseNumber, type CommonOptions } from "./common-options";
import { ExitCode, exitCodeFor } from "./exit-code";
import { failureJson } from "./failure";

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

/** A record with what the rule of validity says of it. */
interface JudgedRecord {
  readonly record: CrossRegionBackupRecord;
  /** `latest`, `valid`, or the reason why it is not valid. */
  readonly verdict: string;
  readonly detail: string | null;
}

/** `rds-dr list`: every record of a query, newest first, with its verdict. */
export function listCommand(): Command {
  const command = new Command("list")
    .description("print every cross-region backup record of an instance, newest first, with its verdict")
    .requiredOption("--db-instance-id <id>", "the source instance");
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
      console.log(JSON.stringify({ dbInstanceId, regionId, records: [], error }, undefined, 2));
    } else {
      console.error(`error: ${failureText(answer.error)}`);
    }
    return exitCodeFor(answer.error);
  }
  if (answer?.status !== "listed") {
    throw new Error(`the engine did not answer for ${dbInstanceId}`);
  }
  const criteria = { crossBackupRegion: options.crossBackupRegion, restoreRegion, notAfter };
  const judged = judge(answer.records, criteria, now, isUnrestricted(request));
  console.log(
    options.json
      ? JSON.stringify({ dbInstanceId, regionId, records: judged.map(recordJson), error: null }, undefined, 2)
      : table(judged),
  );
  return ExitCode.DONE;
}

/** Whether a request lists all that is kept: only then can one of the records be called the latest. */
function isUnrestricted(request: DescribeCrossRegionBackupsRequest): boolean {
  return !isBounded(request) && request.pageNumber === undefined && request.backupId === undefined;
}

function judge(
  records: readonly CrossRegionBackupRecord[],
  criteria: SelectionCriteria,
  now: Instant,
  isEveryRecord: boolean,
): readonly JudgedRecord[] {
  const { backup, rejected } = selectLatest(records, criteria, now);
  // Copies of one backup may differ; it is valid only where every copy is.
  const rejectionById = new Map(rejected.map((rejection) => [rejection.crossBackupId, rejection]));
  return records.map((record) => {
    const { crossBackupId } = record;
    const ofAnyCopy = crossBackupId === undefined ? undefined : rejectionById.get(crossBackupId);
    const rejection = rejectionOf(record, criteria, now) ?? ofAnyCopy;
    const valid = isEveryRecord && crossBackupId === backup?.crossBackupId ? "latest" : "valid";
    return { record, verdict: rejection?.reason ?? valid, detail: rejection?.detail ?? null };
  });
}

function recordJson({ record, verdict, detail }: JudgedRecord): object {
  return { ...record, dataTime: dataTimeOf(record)?.instant ?? null, verdict, detail };
}

function table(judged: readonly JudgedRecord[]): string {
  if (judged.length === 0) {
    return "no records";
  }
  const columns = new Table({
    head: ["ID", "DATA TIME", "TYPE", "STORED IN", "RESTORABLE TO", "BYTES", "VERDICT"],
    chars: Object.fromEntries(borders.map((border) => [border, ""])),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  for (const { record, verdict } of judged) {
    columns.push([
      record.crossBackupId ?? "-",
      dataTimeOf(record)?.instant ?? "-",
      `${record.backupType ?? "-"}${record.backupMethod ?? "-"}`,
      record.crossBackupRegion ?? "-",
      record.restoreRegions.join(",") || "-",
      String(record.crossBackupSetSize ?? "-"),
      verdict,
    ]);
  }
  return columns.toString().replace(/ +$/gm, "");
}

const borders = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];
