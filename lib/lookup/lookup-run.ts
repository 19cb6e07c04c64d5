import type { Instant } from "../backup/instant";
import type { LookupQuery } from "./query";

/** A run of the engine, as JSON can carry it to another thread. */
export interface LookupRun {
  readonly queries: readonly LookupQuery[];
  /** The time that counts as now. */
  readonly now: Instant;
  /** How long the whole run may take, seconds. */
  readonly deadlineSeconds: number;
  /** Where credentials are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
