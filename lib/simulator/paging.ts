import type { Parameters } from "./parameters";
import { refusal } from "./rpc-error";
import { EmptyItems, type World, type WorldRecord } from "./world";

const pageSizes: ReadonlySet<number> = new Set([30, 50, 100]);
const defaultPageSize = 30;
const maxInteger = 2 ** 31 - 1;

/** The page that a request asks for. */
export interface Page {
  readonly number: number;
  readonly size: number;
}

/**
 * Reads PageSize and PageNumber (from 1); refuses everything else.
 *
 * @param isPageSize the sizes that the action takes: 30, 50 and 100 unless its page says otherwise
 */
export function pageOf(parameters: Parameters, isPageSize = (size: number): boolean => pageSizes.has(size)): Page {
  const size = Number(parameters.optionalInteger("PageSize", 1) ?? defaultPageSize);
  if (!isPageSize(size)) {
    throw refusal("InvalidParameters.Format", "PageSize");
  }
  const number = Number(parameters.optionalInteger("PageNumber", 1) ?? 1);
  if (number > maxInteger) {
    throw refusal("InvalidParameters.Format", "PageNumber");
  }
  return { number, size };
}

/** The records on a page; none beyond the last one. */
export function recordsOn<T>(page: Page, records: readonly T[]): T[] {
  return records.slice((page.number - 1) * page.size, page.number * page.size);
}

/** The `Items` of an answer, in the shape that the world gives empty ones; some actions have another name for `Item`. */
export function itemsOf(records: readonly WorldRecord[], world: World, name = "Item"): unknown {
  if (records.length > 0) {
    return { [name]: records };
  }
  switch (world.emptyItems ?? EmptyItems.LIST) {
    case EmptyItems.LIST:
      return { [name]: [] };
    case EmptyItems.OBJECT:
      return {};
    case EmptyItems.ABSENT:
      return undefined;
  }
}
