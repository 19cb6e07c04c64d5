import type { LookupFailure } from "../lookup/answer";

/** A failure in the form that scripts rely on. */
export function failureJson({ kind, code, message, hint, requestId }: LookupFailure): object {
  return { kind, code, message, hint, requestId: requestId ?? null };
}
