import type { IConstruct } from "constructs";
import { answerBy } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { contextKey, readSettings, withConnection } from "../lock/settings";
import type { LookupAnswer } from "../lookup/answer";
import { type LookupQuery, queryKey, readClock } from "../lookup/query";
import { checkDeployCanBeForbidden } from "./forbid-deploy";
import type { Circumstances } from "./lookup";

/** Makes a value of JSON unchangeable all through: an answer is shared by every construct that asked for it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** Answers to queries, in their order, and under which settings they were got. */
export interface SettledQueries {
  readonly answers: readonly LookupAnswer[];
  readonly circumstances: Circumstances;
}

/**
 * Answers the queries of an app, as its settings and the environment say; identical ones are asked once. Loaded when
 * the first answer is needed, as an app that declares no lookup, or is only looked at, needs none of this.
 *
 * @throws InvalidRequestError for settings or a lock file that cannot be understood
 */
export function settleQueries(root: IConstruct, given: readonly LookupQuery[]): SettledQueries {
  const context: unknown = root.node.tryGetContext(contextKey);
  const settings = readSettings(context, process.env, process.cwd());
  if (settings.mode === Mode.DESTROY) {
    checkDeployCanBeForbidden(root);
  }
  const now = readClock();
  const queries = given.map((query) => withConnection(query, settings));
  const keys = queries.map((query) => JSON.stringify([queryKey(query), query.connection]));
  const distinct = new Map(queries.map((query, index) => [keys[index], query]));
  const answers = answerBy(settings, now, [...distinct.values()], (run) => {
    // Loaded here, since locked answers need no wait.
    const { waitForLookups } = require("./wait-for-lookups") as typeof import("./wait-for-lookups");
    return waitForLookups(run);
  });
  const answerTo = new Map([...distinct.keys()].map((key, index) => [key, deepFreeze(answers[index])]));
  return {
    answers: keys.map((key) => {
      const answer = answerTo.get(key);
      if (answer === undefined) {
        throw new Error("the engine gave no answer");
      }
      return answer;
    }),
    circumstances: { settings, now },
  };
}
