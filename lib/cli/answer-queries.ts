import type { Instant } from "../backup/instant";
import { answerBy } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { type Settings, withConnection } from "../lock/settings";
import { settleAndRecord } from "../lock/settle";
import type { LookupAnswer } from "../lookup/answer";
import { Engine } from "../lookup/engine";
import { checkQuery, type LookupQuery, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { settingsWith } from "./options";

/** Answers, with the settings and the time they were got under. */
export interface Answered {
  readonly answers: readonly LookupAnswer[];
  readonly settings: Settings;
  readonly now: Instant;
}

/**
 * Answers the questions of a command as a synthesis in this folder would: same settings, same engine, without
 * CDKTF.
 *
 * @throws InvalidRequestError before anything is sent
 */
export async function answerQueries(asked: readonly LookupQuery[]): Promise<Answered> {
  asked.forEach(checkQuery);
  const settings = settingsWith({});
  if (settings.mode === Mode.DESTROY) {
    // A construct guards its placeholders against every deploy; who reads them here could restore from them.
    const allowed =
      '"live", "locked" or "refresh" for this command: only a synthesis has a use for placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", settings.mode, allowed);
  }
  const queries = asked.map((query) => withConnection(query, settings));
  const now = readClock();
  return { answers: await answerBy(settings, now, queries, settleAndRecord), settings, now };
}

/** Asks the API as a command does that puts its questions itself, and closes the connections. */
export async function withEngine<T>(
  { deadlineSeconds, concurrency }: Settings,
  now: Instant,
  ask: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = new Engine({ now, deadlineSeconds, concurrency, environment: process.env });
  try {
    return await ask(engine);
  } finally {
    engine.close();
  }
}
