import type { Parameters } from "../parameters";
import type { WorldView } from "../world-view";

/** The answer of an action, without its RequestId. */
export type Answer = Readonly<Record<string, unknown>>;

/** One action of the API: reads its parameters, and answers out of the world or throws a refusal. */
export type Action = (parameters: Parameters, view: WorldView) => Answer;
