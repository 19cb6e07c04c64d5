import { nearestProjectFile, noProjectFile } from "../../lock/project-file";
import { Mode } from "../../lock/mode";
import { InstanceState } from "../../report/state";
import { isWhole, type Report } from "../../report/report";
import { reportJson } from "../../report/report-json";
import { reportLines } from "../../report/report-text";
import { checkHours, checkRegionId, checkText, ifGiven, InvalidRequestError } from "../../validation/checks";
import { checkDiscovery, connectionsOptions, failuresOf } from "../discovery";
import { ExitCode, exitCodeFor } from "../exit-code";
import type { Io, NamedFailure } from "../io";
import { openJournal } from "../journal";
import {
  appFolder,
  type CommandSpec,
  jsonOption,
  type LockFileOptions,
  lockFileOptions,
  number,
  readCommandSettings,
  regionVariables,
  variableOf,
  resumeOption,
} from "../options";
import { makeReport, notesOn } from "../report-answers";
import { askApp } from "../report-app";
import { checkFolders, type ReportFiles, writeFiles } from "../report-files";
import type { SubjectOptions } from "../report-run";
import { stoppedBy } from "../signals";

interface ReportOptions extends SubjectOptions, LockFileOptions, ReportFiles {
  readonly resume?: string;
  readonly json?: true;
}

/** `rds-dr report`: which instances can be restored in a region, from when, and which cannot. */
export const report: CommandSpec<ReportOptions> = {
  name: "report",
  does: "say which instances can be restored in a region, how old their data is, and which cannot",
  options: [
    ["--region-id <region...>", `report on what discover finds in these regions (or ${regionVariables.join(", ")})`],
    [
      "--from <file...>",
      "report on the instances in files: ids, one a line, or what discover printed; - is standard input",
    ],
    ["--locked", "report on the answers of the lock file, without network"],
    ["--restore-region <region>", "the region of the restores", { isRequired: true }],
    [
      "--max-age-hours <hours>",
      "the objective: how old the data may be; instances of --from and lookups of the app can have their own",
      { parse: number },
    ],
    ["--all", "also report the instances whose backups are not copied"],
    ["--tag <key=value...>", "only instances that have each of these tags"],
    ["--no-window", "do not look up the recoverable windows, which takes most of the requests"],
    ["--html <file>", "write the report as a page that needs no network"],
    ["--prometheus <file>", "write the metrics for the textfile collector of node_exporter; its name ends in .prom"],
    resumeOption,
    ...connectionsOptions,
    ...lockFileOptions,
    jsonOption,
  ],
  notes: `
Without --region-id, --from and --locked, the app of cdktf.json says which instances: it runs with placeholders in
place of backups, and writes nothing. Its lookups with this --restore-region count, and their maxAgeHours.

Each instance is in one state:
  not-restorable  no valid backup of it can be restored to the region
  unprotected     its backups are not copied; found only with --all
  unknown         access was denied, RDS did not answer, or a list was not complete
  at-risk         its data is older than the objective, its backups are no longer copied, or its copy expires too soon
  ready           everything else

The exit code is 3 if an instance is not restorable, unprotected or at risk, and 4 or 5 if one is unknown.

Of each instance, RDS is asked for its records, 100 in one request. The window takes a request for each 100 logs since
the latest backup, and one for MySQL. For many instances, set RDS_DR_DEADLINE_SECONDS: the default is 30. And name a
file with --resume: if the run is stopped, the next one does not ask again for what was answered in the last hour.
`,
  example: "rds-dr report --region-id cn-hangzhou --restore-region cn-shanghai --max-age-hours 26 --html fleet.html",
  async run(given, io) {
    const projectFile = projectFileFor(given, io);
    const options = projectFile === undefined ? withRegion(given, io) : given;
    checkOptions(options, projectFile);
    const settings = readCommandSettings(options, io, options.locked ? { RDS_DR_MODE: Mode.LOCKED } : {});
    if (settings.mode === Mode.LOCKED && options.regionId !== undefined && options.from === undefined) {
      const allowed = "omitted in the mode locked, which asks no region: use --locked, --from, or the app";
      throw new InvalidRequestError("regionId", options.regionId.join(" "), allowed);
    }
    // A report reads: only a refresh writes the lock file.
    const mode = settings.mode === Mode.REFRESH ? Mode.LIVE : settings.mode;
    const app = projectFile === undefined ? undefined : await askApp(projectFile, settings, io);
    if (app?.stoppedBy !== undefined) {
      return stoppedBy(app.stoppedBy, ", and nothing was reported");
    }
    checkFolders(options, io);
    const journal = openJournal(options.resume, io);
    const declared = app?.questions ?? [];
    const asking = makeReport({ options, declared, settings: { ...settings, mode }, io, journal });
    const made = await asking.finally(() => journal?.close());
    await writeFiles(made, options, io);
    if (isWhole(made)) {
      journal?.remove();
    }
    return {
      exitCode: exitCodeOf(made),
      json: reportJson(made),
      texts: reportLines(made),
      warnings: made.warnings,
      failed: options.json ? [] : failuresIn(made),
      notes: notesOn(made, options),
    };
  },
};

/** The cdktf.json whose app says what to report on; undefined if an option does, or if there is none. */
function projectFileFor(options: ReportOptions, io: Io): string | undefined {
  const isNamed = options.locked ?? options.from ?? options.regionId;
  return isNamed === undefined ? nearestProjectFile(appFolder(options, io)) : undefined;
}

/** The region of the environment counts, if nothing else says what to report on. */
function withRegion(options: ReportOptions, io: Io): ReportOptions {
  const region = options.locked ? undefined : variableOf(io, regionVariables);
  return options.regionId !== undefined || region === undefined ? options : { ...options, regionId: [region] };
}

function checkOptions(options: ReportOptions, projectFile: string | undefined): void {
  const { regionId, from, locked, restoreRegion, maxAgeHours, all, tag, profile, html, prometheus, resume } = options;
  const omitted = (name: string, value: unknown, beside: string): void => {
    if (value !== undefined) {
      throw new InvalidRequestError(name, value, `omitted beside ${beside}`);
    }
  };
  if (locked) {
    omitted("regionId", regionId?.join(" "), "--locked, which reports on the lock file");
    omitted("from", from?.join(" "), "--locked, which reports on the lock file");
    omitted("profile", profile?.join(" "), "--locked, which asks nobody");
    omitted("resume", resume, "--locked, which asks nobody");
  }
  if (locked || from !== undefined) {
    omitted("all", all, "--locked and --from, which name the instances");
    omitted("tag", tag?.join(" "), "--locked and --from, which name the instances");
  } else if (projectFile !== undefined) {
    omitted("all", all, "the app, which names the instances: add --region-id to discover them");
    omitted("tag", tag?.join(" "), "the app, which names the instances: add --region-id to discover them");
    omitted("a second profile", profile?.[1], "the app");
  } else if (regionId === undefined) {
    const allowed = `given, or --from, or --locked, or --app-dir with the folder of an app, as ${noProjectFile}`;
    throw new InvalidRequestError("regionId", undefined, allowed);
  }
  if (from !== undefined) {
    omitted("a second regionId", regionId?.[1], "--from: it is the region of ids without one");
    omitted("a second profile", profile?.[1], "--from");
  }
  checkDiscovery({ ...options, regionId: regionId ?? [] });
  checkRegionId("restoreRegion", restoreRegion);
  ifGiven(checkHours, "maxAgeHours", maxAgeHours);
  for (const [name, file] of Object.entries({ html, prometheus, resume })) {
    if (file !== undefined) {
      checkText(name, file, "the path of a file");
    }
  }
  if (prometheus !== undefined && !prometheus.endsWith(".prom")) {
    const allowed = "a file whose name ends in .prom: node_exporter reads no other";
    throw new InvalidRequestError("prometheus", prometheus, allowed);
  }
}

/** The greatest code of what is wrong. What is not known may be as bad. */
function exitCodeOf({ instances, places }: Report): number {
  const unknown = instances.in(InstanceState.UNKNOWN);
  const late = instances.length - unknown.length - instances.in(InstanceState.READY).length;
  const codes = new Set(places.map(({ failure }) => exitCodeFor(failure)));
  for (const { failure } of unknown) {
    codes.add(failure === undefined ? ExitCode.UNREACHABLE : exitCodeFor(failure));
  }
  return Math.max(late === 0 ? ExitCode.DONE : ExitCode.NO_BACKUP, ...codes);
}

/** What stood in the way of answers. */
function* failuresIn({ instances, places }: Report): Generator<NamedFailure> {
  yield* failuresOf(places);
  for (const { request, failure } of instances.in(InstanceState.UNKNOWN)) {
    if (failure !== undefined) {
      yield { name: request.dbInstanceId, failure };
    }
  }
}
