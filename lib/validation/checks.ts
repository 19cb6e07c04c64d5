import { region } from "../backup/forms";
import { isInstant } from "../backup/instant";
import { InvalidRequestError } from "./invalid-request-error";

/** Longest list of instances that DescribeCrossRegionBackupDBInstance takes. */
const maxInstanceIds = 30;

const instanceIdForm = /^[a-z0-9][a-z0-9-]{1,62}$/i;
const resourceGroupIdForm = /^[a-z0-9][a-z0-9-]*$/i;
const instanceClassForm = /^[a-z0-9][\w.-]*$/i;
const roleArnForm = /^acs:ram::\d{1,20}:role\/[\w.-]{1,128}$/i;
const digitsForm = /^[1-9]\d{0,19}$/;

/** Throws unless the value is an instance id, such as `rm-uf6wjk5xxxx`. */
export function checkInstanceId(parameter: string, value: string | undefined): void {
  checkForm(parameter, value, instanceIdForm, 'the id of an RDS instance, such as "rm-uf6wjk5xxxx"');
}

/** Throws unless the value is one instance id, or up to 30 of them with commas between. */
export function checkInstanceIds(parameter: string, value: string): void {
  const allowed = `1 to ${maxInstanceIds} ids of RDS instances with commas between, such as "rm-uf6wjk5xxxx,rm-bp1xxxxxxxx"`;
  checkText(parameter, value, allowed);
  const ids = value.split(",");
  if (ids.length > maxInstanceIds || !ids.every((id) => instanceIdForm.test(id))) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** Throws unless the value has the form of a region id, such as `cn-hangzhou`. */
export function checkRegionId(parameter: string, value: string | undefined): void {
  if (!region.holds(value)) {
    throw new InvalidRequestError(parameter, value, region.allowed);
  }
}

/** Throws unless the value has the form of a resource group id, such as `rg-acfmyxxxxxxxx`. */
export function checkResourceGroupId(parameter: string, value: string): void {
  checkForm(parameter, value, resourceGroupIdForm, 'the id of a resource group, such as "rg-acfmyxxxxxxxx"');
}

/** Throws unless the value has the form of the ARN of a RAM role, such as `acs:ram::1234567890123456:role/drill`. */
export function checkRoleArn(parameter: string, value: string | undefined): void {
  checkForm(
    parameter,
    value,
    roleArnForm,
    'the ARN of a RAM role, such as "acs:ram::1234567890123456:role/drill"',
  );
}

/** Throws unless the value has the form of an instance type, such as `rds.mysql.s3.large`. */
export function checkInstanceClass(parameter: string, value: string | undefined): void {
  checkForm(parameter, value, instanceClassForm, 'an instance type, such as "rds.mysql.s3.large"');
}

/** Throws unless the value is a number above 0, written in digits, as ids are: the API knows no "007". */
export function checkDigits(parameter: string, value: string | undefined): void {
  checkForm(
    parameter,
    value,
    digitsForm,
    'a string of 1 to 20 digits, above 0 and without leading zeros, such as "14562"',
  );
}

/** Throws unless the value is `yyyy-MM-ddTHH:mm:ssZ` on a real calendar date. */
export function checkInstant(parameter: string, value: string | undefined): void {
  if (value === undefined || !isInstant(value)) {
    throw new InvalidRequestError(
      parameter,
      value,
      'a real date and time of the form yyyy-MM-ddTHH:mm:ssZ in UTC, such as "2024-03-05T02:21:00Z"',
    );
  }
}

/** Throws unless both are instants and the first is the earlier one. */
export function checkWindow(startTime: string | undefined, endTime: string | undefined): void {
  checkInstant("startTime", startTime);
  checkInstant("endTime", endTime);
  if (startTime !== undefined && endTime !== undefined && startTime >= endTime) {
    throw new InvalidRequestError("startTime", startTime, `before endTime, which is "${endTime}"`);
  }
}

/** Throws unless the value is a number of hours above 0. */
export function checkHours(parameter: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new InvalidRequestError(parameter, value, "a number of hours above 0");
  }
}

/** Throws unless the value is text with something in it. */
export function checkText(parameter: string, value: string | undefined, allowed: string): void {
  checkForm(parameter, value, /\S/, allowed);
}

/** Throws unless the value is true or false. */
export function checkFlag(parameter: string, value: boolean): void {
  if (typeof value !== "boolean") {
    throw new InvalidRequestError(parameter, value, "true or false");
  }
}

/** Throws unless the value is one of those allowed. */
export function checkOneOf(parameter: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || !allowed.includes(value)) {
    throw new InvalidRequestError(parameter, value, allowed.map((word) => `"${word}"`).join(" or "));
  }
}

/** Runs a check only where there is a value. */
export function ifGiven<T>(
  check: (parameter: string, value: T) => void,
  parameter: string,
  value: T | undefined,
): void {
  if (value !== undefined) {
    check(parameter, value);
  }
}

/** Throws unless the value is text of a form. */
export function checkForm(parameter: string, value: string | undefined, form: RegExp, allowed: string): void {
  // The types say string; a JavaScript caller, or a context file, may say otherwise.
  if (typeof value !== "string" || !form.test(value)) {
    throw new InvalidRequestError(parameter, value, allowed);
  }
}
