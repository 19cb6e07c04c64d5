import { isObject } from "../backup/row";
import { ListShift } from "./list-shift";
import { RdsApiError } from "./rds-api-error";
import type { RdsClient } from "./rds-client";
import type { RpcAnswer, RpcParameters } from "./rpc-transport";

/** Times that a list which changed while it was read is read in all. */
const maxReadings = 3;

/**
 * Where a page is empty before the total is reached, so many that follow the last one with rows must be empty for the
 * list to end there: a total may count something else than rows, and a single page may come up empty by a fault.
 */
const emptyPagesAtEnd = 2;

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

/** How a list is read. */
interface Plan {
  readonly read: ReadPage;
  readonly pageSize: number;
  readonly pagesAtOnce: number;
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
 * Rows that say the same, but for their links, are told once. Rows of one id that differ are all told: which of
 * them holds is not for the reader of a list to say. Where a shift shows (the total changed, an id came from two
 * pages, a page is short though rows follow) the list is read again, at most three times: a whole reading is the
 * answer; without one, everything that the later readings brought.
 *
 * @param newFold makes what takes the rows of a reading
 */
export async function foldPages<T>(
  client: RdsClient,
  list: PagedAction,
  newFold: () => PageFold<T>,
): Promise<T> {
  const read: ReadPage = (pageNumber) => readPage(client, list, pageNumber);
  if (list.pageNumber !== undefined) {
    return foldAll(newFold(), [await read(list.pageNumber)]);
  }
  const fold = newFold();
  const add = ({ rows }: Page, pageNumber: number): void => {
    fold.add(distinctRows([{ rows }]), pageNumber);
  };
  // As many as the client sends at once: a total may count something else than rows, and promise pages that are not there.
  const plan: Plan = { read, pageSize: list.pageSize, pagesAtOnce: client.concurrency };
  return (await readList(plan, add)) ? fold.result() : foldAll(newFold(), await readHeld(plan));
}

/** The pages of a list that does not stand still: those of a whole reading, or of all of them. */
async function readHeld(plan: Plan): Promise<readonly Page[]> {
  const held: Page[] = [];
  for (let count = 2; count <= maxReadings; count++) {
    const pages: Page[] = [];
    if (await readList(plan, (page, pageNumber) => (pages[pageNumber] = page))) {
      return pages.flat();
    }
    held.push(...pages.flat());
  }
  return held;
}

function foldAll<T>(fold: PageFold<T>, pages: readonly Page[]): T {
  fold.add(distinctRows(pages), 1);
  return fold.result();
}

type TakePage = (page: Page, pageNumber: number) => void;

/** Reads a list once; false where something shows that it shifted meanwhile, so that a row may have been missed. */
async function readList(plan: Plan, take: TakePage): Promise<boolean> {
  const { read, pageSize } = plan;
  const first = await read(1);
  const { rows, total } = first;
  if (rows.length === 0 || rows.length === total) {
    take(first, 1);
    return true;
  }
  if (total === undefined || total < rows.length || rows.length < pageSize) {
    // One that proves no loss: its rows may come from more than one page.
    const pages = await readOneByOne(read, first);
    take({ rows: pages.flatMap((page) => page.rows), total }, 1);
    return true;
  }
  return readByTotal(plan, first, total, take);
}

async function readByTotal(
  { read, pageSize, pagesAtOnce }: Plan,
  first: Page,
  firstTotal: number,
  take: TakePage,
): Promise<boolean> {
  const shift = new ListShift(pageSize);
  let total = firstTotal;
  let next = 1;
  let lastWithRows = 1;
  let isOneEmpty = false;
  const takeNext = (page: Page, pageNumber: number): void => {
    shift.look(page, pageNumber);
    take(page, pageNumber);
    total = page.total ?? total;
    if (page.rows.length === 0) {
      isOneEmpty = true;
    } else {
      lastWithRows = Math.max(lastWithRows, pageNumber);
    }
  };
  const isAtEnd = (): boolean => isOneEmpty && next >= lastWithRows + emptyPagesAtEnd;
  const readOn = async (): Promise<void> => {
    while (!isAtEnd() && next * pageSize < total) {
      next += 1;
      const pageNumber = next;
      takeNext(await read(pageNumber), pageNumber);
    }
  };
  takeNext(first, 1);
  await Promise.all(Array.from({ length: pagesAtOnce }, readOn));
  return !shift.isSeen;
}

/**
 * For a list without a total, with pages smaller than was asked for, or with a total that counts something else
 * than rows and so proves no loss: page after page until one brings nothing new.
 */
async function readOneByOne(read: ReadPage, first: Page): Promise<readonly Page[]> {
  const pages = [first];
  const identities = new Set(first.rows.map(({ identity }) => identity));
  for (let known = 0; identities.size > known;) {
    known = identities.size;
    const page = await read(pages.length + 1);
    pages.push(page);
    page.rows.forEach(({ identity }) => identities.add(identity));
  }
  return pages;
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
