import type { LookupAnswer, LookupFailure } from "../lookup/answer";
import type { LookupRun } from "../lookup/lookup-run";
import type { LookupQuery } from "../lookup/query";
import type { Lock, LockedAnswer } from "./locked-answers";

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
