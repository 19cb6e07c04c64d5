import { optional } from "../backup/json-object";
import { errorAnswer, failureJson, type LookupFailure } from "../lookup/answer";
import { onOneLine } from "../validation/printable";
import { exitCodeFor } from "./exit-code";

/** What `rds-dr doctor` looks at. */
export type Subject =
  "settings" | "proxy" | "version" | "lock-file" | "endpoint" | "clock" | "credentials" | "identity" | "permission";

/** What scripts may want to know of a finding, by name. */
export type Facts = Readonly<Record<string, string | number | null | undefined>>;

/** What the doctor has found of one thing. */
export interface Finding {
  readonly subject: Subject;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  /** What to do about it, unless it is ok. */
  readonly hint?: string;
  readonly facts?: Facts;
  /** Set if it has failed. */
  readonly failure?: LookupFailure;
}

/** A thing that is as it should be. */
export function ok(subject: Subject, message: string, facts?: Facts): Finding {
  return { subject, status: "ok", message, ...optional("facts", facts) };
}

/** A thing that can do harm, or that nobody could look at. */
export function warning(subject: Subject, message: string, hint: string, facts?: Facts): Finding {
  return { subject, status: "warning", message, hint, ...optional("facts", facts) };
}

/** A thing that stops lookups, by its failure. */
export function failed(subject: Subject, failure: LookupFailure, facts?: Facts): Finding {
  const { message, hint } = failure;
  return { subject, status: "failed", message, hint, failure, ...optional("facts", facts) };
}

/** The failure that an error stands for, in its own words. */
export function failureOf(error: unknown): LookupFailure {
  const { error: failure } = errorAnswer("", error);
  return { ...failure, message: (error as Error).message };
}

/** The exit code of a finding: warnings do not count. */
export function exitCodeOfFinding({ failure }: Finding): number {
  return exitCodeFor(failure);
}

/** The form that scripts rely on. */
export function findingJson({ subject, status, message, hint, facts = {}, failure }: Finding): object {
  return {
    subject,
    status,
    message,
    hint: hint ?? null,
    facts,
    error: failure === undefined ? null : failureJson(failure),
  };
}

const statusWidth = "warning".length + 2;
const subjectWidth = "credentials".length + 2;

/** One line for a finding, and one for what to do about it. */
export function findingText({ subject, status, message, hint, failure }: Finding): string {
  const request = failure?.requestId === undefined ? "" : ` (request id ${failure.requestId})`;
  const line = `${status.padEnd(statusWidth)}${subject.padEnd(subjectWidth)}${onOneLine(message + request)}`;
  return hint === undefined ? line : `${line}\n${" ".repeat(statusWidth)}-> ${onOneLine(hint)}`;
}
