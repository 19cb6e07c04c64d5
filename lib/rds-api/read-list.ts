/**
 * Empty pages, after the last one with rows, that end a list before its total is reached. A total may count something
 * else than rows, and a fault may leave a single page empty.
 */
const emptyPagesAtEnd = 2;

/** How a list is read. */
export interface Plan {
  readonly read: (pageNumber: number) => Promise<Page>;
  readonly pageSize: number;
  readonly pagesAtOnce: number;
  /** Whether a list with fewer rows than its total is incomplete. */
  readonly isTotalExact?: boolean;
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

/** Reads a list once. Returns the sign that it shifted meanwhile, so that a row may be missing. */
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
  { read, pageSize, pagesAtOnce, isTotalExact }: Plan,
  first: Page,
  firstTotal: number,
  take: TakePage,
): Promise<ShiftSign | undefined> {
  const shift = new ListShift(true, isTotalExact);
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
 * Reads page after page until one has no new row: for a list without a total, with pages that are smaller than
 * requested, or with a total that counts something else than rows.
 */
async function readOneByOne(
  { read, pageSize, isTotalExact }: Plan,
  first: Page,
  take: TakePage,
): Promise<ShiftSign | undefined> {
  const shift = new ListShift(false, isTotalExact);
  const pages: Page[] = [];
  let page = first;
  while (shift.isNew(page)) {
    pages.push(page);
    shift.look(page, pages.length);
    page = await read(pages.length + 1);
  }
  take({ rows: [...pages, page].flatMap(({ rows }) => rows), total: first.total }, 1);
  const { total = 0 } = first;
  // A short first page that comes again may be the whole list.
  const mayHaveMore = total > shift.rowCount || (pages.length === 1 && first.rows.length >= pageSize);
  return page.rows.length > 0 && mayHaveMore
    ? sign(`page ${pages.length + 1} repeats the rows of the pages before it`, true)
    : shift.sign;
}

/** What shows that a list shifted while it was read, so that a row may be missing. */
export interface ShiftSign {
  /** In words, as the end of a sentence. */
  readonly reason: string;
  /** True if a list that does not change can look so too. */
  readonly isOfStillLists: boolean;
}

/**
 * Looks for a shift between the pages of a list. A total that is too high is no sign: it may count something else than
 * rows.
 */
class ListShift {
  private readonly totals = new Set<number>();
  private readonly sizes: number[] = [];
  private readonly identities = new Set<string | number>();
  private identified = 0;
  private firstMissing: number | undefined;

  /**
   * @param countsRows whether the total counts rows: then more rows than the total are a sign
   * @param isTotalExact whether fewer rows are a sign as well
   */
  constructor(
    private readonly countsRows: boolean,
    private readonly isTotalExact = false,
  ) {}

  look({ rows, total }: Page, pageNumber: number): void {
    if (total === 0 && rows.length === 0) {
      // The list ends before this page, whatever the other pages say.
      this.firstMissing = Math.min(pageNumber, this.firstMissing ?? pageNumber);
    } else if (total !== undefined) {
      this.totals.add(total);
    }
    this.sizes[pageNumber - 1] = rows.length;
    const ofPage = new Set(rows.map(({ identity }) => identity));
    this.identified += ofPage.size;
    ofPage.forEach((identity) => this.identities.add(compact(identity)));
  }

  /** Whether a page has a row that no page before it had. */
  isNew({ rows }: Page): boolean {
    return rows.some(({ identity }) => !this.identities.has(compact(identity)));
  }

  /** Rows of all pages; rows of one id in one page count once. */
  get rowCount(): number {
    return this.identified;
  }

  get sign(): ShiftSign | undefined {
    const [total = 0, changed] = this.totals;
    if (changed !== undefined) {
      return sign(`its total changed from ${total} to ${changed}`);
    }
    if ((this.countsRows && this.identified > total) || (this.isTotalExact && this.identities.size < total)) {
      return sign(`its pages have ${this.identified} rows, but its total is ${total}`);
    }
    const last = this.sizes.findLastIndex((size) => size > 0);
    const largest = Math.max(0, ...this.sizes);
    const short = this.sizes.findIndex((size, index) => index < last && size < largest);
    if (short >= 0) {
      return sign(`page ${short + 1} has only ${this.sizes[short] ?? 0} rows, but rows follow on page ${last + 1}`);
    }
    if (this.identities.size < this.identified) {
      return sign("the same id came on two pages", true);
    }
    return this.firstMissing === undefined
      ? undefined
      : sign(`page ${this.firstMissing} does not exist, but its total says that it does`, true);
  }
}

function sign(reason: string, isOfStillLists = false): ShiftSign {
  return { reason, isOfStillLists };
}

/** An id in less memory: nothing else of a list is kept. */
function compact(identity: string): string | number {
  return /^[1-9]\d{0,8}$/.test(identity) ? Number(identity) : identity;
}
