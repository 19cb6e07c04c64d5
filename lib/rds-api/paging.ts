import { isDeepStrictEqual } from "node:util";
import { isObject, optional } from "../backup/json-object";
import { RdsApiError } from "./errors/rds-api-error";
import { defaultPageSize, type Paging } from "./page-size";
import type { RdsClient, RpcAnswer, RpcParameters } from "./rds-client";
import { type Page, type Plan, readList } from "./read-list";

/** Times that a list is read in all, if it changes while it is read. */
const maxReadings = 3;

const linkForm = /Link(?:ExpiredTime)?$/;

/** A list that the API answers in pages. */
export interface PagedAction<R> {
  readonly action: string;
  readonly parameters: RpcParameters;
  /** Which pages are read, and how long they are. @default - every page, of the default size */
  readonly paging?: Paging;
  /** Whether a list with fewer rows than its total is an error. @default - the total may count something else */
  readonly isTotalExact?: boolean;
  /** Name of the field of `Items` that contains the rows. @default "Item" */
  readonly rowsField?: string;
  /** Name of the field that has the total. @default "TotalRecordCount" */
  readonly totalField?: string;
  /** Name of the field that identifies a row. */
  readonly idField: string;
  readonly parse: (row: unknown) => R;
}

/** Takes the rows of a list while its pages come in, so that nobody has to hold them. */
export interface PageFold<R> {
  /**
   * Takes the rows of a page, in whatever order the pages come. Rows of one id come together, and only those that
   * differ.
   */
  add(rows: readonly R[], pageNumber: number): void;
}

/**
 * Reads every page of a list, in the order of the API: as `foldPages`, but holds all of its rows.
 */
export async function readAllPages<R>(client: RdsClient, list: PagedAction<R>): Promise<readonly R[]> {
  const { pages } = await foldPages(client, list, () => {
    const pages: (readonly R[])[] = [];
    return { pages, add: (rows: readonly R[], pageNumber: number) => (pages[pageNumber] = rows) };
  });
  return pages.flat();
}

/**
 * Reads every page of a list: the first, which has the total, then the others at once. One request a page. Of a page
 * that was read, only the ids are held.
 *
 * Rows that say the same, but for their links, come once. Rows of one id that differ all come: the reader of a list
 * cannot say which of them is right. A sign can show that the list shifted: the total changed, an id came on two pages, or
 * a page is short though rows follow. Then the list is read again, at most three times in all.
 *
 * @param newFold makes what takes the rows of one reading
 * @returns the fold that took all rows
 * @throws RdsApiError of code InconsistentList if no reading was complete: the missing row may be the newest one
 */
export async function foldPages<R, F extends PageFold<R>>(
  client: RdsClient,
  list: PagedAction<R>,
  newFold: () => F,
): Promise<F> {
  const fold = newFold();
  const take = (to: F, pages: readonly Pick<Page, "rows">[], pageNumber: number): F => {
    to.add(distinctRows(pages).map(list.parse), pageNumber);
    return to;
  };
  const read: Plan["read"] = (pageNumber) => readPage(client, list, pageNumber);
  if (list.paging?.pageNumber !== undefined) {
    return take(fold, [await read(list.paging.pageNumber)], 1);
  }
  const pageSize = list.paging?.pageSize ?? defaultPageSize;
  // As many as the client sends at once: a total may count something else than rows, so that pages do not exist.
  const { isTotalExact } = list;
  const plan: Plan = { read, pageSize, pagesAtOnce: client.concurrency, ...optional("isTotalExact", isTotalExact) };
  const shift = await readList(plan, (page, pageNumber) => take(fold, [page], pageNumber));
  return shift === undefined ? fold : take(newFold(), await readHeld(plan, list.action), 1);
}

/** The pages of a complete reading, or those of a list that says the same twice. */
async function readHeld(plan: Plan, action: string): Promise<readonly Page[]> {
  let before: readonly Page[] = [];
  for (let count = 2; ; count++) {
    const pages: Page[] = [];
    const shift = await readList(plan, (page, pageNumber) => (pages[pageNumber] = page));
    const held = pages.flat();
    if (shift === undefined || (shift.isOfStillLists && isSameList(before, held))) {
      return held;
    }
    if (count === maxReadings) {
      const reason = `${maxReadings} readings of the list were incomplete; in the last one ${shift.reason}`;
      throw new RdsApiError({ action, code: "InconsistentList", reason });
    }
    before = held;
  }
}

/** Whether two readings have the same rows, each of them once. Then nothing shifted between their pages. */
function isSameList(one: readonly Page[], other: readonly Page[]): boolean {
  const [contents, others] = [one, other].map((pages) =>
    pages.flatMap(({ rows }) => rows.map(({ row }) => contentOf(row))),
  );
  return isDeepStrictEqual(contents, others) && new Set(contents).size === contents?.length;
}

async function readPage<R>(client: RdsClient, list: PagedAction<R>, pageNumber: number): Promise<Page> {
  try {
    const parameters = {
      ...list.parameters,
      PageSize: list.paging?.pageSize ?? defaultPageSize,
      PageNumber: pageNumber,
    };
    return await client.callAndRead(list.action, parameters, (answer) => {
      const count = answer[list.totalField ?? "TotalRecordCount"];
      // An object of the JSON parser has no prototype, and so no number.
      const total = typeof count === "object" ? NaN : Number(count);
      return {
        rows: itemsOf(list.action, answer, list.rowsField).map((row) => ({
          row,
          identity: identityOf(row, list.idField),
        })),
        total: Number.isSafeInteger(total) && total >= 0 ? total : undefined,
      };
    });
  } catch (error) {
    // A list that became shorter while it was read ends here, whatever its total was before.
    if (error instanceof RdsApiError && error.code === "InvalidPage.notFound" && pageNumber > 1) {
      return { rows: [], total: 0 };
    }
    throw error;
  }
}

/** Each row once, in the order of the pages; of rows that say the same, the last one. */
function distinctRows(pages: readonly Pick<Page, "rows">[]): readonly unknown[] {
  const all = pages.flatMap(({ rows }) => rows);
  if (new Set(all.map(({ identity }) => identity)).size === all.length) {
    return all.map(({ row }) => row);
  }
  return [...new Map(all.map(({ row }) => [contentOf(row), row])).values()];
}

/**
 * The rows of `Items`. RPC answers hold `{Item: [...]}`, `{Item: {...}}` for a single one, and `{}`,
 * `{Item: []}`, `[]` or nothing at all for none.
 *
 * @param rowsField what the action calls `Item`
 * @throws RdsApiError of code InvalidResponse if `Items` is something else
 */
export function itemsOf(action: string, answer: RpcAnswer, rowsField = "Item"): readonly unknown[] {
  if (answer["Items"] === undefined && answer["RequestId"] === undefined) {
    throw new RdsApiError({
      action,
      code: "InvalidResponse",
      reason: "there are neither Items nor a RequestId",
    });
  }
  const items = answer["Items"] ?? {};
  const list = isObject(items) && !Array.isArray(items) ? (items[rowsField] ?? []) : items;
  const rows: unknown[] = Array.isArray(list) ? list : [list];
  if (!rows.every(isObject)) {
    throw new RdsApiError({ action, code: "InvalidResponse", reason: "Items is not a list of records" });
  }
  return rows;
}

/** The id of a row; without one, all that it says. */
export function identityOf(row: unknown, idField: string): string {
  const id = isObject(row) ? row[idField] : undefined;
  return (typeof id === "number" || typeof id === "string") && id !== 0 && id !== "0" ? String(id) : contentOf(row);
}

/** All that a row says but its links, which are signed anew for each answer. */
function contentOf(row: unknown): string {
  return JSON.stringify(row, (name, value: unknown) => (linkForm.test(name) ? undefined : value));
}
