import { optional } from "../../backup/json-object";
import { readLock } from "../../lock/lock-file";
import { failureJson, type LookupFailure } from "../../lookup/answer";
import { type Connection, readClock } from "../../lookup/query";
import { checkEndpoint } from "../../rds-api/endpoint";
import { checkRegionId, ifGiven, InvalidRequestError } from "../../validation/checks";
import { withEngine } from "../answer-queries";
import { ExitCode } from "../exit-code";
import type { NamedFailure } from "../io";
import {
  type ApiWord,
  exitCodeOfCheck,
  isVouchedFor,
  type LockedCheck,
  prepareCheck,
  type WantedInstance,
} from "../locked-check";
import { entriesAbout } from "../locked-entry";
import {
  type CommandSpec,
  connectionOptions,
  jsonOption,
  type LockFileOptions,
  lockFileOptions,
  number,
  readLockSettings,
  restoreEndpointOption,
} from "../options";

interface CheckOptions extends Partial<WantedInstance>, Connection, LockFileOptions {
  readonly dbInstanceId?: readonly string[];
  readonly json?: true;
}

/** `rds-dr check`: whether the locked backups can still be restored; the step before a deploy. */
export const check: CommandSpec<CheckOptions> = {
  name: "check",
  does: "ask the API whether the locked backups are still there, and can be restored",
  options: [
    ["--db-instance-id <id...>", "only the locked backups of these source instances"],
    ["--db-instance-class <class>", "check a restore to this class (default: that of the lookup) …"],
    ["--db-instance-storage <GB>", "… with this storage, 5 to 2,000 GB in steps of 5", { parse: number }],
    ["--restore-region <region>", "… in this region (default: that of the lookup, else the only other one)"],
    ...connectionOptions,
    restoreEndpointOption,
    ...lockFileOptions,
    jsonOption,
  ],
  notes: `
This command writes nothing and creates nothing. It asks CheckCreateDdrDBInstance, in the region of the restore,
whether RDS can create the instance. That call knows no storage type and refuses cloud disks: for a replacement with
cloud disks, its "no" is not the last word. If the region of the source is down, a "yes" of this call is enough.

--endpoint also serves the region of the restore, unless it is a host of RDS that does not serve that region.
`,
  example: "rds-dr check --db-instance-class rds.mysql.s3.large --db-instance-storage 100",
  async run(options, io) {
    const wanted = wantedInstance(options);
    ifGiven(checkEndpoint, "restoreEndpoint", options.restoreEndpoint);
    const settings = readLockSettings(options, io);
    const lock = readLock(settings, io.cwd);
    const run = { lock, settings, given: options, wanted, now: readClock() };
    const entries = entriesAbout(lock, options.dbInstanceId);
    const lists = entries.filter(([, { backup }]) => backup === undefined);
    const latest = entries.filter((entry) => !lists.includes(entry));
    const prepared = latest.map((entry) => prepareCheck(entry, run));
    const checks = await withEngine(run, io, (engine) => Promise.all(prepared.map((ask) => ask(engine))));
    const unchecked = lists.map(
      ([key]) => `"${key}" is not checked: it is a list, which "npx rds-dr refresh" compares with RDS`,
    );
    return {
      exitCode: Math.max(ExitCode.DONE, ...checks.map(exitCodeOfCheck)),
      json: { checks: checks.map(checkJson) },
      texts: checks.map(checkText),
      warnings: [...checks.flatMap(warningsOf), ...unchecked],
      failed: options.json ? [] : checks.flatMap(failedIn),
    };
  },
};

/** @throws InvalidRequestError if a part of the instance is missing */
function wantedInstance({
  dbInstanceClass,
  dbInstanceStorage,
  restoreRegion,
}: CheckOptions): WantedInstance | undefined {
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  if (dbInstanceClass !== undefined && dbInstanceStorage !== undefined) {
    return { dbInstanceClass, dbInstanceStorage, ...optional("restoreRegion", restoreRegion) };
  }
  if (dbInstanceClass === undefined && dbInstanceStorage === undefined && restoreRegion === undefined) {
    return undefined;
  }
  const missing = dbInstanceClass === undefined ? "dbInstanceClass" : "dbInstanceStorage";
  throw new InvalidRequestError(missing, undefined, "given, as an instance has a class and a storage");
}

/** What to know about a locked backup; also that its source gives no answer, if that does not matter. */
function warningsOf(each: LockedCheck): readonly string[] {
  const silence = isVouchedFor(each) ? each.existence.failure : undefined;
  return silence === undefined
    ? each.warnings
    : [...each.warnings, `${silence.message}; but the destination accepts the locked backup`];
}

function failedIn(each: LockedCheck): readonly NamedFailure[] {
  const failures = isVouchedFor(each) ? [] : failuresOf(each);
  return failures.map((failure) => ({ name: each.key, failure }));
}

function failuresOf({ existence, restorability }: LockedCheck): readonly LookupFailure[] {
  return [existence, restorability].flatMap(({ failure }) => failure ?? []);
}

/** The form that scripts rely on. */
function checkJson(each: LockedCheck): object {
  const { key, query, backup, existence, restorability, destination } = each;
  const reasons = [existence, restorability].flatMap(({ detail, failure }) => detail ?? failure?.message ?? []);
  const [error] = failuresOf(each);
  return {
    key,
    dbInstanceId: query.request.dbInstanceId,
    crossBackupId: backup?.crossBackupId ?? null,
    dataTime: backup?.dataTime ?? null,
    exists: existence.verdict,
    restorable: restorability.verdict,
    restoreRegion: destination ?? null,
    detail: reasons.length === 0 ? null : reasons.join("; "),
    error: error === undefined ? null : failureJson(error),
  };
}

function checkText({ key, backup, existence, restorability, destination }: LockedCheck): string {
  const what = backup === undefined ? "" : `: ${backup.crossBackupId} with the data of ${backup.dataTime}`;
  const where = restorability.verdict === "yes" ? `, in ${destination ?? ""}` : "";
  return [
    `${key}${what}`,
    `  still there  ${verdictText(existence)}`,
    `  restorable   ${verdictText(restorability)}${where}`,
  ].join("\n");
}

function verdictText({ verdict, detail = "" }: ApiWord): string {
  return verdict === "no" ? `no: ${detail}` : verdict.replace("-", " ");
}
