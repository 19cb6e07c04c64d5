import type { DeclaredQuestion } from "../lock/answer-by-mode";
import { withConnection } from "../lock/connection";
import { readLock } from "../lock/lock-file";
import { lockedAnswer } from "../lock/locked-answers";
import { Mode } from "../lock/mode";
import type { Settings } from "../lock/settings";
import { type LatestQuery, queryKey, readClock } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import { CommandFailure } from "./exit-code";
import type { Io } from "./io";
import { type AppRun, runApp } from "./run-app";

/** A question of an app for the latest backup of an instance. */
export interface LatestQuestion extends DeclaredQuestion {
  readonly query: LatestQuery;
}

/** What an app asks for restores to a region. */
export interface QuestionsOfApp {
  /** Each question once, with the strictest objective that the app has for its instance. */
  readonly questions: readonly LatestQuestion[];
  /** Which instances the app looks up, but for other restores only. */
  readonly warnings: readonly string[];
}

/**
 * Runs the app of a cdktf.json with placeholders in place of answers, so that it says what it asks, but asks nothing
 * itself, and writes nothing.
 *
 * @throws CommandFailure if the app fails, perhaps before some of its lookups, or if instances that it discovers are not
 * locked
 */
export async function askApp(projectFile: string, settings: Settings, io: Io): Promise<AppRun> {
  const { lockFile } = settings;
  const variables = { RDS_DR_MODE: Mode.DESTROY, ...(lockFile !== undefined && { RDS_DR_LOCK_FILE: lockFile }) };
  const app = await runApp(projectFile, variables, io, true);
  if (app.stoppedBy === undefined && app.exitCode !== 0) {
    const end = app.exitCode === null ? "ended by a signal" : `exit code ${app.exitCode}`;
    const message = `the app failed (${end}), perhaps before some of its lookups`;
    const hint = "see its output above; it ran with placeholders in place of backups, as with RDS_DR_MODE=destroy";
    throw new CommandFailure({ kind: ErrorKind.UNSUPPORTED, code: "AppFailed", message, hint });
  }
  checkInstancesLocked(app.questions, settings, io);
  return app;
}

/** Which lookups an app declares may depend on the instances that it discovers: those that are locked. */
function checkInstancesLocked(questions: readonly DeclaredQuestion[], settings: Settings, { cwd }: Io): void {
  const lists = questions.map(({ query }) => query).filter(({ kind }) => kind === "instances");
  const lock = lists.length === 0 ? undefined : readLock(settings, cwd, lists.map(queryKey));
  for (const query of lists) {
    const answer = lock && lockedAnswer(withConnection(query, settings), lock, readClock());
    if (answer?.status === "error") {
      throw new CommandFailure(answer.error);
    }
  }
}

/**
 * What an app asks for restores to a region; questions that look back to another time are apart. Pure.
 *
 * @throws InvalidRequestError if it asks nothing for them
 */
export function questionsFor(restoreRegion: string, declared: readonly DeclaredQuestion[]): QuestionsOfApp {
  const latest = declared.filter((each) => isLatest(each));
  const wanted = latest.filter(
    ({ query: { request } }) => request.restoreRegion === restoreRegion && request.notAfter === undefined,
  );
  if (wanted.length === 0) {
    const regions = new Set(latest.map(({ query }) => query.request.restoreRegion ?? "none"));
    const those = regions.size === 0 ? "but it has no lookups" : `which are ${[...regions].sort().join(", ")}`;
    const allowed = `the restoreRegion of a lookup of the app, ${those}`;
    throw new InvalidRequestError("restoreRegion", restoreRegion, allowed);
  }
  const objectives = strictestOf(wanted);
  const distinct = new Map(wanted.map((each) => [JSON.stringify(each.query), each]));
  const others = new Set(latest.map(instanceOf).filter((instance) => !objectives.has(instance)));
  return {
    questions: [...distinct.values()].map((each) => ({ ...each, maxAgeHours: objectives.get(instanceOf(each)) })),
    warnings: [...others].map(
      (instance) => `the app looks up ${instance}, but not for restores to ${restoreRegion}: it is not in the report`,
    ),
  };
}

function isLatest(question: DeclaredQuestion): question is LatestQuestion {
  return question.query.kind === "latest";
}

/** The least limit of each instance; undefined if no question about it has one. */
function strictestOf(questions: readonly LatestQuestion[]): ReadonlyMap<string, number | undefined> {
  const strictest = new Map<string, number | undefined>();
  for (const question of questions) {
    const instance = instanceOf(question);
    const limits = [strictest.get(instance), question.maxAgeHours].filter((limit) => limit !== undefined);
    strictest.set(instance, limits.length === 0 ? undefined : Math.min(...limits));
  }
  return strictest;
}

function instanceOf({ query: { request } }: LatestQuestion): string {
  return `${request.dbInstanceId} of ${request.regionId}`;
}
