import { optional } from "../../backup/json-object";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { summariseRejections } from "../../backup/validity";
import { checkOnStale, OnStale, onStaleOf } from "../../lock/mode";
import type { Settings } from "../../lock/settings";
import { type LatestOutcome, outcomeOf } from "../../lookup/age-limit";
import type { LookupAnswer } from "../../lookup/answer";
import { checkAgeLimits, type LatestRequest } from "../../lookup/query";
import { checkInstanceId, ifGiven, InvalidRequestError } from "../../validation/checks";
import { answerQueries } from "../answer-queries";
import { exitCodeFor } from "../exit-code";
import { failureJson, type Io, readGiven } from "../io";
import { type BackupOptions, backupOptions, type CommandSpec, number, restoreEndpointOption } from "../options";

/** What narrows the choice of a backup, and how old it may be. */
export interface LatestOptions
  extends BackupOptions, Omit<LatestRequest, "dbInstanceId" | "regionId" | "recoveryWindow"> {
  readonly window?: true;
  readonly maxAgeHours?: number;
  readonly maxRecoverableAgeHours?: number;
  readonly onStale?: OnStale;
}

interface LookupOptions extends LatestOptions {
  readonly dbInstanceId?: readonly string[];
  readonly from?: readonly string[];
}

/** One lookup with its outcome. */
interface Result extends LatestOutcome {
  readonly request: LatestRequest;
  readonly status: LookupAnswer["status"] | undefined;
}

/** `rds-dr lookup`: the latest valid full backup of one or more instances. */
export const lookup: CommandSpec<LookupOptions> = {
  name: "lookup",
  does: "print the latest valid full cross-region backup of one or more instances",
  options: [
    ["--db-instance-id <id...>", "one or more source instances"],
    ["--from <file...>", "files with the ids of source instances, one a line; - is standard input"],
    ...backupOptions,
    ["--not-after <time>", "only data of this time or earlier, yyyy-MM-ddTHH:mm:ssZ in UTC"],
    ["--window", "also look up the recoverable window: to which times the copied logs allow a restore"],
    ["--max-age-hours <hours>", "how old the data time may be", { parse: number }],
    [
      "--max-recoverable-age-hours <hours>",
      "how long ago the recovery window may end; needs --window",
      { parse: number },
    ],
    [
      "--on-stale <what>",
      "if a backup is older: fail or warn (default: RDS_DR_ON_STALE, else cdktf.json, else fail)",
      { choices: Object.values(OnStale) },
    ],
    ["--db-instance-class <class>", "only backups that the restore region accepts for this class …"],
    ["--db-instance-storage <GB>", "… with this storage, 5 to 2,000 GB in steps of 5", { parse: number }],
    ["--db-instance-storage-type <type>", "… on this storage type, such as local_ssd (default: the backup's)"],
    restoreEndpointOption,
  ],
  notes: `
Results go to standard output, warnings and errors to standard error. With --json, standard output also contains
the errors, but not the warnings, and not why a backup is too old: "stale" is true then. RDS cannot check a restore
to cloud disks, so with them --db-instance-class has no effect.
`,
  example:
    "rds-dr lookup --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai --max-age-hours 26",
  async run(options, io) {
    checkAge(options);
    const ids = await readInstanceIds(options, io);
    const results = await lookUpLatest(
      ids,
      options,
      io,
      (settings) => options.onStale ?? onStaleOf(undefined, settings),
    );
    return {
      exitCode: Math.max(...results.map(({ failure }) => exitCodeFor(failure))),
      json: { lookups: results.map(resultJson) },
      texts: results.flatMap((result) => (result.backup === undefined ? [] : [backupText(result, result.backup)])),
      warnings: results.flatMap(({ warnings }) => warnings),
      failed: results.flatMap(({ request, failure, isStale }) =>
        failure !== undefined && (isStale || !options.json) ? [{ name: request.dbInstanceId, failure }] : [],
      ),
    };
  },
};

/** @throws InvalidRequestError unless the limit of the age makes sense */
export function checkAge({ maxAgeHours, maxRecoverableAgeHours, window, onStale }: LatestOptions): void {
  checkAgeLimits({ maxAgeHours, maxRecoverableAgeHours }, window);
  ifGiven(checkOnStale, "onStale", onStale);
}

/** Looks up the latest backup of each instance, and judges its age. */
export async function lookUpLatest(
  ids: readonly string[],
  options: LatestOptions,
  io: Io,
  onStaleUnder: (settings: Settings) => OnStale,
): Promise<readonly Result[]> {
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
    requests.map((request) => ({ kind: "latest", request, connection: options })),
    io,
  );
  const staleIsFine = onStaleUnder(settings) === OnStale.WARN;
  const { maxAgeHours, maxRecoverableAgeHours } = options;
  const limit = { maxAgeHours, maxRecoverableAgeHours, staleIsFine };
  return requests.map((request, index) => {
    const answer = answers[index];
    return { request, status: answer?.status, ...outcomeOf(request, answer, limit, now) };
  });
}

/**
 * The ids in the given order, those of the command line first, each once.
 *
 * @returns at least one id; those of the command line are not checked yet
 * @throws InvalidRequestError if there is none, or names the file and the line that is wrong
 */
async function readInstanceIds({ dbInstanceId = [], from = [] }: LookupOptions, io: Io): Promise<readonly string[]> {
  const ids = [...dbInstanceId];
  for (const file of from) {
    ids.push(...(await idsIn(file, io)));
  }
  if (ids.length === 0) {
    throw new InvalidRequestError("dbInstanceId", undefined, "given, or --from with a file of ids");
  }
  return [...new Set(ids)];
}

/** The ids in a file, one a line. Blank lines, and lines that begin with `#`, are ignored. */
async function idsIn(file: string, io: Io): Promise<readonly string[]> {
  const { name, text } = await readGiven(file, io);
  const lines = text.split("\n").map((line, index) => ({ id: line.trim(), place: `line ${index + 1} of ${name}` }));
  const given = lines.filter(({ id }) => id !== "" && !id.startsWith("#"));
  given.forEach(({ id, place }) => {
    checkInstanceId(place, id);
  });
  if (given.length === 0) {
    throw new InvalidRequestError(name, text, "a list with at least one id of an instance, one a line");
  }
  return given.map(({ id }) => id);
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

function backupText({ request, rejected, leftOut }: Result, backup: RestorableBackup): string {
  const { crossBackupId, dataTime, recoverableUntil, engine = "", engineVersion = "" } = backup;
  return [
    `${request.dbInstanceId} (${request.regionId}): ${crossBackupId}`,
    `  data time        ${dataTime}${backup.dataTimeEstimated ? " (estimated: the start of the backup)" : ""}`,
    ...(recoverableUntil === undefined ? [] : [`  recoverable      up to ${recoverableUntil}`]),
    `  restore regions  ${backup.restoreRegions.join(", ")}`,
    `  engine           ${engine} ${engineVersion}`.trimEnd(),
    `  file             ${backup.crossBackupSetFile ?? "not reported"}`,
    `  not valid        ${rejected.length === 0 ? "none" : summariseRejections(rejected, leftOut)}`,
  ].join("\n");
}
