import type { Parameters } from "../parameters";
import { engineOf } from "../restorability";
import { backupSetOf, type Destination, pointInTimeOf, type RestoreSource } from "../restore-source";
import { refusal } from "../rpc-error";
import type { WorldView } from "../world-view";
import type { Action } from "./action";
import { checkStorage } from "./check-create-ddr-db-instance";

const storageTypes = ["local_ssd", "cloud_ssd", "cloud_essd", "cloud_essd2", "cloud_essd3"];

const usedTimes: Readonly<Record<string, number>> = { Month: 9, Year: 3 };

const maxAddresses = 1000;

/** Creates an instance out of a backup or a point in time; with a known client token, returns what it stands for. */
export const createDdrInstance: Action = (parameters, view) => {
  const { restores = {} } = view.world;
  const token = parameters.optional("ClientToken");
  if (token !== undefined && !/^[\x20-\x7E]{1,64}$/.test(token)) {
    throw refusal("InvalidParameters.Format", "ClientToken");
  }
  const known = view.created.ofToken(parameters.own, restores);
  const { dbInstanceId } = known ?? view.created.add(idPrefixFor(parameters, view), parameters.own);
  return {
    ConnectionString: `${dbInstanceId}.mysql.rds.aliyuncs.com`,
    DBInstanceId: dbInstanceId,
    OrderId: "211549751690654",
    Port: "3306",
  };
};

/** The beginning of the id, if the request is one that the cloud accepts; else throws what it refuses with. */
function idPrefixFor(parameters: Parameters, view: WorldView): string {
  const regionId = view.region(parameters);
  const engine = engineOf(parameters.required("Engine"));
  if (engine === undefined) {
    throw refusal("InvalidDBInstanceEngineType.Format", "Engine");
  }
  parameters.required("EngineVersion");
  checkStorage(parameters);
  oneOf(parameters.required("DBInstanceNetType"), "DBInstanceNetType", ["Intranet", "Internet"]);
  checkName(parameters.optional("DBInstanceDescription"));
  checkAddresses(parameters.required("SecurityIPList"));
  checkPayment(parameters);
  checkNetwork(parameters, regionId);
  if (!sourceOf(parameters, view, { regionId, engine }).isRestorable) {
    throw refusal("NoAvailableDisasterRestoreBakset");
  }
  return engine === "postgresql" ? "pgm" : "rm";
}

function sourceOf(parameters: Parameters, view: WorldView, to: Destination): RestoreSource {
  const restoreType = parameters.required("RestoreType");
  oneOf(restoreType, "RestoreType", ["BackupSet", "BackupTime"]);
  return restoreType === "BackupSet" ? backupSetOf(parameters, view, to) : pointInTimeOf(parameters, view, to);
}

/** The network is Classic and the disk local unless the request says otherwise: together they fit no cloud disk. */
function checkNetwork(parameters: Parameters, regionId: string): void {
  const storageType = parameters.optional("DBInstanceStorageType") ?? "local_ssd";
  const networkType = parameters.optional("InstanceNetworkType") ?? "Classic";
  oneOf(storageType, "DBInstanceStorageType", storageTypes);
  oneOf(networkType, "InstanceNetworkType", ["VPC", "Classic"]);
  if (networkType === "Classic" && storageType !== "local_ssd") {
    throw refusal("InvalidNetworkTypeClassicWhenCloudStorage");
  }
  const ids = ["VPCId", "VSwitchId"].map((name) => parameters.optional(name));
  if (networkType === "VPC" || ids.some((id) => id !== undefined)) {
    parameters.required("VPCId");
    parameters.required("VSwitchId");
    parameters.required("ZoneId");
  }
  if (parameters.optional("ZoneId")?.startsWith(`${regionId}-`) === false) {
    throw refusal("InvalidParameters.Format", "ZoneId");
  }
}

function checkPayment(parameters: Parameters): void {
  const payType = parameters.required("PayType");
  oneOf(payType, "PayType", ["Postpaid", "Prepaid"]);
  if (payType === "Prepaid") {
    const period = parameters.required("Period");
    oneOf(period, "Period", Object.keys(usedTimes));
    parameters.required("UsedTime");
    if (Number(parameters.optionalInteger("UsedTime", 1)) > (usedTimes[period] ?? 0)) {
      throw refusal("InvalidParameters.Format", "UsedTime");
    }
  }
}

function checkName(name: string | undefined): void {
  if (name !== undefined && !/^[a-z\u4E00-\u9FFF][\w\u4E00-\u9FFF-]{1,255}$/i.test(name)) {
    throw refusal("InvalidParameters.Format", "DBInstanceDescription");
  }
}

function checkAddresses(list: string): void {
  const addresses = list.split(",");
  const isAddress = (text: string): boolean => /^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?$/.test(text);
  if (addresses.length > maxAddresses || !addresses.every(isAddress)) {
    throw refusal("InvalidSecurityIPList.Format");
  }
  if (new Set(addresses).size < addresses.length) {
    throw refusal("InvalidSecurityIPList.Duplicate");
  }
}

function oneOf(value: string, name: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw refusal("InvalidParameters.Format", name);
  }
}
