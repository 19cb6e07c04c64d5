import type { Instant } from "../backup/instant";
import { answerBy, type SettleRun } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { withConnection } from "../lock/connection";
import type { Settings } from "../lock/settings";
import { settleAndRecord, settleWith } from "../lock/settle";
import { answered, type LookupAnswer } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { checkQuery, type LookupQuery, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import type { Io } from "./io";
import { readCommandSettings } from "./options";

/** Under which settings a command asks, and at which time. */
export interface Circumstances {
  readonly settings: Settings;
  readonly now: Instant;
}

/** Answers, and the circumstances in which they were given. */
export interface Answered extends Circumstances {
  readonly answers: readonly LookupAnswer[];
}

/** Takes the answers to a group of questions, and the time at which they were asked. */
export type TakeAnswers = (answers: readonly LookupAnswer[], group: number, now: Instant) => void;

/** Groups of questions under way at once for one endpoint and profile, for each request that may be: some wait their turn. */
const groupsPerRequest = 4;

/**
 * Answers queries as a synthesis in this folder would: with the same settings and the same engine, but without CDKTF.
 *
 * @throws InvalidRequestError before anything is sent
 */
export async function answerQueries(asked: readonly LookupQuery[], io: Io): Promise<Answered> {
  const groups = new Map<string, LookupQuery[]>();
  for (const query of asked) {
    const { dbInstanceId, regionId } = query.request;
    // What shares a listing is asked together.
    const key = JSON.stringify([dbInstanceId, regionId, query.connection]);
    groups.set(key, [...(groups.get(key) ?? []), query]);
  }
  const grouped = [...groups.values()];
  const settings = readCommandSettings({}, io);
  const now = readClock();
  const answers = new Map<LookupQuery, LookupAnswer>();
  await answerEach(grouped, io, settings, (ofGroup, group) => {
    grouped[group]?.forEach((query, index) => answers.set(query, answered(ofGroup[index])));
  });
  return { answers: asked.map((query) => answered(answers.get(query))), settings, now };
}

/**
 * Answers groups of queries, each of one instance, a limited number of groups at once. What is not kept of the answers
 * takes no memory, whatever the number of instances.
 *
 * @param take gets the answers to each group as soon as they are there
 * @throws InvalidRequestError before anything is sent
 */
export async function answerEach(
  groups: readonly (readonly LookupQuery[])[],
  io: Io,
  settings: Settings,
  take: TakeAnswers,
): Promise<void> {
  groups.forEach((queries) => {
    queries.forEach(checkQuery);
  });
  if (settings.mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy. Here somebody could restore from them.
    const allowed = '"live", "locked" or "refresh" for this command: only a synthesis can use placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", settings.mode, allowed);
  }
  const connected = groups.map((queries) => queries.map((query) => withConnection(query, settings)));
  const now = readClock();
  const { environment } = io;
  const answers = await answerBy(settings, now, connected.flat(), (run) =>
    run.mode === Mode.REFRESH
      ? settleAndRecord({ ...run, environment })
      : settleGroups({ ...run, environment }, connected, take),
  );
  let next = 0;
  connected.forEach(({ length }, group) => {
    if (answers !== undefined) {
      take(answers.slice(next, (next += length)), group, now);
    }
  });
}

/** Asks the API for each group. Those of another region or profile do not wait for one that does not answer. */
async function settleGroups(
  run: SettleRun,
  groups: readonly (readonly LookupQuery[])[],
  take: TakeAnswers,
): Promise<undefined> {
  const lanes = new Map<string, number[]>();
  groups.forEach(([query], group) => {
    const lane = JSON.stringify([query?.request.regionId, query?.connection]);
    const ofLane = lanes.get(lane) ?? [];
    lanes.set(lane, ofLane);
    ofLane.push(group);
  });
  const engine = new Engine({ ...run, clock: readClock, expected: run.queries.length });
  const settleGroup = async (group: number): Promise<void> => {
    const now = readClock();
    const settled = await settleWith(engine, { ...run, queries: groups[group] ?? [], now });
    take(
      settled.map(({ answer }) => answer),
      group,
      now,
    );
  };
  try {
    const atOnce = groupsPerRequest * run.concurrency;
    await Promise.all([...lanes.values()].map((lane) => workThrough(lane, atOnce, settleGroup)));
  } finally {
    engine.close();
  }
}

/** Works through all items, so many at once. */
async function workThrough<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const workOnRest = async (): Promise<void> => {
    for (const item of rest) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workOnRest));
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
