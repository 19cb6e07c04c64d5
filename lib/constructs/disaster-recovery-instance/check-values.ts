import { isIPv4 } from "node:net";
import { Token } from "cdktf";
import { checkText } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";

/*
 * The provider would refuse these values only once the instance exists, and Terraform would then call it tainted. So they
 * are checked before.
 */

/** Months for which an instance can be subscribed. */
const subscriptions: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];

const mostSecurityIps = 1_000;

/** A letter, then letters, digits, underscores and hyphens: 2 to 256 characters. */
const nameForm = /^\p{L}[\p{L}\d_-]{1,255}$/u;

/** Throws unless the value is a number of months for which an instance is sold. */
export function checkSubscriptionMonths(parameter: string, value: number): void {
  if (!subscriptions.includes(value)) {
    throw new InvalidRequestError(parameter, value, "1 to 9, 12, 24 or 36 months");
  }
}

/** Throws unless the value is a whole number of GB above 0. */
export function checkStorage(parameter: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw new InvalidRequestError(parameter, value, "a whole number of GB above 0");
  }
}

/** Throws unless the value is the id of a vswitch. */
export function checkVswitch(parameter: string, value: string): void {
  const allowed =
    'the id of a vswitch, such as "vsw-uf6xxxx": without one the instance would not be in a VPC';
  checkText(parameter, value, allowed);
  if (!value.startsWith("vsw-")) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** Throws unless the value is text, as the id of a key is. */
export function checkKey(parameter: string, value: string): void {
  checkText(parameter, value, "the id of a KMS key");
}

/** Throws unless the value is a name that RDS accepts for an instance. */
export function checkInstanceName(parameter: string, value: string): void {
  const allowed = "a letter, then letters, digits, underscores and hyphens: 2 to 256 characters in all";
  checkText(parameter, value, allowed);
  if (!nameForm.test(value)) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** A name that RDS accepts, made of the path of a construct. */
export function instanceNameOf(path: string): string {
  const words = path.replaceAll(/[^\p{L}\d_-]+/gu, "-");
  return (/^\p{L}[\p{L}\d_-]/u.test(words) ? words : `rds-${words}`).slice(0, 256);
}

/** Throws unless the value is a whitelist: at most 1,000 IPv4 addresses or blocks. Entries may be tokens. */
export function checkSecurityIps(parameter: string, value: readonly string[]): void {
  if (!Array.isArray(value) || value.length > mostSecurityIps) {
    throw new InvalidRequestError(parameter, value, `a list of at most ${mostSecurityIps} entries`);
  }
  for (const entry of value.filter((each) => !Token.isUnresolved(each))) {
    checkSecurityIp(parameter, entry as string);
  }
}

function checkSecurityIp(parameter: string, value: string): void {
  const allowed = 'an IPv4 address or block, such as "10.0.0.0/8"';
  checkText(parameter, value, allowed);
  const [address = "", bits, ...others] = value.split("/");
  const isBlock = bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= 32);
  if (!isIPv4(address) || others.length > 0 || !(isBlock || value === "0.0.0.0/0")) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}
