import type { Instant } from "../backup/instant";
import type { Settled } from "../lock/answer-by-mode";
import { withConnection } from "../lock/connection";
import { type Lock, usableAnswer } from "../lock/locked-answers";
import { Mode } from "../lock/mode";
import { settleWith } from "../lock/settle";
import type { Settings } from "../lock/settings";
import { Engine } from "../lookup/engine";
import { checkQuery, type LookupQuery, queryKey, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import type { Io } from "./io";

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

/** Whether the mode asks the API. */
export function asks({ mode }: Settings): boolean {
  return mode === Mode.LIVE || mode === Mode.REFRESH;
}

/** @throws InvalidRequestError unless the API can be asked each of them */
export function checkQueries({ count, queriesOf }: QueryGroups, { mode }: Settings): void {
  for (let group = 0; group < count; group++) {
    queriesOf(group).forEach(checkQuery);
  }
  if (mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy. Here somebody could restore from them.
    const allowed = '"live", "locked" or "refresh" for this command: only a synthesis can use placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", mode, allowed);
  }
}

/** Queries with the connection of the settings, if they name none. */
export function connected(queries: readonly LookupQuery[], settings: Settings): readonly LookupQuery[] {
  return queries.map((query) => withConnection(query, settings));
}

/**
 * Settles groups of queries that were checked, a limited number of groups at once: by the lock file, or if the mode asks it,
 * by the API. Groups of another region or profile do not wait for one that does not answer. What is not kept of the answers
 * takes no memory, whatever the number of instances. Nothing is locked.
 *
 * @param take gets the answers to each group as soon as they are there
 */
export async function settleEach(
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

export function addTo(lists: Map<string, number[]>, key: string, item: number): void {
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
