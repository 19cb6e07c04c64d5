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
  /** What tells which record a row is about. */
  readonly identityOf: (row: unknown) => string;
}

type ReadPage = (pageNumber: number) => Promise<Page>;

interface Page {
  readonly rows: readonly IdentifiedRow[];
  /** Undefined where the answer tells none. */
  readonly total: number | undefined;
}

interface IdentifiedRow {
  readonly row: unknown;
  readonly identity: string;
}

/** What one reading of a list brought. */
interface Reading {
  readonly pages: readonly Page[];
  /** Whether nothing shows that the list shifted meanwhile, so that a row may have been missed. */
  readonly isWhole: boolean;
}

/**
 * Reads every page of a list: the first, which tells the total, then the others at once. One request a page.
 *
 * Rows that say the same, but for their links, are kept once. Rows of one id that differ are all kept: which of
 * them holds is not for the reader of a list to say. Where a shift shows (the total changed, an id came from two
 * pages, a page is short though rows follow) the list is read again, at most three times: a whole reading is the
 * answer; without one, everything that was read.
 */
export async function readAllPages(client: RdsClient, list: PagedAction): Promise<readonly unknown[]> {
  const read: ReadPage = (pageNumber) => readPage(client, list, pageNumber);
  if (list.pageNumber !== undefined) {
    return distinctRows([await read(list.pageNumber)]);
  }
  let pages: readonly Page[] = [];
  for (let count = 1; count <= maxReadings; count++) {
    const reading = await readList(read, list.pageSize);
    if (reading.isWhole) {
      return distinctRows(reading.pages);
    }
    const known = distinctRows(pages).length;
    pages = [...pages, ...reading.pages];
    if (count > 1 && distinctRows(pages).length === known) {
      break;
    }
  }
  return distinctRows(pages);
}

async function readList(read: ReadPage, pageSize: number): Promise<Reading> {
  const first = await read(1);
  const { rows, total } = first;
  if (rows.length === 0 || rows.length === total) {
    return { pages: [first], isWhole: true };
  }
  return total === undefined || total < rows.length || rows.length < pageSize
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
    isAtEnd = next.some(({ rows }) => rows.length === 0);
  }
  return { pages, isWhole: !hasShifted(pages, pageSize) };
}

/** A total that tells more than there is shows no shift: it may count something else than rows. */
function hasShifted(pages: readonly Page[], pageSize: number): boolean {
  const totals = pages.flatMap(({ total }) => total ?? []);
  const beforeLast = pages.slice(
    0,
    pages.findLastIndex(({ rows }) => rows.length > 0),
  );
  const idsOfPages = pages.flatMap(({ rows }) => [...new Set(rows.map(({ identity }) => identity))]);
  return (
    new Set(totals).size > 1 ||
    beforeLast.some(({ rows }) => rows.length < pageSize) ||
    new Set(idsOfPages).size < idsOfPages.length
  );
}

/**
 * For a list without a total, with pages smaller than was asked for, or with a total that counts something else
 * than rows and so proves no loss: page after page until one brings nothing new.
 */
async function readOneByOne(read: ReadPage, first: Page): Promise<Reading> {
  const pages = [first];
  const identities = new Set(first.rows.map(({ identity }) => identity));
  for (let known = 0; identities.size > known;) {
    known = identities.size;
    const page = await read(pages.length + 1);
    pages.push(page);
    page.rows.forEach(({ identity }) => identities.add(identity));
  }
  return { pages, isWhole: true };
}

async function readPage(client: RdsClient, list: PagedAction, pageNumber: number): Promise<Page> {
  try {
    const parameters = { ...list.parameters, PageSize: list.pageSize, PageNumber: pageNumber };
    return await client.callAndRead(list.action, parameters, (answer) => {
      const total = Number(answer[list.totalField] ?? NaN);
      return {
        rows: itemsOf(list.action, answer).map((row) => ({ row, identity: list.identityOf(row) })),
        total: Number.isSafeInteger(total) && total >= 0 ? total : undefined,
      };
    });
  } catch (error) {
    // A list that became shorter while it was read ends here, whatever total it told before.
    if (error instanceof RdsApiError && error.code === "InvalidPage.notFound" && pageNumber > 1) {
      return { rows: [], total: 0 };
    }
    throw error;
  }
}

/** Each row once, in the order of the pages. */
function distinctRows(pages: readonly Page[]): readonly unknown[] {
  const rows = pages.flatMap((page) => page.rows.map(({ row }) => [contentOf(row), row] as const));
  return [...new Map(rows).values()];
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
    : contentOf(row);
}

/** All that a row says but its links, which are signed anew for each answer. */
function contentOf(row: unknown): string {
  return JSON.stringify(row, (name, value: unknown) => (linkForm.test(name) ? undefined : value));
}
