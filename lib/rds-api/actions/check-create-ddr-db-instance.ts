import { Row } from "../../backup/row";
import {
  checkDigits,
  checkInstanceClass,
  checkInstanceId,
  checkInstant,
  checkOneOf,
  checkRegionId,
  checkResourceGroupId,
  checkText,
  ifGiven,
} from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { RdsApiError } from "../errors/rds-api-error";
import type { RdsClient } from "../rds-client";
import type { RpcAnswer } from "../rpc-transport";

/** Bounds of the storage that the call documents, GB. */
const minStorageGb = 5;
const maxStorageGb = 2_000;
const storageStepGb = 5;

/** The storage that the call documents, and the provider as well. */
export const documentedStorage = `${minStorageGb} to ${maxStorageGb} GB in steps of ${storageStepGb}`;

/** Whether a storage is one that the call documents. */
export function isDocumentedStorage(storageGb: number): boolean {
  return storageGb >= minStorageGb && storageGb <= maxStorageGb && storageGb % storageStepGb === 0;
}

/** Throws unless the value is a storage that the call documents. */
export function checkStorageGb(parameter: string, value: number | undefined): void {
  // The types say number; a JavaScript caller, or a lock file, may say otherwise.
  if (!(typeof value === "number" && isDocumentedStorage(value))) {
    throw new InvalidRequestError(parameter, value, documentedStorage);
  }
}

/** From what an instance is to be restored, in the words of CheckCreateDdrDBInstance. */
export enum DdrRestoreType {
  /** From a backup set. */
  BACKUP_SET = "0",
  /** To a point in time. */
  POINT_IN_TIME = "1",
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
  readonly restoreType: DdrRestoreType;
  /** Id of the cross-region backup, digits; required for a backup set. */
  readonly backupSetId?: string;
  /** The point in time, `yyyy-MM-ddTHH:mm:ssZ` in UTC; required for a point in time. */
  readonly restoreTime?: string;
  /** Region of the source instance; required for a point in time. */
  readonly sourceRegion?: string;
  /** Id of the source instance; required for a point in time. */
  readonly sourceDbInstanceName?: string;
  readonly resourceGroupId?: string;
}

/**
 * Asks whether an instance could be created in the destination region out of a cross-region backup. One
 * request; nothing is created.
 *
 * @param client of the endpoint that serves the **destination** region
 * @returns whether the API says that it is valid
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError also where the answer says neither true nor false
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
    RestoreType: request.restoreType,
    BackupSetId: request.backupSetId,
    RestoreTime: request.restoreTime,
    SourceRegion: request.sourceRegion,
    SourceDBInstanceName: request.sourceDbInstanceName,
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
 * Checks what a request says, without sending it.
 *
 * @throws InvalidRequestError names the parameter, the value and what is allowed
 */
export function checkDdrRequest(request: CheckCreateDdrDbInstanceRequest): void {
  checkRegionId("regionId", request.regionId);
  checkText("engine", request.engine, 'the engine, such as "MySQL"');
  checkText("engineVersion", request.engineVersion, 'the version of the engine, such as "8.0"');
  checkInstanceClass("dbInstanceClass", request.dbInstanceClass);
  checkStorageGb("dbInstanceStorage", request.dbInstanceStorage);
  checkOneOf("restoreType", request.restoreType, Object.values(DdrRestoreType));
  if (request.restoreType === DdrRestoreType.BACKUP_SET) {
    checkDigits("backupSetId", request.backupSetId);
  } else {
    checkInstant("restoreTime", request.restoreTime);
    checkRegionId("sourceRegion", request.sourceRegion);
    checkInstanceId("sourceDbInstanceName", request.sourceDbInstanceName);
  }
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
 * `local_ssd`. Undefined where it does not tell: `ecs` is any kind of cloud disk.
 */
export function resourceStorageTypeOf(recorded: string | undefined): string | undefined {
  return recorded === "ssd" ? "local_ssd" : storageTypes.find((type) => type === recorded);
}
