import { instanceId, instant, region, zone } from "../backup/forms";
import { isObject } from "../backup/json-object";
import {
  checkCreateDdrInstanceParameters,
  type CreateDdrInstanceParameters,
} from "../rds-api/actions/create-ddr-instance";
import { checkEndpointForm } from "../rds-api/endpoint";
import { type Check, checkDigits, checkForm, InvalidRequestError, renaming } from "../validation/checks";
import { type Fields, fieldsOf } from "./answer-forms";
import type { LockedRestore, LockedRestores, RestoredInstance, RestoreIntent } from "./restores";

/** A number of an account, as text. */
const accountId = checkForm(/^\d{1,20}$/, "the number of an account, as text");

const endpoint: Check = (place, value) => {
  checkForm(/\S/, "an endpoint")(place, value);
  checkEndpointForm(place, String(value));
};

/** What is sent again, to the letter. */
const parameters: Check = (place, value) => {
  if (!isObject(value) || Array.isArray(value)) {
    throw new InvalidRequestError(place, value, "an object");
  }
  renaming(
    (parameter) => `${parameter} of ${place}`,
    () => {
      checkCreateDdrInstanceParameters(value as CreateDdrInstanceParameters);
    },
  );
};

const intentFields: Fields<RestoreIntent> = {
  at: instant,
  parameters,
  accountId,
  endpoint,
};

const instanceFields: Fields<RestoredInstance> = {
  dbInstanceId: instanceId,
  at: instant,
  crossBackupId: checkDigits,
  restoreTime: instant,
  zoneId: zone,
  accountId,
  endpoint,
  createdAt: instant,
};

const entryFields: Fields<LockedRestore> = {
  intent: fieldsOf(intentFields, "at", "parameters"),
  instance: fieldsOf(instanceFields, "dbInstanceId", "at"),
};

const checkEntry = fieldsOf(entryFields);

/** The path of a construct, then what names its restore. */
const keyForm = new RegExp(
  `^(?=\\S)[^\\p{Cc}]+ dbInstanceId=[\\w-]+ regionId=(?<source>\\S+) restoreRegion=(?<target>\\S+) generation=[1-9]\\d{0,8}$`,
  "u",
);

/**
 * Checks locked restores.
 *
 * @param where they stand, for the message
 * @throws InvalidRequestError names the place within, the value and what is allowed
 */
export function parseRestores(value: unknown, where: string): LockedRestores {
  if (!isObject(value) || Array.isArray(value)) {
    throw new InvalidRequestError(where, value, "an object, by the keys of the restores");
  }
  for (const [key, entry] of Object.entries(value)) {
    const groups = keyForm.exec(key)?.groups;
    if (groups === undefined || !region.holds(groups["source"]) || !region.holds(groups["target"])) {
      const allowed =
        'a restore, such as "dr/orders dbInstanceId=rm-uf6wjk5xxxx regionId=cn-hangzhou restoreRegion=cn-shanghai generation=1"';
      throw new InvalidRequestError(`a key of ${where}`, key, allowed);
    }
    const place = `${where}[${JSON.stringify(key)}]`;
    checkEntry(place, entry);
    const { intent, instance } = entry as LockedRestore;
    if (intent === undefined && instance === undefined) {
      throw new InvalidRequestError(place, entry, "an object with an intent, an instance, or both");
    }
  }
  return value as LockedRestores;
}
