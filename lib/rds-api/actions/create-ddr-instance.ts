import { instanceId } from "../../backup/forms";
import { optional } from "../../backup/json-object";
import { Row } from "../../backup/row";
import {
  checkDigits,
  checkForm,
  checkInstanceClass,
  checkInstanceId,
  checkInstant,
  checkOneOf,
  checkRegionId,
  checkResourceGroupId,
  checkRoleArn,
  checkText,
  checkThat,
  checkZoneId,
  ifGiven,
} from "../../validation/checks";
import { RdsApiError } from "../errors/rds-api-error";
import type { RdsClient, RpcAnswer } from "../rds-client";
import { checkStorageGb, checkStorageType } from "./check-create-ddr-db-instance";

/** What a new instance is made of: a backup, or the logs up to a point in time. */
export type RestoredData =
  | {
      /** Id of the cross-region backup, digits. */
      readonly backupSetId: string;
      /** Region that stores the backup. @default - RDS finds it */
      readonly backupSetRegion?: string;
    }
  | {
      /** The point in time, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
      readonly restoreTime: string;
      /** Region of the source instance. */
      readonly sourceRegion: string;
      /** Id of the source instance. */
      readonly sourceDbInstanceName: string;
    };

/** How an instance is paid for. */
export type Payment =
  | { readonly payType: "Postpaid" }
  | { readonly payType: "Prepaid"; readonly period: "Month" | "Year"; readonly usedTime: number };

/**
 * The parameters of CreateDdrInstance. The network is always a VPC, and the address an internal one. RDS has defaults
 * that fit neither cloud disks nor a VPC, so storage type, network and zone are not optional here.
 */
export interface CreateDdrInstanceRequest {
  /** Region of the **destination**. */
  readonly regionId: string;
  /** `MySQL`, `SQLServer` or `PostgreSQL`. */
  readonly engine: string;
  readonly engineVersion: string;
  /** Such as `rds.mysql.s3.large`. */
  readonly dbInstanceClass: string;
  /** GB: 5 to 2,000 in steps of 5. */
  readonly dbInstanceStorage: number;
  /** Such as `cloud_essd`. */
  readonly dbInstanceStorageType: string;
  /** Such as `cn-shanghai-b`; the zone of the vSwitch. */
  readonly zoneId: string;
  readonly vpcId: string;
  readonly vSwitchId: string;
  /** Addresses and CIDR blocks that may connect: 1 to 1,000, each once. */
  readonly securityIps: readonly string[];
  readonly payment: Payment;
  /** The name of the instance. */
  readonly dbInstanceDescription: string;
  readonly data: RestoredData;
  readonly resourceGroupId?: string;
  /** Id of the KMS key of the disks; SQL Server only, with `roleArn`. */
  readonly encryptionKey?: string;
  /** Role by which RDS may use KMS; SQL Server only. */
  readonly roleArn?: string;
  /** What makes the call idempotent: 1 to 64 ASCII characters. How long RDS remembers it is not documented. */
  readonly clientToken: string;
}

/** The parameters in the spelling of the API, as they are sent: fit to be kept in a file, and sent again. */
export type CreateDdrInstanceParameters = Readonly<Record<string, string>>;

/** What RDS answers at once; it then creates the instance for minutes or hours. */
export interface CreatedDdrInstance {
  readonly dbInstanceId: string;
  readonly orderId?: string;
}

const action = "CreateDdrInstance";

/**
 * Creates an instance from a cross-region backup. **The instance costs money.**
 *
 * The request is sent again only if it was surely not done: how long RDS honours a token is not documented.
 *
 * @param client of the endpoint that serves the **destination** region
 * @param parameters of `createDdrInstanceParameters`, perhaps kept in a file since: only with the same parameters does a
 *   token stand for the same instance
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError also if no answer came: then nobody knows whether the instance exists
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-createddrinstance
 */
export async function createDdrInstance(
  client: RdsClient,
  parameters: CreateDdrInstanceParameters,
): Promise<CreatedDdrInstance> {
  checkCreateDdrInstanceParameters(parameters);
  return client.callOnce(action, parameters, createdIn);
}

function createdIn(answer: RpcAnswer): CreatedDdrInstance {
  const row = new Row(answer);
  const dbInstanceId = row.read("DBInstanceId", instanceId);
  if (dbInstanceId === undefined) {
    throw new RdsApiError({ action, code: "InvalidResponse", reason: "the answer has no id of an instance" });
  }
  return { dbInstanceId, ...optional("orderId", row.text("OrderId")) };
}

const checkToken = checkForm(/^[\x21-\x7E]{1,64}$/, "1 to 64 ASCII characters without blanks");

const checkName = checkForm(
  /^[a-z][\w-]{1,255}$/i,
  'the name of an instance: 2 to 256 letters, digits and the signs "_" and "-", beginning with a letter',
);

/** The parameters without which nothing is sent, and those that may be there besides. */
const parameterNames = {
  required: [
    ...["RegionId", "Engine", "EngineVersion", "DBInstanceClass", "DBInstanceStorage", "DBInstanceStorageType"],
    ...["DBInstanceNetType", "InstanceNetworkType", "ZoneId", "VPCId", "VSwitchId", "SecurityIPList", "PayType"],
    ...["DBInstanceDescription", "RestoreType", "ClientToken"],
  ],
  optional: [
    ...["BackupSetId", "BackupSetRegion", "RestoreTime", "SourceRegion", "SourceDBInstanceName"],
    ...["Period", "UsedTime", "ResourceGroupId", "EncryptionKey", "RoleARN"],
  ],
};

/**
 * Checks parameters that were kept in a file, without sending them.
 *
 * @throws InvalidRequestError names the parameter of the API
 */
export function checkCreateDdrInstanceParameters(parameters: CreateDdrInstanceParameters): void {
  for (const name of parameterNames.required) {
    checkText(name, parameters[name], `given, as ${action} is sent`);
  }
  checkToken("ClientToken", parameters["ClientToken"]);
  for (const [name, value] of Object.entries(parameters)) {
    const isKnown = [parameterNames.required, parameterNames.optional].some((names) => names.includes(name));
    checkThat(() => isKnown, `omitted: ${action} is never sent with it`)(name, value);
    checkText(name, value, "a text that is not empty");
  }
}

/**
 * Checks a request, and spells it as the API does.
 *
 * @throws InvalidRequestError names the parameter, the value and what is allowed
 */
export function createDdrInstanceParameters(request: CreateDdrInstanceRequest): CreateDdrInstanceParameters {
  checkInstance(request);
  return {
    RegionId: request.regionId,
    Engine: request.engine,
    EngineVersion: request.engineVersion,
    DBInstanceClass: request.dbInstanceClass,
    DBInstanceStorage: String(request.dbInstanceStorage),
    DBInstanceStorageType: request.dbInstanceStorageType,
    DBInstanceNetType: "Intranet",
    InstanceNetworkType: "VPC",
    ZoneId: request.zoneId,
    VPCId: request.vpcId,
    VSwitchId: request.vSwitchId,
    SecurityIPList: request.securityIps.join(","),
    ...paymentParameters(request.payment),
    DBInstanceDescription: request.dbInstanceDescription,
    ...dataParameters(request.data),
    ...optional("ResourceGroupId", request.resourceGroupId),
    ...optional("EncryptionKey", request.encryptionKey),
    ...optional("RoleARN", request.roleArn),
    ClientToken: request.clientToken,
  };
}

function checkInstance(request: CreateDdrInstanceRequest): void {
  checkRegionId("regionId", request.regionId);
  checkOneOf("engine", request.engine, ["MySQL", "SQLServer", "PostgreSQL"]);
  checkText("engineVersion", request.engineVersion, 'the version of the engine, such as "8.0"');
  checkInstanceClass("dbInstanceClass", request.dbInstanceClass);
  checkStorageGb("dbInstanceStorage", request.dbInstanceStorage);
  checkStorageType("dbInstanceStorageType", request.dbInstanceStorageType);
  checkZoneId("zoneId", request.zoneId);
  checkForm(/^vpc-\w+$/, 'the id of a VPC, such as "vpc-uf6xxxx"')("vpcId", request.vpcId);
  checkForm(/^vsw-\w+(?:,vsw-\w+)*$/, 'the id of a vSwitch, such as "vsw-uf6xxxx"')("vSwitchId", request.vSwitchId);
  checkSecurityIps("securityIps", request.securityIps);
  checkName("dbInstanceDescription", request.dbInstanceDescription);
  ifGiven(checkResourceGroupId, "resourceGroupId", request.resourceGroupId);
  ifGiven(checkForm(/^[\w/-]+$/, "the id of a KMS key"), "encryptionKey", request.encryptionKey);
  ifGiven(checkRoleArn, "roleArn", request.roleArn);
  checkToken("clientToken", request.clientToken);
}

const address = /^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?$/;

const checkSecurityIps = checkThat((value) => {
  const list: unknown[] = Array.isArray(value) ? value : [];
  const isEachAddress = list.every((each) => typeof each === "string" && address.test(each));
  return isEachAddress && list.length >= 1 && list.length <= 1_000 && new Set(list).size === list.length;
}, "1 to 1000 IPv4 addresses or CIDR blocks, each once");

const mostUsedTime = { Month: 9, Year: 3 };

function paymentParameters(payment: Payment): CreateDdrInstanceParameters {
  checkOneOf("payType", payment.payType, ["Postpaid", "Prepaid"]);
  if (payment.payType === "Postpaid") {
    return { PayType: payment.payType };
  }
  const { payType, period, usedTime } = payment;
  checkOneOf("period", period, ["Month", "Year"]);
  const most = mostUsedTime[period];
  const isAllowed = Number.isInteger(usedTime) && usedTime >= 1 && usedTime <= most;
  checkThat(() => isAllowed, `a whole number from 1 to ${most}, for the period ${period}`)("usedTime", usedTime);
  return { PayType: payType, Period: period, UsedTime: String(usedTime) };
}

function dataParameters(data: RestoredData): CreateDdrInstanceParameters {
  if ("backupSetId" in data) {
    checkDigits("backupSetId", data.backupSetId);
    ifGiven(checkRegionId, "backupSetRegion", data.backupSetRegion);
    const ofBackup = { RestoreType: "BackupSet", BackupSetId: data.backupSetId };
    return { ...ofBackup, ...optional("BackupSetRegion", data.backupSetRegion) };
  }
  checkInstant("restoreTime", data.restoreTime);
  checkRegionId("sourceRegion", data.sourceRegion);
  checkInstanceId("sourceDbInstanceName", data.sourceDbInstanceName);
  return {
    RestoreType: "BackupTime",
    RestoreTime: data.restoreTime,
    SourceRegion: data.sourceRegion,
    SourceDBInstanceName: data.sourceDbInstanceName,
  };
}
