import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { optional } from "../backup/json-object";
import { connectionToSource } from "../lock/connection";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import { answered } from "../lookup/answer";
import { type Connection, type LatestQuery, type ListQuery, type LookupQuery, readClock } from "../lookup/query";
import { knownAccount } from "../rds-api/credentials/caller-account";
import { endpointFor, endpointOrigin } from "../rds-api/endpoint";
import { type InstanceReport, reportOn } from "../report/instance-report";
import { type Place, type Report, worstFirst } from "../report/report";
import { InstanceState } from "../report/state";
import { ownManifest } from "../validation/own-package";
import { answerEach } from "./answer-queries";
import type { Io } from "./io";
import type { Journal } from "./journal";
import { type Subject, type SubjectOptions, type Subjects, subjectsOf } from "./report-subjects";

/**
 * Asks for everything that a report says. Of each instance: its records, one request for each 100; with its recovery
 * window one more for each 100 logs since its latest backup, and one more for MySQL. The lists of instances cost one
 * request for each 30.
 *
 * @param journal keeps the answers for a later run; those of an earlier one are not asked again
 * @throws InvalidRequestError before anything is asked
 * @throws CommandFailure
 */
export async function makeReport(
  options: SubjectOptions,
  settings: Settings,
  io: Io,
  journal: Journal | undefined,
): Promise<Report> {
  const { subjects, places } = await subjectsOf(options, settings, io, journal);
  const now = readClock();
  const instances = subjects.filter(({ isCopied }) => !isCopied).map((subject) => reportOn(subject, now));
  const asking = Promise.all(places.map((place) => placeIn(place, subjects, options, settings, io)));
  const ofEarlierRun = journal && new Resumption(journal, await asking, options);
  const open: Subject[] = [];
  for (const subject of subjects.filter(({ isCopied }) => isCopied)) {
    const known = ofEarlierRun?.find(subject);
    if (known === undefined) {
      open.push(subject);
    } else {
      instances.push(known);
    }
  }
  const queriesOf = (index: number): readonly LookupQuery[] => queriesFor(answered(open[index]), options);
  const [asked] = await Promise.all([
    asking,
    answerEach({ count: open.length, queriesOf }, io, settings, ([answer, list], index, askedAt) => {
      const subject = answered(open[index]);
      const report = reportOn({ ...subject, ...optional("answer", answer), ...optional("list", list) }, askedAt);
      instances.push(report);
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
    instances: onceEach(worstFirst(instances)),
  };
}

/** The questions for the latest backup of an instance and for all its records: one listing answers both. */
function queriesFor(
  { request, profile }: Subject,
  { endpoint, roleArn }: SubjectOptions,
): readonly [LatestQuery, ListQuery] {
  const connection: Connection = { endpoint, roleArn, profile };
  const { dbInstanceId, regionId, crossBackupRegion, resourceGroupId } = request;
  const all = { dbInstanceId, regionId, crossBackupRegion, resourceGroupId };
  return [
    { kind: "latest", request, connection },
    { kind: "list", request: all, connection },
  ];
}

/** What an earlier run that was stopped has already reported. */
class Resumption {
  constructor(
    private readonly journal: Journal,
    private readonly places: readonly Place[],
    private readonly options: SubjectOptions,
  ) {}

  find(subject: Subject): InstanceReport | undefined {
    const known = this.journal.find<InstanceReport>(this.questionOf(subject));
    return known && { ...known.answer, source: "resumed", askedAt: known.askedAt };
  }

  /** Writes down what RDS answered. What is not known is asked again. */
  record(subject: Subject, report: InstanceReport): void {
    const { askedAt, state, source } = report;
    if (askedAt !== undefined && source === "live" && state !== InstanceState.UNKNOWN) {
      this.journal.record(this.questionOf(subject), { askedAt, answer: report });
    }
  }

  /** All that decides on the row of an instance, and who is asked as whom. */
  private questionOf({ request, profile, objectiveHours, instance, copyingFailure }: Subject): object {
    const place = this.places.find((each) => each.regionId === request.regionId && each.profile === profile);
    const { endpoint, accountId } = place ?? {};
    const { roleArn } = this.options;
    const isCopyingKnown = copyingFailure === undefined;
    return { request, objectiveHours, instance, isCopyingKnown, endpoint, profile, roleArn, accountId };
  }
}

/** Of an instance that is there twice, as with two locked questions, the worse report. */
function onceEach(reports: readonly InstanceReport[]): readonly InstanceReport[] {
  const seen = new Set<string>();
  return reports.filter(({ request: { dbInstanceId, regionId }, profile }) => {
    const key = JSON.stringify([dbInstanceId, regionId, profile]);
    return !seen.has(key) && seen.add(key);
  });
}

async function placeIn(
  { regionId, profile, failure }: Subjects["places"][0],
  subjects: readonly Subject[],
  options: SubjectOptions,
  settings: Settings,
  io: Io,
): Promise<Place> {
  const ofPlace = subjects.filter((each) => each.request.regionId === regionId && each.profile === profile);
  const isUnlisted = failure !== undefined && options.from === undefined;
  const place = { regionId, profile, failure, count: isUnlisted ? undefined : ofPlace.length };
  if (settings.mode === Mode.LOCKED) {
    return { ...place, accountId: undefined, endpoint: undefined };
  }
  const { endpoint, roleArn } = options;
  const connection = connectionToSource(regionId, { endpoint, roleArn, profile }, settings);
  return {
    ...place,
    endpoint: endpointFor(regionId, connection.endpoint),
    accountId: await knownAccount(connection, io.environment, settings.deadlineSeconds),
  };
}

/** The lock file that was read, if there is one. */
function lockFileOf({ lockFile, answers }: Settings): Report["lockFile"] {
  if (lockFile === undefined || answers !== undefined || !existsSync(lockFile)) {
    return undefined;
  }
  return { path: lockFile, sha256: createHash("sha256").update(readFileSync(lockFile)).digest("hex") };
}
