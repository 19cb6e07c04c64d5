import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../rds-api/check-create-ddr-db-instance";
import type { RdsClient } from "../rds-api/rds-client";
import type { Asked } from "./connections";
import type { Connection } from "./query";

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
