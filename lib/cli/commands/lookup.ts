import { Command } from "commander";
import { optional } from "../../backup/json-object";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { summariseRejections } from "../../backup/validity";
import { checkOnStale, OnStale, onStaleOf } from "../../lock/mode";
import { type LatestOutcome, outcomeOf } from "../../lookup/age-limit";
import type { LookupAnswer } from "../../lookup/answer";
import type { LatestRequest, LookupQuery } from "../../lookup/query";
import { checkHours, ifGiven } from "../../validation/checks";
import { answerQueries } from "../answer-queries";
import { ExitCode, exitCodeFor } from "../exit-code";
import { type InstanceIdSources, readInstanceIds } from "../instance-ids";
import { addCommonOptions, type CommonOptions, parseNumber, restoreEndpointOption } from "../options";
import { type Failed, failureJson, printFailures, printJson, printText, printWarnings } from "../print";

interface LookupOptions extends CommonOptions, InstanceIdSources {
  readonly notAfter?: string;
  readonly window?: true;
  readonly maxAgeHours?: number;
  readonly onStale?: OnStale;
  readonly dbInstanceClass?: string;
  readonly dbInstanceStorage?: number;
  readonly dbInstanceStorageType?: string;
  readonly restoreEndpoint?: string;
}

/** One lookup with its outcome. */
interface Result extends LatestOutcome {
  readonly request: LatestRequest;
  readonly status: LookupAnswer["status"] | undefined;
}

/** `rds-dr lookup`: the latest valid full backup of one or more instances. */
export function lookupCommand(): Command {
  const command = new Command("lookup")
    .description("print the latest valid full cross-region backup of one or more instances")
    .option("--db-instance-id <id...>", "one or more source instances")
    .option("--from <file...>", "files with the ids of source instances, one a line; - is standard input");
  return addCommonOptions(command, process.env)
    .option("--not-after <time>", "only data of this time or earlier, yyyy-MM-ddTHH:mm:ssZ in UTC")
    .option(
      "--window",
      "look up the recoverable window as well, for a restore to a point in time: up to when the logs that were copied lead",
    )
    .option(
      "--max-age-hours <hours>",
      "how old the data may be; with --window, the end of the window",
      parseNumber,
    )
    .option(
      "--on-stale <what>",
      "what happens when it is older: fail or warn (default: RDS_DR_ON_STALE, else the context in cdktf.json, else fail)",
    )
    .option("--db-instance-class <class>", "only backups that the restore region accepts for this class …")
    .option("--db-instance-storage <GB>", "… with this storage, 5 to 2,000 GB in steps of 5", parseNumber)
    .option(
      "--db-instance-storage-type <type>",
      "… on this storage type, such as local_ssd (default: that of the backup); cloud disks are not asked about",
    )
    .addOption(restoreEndpointOption())
    .addHelpText(
      "after",
      "\nExample:\n  rds-dr lookup --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai --max-age-hours 26",
    )
    .action(async (options: LookupOptions) => {
      process.exitCode = await lookup(options);
    });
}

async function lookup(options: LookupOptions): Promise<number> {
  const { maxAgeHours, onStale, endpoint, restoreEndpoint, profile, roleArn } = options;
  ifGiven(checkHours, "maxAgeHours", maxAgeHours);
  ifGiven(checkOnStale, "onStale", onStale);
  const ids = await readInstanceIds(options);
  const requests = ids.map((dbInstanceId): LatestRequest => ({
    dbInstanceId,
    regionId: options.regionId,
    crossBackupRegion: options.crossBackupRegion,
    restoreRegion: options.restoreRegion,
    resourceGroupId: options.resourceGroupId,
    notAfter: options.notAfter,
    recoveryWindow: options.window,
    dbInstanceClass: options.dbInstanceClass,
    dbInstanceStorage: options.dbInstanceStorage,
    dbInstanceStorageType: options.dbInstanceStorageType,
  }));
  const { answers, settings, now } = await answerQueries(
    requests.map((request): LookupQuery => ({
      kind: "latest",
      request,
      connection: { endpoint, restoreEndpoint, profile, roleArn },
    })),
  );
  const staleIsFine = (onStale ?? onStaleOf(undefined, settings)) === OnStale.WARN;
  const results = requests.map((request, index): Result => {
    const answer = answers[index];
    const outcome = outcomeOf(request, answer, { maxAgeHours, staleIsFine }, now);
    return { request, status: answer?.status, ...outcome };
  });
  print(results, options.json);
  return Math.max(
    ...results.map(({ failure }) => (failure === undefined ? ExitCode.DONE : exitCodeFor(failure))),
  );
}

/** Results go to standard output, whatever went wrong to standard error; JSON holds all but the ages. */
function print(results: readonly Result[], json: boolean): void {
  if (json) {
    printJson({ lookups: results.map(resultJson) });
  }
  const failed: Failed[] = [];
  for (const { request, backup, rejected, leftOut, failure, isStale, warnings } of results) {
    if (backup !== undefined && !json) {
      printText(backupText(request, backup, { rejected, leftOut }));
    }
    if (failure !== undefined && (isStale || !json)) {
      failed.push({ name: request.dbInstanceId, failure });
    }
    printWarnings(warnings);
  }
  printFailures(failed);
}

/** The form that scripts rely on. */
function resultJson({ request, status, backup, rejected, leftOut, failure, isStale }: Result): object {
  return {
    dbInstanceId: request.dbInstanceId,
    regionId: request.regionId,
    status,
    stale: isStale,
    backup: backup ?? null,
    rejected: rejected.map(({ crossBackupId = null, reason, detail }) => ({ crossBackupId, reason, detail })),
    ...optional("leftOut", leftOut),
    error: status === "error" && failure !== undefined ? failureJson(failure) : null,
  };
}

function backupText(
  { dbInstanceId, regionId }: LatestRequest,
  backup: RestorableBackup,
  { rejected, leftOut }: Pick<Result, "rejected" | "leftOut">,
): string {
  const {
    crossBackupId,
    dataTime,
    dataTimeEstimated,
    recoverableUntil,
    restoreRegions,
    engine = "",
    engineVersion = "",
  } = backup;
  return [
    `${dbInstanceId} (${regionId}): ${crossBackupId}`,
    `  data time        ${dataTime}${dataTimeEstimated ? " (estimated: the start of the backup)" : ""}`,
    ...(recoverableUntil === undefined ? [] : [`  recoverable      up to ${recoverableUntil}`]),
    `  restore regions  ${restoreRegions.join(", ")}`,
    `  engine           ${engine} ${engineVersion}`.trimEnd(),
    `  file             ${backup.crossBackupSetFile ?? "not reported"}`,
    `  not valid        ${rejected.length === 0 ? "none" : summariseRejections(rejected, leftOut)}`,
  ].join("\n");
}
