import type { Instant } from "../backup/instant";
import type { LookupAnswer } from "../lookup/answer";
import { type LookupQuery, type LookupRun, queryKey } from "../lookup/query";
import { destroyAnswer } from "./destroy-placeholder";
import { readLock } from "./lock-file";
import { type Lock, type LockedAnswer, usableAnswer } from "./locked-answers";
import { Mode } from "./mode";
import type { Settings } from "./settings";

/** A run of the engine with the locked answers beside it, as JSON can carry it to another thread. */
export interface SettleRun extends LookupRun, Pick<Settings, "mode" | "lockFile" | "acceptOlder" | "refreshReport"> {
  /** The locked answers to its queries. */
  readonly lock: Lock;
}

/** A query with its answer. */
export interface Settled {
  readonly key: string;
  readonly query: LookupQuery;
  readonly answer: LookupAnswer;
  /** What is to be locked; absent if the API had no answer of its own that may be. */
  readonly entry?: LockedAnswer;
}

/** A question of an app, as the app says it to the command that runs it. */
export interface DeclaredQuestion {
  readonly query: LookupQuery;
  /** How old the data may be, hours. */
  readonly maxAgeHours?: number | undefined;
}

/**
 * Answers queries as the mode of the settings says.
 *
 * @param settle asks the API, now or as a promise; not called if the mode forbids it
 * @throws InvalidRequestError if the lock file cannot be read or understood
 */
export function answerBy<T>(
  settings: Settings,
  now: Instant,
  queries: readonly LookupQuery[],
  settle: (run: SettleRun) => T,
): T | readonly LookupAnswer[] {
  const lock = readLock(settings, process.cwd(), queries.map(queryKey));
  switch (settings.mode) {
    case Mode.LOCKED:
      return queries.map((query) => usableAnswer(query, lock, now));
    case Mode.DESTROY:
      return queries.map((query) => destroyAnswer(query, lock, now));
    case Mode.LIVE:
    case Mode.REFRESH: {
      const keys = new Set(queries.map(queryKey));
      const answers = Object.fromEntries(Object.entries(lock.answers).filter(([key]) => keys.has(key)));
      const { answers: _, restores: __, ...others } = settings;
      return settle({ ...others, queries, now, environment: process.env, lock: { ...lock, answers } });
    }
  }
}
