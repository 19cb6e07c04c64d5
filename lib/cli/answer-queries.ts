import type { Instant } from "../backup/instant";
import type { Settled } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { withConnection } from "../lock/connection";
import { readLock } from "../lock/lock-file";
import type { Settings } from "../lock/settings";
import { type Lock, usableAnswer } from "../lock/locked-answers";
import { recordSettled, settleWith } from "../lock/settle";
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

/** An answer of one run, or of an earlier one. */
export interface Answered {
  readonly answer: LookupAnswer;
  /** When an earlier run asked for it; undefined if this one did. */
  readonly resumedFrom: Instant | undefined;
}

/** Questions by their places. They are made when they are asked: a fleet has many. */
export interface Questions {
  readonly count: number;
  readonly queryOf: (place: number) => BackupQuery;
}

/** Takes the answers to a group of questions, with what is to be locked, and the time at which they were asked. */
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

/** The settings of the folder, and the time now. */
export function circumstancesOf(io: Io): Circumstances {
  return { settings: readCommandSettings({}, io), now: readClock() };
}

/**
 * Answers queries as a synthesis in this folder would: with the same settings and the same engine, but without CDKTF. What
 * is not kept of the answers takes no memory, but in the mode refresh, which writes all of them at the end.
 *
 * @param take gets each answer as soon as it is there, in the mode refresh once all are locked
 * @param journal keeps the answers for a later run; those of an earlier one are not asked again
 * @throws InvalidRequestError before anything is sent
 */
export async function answerQueries(
  asked: Questions,
  io: Io,
  settings: Settings,
  take: (answered: Answered, place: number) => void,
  journal?: Journal,
): Promise<void> {
  const placesOf = sharingPlaces(asked);
  const queriesOf: QueryGroups["queriesOf"] = (group) => (placesOf[group] ?? []).map(asked.queryOf);
  if (journal !== undefined && !asks(settings)) {
    throw new InvalidRequestError("resume", true, `omitted in the mode ${settings.mode}, which asks nobody`);
  }
  checkQueries({ count: placesOf.length, queriesOf }, settings);
  const keys = Array.from({ length: asked.count }, (_, place) => queryKey(asked.queryOf(place)));
  const lock = readLock(settings, io.cwd, keys);
  const kept = journal && keptAnswers(journal, lock, settings, io);
  const toLock: Settled[] = [];
  const resumed = new Map<number, Instant>();
  const takeGroup = (settled: readonly Settled[], group: number, resumedFrom?: Instant): void => {
    placesOf[group]?.forEach((place, index) => {
      const each = answered(settled[index]);
      if (settings.mode !== Mode.REFRESH) {
        take({ answer: each.answer, resumedFrom }, place);
        return;
      }
      toLock[place] = each;
      if (resumedFrom !== undefined) {
        resumed.set(place, resumedFrom);
      }
    });
  };
  const open: number[] = [];
  for (let group = 0; group < placesOf.length; group++) {
    const known = await kept?.find(connected(queriesOf(group), settings));
    if (known === undefined) {
      open.push(group);
    } else {
      takeGroup(known.answer, group, known.askedAt);
    }
  }
  const ofOpen = (index: number): number => answered(open[index]);
  const groupsToAsk = { count: open.length, queriesOf: (index: number) => queriesOf(ofOpen(index)) };
  await settleEach(groupsToAsk, io, settings, lock, (settled, index, askedAt) => {
    takeGroup(settled, ofOpen(index));
    return kept?.record(settled, askedAt);
  });
  const answers = await recordSettled(toLock, { ...settings, lock });
  answers.forEach((answer, place) => {
    take({ answer, resumedFrom: resumed.get(place) }, place);
  });
}

/** The places of the questions that share a listing: they are asked together. */
function sharingPlaces({ count, queryOf }: Questions): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (let place = 0; place < count; place++) {
    const { request, connection } = queryOf(place);
    addTo(groups, JSON.stringify([request.dbInstanceId, request.regionId, connection]), place);
  }
  return [...groups.values()];
}

function keptAnswers(...given: ConstructorParameters<typeof KeptAnswers>): KeptAnswers {
  // Loaded here, since few runs keep their answers.
  const kept = require("./kept-answers") as typeof import("./kept-answers");
  return new kept.KeptAnswers(...given);
}

/**
 * Answers groups of queries, a limited number of groups at once. What is not kept of the answers takes no memory, whatever
 * the number of instances. Nothing is locked.
 *
 * @param take gets the answers to each group as soon as they are there
 * @throws InvalidRequestError before anything is sent
 */
export async function answerEach(
  groups: QueryGroups,
  io: Io,
  settings: Settings,
  lock: Lock,
  take: TakeSettled,
): Promise<void> {
  checkQueries(groups, settings);
  await settleEach(groups, io, settings, lock, take);
}

/** Whether the mode asks the API. */
function asks({ mode }: Settings): boolean {
  return mode === Mode.LIVE || mode === Mode.REFRESH;
}

function checkQueries({ count, queriesOf }: QueryGroups, { mode }: Settings): void {
  for (let group = 0; group < count; group++) {
    queriesOf(group).forEach(checkQuery);
  }
  if (mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy. Here somebody could restore from them.
    const allowed = '"live", "locked" or "refresh" for this command: only a synthesis can use placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", mode, allowed);
  }
}

function connected(queries: readonly LookupQuery[], settings: Settings): readonly LookupQuery[] {
  return queries.map((query) => withConnection(query, settings));
}

/**
 * Settles each group: by the lock file, or if the mode asks it, by the API. Groups of another region or profile do not wait
 * for one that does not answer.
 */
async function settleEach(
  groups: QueryGroups,
  { environment }: Io,
  settings: Settings,
  lock: Lock,
  take: TakeSettled,
): Promise<void> {
  const { count, namesRequests = false } = groups;
  const queriesOf: QueryGroups["queriesOf"] = (group) => connected(groups.queriesOf(group), settings);
  if (!asks(settings)) {
    const now = readClock();
    for (let group = 0; group < count; group++) {
      const queries = queriesOf(group);
      const settled = queries.map((query) => ({ key: queryKey(query), query, answer: usableAnswer(query, lock, now) }));
      await take(settled, group, now);
    }
    return;
  }
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
