import { isDeepStrictEqual } from "node:util";
import { isObject } from "../backup/json-object";
import { RdsApiError } from "./errors/rds-api-error";
import type { RdsClient } from "./rds-client";
import { type Page, type Plan, readList } from "./read-list";
import type { RpcAnswer, RpcParameters } from "./rpc-transport";

/** Times that a list which changed while it was read is read in all. */
const maxReadings = 3;

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

/** What is made of the rows of a list while its pages come in, so that none of them has to be held. */
export interface PageFold<T> {
  /**
   * Takes the rows of a page, in whatever order the pages come. Rows of one id come together, and only those that
   * differ.
   */
  add(rows: readonly unknown[], pageNumber: number): void;
  /** What they come to, once all are there. */
  result(): T;
}

/**
 * Reads every page of a list, in the order of the API: as `foldPages`, with all of its rows held.
 */
export async function readAllPages(client: RdsClient, list: PagedAction): Promise<readonly unknown[]> {
  return foldPages(client, list, () => {
    const pages: (readonly unknown[])[] = [];
    return { add: (rows, pageNumber) => (pages[pageNumber] = rows), result: () => pages.flat() };
  });
}

/**
 * Reads every page of a list: the first, which tells the total, then the others at once. One request a page. Of a
 * page that was read, only the ids are held.
 *
 * Rows that say the same, but for their links, come once. Rows of one id that differ all come: the reader of a list
 * cannot say which of them holds. If a sign shows that the list shifted (the total changed, an id came on two pages,
 * a page is short though rows follow), the list is read again, at most three times in all.
 *
 * @param newFold makes what takes the rows of a reading
 * @throws RdsApiError of code InconsistentList if no reading was whole: the newest row may be the one that is missing
 */
export async function foldPages<T>(
  client: RdsClient,
  list: PagedAction,
  newFold: () => PageFold<T>,
): Promise<T> {
  const read: Plan["read"] = (pageNumber) => readPage(client, list, pageNumber);
  if (list.pageNumber !== undefined) {
    return foldAll(newFold(), [await read(list.pageNumber)]);
  }
  const fold = newFold();
  const add = ({ rows }: Page, pageNumber: number): void => {
    fold.add(distinctRows([{ rows }]), pageNumber);
  };
  // As many as the client sends at once: a total may count something else than rows, and promise pages that are not there.
  const plan: Plan = { read, pageSize: list.pageSize, pagesAtOnce: client.concurrency };
  return (await readList(plan, add)) === undefined
    ? fold.result()
    : foldAll(newFold(), await readHeld(plan, list.action));
}

/** The pages of a whole reading, or those of a list that twice says the same. */
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
      const reason = `${maxReadings} readings of the list were not whole; in the last one ${shift.reason}`;
      throw new RdsApiError({ action, code: "InconsistentList", reason });
    }
    before = held;
  }
}

/** Whether two readings have the same rows, and each row once. Then nothing shifted between their pages. */
function isSameList(one: readonly Page[], other: readonly Page[]): boolean {
  const [contents, others] = [one, other].map((pages) =>
    pages.flatMap(({ rows }) => rows.map(({ row }) => contentOf(row))),
  );
  return isDeepStrictEqual(contents, others) && new Set(contents).size === contents?.length;
}

function foldAll<T>(fold: PageFold<T>, pages: readonly Page[]): T {
  fold.add(distinctRows(pages), 1);
  return fold.result();
}

async function readPage(client: RdsClient, list: PagedAction, pageNumber: number): Promise<Page> {
  try {
    const parameters = { ...list.parameters, PageSize: list.pageSize, PageNumber: pageNumber };
    return await client.callAndRead(list.action, parameters, (answer) => {
      const told = answer[list.totalField];
      // An object of the JSON parser has no prototype, and so no number.
      const total = typeof told === "object" ? NaN : Number(told);
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

/** Each row once, in the order of the pages; what was told last of those that say the same. */
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
