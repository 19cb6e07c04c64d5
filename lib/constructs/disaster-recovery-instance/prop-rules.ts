import { isIPv4 } from "node:net";
import { Token } from "cdktf";
import { digits, instant } from "../../backup/forms";
import { checkStorageType } from "../../rds-api/actions/check-create-ddr-db-instance";
import type { PropRules } from "../../synthesis/check-props";
import { outputRules } from "../../synthesis/outputs";
import {
  checkFlag,
  checkForm,
  checkHours,
  checkInstanceClass,
  checkOneOf,
  checkRegionId,
  checkResourceGroupId,
  checkThat,
  ifGiven,
  InvalidRequestError,
} from "../../validation/checks";
import { type DisasterRecoveryInstanceProps, PaymentType, RestoreVia } from "./props";

/*
 * The provider would refuse these values only once the instance exists, and Terraform would then call it tainted. So they
 * are checked before.
 */

const soldMonths: readonly unknown[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];

/** Throws unless the value is a number of months for which an instance is sold. */
export const checkSubscriptionMonths = checkThat(
  (months) => soldMonths.includes(months),
  "1 to 9, 12, 24 or 36 months",
);

/** Throws unless the value is a whole number of GB above 0. */
export const checkStorage = checkThat(
  (storageGb) => Number.isSafeInteger(storageGb) && Number(storageGb) > 0,
  "a whole number of GB above 0",
);

/** Throws unless the value is a name that RDS accepts for an instance. */
export const checkInstanceName = checkForm(
  /^\p{L}[\p{L}\d_-]{1,255}$/u,
  "a letter, then letters, digits, underscores and hyphens: 2 to 256 characters in all",
);

const checkVswitch = checkForm(
  /^vsw-/,
  'the id of a vswitch, such as "vsw-uf6xxxx": without one the instance would not be in a VPC',
);

const checkZone = checkForm(/^[a-z][\w(),:-]*$/i, 'the id of a zone, such as "cn-shanghai-b"');

const checkVpc = checkForm(/^vpc-/, 'the id of a VPC, such as "vpc-uf6xxxx"');

const checkGeneration = checkThat(
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) < 1e9,
  "a whole number from 1",
);

const checkSecurityIp = checkThat((entry) => {
  const [, address = ""] = /^([^/]+)(?:\/(?:0?[1-9]|[12]\d|3[0-2]))?$/.exec(String(entry)) ?? [];
  return typeof entry === "string" && (isIPv4(address) || entry === "0.0.0.0/0");
}, 'an IPv4 address or block, such as "10.0.0.0/8"');

const checkBackupId = checkThat(digits.holds, "the id of a backup, a string of digits, as pointInTime is not given");

const checkTimeOfRestore = checkThat(instant.holds, `a point in time, ${instant.allowed}, as pointInTime is given`);

/** Throws unless the value is a whitelist of at most 1,000 IPv4 addresses or blocks. Entries may be tokens. */
export function checkSecurityIps(name: string, entries: unknown): void {
  if (!Array.isArray(entries) || entries.length > 1_000) {
    throw new InvalidRequestError(name, entries, "a list of at most 1000 entries");
  }
  for (const entry of entries.filter((each) => !Token.isUnresolved(each))) {
    checkSecurityIp(name, entry);
  }
}

/** What decides the synthesis must be a plain value; the rest may be a token. */
export const propRules: PropRules<DisasterRecoveryInstanceProps> = {
  backup: { mayBeToken: true },
  pointInTime: { mayBeToken: true },
  regionId: { check: checkRegionId, isRequired: true },
  instanceClass: { check: checkInstanceClass, isRequired: true, mayBeToken: true },
  storageGb: { check: checkStorage, isRequired: true },
  vswitchId: { check: checkVswitch, isRequired: true, mayBeToken: true },
  securityIps: { check: checkSecurityIps, mayBeToken: true },
  instanceName: { check: checkInstanceName, mayBeToken: true },
  restoredFrom: {},
  paymentType: {
    check: (name, value) => {
      checkOneOf(name, value, Object.values(PaymentType));
    },
  },
  subscriptionMonths: { check: checkSubscriptionMonths },
  storageType: { check: checkStorageType, mayBeToken: true },
  resourceGroupId: { check: checkResourceGroupId, mayBeToken: true },
  encryptionKey: { check: checkForm(/\S/, "the id of a KMS key"), mayBeToken: true },
  createTimeoutHours: { check: checkHours },
  protect: { check: checkFlag },
  via: {
    check: (name, value) => {
      checkOneOf(name, value, Object.values(RestoreVia));
    },
  },
  zoneId: { check: checkZone, mayBeToken: true },
  vpcId: { check: checkVpc, mayBeToken: true },
  generation: { check: checkGeneration },
  ...outputRules,
};

/** Throws unless `restoredFrom` is of the kind that is restored: the id of a backup, or a point in time. */
export function checkRestoredFrom({ pointInTime, restoredFrom }: DisasterRecoveryInstanceProps): void {
  ifGiven(pointInTime === undefined ? checkBackupId : checkTimeOfRestore, "restoredFrom", restoredFrom);
}

/** Throws unless a subscription, and nothing else, has a number of months. */
export function checkSubscription({ paymentType, subscriptionMonths: months }: DisasterRecoveryInstanceProps): void {
  if ((paymentType === PaymentType.SUBSCRIPTION) !== (months !== undefined)) {
    const allowed = "given with the paymentType Subscription, and only then";
    throw new InvalidRequestError("subscriptionMonths", months, allowed);
  }
}
