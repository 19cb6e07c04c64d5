import type { LookupFailure } from "./answer";

/** A failure in words: what happened, what a ticket must quote, and what to do about it. */
export function describeFailure({ message, hint, httpStatus, requestId }: LookupFailure): string {
  const source = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    requestId === undefined ? undefined : `request id ${requestId}`,
  ].filter((fact) => fact !== undefined);
  return `${message}${source.length === 0 ? "" : ` (${source.join(", ")})`}\n  -> ${hint}`;
}
