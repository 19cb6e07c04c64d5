import { inspect } from "node:util";
import { onOneLine, systemErrorWords } from "./printable";
import { scrub } from "./scrub";

/** A request that is wrong whatever the state of the cloud: nothing is sent. */
export class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";

  constructor(
    /** Name of the parameter, in the camelCase of the props. */
    readonly parameter: string,
    /** The value that was given. */
    readonly value: unknown,
    /** What is allowed there, as the end of "must be …". */
    readonly allowed: string,
  ) {
    super(`${onOneLine(parameter)} must be ${onOneLine(allowed)}, but is ${shownValue(value)}`);
  }
}

const shownLength = 120;

/** A value in a message, on one line; what was given by mistake may be a signed link or a credential. */
export function shownValue(value: unknown): string {
  if (value === undefined) {
    return "missing";
  }
  const className = classOf(value);
  if (className !== undefined) {
    return `an object of the class ${className}`;
  }
  const text =
    typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 2 });
  const safe = scrub(text);
  const meaning = systemErrorWords(value);
  return safe.length > shownLength
    ? `${safe.slice(0, shownLength)}…`
    : `${safe}${meaning === undefined ? "" : ` (${meaning})`}`;
}

/** The class of an object that has one: a construct, passed in place of its id, would show the whole app. */
function classOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const name = (Object.getPrototypeOf(value) as object | null)?.constructor.name;
  return name === "Object" ? undefined : name;
}
