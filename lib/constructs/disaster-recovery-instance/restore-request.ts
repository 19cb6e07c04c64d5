import { Token } from "cdktf";
import { optional } from "../../backup/json-object";
import { engineFamilyOf } from "../../backup/engine-family";
import { type DeclaredRestore, restoreKey, type RestoreRequest, type RestoreSubject } from "../../lock/restores";
import { resourceStorageTypeOf } from "../../rds-api/actions/check-create-ddr-db-instance";
import {
  createDdrInstanceParameters,
  type Payment,
  type RestoredData,
} from "../../rds-api/actions/create-ddr-instance";
import { renaming } from "../../validation/checks";
import { checked, refuse } from "../../synthesis/lookup-error";
import type { BackupFacts } from "../cross-region-backup";
import { clientTokenOf, defaultInstanceName } from "./identity";
import { defaultCreateTimeoutHours, type DisasterRecoveryInstanceProps, PaymentType } from "./props";
import { identityOf, type RestoreSource } from "./source";

/**
 * The restore as the command that makes it gets it.
 *
 * @param facts of the backup, once the lookups have settled
 * @throws LookupError if something is missing that RDS needs, or is a token
 */
export function declaredRestore(
  subject: RestoreSubject,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
  facts: BackupFacts,
): DeclaredRestore {
  return { ...declaredPlace(subject, props), request: requestFor(subject, props, source, facts) };
}

/** As `declaredRestore`, for one whose instance the lock file knows. */
export function declaredPlace(
  subject: RestoreSubject,
  { regionId, createTimeoutHours = defaultCreateTimeoutHours }: DisasterRecoveryInstanceProps,
): DeclaredRestore {
  const { path, dbInstanceId: sourceDbInstanceId } = subject;
  return { key: restoreKey(subject), path, sourceDbInstanceId, regionId, timeoutHours: createTimeoutHours };
}

/** Props that RDS gets from the command: Terraform is not there to know their values. */
const plainProps = [
  ...(["instanceClass", "vswitchId", "zoneId", "vpcId", "securityIps"] as const),
  ...(["instanceName", "storageType", "resourceGroupId", "encryptionKey"] as const),
];

function requestFor(
  { path, dbInstanceId, regionId }: RestoreSubject,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
  facts: BackupFacts,
): RestoreRequest {
  const token = plainProps.find((name) => isOrContainsToken(props[name]));
  if (token !== undefined) {
    refuse(
      path,
      "PlainValueNeeded",
      `${token} is a token: it gets its value when Terraform runs, but "npx rds-dr restore" makes the instance before`,
      `pass ${token} as a plain value, such as the id of a network that exists, from the code or cdktf.json`,
    );
  }
  const { zoneId, vpcId, storageType = resourceStorageTypeOf(facts.dbInstanceStorageType) } = props;
  const { crossBackupId, engine, engineVersion, dataTime } = facts;
  const identity = identityOf(path, source, props);
  const needed = <T>(name: string, value: T | undefined, step: string): T =>
    value ??
    refuse(path, "InvalidRequest", `${name} is missing, which RDS needs to create the instance of ${path}`, step);
  const set = (name: string, what: string): string => `set ${name} to ${what}`;
  const fact = (name: string): string => `pass ${name} to fromCrossRegionBackupAttributes`;
  return checked(path, () => ({
    parameters: renaming(
      (parameter) => propNames[parameter] ?? parameter,
      () =>
        createDdrInstanceParameters({
          regionId: props.regionId,
          engine: needed("engine", engineFamilyOf(engine), fact("engine")),
          engineVersion: needed("engineVersion", engineVersion, fact("engineVersion")),
          dbInstanceClass: props.instanceClass,
          dbInstanceStorage: props.storageGb,
          dbInstanceStorageType: needed(
            "storageType",
            storageType,
            set("storageType", 'that of the source, such as "cloud_essd"'),
          ),
          zoneId: needed("zoneId", zoneId, set("zoneId", "the zone of the vswitch")),
          vpcId: needed("vpcId", vpcId, set("vpcId", "the VPC of the vswitch")),
          vSwitchId: props.vswitchId,
          // RDS wants a list; this address is nobody's but the instance's own.
          securityIps:
            props.securityIps === undefined || props.securityIps.length === 0 ? ["127.0.0.1"] : props.securityIps,
          payment: paymentOf(props),
          dbInstanceDescription: props.instanceName ?? defaultInstanceName(path, identity),
          data: dataOf(
            source,
            facts,
            { dbInstanceId, regionId },
            needed("crossBackupId", crossBackupId, fact("crossBackupId")),
          ),
          ...optional("resourceGroupId", props.resourceGroupId),
          ...optional("encryptionKey", props.encryptionKey),
          clientToken: clientTokenOf(identity),
        }),
    ),
    crossBackupId: needed("crossBackupId", crossBackupId, fact("crossBackupId")),
    ...optional("dataTime", dataTime),
  }));
}

/** What the API calls other than the props do. */
const propNames: Readonly<Record<string, string>> = {
  dbInstanceClass: "instanceClass",
  dbInstanceDescription: "instanceName",
  dbInstanceStorage: "storageGb",
  dbInstanceStorageType: "storageType",
  vSwitchId: "vswitchId",
};

function isOrContainsToken(value: string | readonly string[] | undefined): boolean {
  return Array.isArray(value) ? value.some((each) => Token.isUnresolved(each)) : Token.isUnresolved(value);
}

const monthsPerYear = 12;

function paymentOf({ paymentType, subscriptionMonths: months = 1 }: DisasterRecoveryInstanceProps): Payment {
  if (paymentType !== PaymentType.SUBSCRIPTION) {
    return { payType: "Postpaid" };
  }
  return months % monthsPerYear === 0
    ? { payType: "Prepaid", period: "Year", usedTime: months / monthsPerYear }
    : { payType: "Prepaid", period: "Month", usedTime: months };
}

function dataOf(
  { restoreTime: given }: RestoreSource,
  { recoverableUntil }: BackupFacts,
  { dbInstanceId, regionId }: Pick<RestoreSubject, "dbInstanceId" | "regionId">,
  backupSetId: string,
): RestoredData {
  // A token that was let through is the end of the window itself.
  const restoreTime = Token.isUnresolved(given) ? recoverableUntil : given;
  return restoreTime === undefined
    ? { backupSetId }
    : { restoreTime, sourceRegion: regionId, sourceDbInstanceName: dbInstanceId };
}
