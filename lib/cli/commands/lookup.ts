import { optional } from "../../backup/json-object";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { summariseRejections } from "../../backup/validity";
import { checkOnStale, OnStale, onStaleOf } from "../../lock/mode";
import type { Settings } from "../../lock/settings";
import { type LatestOutcome, outcomeOf } from "../../lookup/age-limit";
import { answered, failureJson, type LookupAnswer } from "../../lookup/answer";
import { checkAgeLimits, type LatestQuery, type LatestRequest } from "../../lookup/query";
import { ifGiven } from "../../validation/checks";
import type { Instant } from "../../backup/instant";
import { type Answered, answerQueries, circumstancesOf } from "../answer-queries";
import { type ExitCode, exitCodeFor } from "../exit-code";
import { type GivenInstance, type InstanceOptions, readInstances } from "../given-instances";
import type { Io } from "../io";
import type { Journal } from "../journal";
import {
  type BackupOptions,
  backupOptions,
  type CommandSpec,
  number,
  type OptionRow,
  regionVariables,
  restoreEndpointOption,
  resumeOption,
} from "../options";
import { Rows } from "../rows";

/** What narrows the choice of a backup, and how old it may be. */
export interface LatestOptions
  extends BackupOptions, Omit<LatestRequest, "dbInstanceId" | "regionId" | "recoveryWindow"> {
  readonly window?: true;
  readonly maxAgeHours?: number;
  readonly maxRecoverableAgeHours?: number;
  readonly onStale?: OnStale;
}

type LookupOptions = Omit<LatestOptions, "regionId"> & InstanceOptions & { readonly resume?: string };

/** One lookup with its outcome. */
interface Result extends LatestOutcome {
  readonly request: LatestRequest;
  readonly status: LookupAnswer["status"] | undefined;
  /** When an earlier run asked, whose answer it is. */
  readonly resumedFrom: Instant | undefined;
}

/** What `discover --json` printed has a region for each instance. */
const withoutRegion = backupOptions.map(([flags, help, reading]): OptionRow =>
  flags.startsWith("--region-id") ? [flags, help, { variables: regionVariables }] : [flags, help, reading],
);

/** `rds-dr lookup`: the latest valid full backup of one or more instances. */
export const lookup: CommandSpec<LookupOptions> = {
  name: "lookup",
  does: "print the latest valid full cross-region backup of one or more instances",
  options: [
    ["--db-instance-id <id...>", "one or more source instances"],
    ["--from <file...>", "files with their ids, one a line, or with what discover printed; - is standard input"],
    ...withoutRegion,
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
    resumeOption,
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
    const instances = await readInstances(options, io);
    const onStale = (settings: Settings): OnStale => options.onStale ?? onStaleOf(undefined, settings);
    // Loaded here, since few lookups are resumed.
    const { openJournal } = options.resume === undefined ? {} : (require("../journal") as typeof import("../journal"));
    const journal = openJournal?.(options.resume, io);
    const results = new Rows<Result>();
    let resumed = 0;
    let failed = 0;
    const codes = new Set<ExitCode>();
    const take = (result: Result, place: number): void => {
      results.set(place, result);
      codes.add(exitCodeFor(result.failure));
      failed += result.status === "error" ? 1 : 0;
      resumed += result.resumedFrom === undefined ? 0 : 1;
    };
    await lookUpLatest(instances, options, io, onStale, take, journal).finally(() => journal?.close());
    if (failed === 0) {
      journal?.remove();
    }
    return {
      exitCode: Math.max(...codes),
      json: { lookups: results.flatMap((result) => [resultJson(result)]) },
      texts: results.flatMap((result) => (result.backup === undefined ? [] : [backupText(result, result.backup)])),
      warnings: results.flatMap(({ warnings }) => warnings),
      failed: results.flatMap(({ request, failure, isStale }) =>
        failure !== undefined && (isStale || !options.json) ? [{ name: request.dbInstanceId, failure }] : [],
      ),
      notes: resumed === 0 ? [] : [`rds-dr: ${resumed} of ${results.length} answers are those of an earlier run`],
    };
  },
};

/** @throws InvalidRequestError unless the limit of the age makes sense */
export function checkAge(options: Omit<LatestOptions, "regionId">): void {
  const { maxAgeHours, maxRecoverableAgeHours, window, onStale } = options;
  checkAgeLimits({ maxAgeHours, maxRecoverableAgeHours }, window);
  ifGiven(checkOnStale, "onStale", onStale);
}

/**
 * Looks up the latest backup of each instance, and judges its age.
 *
 * @param take gets each result as soon as it is there, with its place among the instances
 */
export async function lookUpLatest(
  instances: readonly GivenInstance[],
  options: Omit<LatestOptions, "regionId">,
  io: Io,
  onStaleUnder: (settings: Settings) => OnStale,
  take: (result: Result, place: number) => void,
  journal?: Journal,
): Promise<void> {
  const { settings, now } = circumstancesOf(io);
  const { maxAgeHours, maxRecoverableAgeHours } = options;
  const limit = { maxAgeHours, maxRecoverableAgeHours, staleIsFine: onStaleUnder(settings) === OnStale.WARN };
  const queryOf = (place: number): LatestQuery => queryFor(answered(instances[place]), options);
  const takeAnswer = ({ answer, resumedFrom }: Answered, place: number): void => {
    const { request } = queryOf(place);
    take({ request, status: answer.status, resumedFrom, ...outcomeOf(request, answer, limit, now) }, place);
  };
  await answerQueries({ count: instances.length, queryOf }, io, settings, takeAnswer, journal);
}

function queryFor(
  { dbInstanceId, regionId, profile }: GivenInstance,
  options: Omit<LatestOptions, "regionId">,
): LatestQuery {
  return {
    kind: "latest",
    request: {
      dbInstanceId,
      regionId,
      crossBackupRegion: options.crossBackupRegion,
      restoreRegion: options.restoreRegion,
      resourceGroupId: options.resourceGroupId,
      notAfter: options.notAfter,
      recoveryWindow: options.window,
      dbInstanceClass: options.dbInstanceClass,
      dbInstanceStorage: options.dbInstanceStorage,
      dbInstanceStorageType: options.dbInstanceStorageType,
    },
    connection: { ...options, ...optional("profile", options.profile ?? profile) },
  };
}

/** The form that scripts rely on. */
function resultJson(result: Result): object {
  const { request, status, backup, rejected, leftOut, failure, isStale, resumedFrom } = result;
  return {
    dbInstanceId: request.dbInstanceId,
    regionId: request.regionId,
    status,
    stale: isStale,
    backup: backup ?? null,
    rejected: rejected.map(({ crossBackupId = null, reason, detail }) => ({ crossBackupId, reason, detail })),
    ...optional("leftOut", leftOut),
    ...optional("resumedFrom", resumedFrom),
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
