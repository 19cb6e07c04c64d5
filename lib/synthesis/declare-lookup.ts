import type { IConstruct } from "constructs";
import { checkQuery, type LookupQuery } from "../lookup/query";
import type { Judge, Lookup } from "./lookup";
import { checked } from "./lookup-error";
import { LookupRegistry } from "./lookup-registry";
import { checkOutputOptions, type OutputOptions } from "./outputs";
import { settleAtSynthesis } from "./settle-at-synthesis";

/**
 * Checks the props of a lookup, none of them a token, and declares its question with the app.
 *
 * @throws LookupError and declares nothing, where a prop is missing or malformed
 */
export function declareLookup<T>(
  construct: IConstruct,
  outputOptions: OutputOptions,
  query: LookupQuery,
  judge: Judge<T>,
): Lookup<T> {
  checked(construct.node.path, () => {
    checkQuery(query);
  });
  checkOutputOptions(construct, outputOptions);
  settleAtSynthesis(construct);
  return LookupRegistry.of(construct).declare(construct, query, judge);
}
