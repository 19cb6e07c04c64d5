import { ErrorKind } from "./error-kind";

/** What an error code means, whether a retry can help, and what its reader can do. */
export interface ErrorExplanation {
  readonly kind: ErrorKind;

  /** Whether the same request, signed anew, may succeed within seconds. */
  readonly retryable: boolean;

  /** The next step, in the imperative; lower case, without a full stop. */
  readonly hint: string;
}

/** One error code of the catalogue. */
export interface CatalogueEntry {
  readonly code: string;

  /** The status that the API page gives for the code; undefined where the page does not list it. */
  readonly httpStatus: number | undefined;

  readonly explanation: ErrorExplanation;
}

const passingKinds: ReadonlySet<ErrorKind> = new Set([ErrorKind.THROTTLED, ErrorKind.TRANSIENT]);

/** An explanation; retryable where errors of its kind pass by themselves. */
export function explanationOf(kind: ErrorKind, hint: string): ErrorExplanation {
  return { kind, retryable: passingKinds.has(kind), hint };
}

/** Entries for codes of one kind and one HTTP status, from a hint by code. */
export function catalogueEntries(
  kind: ErrorKind,
  httpStatus: number | undefined,
  hints: Readonly<Record<string, string>>,
): CatalogueEntry[] {
  return Object.entries(hints).map(([code, hint]) => ({
    code,
    httpStatus,
    explanation: explanationOf(kind, hint),
  }));
}
