import { engineFamilyOf } from "../backup/engine-family";
import type { RestorableBackup } from "../backup/restorable-backup";
import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../rds-api/actions/check-create-ddr-db-instance";
import type { RdsClient } from "../rds-api/rds-client";
import type { Asked } from "./connections";
import type { Connection, Restore } from "./query";

/** The request that asks whether a backup can be restored so; undefined where its record names no engine or version. */
export function checkRequestFor(
  { regionId, dbInstanceClass, dbInstanceStorage }: Restore,
  { crossBackupId, engine, engineVersion }: RestorableBackup,
): CheckCreateDdrDbInstanceRequest | undefined {
  const family = engineFamilyOf(engine);
  return family === undefined || engineVersion === undefined
    ? undefined
    : {
        regionId,
        engine: family,
        engineVersion,
        dbInstanceClass,
        dbInstanceStorage,
        backupSetId: crossBackupId,
      };
}

/** Storage types of the resources, and of records, whose disks are in the cloud. Records say `ecs` of any of them. */
const cloudDisks = /^(?:ecs$|cloud_|general_)/i;

/**
 * The request that gives a verdict on a backup, or why no request does: CheckCreateDdrDBInstance takes no storage type
 * and refuses cloud disks, so its "no" would say nothing. A storage type that nobody tells counts as local.
 */
export function conclusiveCheckFor(
  restore: Restore,
  backup: RestorableBackup,
): { readonly request: CheckCreateDdrDbInstanceRequest } | { readonly inconclusive: string } {
  const storageType = restore.dbInstanceStorageType ?? backup.dbInstanceStorageType ?? "";
  if (cloudDisks.test(storageType)) {
    return { inconclusive: `CheckCreateDdrDBInstance does not know cloud disks (${storageType})` };
  }
  const request = checkRequestFor(restore, backup);
  if (request === undefined) {
    const { engine = "(none)", engineVersion = "(none)" } = backup;
    return {
      inconclusive: `its record names no engine and version to ask with, but ${engine} ${engineVersion}`,
    };
  }
  return { request };
}

/** Asks the region of a restore whether it accepts a backup. */
export type Check = (connection: Connection, request: CheckCreateDdrDbInstanceRequest) => Promise<boolean>;

/** Asks each question once, whoever asks it. */
export function sharedCheck(clientFor: (asked: Asked) => RdsClient): Check {
  const checks = new Map<string, Promise<boolean>>();
  return ({ restoreEndpoint: endpoint, profile, roleArn }, request) => {
    const key = JSON.stringify([endpoint, profile, roleArn, request]);
    const check =
      checks.get(key) ??
      checkCreateDdrDbInstance(clientFor({ request, connection: { endpoint, profile, roleArn } }), request);
    checks.set(key, check);
    return check;
  };
}
