import { inspect } from "node:util";
import { digits, instanceId, isOneLine, region, zone } from "../backup/forms";
import { isObject } from "../backup/json-object";
import { isInstant } from "../backup/instant";
import { onOneLine, scrub, systemErrorWords } from "./printable";

/** A request that is wrong whatever the state of the cloud: nothing is sent. */
export class InvalidRequestError extends Error {
  override readonly name = "InvalidRequestError";

  constructor(
    /** Name of the parameter, in the camelCase of the props. */
    readonly parameter: string,
    /** The value that was given. */
    readonly value: unknown,
    /** What is allowed there, as the end of "must be …". After ": ", why, or what to do: the message ends with it. */
    readonly allowed: string,
  ) {
    const [what = "", ...advice] = onOneLine(allowed).split(": ");
    const finding = `${onOneLine(parameter)} must be ${what}, but is ${shownValue(value)}`;
    super([finding, ...advice].join(": "));
  }
}

/** As `work`, but a wrong parameter gets the name that its user knows. */
export function renaming<T>(nameOf: (parameter: string) => string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InvalidRequestError
      ? new InvalidRequestError(nameOf(error.parameter), error.value, error.allowed)
      : error;
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
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 2 });
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

/**
 * A check throws unless the value is allowed. Its type takes whatever the types of a caller say, since a JavaScript
 * caller, or a context file, may say otherwise.
 */
export type Check = (parameter: string, value: unknown) => void;

/** Makes a check of a predicate and of what is allowed, as the end of "must be …". */
export function checkThat(holds: (value: unknown) => boolean, allowed: string): Check {
  return (parameter, value) => {
    if (!holds(value)) {
      throw new InvalidRequestError(parameter, value, allowed);
    }
  };
}

/** The check of text that has a form. */
export function checkForm(form: RegExp, allowed: string): Check {
  return checkThat((value) => typeof value === "string" && form.test(value), allowed);
}

/** Throws unless the value is the id of an instance. */
export const checkInstanceId = checkThat(instanceId.holds, instanceId.allowed);

/** Throws unless the value has the form of the id of a zone. */
export const checkZoneId = checkThat(zone.holds, zone.allowed);

/** Throws unless the value has the form of a region id. */
export const checkRegionId = checkThat(region.holds, region.allowed);

/** Throws unless the value has the form of a resource group id. */
export const checkResourceGroupId = checkForm(
  /^[a-z0-9][a-z0-9-]*$/i,
  'the id of a resource group, such as "rg-acfmyxxxxxxxx"',
);

/** Throws unless the value has the form of the ARN of a RAM role. */
export const checkRoleArn = checkForm(
  /^acs:ram::\d{1,20}:role\/[\w.-]{1,128}$/i,
  'the ARN of a RAM role, such as "acs:ram::1234567890123456:role/drill"',
);

/** Throws unless the value has the form of an instance type. */
export const checkInstanceClass = checkForm(/^[a-z0-9][\w.-]*$/i, 'an instance type, such as "rds.mysql.s3.large"');

/** Throws unless the value is an id that the API can be asked for: it is a number there, and the API knows no "007". */
export const checkDigits = checkThat(
  (value) => digits.holds(value) && !value.startsWith("0"),
  `${digits.allowed}, above 0 and without leading zeros, such as "14562"`,
);

/** Throws unless the value is `yyyy-MM-ddTHH:mm:ssZ` on a real calendar date. */
export const checkInstant = checkThat(
  (value) => typeof value === "string" && isInstant(value),
  'a real date and time of the form yyyy-MM-ddTHH:mm:ssZ in UTC, such as "2024-03-05T02:21:00Z"',
);

/** Throws unless the value is a number of hours above 0. */
export const checkHours = checkThat(
  (value) => Number.isFinite(value) && Number(value) > 0,
  "a number of hours above 0",
);

const mostTags = 20;

/** Throws unless the value is 1 to 20 tags. */
export const checkTags = checkThat(
  (value) => isObject(value) && !Array.isArray(value) && Object.entries(value).every(isTag) && hasFew(value),
  `1 to ${mostTags} tags, each one line of text, such as "dr" by the key "team"`,
);

function isTag([key, value]: readonly [string, unknown]): boolean {
  return isOneLine(key) && (value === "" || isOneLine(value));
}

function hasFew(tags: object): boolean {
  const { length } = Object.keys(tags);
  return length > 0 && length <= mostTags;
}

/** Throws unless the value is true or false. */
export const checkFlag = checkThat((value) => typeof value === "boolean", "true or false");

/** Throws unless both are instants and the first is the earlier one. */
export function checkWindow(startTime: string | undefined, endTime: string | undefined): void {
  checkInstant("startTime", startTime);
  checkInstant("endTime", endTime);
  if (startTime !== undefined && endTime !== undefined && startTime >= endTime) {
    throw new InvalidRequestError("startTime", startTime, `before endTime, which is "${endTime}"`);
  }
}

/** Throws unless the value is text with something in it. */
export function checkText(parameter: string, value: string | undefined, allowed: string): void {
  checkForm(/\S/, allowed)(parameter, value);
}

/** Throws unless the value is one of those allowed. */
export function checkOneOf(parameter: string, value: string | undefined, allowed: readonly string[]): void {
  const isAllowed = (candidate: unknown): boolean => allowed.some((word) => word === candidate);
  checkThat(isAllowed, allowed.map((word) => `"${word}"`).join(" or "))(parameter, value);
}

/** Runs a check only if there is a value. */
export function ifGiven<T>(
  check: (parameter: string, value: T) => void,
  parameter: string,
  value: T | undefined,
): void {
  if (value !== undefined) {
    check(parameter, value);
  }
}
