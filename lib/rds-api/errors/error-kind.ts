/** What an error means for whoever has to act on it. */
export enum ErrorKind {
  /** The request says something that the API does not accept: change the request. */
  MISUSE = "misuse",

  /** The credentials are missing, wrong, or not allowed to do this: change them, or their permissions. */
  ACCESS = "access",

  /** What the request names does not exist (any more), or not for this account and region. */
  NOT_FOUND = "not-found",

  /** The instance, its version, its region or what is on sale does not allow this. */
  UNSUPPORTED = "unsupported",

  /** The account must be put in order first: payment, identity, risk control. */
  ACCOUNT = "account",

  /** Too many calls in too short a time. */
  THROTTLED = "throttled",

  /** The network or the service failed: the same request may succeed at another time. */
  TRANSIENT = "transient",
}

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

// Hints that codes of more than one table share.

export const missingParameter =
  "add the parameter that the message names: a query needs dbInstanceId and regionId, and either a cross-region backup id or both a start and an end time";

export const invalidParameter =
  "compare the values with the API page: ids as the console shows them, page sizes of 30, 50 or 100, times such as 2024-03-05T02:21:00Z";

export const instanceNotFound =
  "check dbInstanceId, that regionId is the region of the source instance (not of its backups), and that the credentials and resourceGroupId belong to its account. Backups of a released instance may still be listed in the RDS console of the region that keeps them";

export const instanceStatus =
  "wait until the console shows the instance as Running, or unlock it, then run again";

export const serviceFault =
  "run again in a minute and see status.alibabacloud.com for the region; if it stays down, set RDS_DR_MODE=locked to go on with the locked backup";
