import { isObject } from "../backup/row";
import { RdsApiError } from "./rds-api-error";
import type { RdsClient } from "./rds-client";
import type { RpcAnswer, RpcParameters } from "./rpc-transport";

/** Times that a list which changed while it was read is read in all. */
const maxReadings = 3;

/** Pages that are asked for before it is looked at whether they held anything: a total may count something else. */
const pagesAtOnce = 20;

const linkForm = /Link(?:ExpiredTime)?$/;

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

type ReadPage = (pageNumber: number) => Promise<Page>;

interface Page {
  /** The rows, by what tells them apart. */
  readonly rows: ReadonlyMap<string, unknown>;
  readonly rowCount: number;
  /** Undefined where the answer tells none. */
  readonly total: number | undefined;
}

/** What one reading of a list brought. */
interface Reading {
  readonly rows: ReadonlyMap<string, unknown>;
  /** Whether no row can have been missed because the list changed meanwhile. */
  readonly isWhole: boolean;
}

/**
 * Reads every page of a list: the first, which tells the total, then the others at once. One request a page.
 *
 * Rows that are told twice, because the list shifted between two pages, are kept once, as they were told last;
 * where a shift may have hidden a row (the total fell, or fewer rows came than it says) the list is read again,
 * at most three times.
 */
export async function readAllPages(client: RdsClient, list: PagedAction): Promise<readonly unknown[]> {
  const read: ReadPage = (pageNumber) => readPage(client, list, pageNumber);
  if (list.pageNumber !== undefined) {
    return [...(await read(list.pageNumber)).rows.values()];
  }
  let rows: ReadonlyMap<string, unknown> = new Map();
  for (let count = 1; count <= maxReadings; count++) {
    const known = rows.size;
    const reading = await readList(read, list.pageSize);
    rows = new Map([...rows, ...reading.rows]);
    const isNews = count === 1 || rows.size > known;
    if (reading.isWhole || !isNews) {
      break;
    }
  }
  return [...rows.values()];
}

async function readList(read: ReadPage, pageSize: number): Promise<Reading> {
  const first = await read(1);
  const { rowCount, total } = first;
  if (rowCount === 0 || rowCount === total) {
    return { rows: first.rows, isWhole: true };
  }
  return total === undefined || total < rowCount || rowCount < pageSize
    ? readOneByOne(read, first)
    : readByTotal(read, first, total, pageSize);
}

async function readByTotal(
  read: ReadPage,
  first: Page,
  firstTotal: number,
  pageSize: number,
): Promise<Reading> {
  const pages = [first];
  let total = firstTotal;
  let isAtEnd = false;
  while (!isAtEnd && pages.length * pageSize < total) {
    const count = Math.min(Math.ceil(total / pageSize) - pages.length, pagesAtOnce);
    const next = await Promise.all(
      Array.from({ length: count }, (_, index) => read(pages.length + 1 + index)),
    );
    pages.push(...next);
    total = next.at(-1)?.total ?? total;
    isAtEnd = next.some(({ rowCount }) => rowCount === 0);
  }
  const rows = new Map(pages.flatMap((page) => [...page.rows]));
  return { rows, isWhole: total >= firstTotal && rows.size >= total };
}

/**
 * For a list without a total, with pages smaller than was asked for, or with a total that counts something else
 * than rows and so proves no loss: page after page until one brings nothing new.
 */
async function readOneByOne(read: ReadPage, first: Page): Promise<Reading> {
  const rows = new Map(first.rows);
  for (let pageNumber = 2, known = 0; rows.size > known; pageNumber++) {
    known = rows.size;
    for (const [identity, row] of (await read(pageNumber)).rows) {
      rows.set(identity, row);
    }
  }
  return { rows, isWhole: true };
}

async function readPage(client: RdsClient, list: PagedAction, pageNumber: number): Promise<Page> {
  try {
    const answer = await client.call(list.action, {
      ...list.parameters,
      PageSize: list.pageSize,
      PageNumber: pageNumber,
    });
    const rows = itemsOf(list.action, answer);
    const total = Number(answer[list.totalField] ?? NaN);
    return {
      rows: new Map(rows.map((row) => [list.identityOf(row), row])),
      rowCount: rows.length,
      total: Number.isSafeInteger(total) && total >= 0 ? total : undefined,
    };
  } catch (error) {
    // A list that became shorter while it was read ends here.
    if (error instanceof RdsApiError && error.code === "InvalidPage.notFound" && pageNumber > 1) {
      return { rows: new Map(), rowCount: 0, total: undefined };
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

/** The id of a row; without one, all that it says but its links, which are signed anew for each answer. */
export function identityOf(row: unknown, idField: string): string {
  const id = isObject(row) ? row[idField] : undefined;
  return (typeof id === "number" || typeof id === "string") && id !== 0 && id !== "0"
    ? String(id)
    : JSON.stringify(row, (name, value: unknown) => (linkForm.test(name) ? undefined : value));
}
