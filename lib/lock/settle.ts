import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { answered, type LookupAnswer, withWarning } from "../lookup/answer";
import { queryById } from "../lookup/by-id";
import { Engine } from "../lookup/engine";
import { type LookupQuery, queryKey, subjectOf } from "../lookup/query";
import { endpointOrigin } from "../rds-api/endpoint";
import type { Settled, SettleRun } from "./answer-by-mode";
import { entryOf, type LockedAnswer, lockedFacts, usableAnswer } from "./locked-answers";
import { noProjectFile } from "./project-file";
import { type Outcome, reconcile } from "./reconcile";
import { explainLiftedRefusals, refusedIn } from "./refusals";
import { settleDoubt, settleLost, weighPinned } from "./settle-doubt";

/**
 * Answers queries over the network, with the locked answers to fall back on, to doubt the API by, and to stand in
 * its place where they are pinned.
 */
export async function settle(run: SettleRun): Promise<readonly Settled[]> {
  const engine = new Engine(run);
  try {
    return await settleWith(engine, run);
  } finally {
    engine.close();
  }
}

async function settleWith(engine: Engine, run: SettleRun): Promise<readonly Settled[]> {
  const isOpen = (query: LookupQuery): boolean =>
    entryOf(run.lock.answers, queryKey(query))?.pin === undefined;
  const open = run.queries.filter(isOpen);
  // Side by side to the end: what is only good to know must not take the time of what decides.
  const [outcomes, retention] = await Promise.all([
    outcomesOf(engine, run, open),
    run.refresh === undefined ? new Map<string, number>() : retentionOf(engine, open),
  ]);
  return run.queries.map((query, index): Settled => {
    const { answer, isLive, failure, entry: corrected } = answered(outcomes[index]);
    const key = queryKey(query);
    const entry = isLive ? entryFor(query, answer, run.now, retention.get(instanceOf(query))) : corrected;
    const locked = entryOf(run.lock.answers, key);
    const isKept = run.refresh !== undefined && isOnlyOfStandIn(query, locked);
    if (isKept && entry !== undefined && answer.status !== "error") {
      return { key, query, answer: withWarning(answer, keepsOriginal) };
    }
    return {
      key,
      query,
      answer: run.refresh === undefined ? answer : withLiftedRefusals(query, answer, locked, entry),
      ...optional("entry", entry),
      ...optional("failure", failure),
    };
  });
}

/** What becomes of each query: of the open ones by the API, doubts settled; of the others by the lock. */
async function outcomesOf(
  engine: Engine,
  run: SettleRun,
  open: readonly LookupQuery[],
): Promise<readonly Outcome[]> {
  const { queries, now, lock, refresh } = run;
  const live = engine.lookUpEach(open);
  const liveTo = new Map(open.map((query, index) => [query, live[index]]));
  // Each on its own: a region that does not answer must not take the time to settle the doubt about another one.
  return Promise.all(
    queries.map(async (query): Promise<Outcome> => {
      const answer = await liveTo.get(query);
      if (answer === undefined) {
        return pinnedOutcome(engine, query, run);
      }
      const weighed = reconcile(query, answer, lock, now, refresh?.acceptOlder ?? false);
      if ("lost" in weighed) {
        const { lost } = weighed;
        const [byId] = await engine.lookUp([queryById(lost.query, lost.crossBackupId)]);
        return settleLost(lost, answered(byId));
      }
      if (!("doubt" in weighed)) {
        return weighed;
      }
      const { doubt } = weighed;
      const { query: asked, locked, live: found } = doubt;
      const standIn = await engine.lookUpStandIn(asked, locked.backup.crossBackupId, found);
      return settleDoubt(doubt, standIn);
    }),
  );
}

/** The pinned answer; only a refresh asks for it by its id, as it writes the lock file that other modes believe. */
async function pinnedOutcome(
  engine: Engine,
  query: LookupQuery,
  { now, lock, refresh }: SettleRun,
): Promise<Outcome> {
  const pinned = lockedFacts(query, lock);
  return refresh === undefined || pinned === undefined || query.kind === "list"
    ? { answer: usableAnswer(query, lock, now), isLive: false }
    : weighPinned(query, pinned, await engine.lookUpLocked(query, pinned), lock, now);
}

/** An answer that says so if the locked entry names refusals that are not to be locked any more. */
function withLiftedRefusals(
  query: LookupQuery,
  answer: LookupAnswer,
  before: LockedAnswer | undefined,
  after: LockedAnswer | undefined,
): LookupAnswer {
  const lifted = after && explainLiftedRefusals(before?.refused, after.refused);
  return lifted === undefined || answer.status === "error"
    ? answer
    : withWarning(
        answer,
        `the preflight of ${subjectOf(query)} does not refuse all that is locked as refused: ${lifted}: "npx rds-dr refresh" changes "refused"`,
      );
}

const keepsOriginal =
  "this is the answer of a stand-in, and the lock file has one of Alibaba Cloud, which is kept: name another lock file with RDS_DR_LOCK_FILE";

/** Production would lose its answer, since it takes none of a stand-in. */
function isOnlyOfStandIn({ connection }: LookupQuery, locked: LockedAnswer | undefined): boolean {
  return (
    locked !== undefined &&
    endpointOrigin(locked.endpoint) === undefined &&
    endpointOrigin(connection.endpoint) !== undefined
  );
}

/** How long the copies of each instance are kept, days; of those that tell. */
async function retentionOf(
  engine: Engine,
  queries: readonly LookupQuery[],
): Promise<ReadonlyMap<string, number>> {
  const instances = new Map(
    queries.filter(({ kind }) => kind === "latest").map((query) => [instanceOf(query), query]),
  );
  const known = await Promise.all(
    [...instances].map(async ([instance, query]) => [instance, await engine.retentionDays(query)] as const),
  );
  return new Map(known.flatMap(([instance, days]) => (days === undefined ? [] : [[instance, days]])));
}

function instanceOf({ request: { regionId, dbInstanceId }, connection }: LookupQuery): string {
  return JSON.stringify([regionId, dbInstanceId, connection]);
}

/** The API's answer as it is written down. */
export function entryFor(
  { kind, request, connection }: LookupQuery,
  answer: LookupAnswer,
  now: Instant,
  retentionDays: number | undefined,
): LockedAnswer | undefined {
  const query = Object.fromEntries(
    Object.entries<string | number | true | undefined>({ ...request }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const others = {
    query,
    changedAt: now,
    ...optional("endpoint", endpointOrigin(connection.endpoint)),
    ...(kind === "latest" ? optional("retentionDays", retentionDays) : {}),
  };
  const refused = answer.status === "listed" ? [] : refusedIn(answer);
  const ofPreflight = optional("refused", refused.length === 0 ? undefined : refused);
  switch (answer.status) {
    case "found":
      return { ...others, ...ofPreflight, backup: answer.backup };
    case "none":
      return { ...others, ...ofPreflight, backup: null };
    case "listed":
      return { ...others, backups: answer.records };
    case "error":
      return undefined;
  }
}

/**
 * Answers queries over the network, and locks the answers where the run is a refresh.
 *
 * @throws InvalidRequestError where the lock file cannot be read or written
 */
export async function settleAndRecord(run: SettleRun): Promise<readonly LookupAnswer[]> {
  const settled = await settle(run);
  const answers = settled.map(({ answer }) => answer);
  const { refresh } = run;
  if (refresh !== undefined) {
    if (refresh.lockFile === undefined && refresh.report === undefined) {
      return answers.map((answer) =>
        answer.status === "error" ? answer : withWarning(answer, nothingWritten),
      );
    }
    // Loaded here, since most runs write nothing.
    const { recordAnswers } = require("./record-answers") as typeof import("./record-answers");
    await recordAnswers(settled, run.lock.answers, refresh);
  }
  return answers;
}

const nothingWritten = `no lock file was written, as ${noProjectFile}: name one with RDS_DR_LOCK_FILE`;
