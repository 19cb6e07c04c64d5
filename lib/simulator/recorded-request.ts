import type { FaultKind } from "./fault";

/** A request that reached the simulator. It never holds a credential, a token or a signature. */
export interface RecordedRequest {
  /** The action asked for; empty when the request named none. */
  readonly action: string;
  /** The parameters of the action, without those that every call carries. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The HTTP method. */
  readonly method: string;
  /** The HTTP status of the answer; undefined as long as, or when, there is none. */
  readonly httpStatus?: number;
  /** The code of the refusal; undefined when the answer was not one. */
  readonly code?: string;
  /** The injected fault that hit it; undefined when none did. */
  readonly fault?: FaultKind;
}
