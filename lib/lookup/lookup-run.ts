import type { Instant } from "../backup/instant";
import type { LookupQuery } from "./query";

/** A run of the engine, as JSON can carry it to another thread. */
export interface LookupRun {
  readonly queries: readonly LookupQuery[];
  /** The time that counts as now. */
  readonly now: Instant;
  /** How long the whole run may take, seconds. */
  readonly deadlineSeconds: number;
  /** Most requests that are under way at once to one endpoint. */
  readonly concurrency: number;
  /** Where credentials are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
