import type { Instant } from "../backup/instant";
import type { Settled } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { readLock } from "../lock/lock-file";
import type { Settings } from "../lock/settings";
import { recordSettled } from "../lock/settle";
import { answered, type LookupAnswer } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { type BackupQuery, queryKey, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import type { Io } from "./io";
import type { Journal } from "./journal";
import type { KeptAnswers } from "./kept-answers";
import { readCommandSettings } from "./options";
import { addTo, asks, checkQueries, connected, type QueryGroups, settleEach } from "./settle-each";

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
