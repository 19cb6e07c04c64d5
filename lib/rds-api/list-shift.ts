/** What a page says about whether the list shifted. */
interface ReadPage {
  readonly rows: readonly { readonly identity: string }[];
  /** Undefined if the answer has none. */
  readonly total: number | undefined;
}

/** What shows that a list shifted while it was read, so that a row may be missing. */
export interface ShiftSign {
  /** In words, as the end of a sentence. */
  readonly reason: string;
  /** True if a list that stands still can look so too. */
  readonly isOfStillLists: boolean;
}

/**
 * Looks at the pages of a list for a shift between them. A total of more rows than there are is no sign: it may count
 * something else than rows.
 */
export class ListShift {
  private readonly totals = new Set<number>();
  private readonly sizes: number[] = [];
  private readonly identities = new Set<string | number>();
  private identified = 0;
  private firstMissing: number | undefined;

  /** @param countsRows whether the total is one of rows: then more rows than it says are a sign */
  constructor(private readonly countsRows: boolean) {}

  look({ rows, total }: ReadPage, pageNumber: number): void {
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
  isNew({ rows }: ReadPage): boolean {
    return rows.some(({ identity }) => !this.identities.has(compact(identity)));
  }

  /** Rows of all pages; those of one id in one page count once. */
  get rowCount(): number {
    return this.identified;
  }

  get sign(): ShiftSign | undefined {
    const [total = 0, changed] = this.totals;
    if (changed !== undefined) {
      return sign(`its total changed from ${total} to ${changed}`);
    }
    if (this.countsRows && this.identified > total) {
      return sign(`its pages have ${this.identified} rows, but its total is ${total}`);
    }
    const last = this.sizes.findLastIndex((size) => size > 0);
    const largest = Math.max(0, ...this.sizes);
    const short = this.sizes.findIndex((size, index) => index < last && size < largest);
    if (short >= 0) {
      return sign(
        `page ${short + 1} has only ${this.sizes[short] ?? 0} rows, but rows follow on page ${last + 1}`,
      );
    }
    if (this.identities.size < this.identified) {
      return sign("the same id came on two pages", true);
    }
    return this.firstMissing === undefined
      ? undefined
      : sign(`page ${this.firstMissing} does not exist, but its total promises it`, true);
  }
}

/** A sign of a shift. */
export function sign(reason: string, isOfStillLists = false): ShiftSign {
  return { reason, isOfStillLists };
}

/** An id in less room: that is all that is held of a list, whatever its length. */
function compact(identity: string): string | number {
  return /^[1-9]\d{0,8}$/.test(identity) ? Number(identity) : identity;
}
