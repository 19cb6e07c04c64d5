import { ListShift, sign, type ShiftSign } from "./list-shift";

/**
 * If a page is empty before the total is reached, so many pages after the last one with rows must be empty for the list
 * to end there. A total may count something else than rows, and a fault may leave a single page empty.
 */
const emptyPagesAtEnd = 2;

/** How a list is read. */
export interface Plan {
  readonly read: (pageNumber: number) => Promise<Page>;
  readonly pageSize: number;
  readonly pagesAtOnce: number;
}

/** One page of a list. */
export interface Page {
  readonly rows: readonly IdentifiedRow[];
  /** Undefined if the answer has none. */
  readonly total: number | undefined;
}

interface IdentifiedRow {
  readonly row: unknown;
  readonly identity: string;
}

/** Takes a page of a reading. */
export type TakePage = (page: Page, pageNumber: number) => void;

/** Reads a list once. Returns what shows that it shifted meanwhile, so that a row may be missing. */
export async function readList(plan: Plan, take: TakePage): Promise<ShiftSign | undefined> {
  const first = await plan.read(1);
  const { rows, total = 0 } = first;
  if (rows.length === total) {
    take(first, 1);
    return undefined;
  }
  return total < rows.length || (rows.length > 0 && rows.length < plan.pageSize)
    ? readOneByOne(plan, first, take)
    : readByTotal(plan, first, total, take);
}

async function readByTotal(
  { read, pageSize, pagesAtOnce }: Plan,
  first: Page,
  firstTotal: number,
  take: TakePage,
): Promise<ShiftSign | undefined> {
  const shift = new ListShift(true);
  let total = firstTotal;
  let next = 1;
  let lastWithRows = 0;
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
  return shift.sign;
}

/**
 * For a list without a total, with pages smaller than was asked for, or with a total that counts something else
 * than rows: page after page until one has no new row.
 */
async function readOneByOne(
  { read, pageSize }: Plan,
  first: Page,
  take: TakePage,
): Promise<ShiftSign | undefined> {
  const shift = new ListShift(false);
  const pages: Page[] = [];
  let page = first;
  while (shift.isNew(page)) {
    pages.push(page);
    shift.look(page, pages.length);
    page = await read(pages.length + 1);
  }
  take({ rows: [...pages, page].flatMap(({ rows }) => rows), total: first.total }, 1);
  const { total = 0 } = first;
  // A short first page that comes again may be all that there is.
  const mayHaveMore = total > shift.rowCount || (pages.length === 1 && first.rows.length >= pageSize);
  return page.rows.length > 0 && mayHaveMore
    ? sign(`page ${pages.length + 1} repeats the rows of the pages before it`, true)
    : shift.sign;
}
