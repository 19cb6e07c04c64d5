import type { Instant } from "../backup/instant";
import { answerBy } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { withConnection } from "../lock/connection";
import type { Settings } from "../lock/settings";
import { settleAndRecord } from "../lock/settle";
import type { LookupAnswer } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { checkQuery, type LookupQuery, type LookupRun, readClock } from "../lookup/query";
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

/**
 * Answers queries as a synthesis in this folder would: with the same settings and the same engine, but without CDKTF.
 *
 * @param given settings in place of those of this folder
 * @param more what else the answers say
 * @throws InvalidRequestError before anything is sent
 */
export async function answerQueries(
  asked: readonly LookupQuery[],
  io: Io,
  given?: Settings,
  more: Pick<LookupRun, "namesRequests"> = {},
): Promise<Answered> {
  asked.forEach(checkQuery);
  const settings = given ?? readCommandSettings({}, io);
  if (settings.mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy. Here somebody could restore from them.
    const allowed = '"live", "locked" or "refresh" for this command: only a synthesis can use placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", settings.mode, allowed);
  }
  const queries = asked.map((query) => withConnection(query, settings));
  const now = readClock();
  const { environment } = io;
  const answers = await answerBy(settings, now, queries, (run) => settleAndRecord({ ...run, ...more, environment }));
  return { answers, settings, now };
}

/** Asks the API with an engine of its own, and closes its connections. */
export async function withEngine<T>(
  { settings: { deadlineSeconds, concurrency }, now }: Circumstances,
  { environment }: Io,
  ask: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = new Engine({ now, deadlineSeconds, concurrency, environment });
  try {
    return await ask(engine);
  } finally {
    engine.close();
  }
}
