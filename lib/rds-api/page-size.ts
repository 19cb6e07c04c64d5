import { ifGiven, InvalidRequestError } from "../validation/checks";

/** Page sizes that the API takes. */
const pageSizes: readonly number[] = [30, 50, 100];

/** Rows asked for in one page if the caller names no number: the most, for the fewest requests. */
export const defaultPageSize = 100;

const maxPageNumber = 2 ** 31 - 1;

/** Which part of a list a request asks for. */
export interface Paging {
  /** Rows in a page: 30, 50 or 100. @default 100, the fewest requests */
  readonly pageSize?: number;
  /** Only this page, from 1. @default - every page */
  readonly pageNumber?: number;
}

/** Throws unless the page size is one of the API's, and the page number a whole one from 1. */
export function checkPaging({ pageSize, pageNumber }: Paging): void {
  ifGiven(checkPageSize, "pageSize", pageSize);
  ifGiven(checkPageNumber, "pageNumber", pageNumber);
}

function checkPageSize(parameter: string, value: number): void {
  if (!pageSizes.includes(value)) {
    throw new InvalidRequestError(parameter, value, pageSizes.join(", ").replace(/, (\d+)$/, " or $1"));
  }
}

function checkPageNumber(parameter: string, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > maxPageNumber) {
    throw new InvalidRequestError(parameter, value, `a whole number from 1 to ${maxPageNumber}`);
  }
}
