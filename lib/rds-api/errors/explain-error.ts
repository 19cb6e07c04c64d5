import { clientErrorCodes, tlsCode, tlsFailure } from "./client-error-codes";
import { commonErrorCodes, errorFamilies } from "./common-error-codes";
import { type CatalogueEntry, type ErrorExplanation, ErrorKind, explanationOf } from "./error-kind";
import { pageErrorCodes, restoreErrorCodes } from "./page-error-codes";

/** Every error code that the project can explain, by code. */
export const errorCatalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  [...pageErrorCodes, ...restoreErrorCodes, ...commonErrorCodes, ...clientErrorCodes].map((entry) => [
    entry.code,
    entry,
  ]),
);

const unreachable = explanationOf(
  ErrorKind.TRANSIENT,
  "check the network to the endpoint and the endpoint itself: no answer of the API came back",
);
const tooManyRequests = explanationOf(
  ErrorKind.THROTTLED,
  "run fewer lookups at a time, or set RDS_DR_MODE=locked, which needs no calls",
);
const timedOut = explanationOf(
  ErrorKind.TRANSIENT,
  "run again; if it stays, check the network to the endpoint: the request did not get there in time",
);
const serverFault = explanationOf(
  ErrorKind.TRANSIENT,
  "run again in a minute; if it stays, open a ticket that quotes the request id, and use RDS_DR_MODE=locked meanwhile",
);
const denied = explanationOf(
  ErrorKind.ACCESS,
  "check which credentials are used and what RAM allows them: RDS refused them",
);
const notFound = explanationOf(
  ErrorKind.NOT_FOUND,
  "check the ids of the request, that they belong to regionId and to the account of the credentials, and the endpoint",
);
const notTheApi = explanationOf(
  ErrorKind.TRANSIENT,
  "check that no proxy or login page answers instead of RDS, and that the endpoint is right: this is no answer of the API",
);
const notRds = pointless(
  "check endpoint and proxy: one of them answered in place of RDS, and the HTTP status is its word",
);
const proxyPassword = pointless(
  "check the user and the password of the proxy in the variable that names it (HTTPS_PROXY, or HTTP_PROXY for an http endpoint): the proxy wants others",
);
const refused = explanationOf(
  ErrorKind.MISUSE,
  "compare the request with what the message says, and look the code up at api.alibabacloud.com/document/Rds/2014-08-15/errorCode",
);

/** An outage that does not pass within seconds. */
function pointless(hint: string): ErrorExplanation {
  return { kind: ErrorKind.TRANSIENT, retryable: false, hint };
}

/** Of a body that RDS did not write, its status alone can say whether it will pass by itself. */
const invalidResponse = "InvalidResponse";

/**
 * What an error means and what to do about it: by its code, else by the family of its code (what stands
 * before the first dot), else by the HTTP status. A page of someone else is an outage whatever its status, so
 * that a locked answer can stand in; only RDS's own JSON can deny access or say that something does not exist.
 *
 * Never throws. Neither a code nor a status means that no answer came.
 */
export function explainError(code: string | undefined, httpStatus: number | undefined): ErrorExplanation {
  if (code === invalidResponse && httpStatus !== undefined && httpStatus >= 300 && httpStatus < 500) {
    const byStatus = explainStatus(httpStatus, true);
    return byStatus.retryable ? byStatus : httpStatus === 407 ? proxyPassword : notRds;
  }
  return (
    (code === undefined ? undefined : explainCode(code)) ?? explainStatus(httpStatus, code !== undefined)
  );
}

function explainCode(code: string): ErrorExplanation | undefined {
  const listed = errorCatalogue.get(code);
  if (listed !== undefined) {
    return listed.explanation;
  }
  if (tlsCode.test(code)) {
    return tlsFailure;
  }
  const [prefix = code] = code.split(".", 1);
  return errorFamilies.get(prefix);
}

function explainStatus(httpStatus: number | undefined, hasCode: boolean): ErrorExplanation {
  if (httpStatus === undefined || !(httpStatus >= 100 && httpStatus < 600)) {
    return unreachable;
  }
  if (httpStatus >= 500) {
    return serverFault;
  }
  switch (httpStatus) {
    case 401:
    case 403:
      return denied;
    case 404:
      return notFound;
    case 408:
      return timedOut;
    case 429:
      return tooManyRequests;
  }
  // A refusal names a code, or is a 4xx. The rest is a redirect or a page that RDS did not write.
  return hasCode || httpStatus >= 400 ? refused : notTheApi;
}
