/** What of a page tells whether the list shifted. */
interface ReadPage {
  readonly rows: readonly { readonly identity: string }[];
  /** Undefined where the answer tells none. */
  readonly total: number | undefined;
}

/**
 * Looks at the pages of a list for a shift between them, so that a row may have been missed or told twice. A total
 * that tells more than there is shows none: it may count something else than rows.
 */
export class ListShift {
  private readonly totals = new Set<number>();
  private readonly sizes: number[] = [];
  private readonly identities = new Set<string | number>();
  private identified = 0;

  constructor(private readonly pageSize: number) {}

  look({ rows, total }: ReadPage, pageNumber: number): void {
    if (total !== undefined) {
      this.totals.add(total);
    }
    this.sizes[pageNumber - 1] = rows.length;
    const ofPage = new Set(rows.map(({ identity }) => identity));
    this.identified += ofPage.size;
    ofPage.forEach((identity) => this.identities.add(compact(identity)));
  }

  get isSeen(): boolean {
    const last = this.sizes.findLastIndex((size) => size > 0);
    return (
      this.totals.size > 1 ||
      this.sizes.slice(0, Math.max(0, last)).some((size) => size < this.pageSize) ||
      this.identities.size < this.identified
    );
  }
}

/** An id in less room: that is all that is held of a list, whatever its length. */
function compact(identity: string): string | number {
  return /^[1-9]\d{0,8}$/.test(identity) ? Number(identity) : identity;
}
