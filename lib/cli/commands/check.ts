import { Command } from "commander";
import { optional } from "../../backup/json-object";
import { readLock } from "../../lock/lock-file";
import type { LookupFailure } from "../../lookup/answer";
import { readClock } from "../../lookup/query";
import { checkEndpoint } from "../../rds-api/endpoint";
import { checkRegionId, ifGiven } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { withEngine } from "../answer-queries";
import { ExitCode, failureOf, type Finding, reasonOf } from "../exit-code";
import { checkLocked, exitCodeOf, isMadeUpFor, type LockedCheck } from "../locked-check";
import { entriesAbout, type Replacement, subjectFor } from "../locked-subject";
import {
  addLockFileOption,
  endpointOption,
  type LockFileOption,
  lockSettings,
  parseNumber,
  profileOption,
  restoreEndpointOption,
  roleArnOption,
} from "../options";
import { type Failed, failureJson, printFailures, printJson, printText, printWarnings } from "../print";

interface CheckOptions extends Partial<Replacement>, LockFileOption {
  readonly dbInstanceId?: readonly string[];
  readonly endpoint?: string;
  readonly restoreEndpoint?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly json: boolean;
}

/** `rds-dr check`: whether the locked backups can still be restored; the step before a deploy. */
export function checkCommand(): Command {
  const command = new Command("check")
    .description("ask the API whether the locked backups are still there, and can be restored")
    .option("--db-instance-id <id...>", "only the locked backups of these source instances")
    .option(
      "--db-instance-class <class>",
      "ask whether an instance of this class can be created (default: what the lookup asked for) …",
    )
    .option("--db-instance-storage <GB>", "… with this storage, 5 to 2,000 GB in steps of 5", parseNumber)
    .option(
      "--restore-region <region>",
      "… in this region (default: that of the lookup, else the only one but that of the source)",
    )
    .addOption(endpointOption())
    .addOption(restoreEndpointOption())
    .addOption(profileOption())
    .addOption(roleArnOption());
  return addLockFileOption(command)
    .option("--json", "print JSON", false)
    .addHelpText(
      "after",
      `
Nothing is written, and nothing is created. Whether an instance can be created is asked of CheckCreateDdrDBInstance,
in the region of the replacement. It knows no storage type, and refuses cloud disks: its "no" is not the last word
on a replacement with cloud disks. Where the region of the source is down, its "yes" is enough.

--endpoint counts for the region of the replacement too, unless it is a host of RDS that does not serve that region.

Example:
  rds-dr check --db-instance-class rds.mysql.s3.large --db-instance-storage 100`,
    )
    .action(async (options: CheckOptions) => {
      process.exitCode = await check(options);
    });
}

async function check(options: CheckOptions): Promise<number> {
  const replacement = replacementOf(options);
  ifGiven(checkEndpoint, "restoreEndpoint", options.restoreEndpoint);
  const settings = lockSettings(options);
  const lock = readLock(settings);
  const now = readClock();
  const entries = entriesAbout(lock, options.dbInstanceId);
  const subjects = entries
    .filter(([, { backups }]) => backups === undefined)
    .map((entry) => subjectFor(entry, { lock, settings, given: options, replacement, now }));
  const checks = await withEngine(settings, now, (engine) =>
    Promise.all(subjects.map((subject) => checkLocked(engine, subject))),
  );
  print(checks, options.json);
  const lists = entries.filter(([, { backups }]) => backups !== undefined);
  printWarnings(
    lists.map(([key]) => `"${key}" is not checked: a list, which "npx rds-dr refresh" compares with RDS`),
  );
  return Math.max(ExitCode.DONE, ...checks.map(exitCodeOf));
}

/** @throws InvalidRequestError where a part of what is to be created is missing */
function replacementOf({
  dbInstanceClass,
  dbInstanceStorage,
  restoreRegion,
}: CheckOptions): Replacement | undefined {
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  if (dbInstanceClass !== undefined && dbInstanceStorage !== undefined) {
    return { dbInstanceClass, dbInstanceStorage, ...optional("restoreRegion", restoreRegion) };
  }
  if (dbInstanceClass === undefined && dbInstanceStorage === undefined && restoreRegion === undefined) {
    return undefined;
  }
  const missing = dbInstanceClass === undefined ? "dbInstanceClass" : "dbInstanceStorage";
  const allowed = "given, as what is to be created has a class and a storage";
  throw new InvalidRequestError(missing, undefined, allowed);
}

/** Results go to standard output, whatever went wrong to standard error; JSON holds all but the warnings. */
function print(checks: readonly LockedCheck[], json: boolean): void {
  if (json) {
    printJson({ checks: checks.map(checkJson) });
  }
  const failed: Failed[] = [];
  for (const check of checks) {
    if (!json) {
      printText(checkText(check));
    }
    const silence = isMadeUpFor(check) ? failureOf(check.existence) : undefined;
    const also = silence && `${silence.message}; the destination accepts the locked backup all the same`;
    printWarnings([...check.warnings, also].filter((each) => each !== undefined));
    for (const failure of json ? [] : failuresOf(check).filter((each) => each !== silence)) {
      failed.push({ name: check.key, failure });
    }
  }
  printFailures(failed);
}

function failuresOf({ existence, restorability }: LockedCheck): readonly LookupFailure[] {
  return [existence, restorability].map(failureOf).filter((failure) => failure !== undefined);
}

/** The form that scripts rely on. */
function checkJson(check: LockedCheck): object {
  const { key, query, backup, existence, restorability, replacement } = check;
  const reasons = [existence, restorability].map(reasonOf).filter((reason) => reason !== undefined);
  const [failure] = failuresOf(check);
  return {
    key,
    dbInstanceId: query.request.dbInstanceId,
    crossBackupId: backup?.crossBackupId ?? null,
    dataTime: backup?.dataTime ?? null,
    exists: existence.verdict,
    restorable: restorability.verdict,
    restoreRegion: replacement?.regionId ?? null,
    detail: reasons.length === 0 ? null : reasons.join("; "),
    error: failure === undefined ? null : failureJson(failure),
  };
}

function checkText({ key, backup, existence, restorability, replacement }: LockedCheck): string {
  const what = backup === undefined ? "" : `: ${backup.crossBackupId} with the data of ${backup.dataTime}`;
  const where = restorability.verdict === "yes" && replacement ? `, in ${replacement.regionId}` : "";
  return [
    `${key}${what}`,
    `  still there  ${verdictText(existence)}`,
    `  restorable   ${verdictText(restorability)}${where}`,
  ].join("\n");
}

function verdictText(finding: Finding): string {
  return finding.verdict === "no" ? `no: ${finding.detail}` : finding.verdict.replace("-", " ");
}
