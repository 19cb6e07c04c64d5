import { ErrorKind } from "../rds-api/errors/error-kind";
import { scrub } from "../validation/scrub";
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

/** Kinds of failures that have nothing to do with what was asked. */
const sharedKinds: ReadonlySet<ErrorKind> = new Set([
  ErrorKind.ACCESS,
  ErrorKind.THROTTLED,
  ErrorKind.TRANSIENT,
]);

/** Groups what failed by what is to be said of it, each group once, in the order of its first member. */
export function groupFailures<T>(
  failed: readonly T[],
  failureOf: (each: T) => Pick<LookupFailure, "kind" | "message" | "sharedReason">,
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const each of failed) {
    const { kind, message, sharedReason = message } = failureOf(each);
    const key = sharedKinds.has(kind) ? sharedReason : message;
    const group = groups.get(key) ?? [];
    group.push(each);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** So many names stand behind a failure that many share. */
const namesShown = 10;

/** Says which other lookups failed in the same way: their number, and the first of their names. */
export function othersText(others: readonly string[]): string {
  const names = [...new Set(others)];
  if (names.length === 0) {
    return "";
  }
  const shown = names.slice(0, namesShown).join(", ");
  const count = `${names.length} ${names.length === 1 ? "other lookup" : "other lookups"}`;
  return `\n  the same for ${count}: ${shown}${names.length > namesShown ? ", …" : ""}`;
}
