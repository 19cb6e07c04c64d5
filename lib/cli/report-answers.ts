import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { isOlderThan } from "../backup/restorable-backup";
import { connectionToSource } from "../lock/connection";
import { readLock } from "../lock/lock-file";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import { answered, type LookupFailure } from "../lookup/answer";
import { type LookupQuery, readClock } from "../lookup/query";
import { knownAccount } from "../rds-api/credentials/caller-account";
import { endpointFor, endpointOrigin } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { type InstanceReport, reportOn } from "../report/instance-report";
import { isIn, type Place, type Report } from "../report/report";
import { instancesText } from "../report/report-text";
import { ReportedInstances } from "../report/reported-instances";
import { InstanceState } from "../report/state";
import { ownManifest } from "../validation/own-package";
import { CommandFailure, ExitCode, exitCodeFor } from "./exit-code";
import type { Journal } from "./journal";
import { pinsFor } from "./report-lock";
import type { ReportRun, Subject, SubjectOptions, Subjects } from "./report-run";
import { subjectsOf } from "./report-subjects";
import { Rows } from "./rows";
import { checkQueries, type QueryGroups, settleEach } from "./settle-each";

/**
 * Asks for everything that a report says. Of each instance: its records, one request for each 100; with its recovery
 * window one more for each 100 logs since its latest backup, and one more for MySQL. The lists of instances cost one
 * request for each 30.
 *
 * @throws InvalidRequestError before anything is asked
 * @throws CommandFailure
 */
export async function makeReport(run: ReportRun): Promise<Report> {
  const { options, settings, io, journal } = run;
  const lock = readLock(settings);
  const { subjects, places, warnings = [] } = await subjectsOf(run, lock);
  if (subjects.length === 0 && places.every(({ failure }) => failure === undefined)) {
    throw new CommandFailure(nothingFound);
  }
  const pins = pinsFor(options.restoreRegion, lock);
  const now = readClock();
  const rows = new Rows<InstanceReport>();
  for (const subject of subjects.filter(({ isCopied }) => !isCopied)) {
    rows.add(reportOn(subject, now));
  }
  const queriesOf = (subject: Subject): readonly LookupQuery[] => queriesFor(subject, options, settings);
  const ofEarlierRun = journal && new Resumption(journal, places, now, queriesOf);
  const open: Subject[] = [];
  for (const subject of subjects.filter(({ isCopied }) => isCopied)) {
    const known = ofEarlierRun?.find(subject);
    if (known === undefined) {
      open.push(subject);
    } else {
      rows.add({ ...known, pinnedSince: pins(subject) });
    }
  }
  const groups: QueryGroups = {
    count: open.length,
    queriesOf: (index) => queriesOf(answered(open[index])),
    namesRequests: true,
  };
  checkQueries(groups, settings);
  const [asked] = await Promise.all([
    Promise.all(places.map((place) => placeIn(place, subjects, run))),
    settleEach(groups, io, settings, lock, (settled, index, askedAt) => {
      const subject = answered(open[index]);
      const [answer, list, windowed] = settled.map((each) => each.answer);
      const given = { ...optional("answer", answer), ...optional("list", list), ...optional("windowed", windowed) };
      const report = reportOn({ ...subject, ...given, ...optional("pinnedSince", pins(subject)) }, askedAt);
      rows.add(report);
      ofEarlierRun?.record(subject, report);
    }),
  ]);
  const hosts = [...asked.map(({ endpoint }) => endpoint), ...subjects.map(({ lockedEndpoint }) => lockedEndpoint)];
  return {
    version: ownManifest().version,
    generatedAt: readClock(),
    restoreRegion: options.restoreRegion,
    standIns: [...new Set(hosts.flatMap((host) => endpointOrigin(host) ?? []))],
    lockFile: lockFileOf(settings),
    includesUncopied: options.all === true,
    places: asked,
    warnings,
    instances: ReportedInstances.worstFirst(rows),
  };
}

/** A report on nothing would look as if all were well. */
const nothingFound: LookupFailure = {
  kind: ErrorKind.NOT_FOUND,
  code: "NoInstances",
  message: "there is no instance to report on, so nothing is written",
  hint: "check --region-id, --tag and the credentials: rds-dr discover lists the instances; with --all, those too whose backups are not copied",
};

/**
 * The questions for the latest backup of an instance and for all its records: one listing answers both. A question of
 * the app is asked as it is, since the lock file knows it so; if it does not want the window, another one does.
 */
function queriesFor(
  { request, connection }: Subject,
  { window }: SubjectOptions,
  { mode }: Settings,
): readonly LookupQuery[] {
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  const all = { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
  const isWindowMissing = window && mode !== Mode.LOCKED && request.recoveryWindow === undefined;
  return [
    { kind: "latest", request, connection },
    { kind: "list", request: all, connection },
    ...(isWindowMissing
      ? [{ kind: "latest", request: { ...request, recoveryWindow: true }, connection } as const]
      : []),
  ];
}

/** What an earlier run that was stopped has already reported. */
class Resumption {
  constructor(
    private readonly journal: Journal,
    private readonly places: Subjects["places"],
    private readonly now: Instant,
    private readonly queriesOf: (subject: Subject) => readonly LookupQuery[],
  ) {}

  /** Undefined also for a backup that time has overtaken since: a newer one may be there by now. */
  find(subject: Subject): InstanceReport | undefined {
    const known = this.journal.find<InstanceReport>(this.questionOf(subject));
    if (known === undefined) {
      return undefined;
    }
    const { state, backup, objectiveHours, expiresAt } = known.answer;
    const isOvertaken =
      state === InstanceState.READY &&
      (isOlderThan(backup?.dataTime ?? known.askedAt, objectiveHours, this.now) || (expiresAt ?? this.now) < this.now);
    return isOvertaken ? undefined : { ...known.answer, source: "resumed", askedAt: known.askedAt };
  }

  /** Writes down what RDS answered. What is not known is asked again. */
  record(subject: Subject, report: InstanceReport): void {
    const { askedAt, state, source } = report;
    if (askedAt !== undefined && source === "live" && state !== InstanceState.UNKNOWN) {
      this.journal.record(this.questionOf(subject), { askedAt, answer: report });
    }
  }

  /** All that decides on the row of an instance, and who is asked as whom. */
  private questionOf(subject: Subject): object {
    const { request, connection, objectiveHours, instance, copyingFailure } = subject;
    const { askedAs } = this.places.find((place) => isIn(place, { request, ...connection })) ?? {};
    const isCopyingKnown = copyingFailure === undefined;
    return { queries: this.queriesOf(subject), objectiveHours, instance, isCopyingKnown, askedAs };
  }
}

async function placeIn(
  place: Subjects["places"][0],
  subjects: readonly Subject[],
  { options, settings, io }: ReportRun,
): Promise<Place> {
  const { regionId, profile, roleArn, endpoint, failure, requestIds = [] } = place;
  const count = subjects.filter(({ request, connection }) => isIn(place, { request, ...connection })).length;
  const isUnlisted = failure !== undefined && options.regionId !== undefined && options.from === undefined;
  const known = { regionId, profile, roleArn, failure, requestIds, count: isUnlisted ? undefined : count };
  if (settings.mode === Mode.LOCKED) {
    return { ...known, accountId: undefined, endpoint: undefined };
  }
  const connection = connectionToSource(regionId, { endpoint, roleArn, profile }, settings);
  return {
    ...known,
    endpoint: endpointFor(regionId, connection.endpoint),
    accountId: await knownAccount(connection, io.environment, settings.deadlineSeconds),
  };
}

/** What to do about instances that nobody had the time to ask for. */
export function notesOn(
  { instances }: Report,
  { resume, locked }: { readonly resume?: string; readonly locked?: true },
): readonly string[] {
  let open = 0;
  for (const { failure } of instances.in(InstanceState.UNKNOWN)) {
    open += exitCodeFor(failure) === ExitCode.UNREACHABLE ? 1 : 0;
  }
  if (open === 0 || locked) {
    return [];
  }
  const again =
    resume === undefined
      ? "with --resume <file>, the next run does not ask again for what has an answer"
      : "run the same command again within an hour: what has an answer is not asked again";
  return [
    `rds-dr: the report is not whole: RDS gave no answer for ${instancesText(open)} of ${instances.length.toLocaleString("en")}; ${again}, and RDS_DR_DEADLINE_SECONDS gives a run more time`,
  ];
}

/** The lock file that was read, if there is one. */
function lockFileOf({ lockFile, answers }: Settings): Report["lockFile"] {
  if (lockFile === undefined || answers !== undefined || !existsSync(lockFile)) {
    return undefined;
  }
  return { path: lockFile, sha256: createHash("sha256").update(readFileSync(lockFile)).digest("hex") };
}
