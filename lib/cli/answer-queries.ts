import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { answerBy, type Settled } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { withConnection } from "../lock/connection";
import { readLock } from "../lock/lock-file";
import type { Settings } from "../lock/settings";
import type { Lock } from "../lock/locked-answers";
import { recordSettled, settleAndRecord, settleWith } from "../lock/settle";
import { answered, type LookupAnswer } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { type BackupQuery, checkQuery, type LookupQuery, queryKey, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import type { Io } from "./io";
import type { Journal } from "./journal";
import type { KeptAnswers } from "./kept-answers";
import { readCommandSettings } from "./options";

/** Under which settings a command asks, and at which time. */
export interface Circumstances {
  readonly settings: Settings;
  readonly now: Instant;
}

/** Answers, and the circumstances in which they were given. */
export interface Answered extends Circumstances {
  readonly answers: readonly LookupAnswer[];
  /** When an earlier run asked for an answer, at the place of that answer. */
  readonly resumedFrom: readonly (Instant | undefined)[];
}

/** Takes the answers to a group of questions, and the time at which they were asked. */
export type TakeAnswers = (answers: readonly LookupAnswer[], group: number, now: Instant) => void;

/** As `TakeAnswers`, with what is to be locked. */
type TakeSettled = (settled: readonly Settled[], group: number, now: Instant) => void | Promise<void>;

/** Groups of questions, each about one instance. They are made when they are asked: a fleet has many. */
export interface QueryGroups {
  readonly count: number;
  readonly queriesOf: (group: number) => readonly LookupQuery[];
  /** Whether the answers name the requests that gave them. */
  readonly namesRequests?: boolean;
}

/** Groups under way at once for one region and profile, for each request that may be under way: some wait their turn. */
const groupsPerRequest = 2;

/** The part of a run after which a group lets another one begin: instances that RDS never answers must not stop the others. */
const patience = 1 / 10;

/**
 * Answers queries as a synthesis in this folder would: with the same settings and the same engine, but without CDKTF.
 *
 * @param journal keeps the answers for a later run; those of an earlier one are not asked again
 * @throws InvalidRequestError before anything is sent
 */
export async function answerQueries(asked: readonly BackupQuery[], io: Io, journal?: Journal): Promise<Answered> {
  const settings = readCommandSettings({}, io);
  const now = readClock();
  // What shares a listing is asked together.
  const groups = new Map<string, number[]>();
  asked.forEach(({ request: { dbInstanceId, regionId }, connection }, index) => {
    addTo(groups, JSON.stringify([dbInstanceId, regionId, connection]), index);
  });
  const indexes = [...groups.values()];
  const indexesOf = (group: number): readonly number[] => indexes[group] ?? [];
  const queriesOf: QueryGroups["queriesOf"] = (group) =>
    indexesOf(group).flatMap((index) => {
      const query = asked[index];
      return query === undefined ? [] : [withConnection(query, settings)];
    });
  const resumedFrom: (Instant | undefined)[] = [];
  if (settings.mode !== Mode.LIVE && settings.mode !== Mode.REFRESH) {
    if (journal !== undefined) {
      throw new InvalidRequestError("resume", true, `omitted in the mode ${settings.mode}, which asks nobody`);
    }
    const answers: LookupAnswer[] = [];
    await answerEach({ count: indexes.length, queriesOf }, io, settings, (ofGroup, group) => {
      indexesOf(group).forEach((index, place) => (answers[index] = answered(ofGroup[place])));
    });
    return { answers, resumedFrom, settings, now };
  }
  asked.forEach(checkQuery);
  const lock = readLock(settings, io.cwd, asked.map(queryKey));
  const kept = journal && keptAnswers(journal, lock, settings, io);
  const settled: Settled[] = [];
  const take = (ofGroup: readonly Settled[], group: number): void => {
    indexesOf(group).forEach((index, place) => (settled[index] = answered(ofGroup[place])));
  };
  const open: number[] = [];
  for (let group = 0; group < indexes.length; group++) {
    const known = await kept?.find(queriesOf(group));
    if (known === undefined) {
      open.push(group);
    } else {
      take(known.answer, group);
      indexesOf(group).forEach((index) => (resumedFrom[index] = known.askedAt));
    }
  }
  const ofOpen = (place: number): number => answered(open[place]);
  const groupsToAsk = { count: open.length, queriesOf: (place: number) => queriesOf(ofOpen(place)) };
  await settleGroups(groupsToAsk, io, settings, lock, (ofGroup, place, askedAt) => {
    take(ofGroup, ofOpen(place));
    return kept?.record(ofGroup, askedAt);
  });
  return { answers: await recordSettled(settled, { ...settings, lock }), resumedFrom, settings, now };
}

function keptAnswers(...given: ConstructorParameters<typeof KeptAnswers>): KeptAnswers {
  // Loaded here, since few runs keep their answers.
  const kept = require("./kept-answers") as typeof import("./kept-answers");
  return new kept.KeptAnswers(...given);
}

/**
 * Answers groups of queries, a limited number of groups at once. What is not kept of the answers takes no memory, whatever
 * the number of instances.
 *
 * @param take gets the answers to each group as soon as they are there
 * @throws InvalidRequestError before anything is sent
 */
export async function answerEach(
  { count, queriesOf, namesRequests }: QueryGroups,
  io: Io,
  settings: Settings,
  take: TakeAnswers,
): Promise<void> {
  for (let group = 0; group < count; group++) {
    queriesOf(group).forEach(checkQuery);
  }
  if (settings.mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy. Here somebody could restore from them.
    const allowed = '"live", "locked" or "refresh" for this command: only a synthesis can use placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", settings.mode, allowed);
  }
  const connectedOf: QueryGroups["queriesOf"] = (group) =>
    queriesOf(group).map((query) => withConnection(query, settings));
  if (settings.mode === Mode.LIVE) {
    const groups = { count, queriesOf: connectedOf, ...optional("namesRequests", namesRequests) };
    await settleGroups(groups, io, settings, readLock(settings), (settled, group, now) => {
      take(
        settled.map(({ answer }) => answer),
        group,
        now,
      );
    });
    return;
  }
  const { environment } = io;
  const now = readClock();
  const groups = Array.from({ length: count }, (_, group) => connectedOf(group));
  const answers = await answerBy(settings, now, groups.flat(), (run) => settleAndRecord({ ...run, environment }));
  let next = 0;
  groups.forEach(({ length }, group) => {
    take(answers.slice(next, (next += length)), group, now);
  });
}

/** Asks the API for each group. Those of another region or profile do not wait for one that does not answer. */
async function settleGroups(
  { count, queriesOf, namesRequests = false }: QueryGroups,
  { environment }: Io,
  settings: Settings,
  lock: Lock,
  take: TakeSettled,
): Promise<void> {
  const lanes = new Map<string, number[]>();
  let expected = 0;
  for (let group = 0; group < count; group++) {
    const queries = queriesOf(group);
    expected += queries.length;
    const [{ request, connection } = {}] = queries;
    addTo(lanes, JSON.stringify([request?.regionId, connection]), group);
  }
  const engine = new Engine({ ...settings, environment, clock: readClock, expected, namesRequests });
  const settleGroup = async (group: number): Promise<void> => {
    const now = readClock();
    await take(
      await settleWith(engine, { ...settings, environment, lock, now, queries: queriesOf(group) }),
      group,
      now,
    );
  };
  try {
    const atOnce = groupsPerRequest * settings.concurrency;
    const patienceMs = patience * settings.deadlineSeconds * 1_000;
    await Promise.all([...lanes.values()].map((lane) => workThrough(lane, atOnce, patienceMs, settleGroup)));
  } finally {
    engine.close();
  }
}

function addTo(lists: Map<string, number[]>, key: string, item: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(item);
}

/**
 * Works through all items, so many at once.
 *
 * @param patienceMs an item that takes longer goes on, but lets the next one begin, milliseconds
 */
async function workThrough<T>(
  items: readonly T[],
  atOnce: number,
  patienceMs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const late = new Set<Promise<void>>();
  const workOnRest = async (): Promise<void> => {
    for (const item of rest) {
      const done = work(item);
      late.add(done);
      await withinPatience(
        done.then(() => late.delete(done)),
        patienceMs,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workOnRest));
  await Promise.all(late);
}

/** Waits for the end of something, or until patience ends. */
async function withinPatience(done: Promise<unknown>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patienceEnds = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([done, patienceEnds]).finally(() => {
    clearTimeout(timer);
  });
}

/** Asks the API with an engine of its own, and closes its connections. */
export async function withEngine<T>(
  { settings: { deadlineSeconds, concurrency }, now }: Circumstances,
  { environment }: Io,
  ask: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = new Engine({ clock: () => now, deadlineSeconds, concurrency, environment });
  try {
    return await ask(engine);
  } finally {
    engine.close();
  }
}
