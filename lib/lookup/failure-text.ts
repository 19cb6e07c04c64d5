import { scrub } from "../rds-api/scrub";
import type { LookupFailure } from "./answer";

/**
 * A defect in words: its message, scrubbed, and where it came from. Never its other properties, which may hold
 * anything.
 */
export function defectText(error: unknown): string {
  if (!(error instanceof Error)) {
    return scrub(String(error));
  }
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${scrub(error.message)}`, ...frames].join("\n");
}

/** A failure in words: what happened, what a ticket must quote, and what to do about it. */
export function failureText({ message, hint, httpStatus, requestId }: LookupFailure): string {
  const source = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    requestId === undefined ? undefined : `request id ${requestId}`,
  ].filter((fact) => fact !== undefined);
  return `${message}${source.length === 0 ? "" : ` (${source.join(", ")})`}\n  -> ${hint}`;
}
