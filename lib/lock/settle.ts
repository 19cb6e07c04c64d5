import type { Instant } from "../backup/instant";
import { knownFields } from "../backup/json-object";
import { type LookupAnswer, withWarning } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { type LookupQuery, queryKey, subjectOf } from "../lookup/query";
import { endpointOrigin } from "../rds-api/endpoint";
import type { Settled, SettleRun } from "./answer-by-mode";
import { entryOf, type LockedAnswer, lockedFacts, refusedIn, type Refused, usableAnswer } from "./locked-answers";
import { Mode } from "./mode";
import { isPinned, weighPinned } from "./pin";
import { noProjectFile } from "./project-file";
import { reconcile, settleDoubt, settleLost } from "./reconcile";

/**
 * Answers queries over the network. A locked answer is used if it is pinned or if there is an outage, and casts doubt on an
 * answer that is older.
 */
export async function settle(run: SettleRun): Promise<readonly Settled[]> {
  const engine = new Engine({ ...run, clock: () => run.now });
  try {
    return await settleWith(engine, run);
  } finally {
    engine.close();
  }
}

/** As `settle`, with an engine that is used for other queries as well. */
export async function settleWith(engine: Engine, run: SettleRun): Promise<readonly Settled[]> {
  const { queries, lock } = run;
  const open = queries.filter((query) => !isPinned(query, lock));
  const live = engine.lookUpEach(open);
  const liveTo = new Map(open.map((query, index) => [query, live[index]]));
  // Side by side to the end: what is only good to know must not take the time of what decides. And each on its own: a
  // region that does not answer must not take the time to settle the doubt about another one.
  const [answers, retention] = await Promise.all([
    Promise.all(
      queries.map(async (query) => ({
        query,
        answer: await answerTo(query, liveTo.get(query), engine, run),
      })),
    ),
    retentionOf(engine, run.mode === Mode.REFRESH ? open : []),
  ]);
  return answers.map(({ query, answer }) => settledOf(query, answer, run, retention.get(instanceOf(query))));
}

/**
 * The answer to a query: an open one by the API, doubts settled; a pinned one by the lock. Only a refresh asks for a
 * pinned one by its id, as it writes the lock file that other modes believe.
 */
async function answerTo(
  query: LookupQuery,
  live: Promise<LookupAnswer> | undefined,
  engine: Engine,
  { now, lock, mode, acceptOlder }: SettleRun,
): Promise<LookupAnswer> {
  if (live === undefined) {
    const pinned = lockedFacts(query, lock);
    return mode !== Mode.REFRESH || pinned === undefined || query.kind !== "latest"
      ? usableAnswer(query, lock, now)
      : weighPinned(query, pinned, await engine.lookUpLocked(query, pinned), lock, now);
  }
  const weighed = reconcile(query, await live, lock, now, mode === Mode.REFRESH && acceptOlder);
  if (weighed.status === "lost") {
    return settleLost(weighed, await engine.lookUpRecord(weighed.query, weighed.crossBackupId));
  }
  if (weighed.status === "doubt") {
    const { locked, live: found } = weighed;
    const { crossBackupId } = locked.backup;
    return settleDoubt(weighed, await engine.lookUpSubstitute(weighed.query, crossBackupId, found));
  }
  return weighed;
}

function settledOf(
  query: LookupQuery,
  answer: LookupAnswer,
  { mode, now, lock }: SettleRun,
  retentionDays: number | undefined,
): Settled {
  const key = queryKey(query);
  const locked = entryOf(lock.answers, key);
  const entry = entryFor(query, answer, now, retentionDays, locked);
  if (mode !== Mode.REFRESH || entry === undefined) {
    return { key, query, answer, entry };
  }
  if (isOnlyOfOtherHost(query, locked)) {
    return { key, query, answer: withWarning(answer, keepsOriginal) };
  }
  const lifted = explainLiftedRefusals(locked?.refused, entry.refused);
  const warning =
    lifted &&
    `the preflight of ${subjectOf(query)} does not refuse all that is locked as refused: ${lifted}: "npx rds-dr refresh" changes "refused"`;
  return { key, query, answer: withWarning(answer, warning), entry };
}

const keepsOriginal =
  "a simulator or another host gave this answer, so the locked one of Alibaba Cloud is kept: name another lock file with RDS_DR_LOCK_FILE";

/** Production would lose its answer, since it takes none of a simulator or another host. */
function isOnlyOfOtherHost({ connection }: LookupQuery, locked: LockedAnswer | undefined): boolean {
  const isOfAlibaba = locked !== undefined && endpointOrigin(locked.endpoint) === undefined;
  return isOfAlibaba && endpointOrigin(connection.endpoint) !== undefined;
}

/** Says which locked refusals do not count any more; undefined if all do. The preflight already warns of new ones. */
function explainLiftedRefusals(before: readonly Refused[] = [], after: readonly Refused[] = []): string | undefined {
  const details = new Map(after.map(({ crossBackupId, detail }) => [crossBackupId, detail]));
  const lifted = before.flatMap(({ crossBackupId: id, detail }) => {
    const fate = details.has(id) ? "for another reason" : "not refused any more";
    return details.get(id) === detail ? [] : [`${id} ${fate}`];
  });
  return lifted.length === 0 ? undefined : lifted.join(", ");
}

/** How long the copies of each instance are kept, days; of those for which the API says it. */
async function retentionOf(
  engine: Engine,
  queries: readonly LookupQuery[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const latest = queries.filter((query) => query.kind === "latest");
  const instances = new Map(latest.map((query) => [instanceOf(query), query]));
  return new Map(
    await Promise.all(
      [...instances].map(async ([instance, query]) => [instance, await engine.retentionDays(query)] as const),
    ),
  );
}

function instanceOf({ request, connection }: LookupQuery): string {
  const { regionId, dbInstanceId }: { readonly regionId: string; readonly dbInstanceId?: string } = request;
  return JSON.stringify([regionId, dbInstanceId, connection]);
}

/**
 * What an answer changes in the lock file; undefined if nothing, as it is not the API's own, or no whole one. A pinned
 * entry that RDS contradicts is corrected.
 */
export function entryFor(
  { request, connection }: LookupQuery,
  answer: LookupAnswer,
  now: Instant,
  retentionDays: number | undefined,
  locked?: LockedAnswer,
): LockedAnswer | undefined {
  if (answer.status === "found" && answer.isCorrected) {
    return { ...locked, backup: answer.backup, changedAt: now };
  }
  if (answer.status === "error" || answer.origin !== "api") {
    return undefined;
  }
  const query = knownFields<object>(request) as LockedAnswer["query"];
  const entry = { query, changedAt: now, endpoint: endpointOrigin(connection.endpoint) };
  if (answer.status === "listed") {
    return answer.isIncomplete ? undefined : { ...entry, backups: answer.records };
  }
  if (answer.status === "discovered") {
    return { ...entry, instances: answer.instances };
  }
  const refused = refusedIn(answer);
  return {
    ...entry,
    retentionDays,
    refused: refused.length === 0 ? undefined : refused,
    backup: answer.status === "found" ? answer.backup : null,
  };
}

/**
 * Answers queries over the network; a refresh locks the answers as well.
 *
 * @throws InvalidRequestError if the lock file cannot be read or written
 */
export async function settleAndRecord(run: SettleRun): Promise<readonly LookupAnswer[]> {
  return recordSettled(await settle(run), run);
}

/**
 * Locks settled answers, if that is what the run is for.
 *
 * @throws InvalidRequestError if the lock file cannot be read or written
 */
export async function recordSettled(
  settled: readonly Settled[],
  run: Pick<SettleRun, "mode" | "lockFile" | "refreshReport" | "lock">,
): Promise<readonly LookupAnswer[]> {
  const answers = settled.map(({ answer }) => answer);
  if (run.mode !== Mode.REFRESH) {
    return answers;
  }
  if (run.lockFile === undefined && run.refreshReport === undefined) {
    return answers.map((answer) => withWarning(answer, nothingWritten));
  }
  // Loaded here, since most runs write nothing.
  const { recordAnswers } = require("./update-lock-file") as typeof import("./update-lock-file");
  await recordAnswers(settled, run);
  return answers;
}

const nothingWritten = `no lock file was written, as ${noProjectFile}: name one with RDS_DR_LOCK_FILE`;
