import type { IConstruct } from "constructs";
import { checkQuery, type LookupQuery } from "../lookup/query";
import { checkConcrete } from "./concrete";
import type { Judge, Lookup } from "./lookup";
import { checked } from "./lookup-error";
import { LookupRegistry } from "./lookup-registry";
import { settleAtSynthesis } from "./settle-at-synthesis";

/** Checks the props of a lookup, all of which must be known now, and declares its question with the app. */
export function declareLookup<T>(
  construct: IConstruct,
  props: object,
  query: LookupQuery,
  judge: Judge<T>,
): Lookup<T> {
  const { path } = construct.node;
  checkConcrete(path, props);
  checked(path, () => {
    checkQuery(query);
  });
  settleAtSynthesis(construct);
  return LookupRegistry.of(construct).declare(construct, query, judge);
}
