import { Row } from "../../backup/row";
import {
  checkDigits,
  checkInstanceClass,
  checkOneOf,
  checkRegionId,
  checkResourceGroupId,
  checkText,
  ifGiven,
  InvalidRequestError,
} from "../../validation/checks";
import { RdsApiError } from "../errors/rds-api-error";
import type { RdsClient, RpcAnswer } from "../rds-client";

/** Bounds of the storage that the call documents, GB. */
const minStorageGb = 5;
const maxStorageGb = 2_000;
const storageStepGb = 5;

/** The restore type of a backup set; the other one, a point in time, takes no backup. */
const ofBackupSet = "0";

/** The storage that the call documents, and the provider as well. */
export const documentedStorage = `${minStorageGb} to ${maxStorageGb} GB in steps of ${storageStepGb}`;

/** Whether a storage is one that the call documents. */
export function isDocumentedStorage(storageGb: number): boolean {
  return storageGb >= minStorageGb && storageGb <= maxStorageGb && storageGb % storageStepGb === 0;
}

/** Throws unless the value is a storage that the call documents. */
export function checkStorageGb(parameter: string, value: number | undefined): void {
  // The type is number, but a JavaScript caller or a lock file may pass something else.
  if (!(typeof value === "number" && isDocumentedStorage(value))) {
    throw new InvalidRequestError(parameter, value, documentedStorage);
  }
}

/** The parameters of CheckCreateDdrDBInstance. */
export interface CheckCreateDdrDbInstanceRequest {
  /** Region of the **destination**. */
  readonly regionId: string;
  /** `MySQL`, `SQLServer` or `PostgreSQL`. */
  readonly engine: string;
  readonly engineVersion: string;
  /** Instance type of the instance to be created, such as `rds.mysql.s3.large`. */
  readonly dbInstanceClass: string;
  /** Storage of the instance to be created, GB: 5 to 2,000 in steps of 5. */
  readonly dbInstanceStorage: number;
  /** Id of the cross-region backup, digits. */
  readonly backupSetId: string;
  readonly resourceGroupId?: string;
}

/**
 * Asks whether RDS could create an instance in the destination region from a cross-region backup. One request; nothing
 * is created.
 *
 * @param client of the endpoint that serves the **destination** region
 * @returns whether the API says that it is valid
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError also if the answer is neither true nor false
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
export async function checkCreateDdrDbInstance(
  client: RdsClient,
  request: CheckCreateDdrDbInstanceRequest,
): Promise<boolean> {
  checkDdrRequest(request);
  const action = "CheckCreateDdrDBInstance";
  const parameters = {
    RegionId: request.regionId,
    Engine: request.engine,
    EngineVersion: request.engineVersion,
    DBInstanceClass: request.dbInstanceClass,
    DBInstanceStorage: request.dbInstanceStorage,
    RestoreType: ofBackupSet,
    BackupSetId: request.backupSetId,
    ResourceGroupId: request.resourceGroupId,
  };
  return client.callAndRead(action, parameters, (answer) => isValidOf(action, answer));
}

/** The API sends the words "true" and "false". */
function isValidOf(action: string, answer: RpcAnswer): boolean {
  switch (new Row(answer).text("IsValid")?.toLowerCase() ?? "") {
    case "true":
      return true;
    case "false":
      return false;
    default:
      throw new RdsApiError({ action, code: "InvalidResponse", reason: "IsValid is neither true nor false" });
  }
}

/**
 * Checks a request without sending it.
 *
 * @throws InvalidRequestError names the parameter, the value and what is allowed
 */
export function checkDdrRequest(request: CheckCreateDdrDbInstanceRequest): void {
  checkRegionId("regionId", request.regionId);
  checkText("engine", request.engine, 'the engine, such as "MySQL"');
  checkText("engineVersion", request.engineVersion, 'the version of the engine, such as "8.0"');
  checkInstanceClass("dbInstanceClass", request.dbInstanceClass);
  checkStorageGb("dbInstanceStorage", request.dbInstanceStorage);
  checkDigits("backupSetId", request.backupSetId);
  ifGiven(checkResourceGroupId, "resourceGroupId", request.resourceGroupId);
}

/** The storage types that `alicloud_rds_ddr_instance` takes. */
const storageTypes = ["local_ssd", "cloud_ssd", "cloud_essd", "cloud_essd2", "cloud_essd3"] as const;

/** Throws unless the value is a storage type that the resource takes. */
export function checkStorageType(parameter: string, value: string): void {
  checkOneOf(parameter, value, storageTypes);
}

/**
 * The storage type of the resource for that of a backup's record, which spells it in its own words: `ssd` is
 * `local_ssd`. Undefined if it does not say: `ecs` is any kind of cloud disk.
 */
export function resourceStorageTypeOf(recorded: string | undefined): string | undefined {
  return recorded === "ssd" ? "local_ssd" : storageTypes.find((type) => type === recorded);
}
