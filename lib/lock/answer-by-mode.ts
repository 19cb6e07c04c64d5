import type { Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import type { LookupAnswer, LookupFailure } from "../lookup/answer";
import { type LookupQuery, type LookupRun, queryKey } from "../lookup/query";
import { destroyAnswer } from "./destroy-placeholder";
import { readLock } from "./lock-file";
import { entryOf, type Lock, type LockedAnswer, usableAnswer } from "./locked-answers";
import { Mode } from "./mode";
import type { Settings } from "./settings";

/** A run of the engine with the locked answers beside it, as JSON can carry it to another thread. */
export interface SettleRun extends LookupRun {
  /** The locked answers to its queries. */
  readonly lock: Lock;
  /** Set where the answers are to be locked as well. */
  readonly refresh?: Refresh;
}

/** How a refresh locks its answers. */
export interface Refresh {
  /** Absolute path of the lock file; undefined where there is no place for one. */
  readonly lockFile?: string;
  /** Whether a locked backup may be replaced by an older one, or by none. */
  readonly acceptOlder: boolean;
  /** A file to tell the answers to in place of the lock file, one line of JSON each. */
  readonly report?: string;
}

/** A query with its answer. */
export interface Settled {
  readonly key: string;
  readonly query: LookupQuery;
  readonly answer: LookupAnswer;
  /** What is to be locked; absent where the API had no answer of its own that may be. */
  readonly entry?: LockedAnswer;
  /** Why the API gave no answer, also where a locked one stood in. */
  readonly failure?: LookupFailure;
}

/**
 * Answers queries as the mode of the settings says.
 *
 * @param settle asks the API, now or as a promise; not called where the mode forbids it
 * @throws InvalidRequestError if the lock file cannot be read or understood
 */
export function answerBy<T>(
  settings: Settings,
  now: Instant,
  queries: readonly LookupQuery[],
  settle: (run: SettleRun) => T,
): T | readonly LookupAnswer[] {
  const lock = readLock(settings);
  switch (settings.mode) {
    case Mode.LOCKED:
      return queries.map((query) => usableAnswer(query, lock, now));
    case Mode.DESTROY:
      return queries.map((query) => destroyAnswer(query, lock, now));
    case Mode.LIVE:
    case Mode.REFRESH:
      return settle(settleRunOf(settings, now, queries, lock));
  }
}

/** A run of the engine under these settings, with those of the locked answers that it needs. */
export function settleRunOf(
  { mode, deadlineSeconds, concurrency, lockFile, acceptOlder, refreshReport }: Settings,
  now: Instant,
  queries: readonly LookupQuery[],
  lock: Lock,
): SettleRun {
  const answers = Object.fromEntries(
    queries.map(queryKey).flatMap((key) => {
      const entry = entryOf(lock.answers, key);
      return entry === undefined ? [] : [[key, entry]];
    }),
  );
  const refresh = { acceptOlder, ...optional("lockFile", lockFile), ...optional("report", refreshReport) };
  return {
    queries,
    now,
    deadlineSeconds,
    concurrency,
    environment: process.env,
    lock: { ...lock, answers },
    ...optional("refresh", mode === Mode.REFRESH ? refresh : undefined),
  };
}
