import { isObject } from "../backup/row";
import { RdsApiError } from "./rds-api-error";
import type { RdsClient } from "./rds-client";
import type { RpcAnswer, RpcParameters } from "./rpc-transport";

/** Times that a list which changed while it was read is read in all. */
const maxReadings = 3;

/** A list that the API gives in pages. */
export interface PagedAction {
  readonly action: string;
  readonly parameters: RpcParameters;
  /** Rows asked for in one page. */
  readonly pageSize: number;
  /** Only this page, where given. */
  readonly pageNumber?: number | undefined;
  /** Name of the field with the number of all rows. */
  readonly totalField: "TotalRecordCount" | "TotalRecords";
  /** What makes a row the same as another one. */
  readonly identityOf: (row: unknown) => string;
}

/** All rows of a list, each once, and the answer to the first request. */
export interface PagedRows {
  readonly rows: readonly unknown[];
  readonly first: RpcAnswer;
}

/**
 * Reads every page of a list: the first, which tells the total, then the others at once. One request a page.
 *
 * Rows that are told twice, because the list shifted between two pages, are kept once; where a shift may have
 * hidden a row (the total fell, or fewer rows came than it says) the list is read again, at most three times.
 */
export async function readAllPages(client: RdsClient, list: PagedAction): Promise<PagedRows> {
  const rows = new Map<string, unknown>();
  const read = async (pageNumber: number): Promise<Page> => {
    const page = await readPage(client, list, pageNumber);
    for (const row of page.rows) {
      rows.set(list.identityOf(row), row);
    }
    return page;
  };
  const first = await read(list.pageNumber ?? 1);
  if (list.pageNumber === undefined) {
    let outcome = await readRest(read, first, list.pageSize);
    for (let reading = 2; reading <= maxReadings && !isWhole(outcome, rows.size); reading++) {
      const known = rows.size;
      outcome = await readRest(read, await read(1), list.pageSize);
      if (rows.size === known) {
        break;
      }
    }
  }
  return { rows: [...rows.values()], first: first.answer };
}

interface Page {
  readonly answer: RpcAnswer;
  readonly rows: readonly unknown[];
  /** Undefined where the answer tells none. */
  readonly total: number | undefined;
}

/** What one reading of the list saw. */
interface Outcome {
  readonly firstTotal: number;
  readonly lastTotal: number;
}

function isWhole({ firstTotal, lastTotal }: Outcome, rowCount: number): boolean {
  return lastTotal >= firstTotal && rowCount >= lastTotal;
}

async function readRest(
  read: (pageNumber: number) => Promise<Page>,
  first: Page,
  pageSize: number,
): Promise<Outcome> {
  const short = first.rows.length < pageSize;
  if (first.total === undefined ? !short : short && first.rows.length < first.total) {
    return readOneByOne(read, first);
  }
  const firstTotal = first.total ?? first.rows.length;
  let lastTotal = firstTotal;
  for (let pages = 1; pages * pageSize < lastTotal;) {
    const lastPage = Math.ceil(lastTotal / pageSize);
    const numbers = Array.from({ length: lastPage - pages }, (_, index) => pages + 1 + index);
    const totals = (await Promise.all(numbers.map(read))).map(({ total }) => total ?? lastTotal);
    lastTotal = totals.at(-1) ?? lastTotal;
    pages = lastPage;
  }
  return { firstTotal, lastTotal };
}

/**
 * For a list without a total, or with pages smaller than was asked for: page after page until one brings
 * nothing. Such a total counts something else than rows, so it proves no loss.
 */
async function readOneByOne(read: (pageNumber: number) => Promise<Page>, first: Page): Promise<Outcome> {
  const seen = new Set(first.rows.map((row) => JSON.stringify(row)));
  for (let pageNumber = 2, known = -1; seen.size > known; pageNumber++) {
    known = seen.size;
    for (const row of (await read(pageNumber)).rows) {
      seen.add(JSON.stringify(row));
    }
  }
  return { firstTotal: 0, lastTotal: 0 };
}

async function readPage(client: RdsClient, list: PagedAction, pageNumber: number): Promise<Page> {
  try {
    const answer = await client.call(list.action, {
      ...list.parameters,
      PageSize: list.pageSize,
      PageNumber: pageNumber,
    });
    const total = Number(answer[list.totalField] ?? NaN);
    return {
      answer,
      rows: itemsOf(list.action, answer),
      total: Number.isSafeInteger(total) && total >= 0 ? total : undefined,
    };
  } catch (error) {
    // A list that became shorter while it was read ends here.
    if (error instanceof RdsApiError && error.code === "InvalidPage.notFound" && pageNumber > 1) {
      return { answer: {}, rows: [], total: undefined };
    }
    throw error;
  }
}

/**
 * The rows of `Items`. RPC answers hold `{Item: [...]}`, `{Item: {...}}` for a single one, and `{}`,
 * `{Item: []}`, `[]` or nothing at all for none.
 *
 * @throws RdsApiError of code InvalidResponse where `Items` is something else
 */
export function itemsOf(action: string, answer: RpcAnswer): readonly unknown[] {
  if (answer["Items"] === undefined && answer["RequestId"] === undefined) {
    throw new RdsApiError({
      action,
      code: "InvalidResponse",
      reason: "there are neither Items nor a RequestId",
    });
  }
  const items = answer["Items"] ?? {};
  const list = isObject(items) && !Array.isArray(items) ? (items["Item"] ?? []) : items;
  const rows: unknown[] = Array.isArray(list) ? list : [list];
  if (!rows.every(isObject)) {
    throw new RdsApiError({ action, code: "InvalidResponse", reason: "Items is not a list of records" });
  }
  return rows;
}

/** The id of a row; without one, all that it says. */
export function identityOf(row: unknown, idField: string): string {
  const id = isObject(row) ? row[idField] : undefined;
  return (typeof id === "number" || typeof id === "string") && id !== 0 && id !== "0"
    ? String(id)
    : JSON.stringify(row);
}
