import type { LookupFailure } from "../lookup/answer";

/** A failure in the form that scripts rely on. */
export function failureJson({ kind, code, message, hint, requestId }: LookupFailure): object {
  return { kind, code, message, hint, requestId: requestId ?? null };
}

/** A failure in words, with what to do about it. */
export function describeFailure({ message, hint, requestId }: LookupFailure): string {
  return `${message}${requestId === undefined ? "" : ` (request id ${requestId})`}\n  -> ${hint}`;
}
