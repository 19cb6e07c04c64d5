import type { Instant } from "../backup/instant";
import { optional } from "../backup/row";
import type { LookupAnswer } from "../lookup/answer";
import { queryKey, type LookupQuery } from "../lookup/query";
import { destroyAnswer } from "./destroy-answer";
import { entryOf, usableAnswer, type Lock } from "./locked-answers";
import { readLock } from "./read-lock";
import type { SettleRun } from "./settle-run";
import { Mode } from "./mode";
import type { Settings } from "./settings";

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
