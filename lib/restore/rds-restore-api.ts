import type { RestoreRequest } from "../lock/restores";
import { Connections } from "../lookup/connections";
import { explainUnknownDisks } from "../lookup/preflight";
import type { Connection } from "../lookup/query";
import { checkCreateDdrDbInstance } from "../rds-api/actions/check-create-ddr-db-instance";
import { createDdrInstance, type CreateDdrInstanceParameters } from "../rds-api/actions/create-ddr-instance";
import { describeDbInstanceAttribute } from "../rds-api/actions/describe-db-instance-attribute";
import { type DbInstance, describeDbInstances } from "../rds-api/actions/describe-db-instances";
import { describePrice, type DescribePriceRequest } from "../rds-api/actions/describe-price";
import { knownAccount } from "../rds-api/credentials/caller-account";
import { accountVariables, firstSet } from "../rds-api/credentials/variables";
import { endpointOrigin } from "../rds-api/endpoint";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import type { RdsClient } from "../rds-api/rds-client";
import type { RestoreApi } from "./restore-run";

/** How RDS is asked. */
export interface RestoreApiOptions {
  /** Region of the restore. */
  readonly regionId: string;
  readonly connection: Connection;
  /** How long each question may take, seconds. */
  readonly deadlineSeconds: number;
  readonly concurrency: number;
  /** The variables in which credentials, and the account, are found. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks RDS. Each question has connections, credentials and a deadline of its own: between two of them may be minutes, in
 * which temporary credentials expire.
 */
export class RdsRestoreApi implements RestoreApi {
  private account: Promise<string | undefined> | undefined;

  constructor(private readonly options: RestoreApiOptions) {}

  get endpoint(): string | undefined {
    return endpointOrigin(this.options.connection.endpoint);
  }

  accountId(): Promise<string | undefined> {
    return (this.account ??= this.readAccountId());
  }

  /** RDS searches for a name as it likes, so all instances of the region are read. */
  async instancesNamed(name: string): Promise<readonly DbInstance[]> {
    const { regionId } = this.options;
    const all = await this.ask((client) => describeDbInstances(client, { regionId }));
    return all.filter(({ description }) => description === name);
  }

  async instance(dbInstanceId: string): Promise<DbInstance | undefined> {
    const { regionId } = this.options;
    try {
      return await this.ask((client) => describeDbInstanceAttribute(client, { regionId, dbInstanceId }));
    } catch (error) {
      if (error instanceof RdsApiError && error.kind === ErrorKind.NOT_FOUND && error.code.includes("Instance")) {
        return undefined;
      }
      throw error;
    }
  }

  async isAccepted({ parameters, crossBackupId }: RestoreRequest): Promise<boolean | { readonly notAsked: string }> {
    const notAsked = explainUnknownDisks(parameters["DBInstanceStorageType"] ?? "");
    if (notAsked !== undefined) {
      return { notAsked };
    }
    const { regionId, engine, engineVersion, dbInstanceClass, dbInstanceStorage } = instanceIn(parameters);
    const request = { regionId, engine, engineVersion, dbInstanceClass, dbInstanceStorage };
    return this.ask((client) => checkCreateDdrDbInstance(client, { ...request, backupSetId: crossBackupId }));
  }

  async price(parameters: CreateDdrInstanceParameters): Promise<string | undefined> {
    try {
      const request = instanceIn(parameters);
      const { tradePrice, currency = "" } = await this.ask((client) => describePrice(client, request));
      const { payment } = request;
      const time =
        payment.payType === "Postpaid" ? "an hour" : `for ${payment.usedTime} ${payment.period.toLowerCase()}(s)`;
      return [tradePrice, currency, time].filter((word) => word !== "").join(" ");
    } catch (error) {
      // A price is good to know, but nobody needs the right to ask for it.
      if (error instanceof RdsApiError) {
        return undefined;
      }
      throw error;
    }
  }

  async create(parameters: CreateDdrInstanceParameters): Promise<string> {
    const { dbInstanceId } = await this.ask((client) => createDdrInstance(client, parameters));
    return dbInstanceId;
  }

  private async ask<T>(question: (client: RdsClient) => Promise<T>): Promise<T> {
    const { regionId, connection, deadlineSeconds, concurrency, environment } = this.options;
    const connections = new Connections(performance.now() + deadlineSeconds * 1_000, concurrency, environment);
    try {
      return await question(connections.clientFor({ request: { regionId }, connection }));
    } finally {
      connections.close();
    }
  }

  private async readAccountId(): Promise<string | undefined> {
    const { environment, connection, deadlineSeconds } = this.options;
    return firstSet(environment, ...accountVariables) ?? knownAccount(connection, environment, deadlineSeconds);
  }
}

/** The instance that parameters describe. */
function instanceIn(parameters: CreateDdrInstanceParameters): DescribePriceRequest {
  const text = (name: string): string => parameters[name] ?? "";
  return {
    regionId: text("RegionId"),
    engine: text("Engine"),
    engineVersion: text("EngineVersion"),
    dbInstanceClass: text("DBInstanceClass"),
    dbInstanceStorage: Number(parameters["DBInstanceStorage"]),
    dbInstanceStorageType: text("DBInstanceStorageType"),
    zoneId: text("ZoneId"),
    payment:
      parameters["PayType"] === "Prepaid"
        ? {
            payType: "Prepaid",
            period: parameters["Period"] === "Year" ? "Year" : "Month",
            usedTime: Number(parameters["UsedTime"]),
          }
        : { payType: "Postpaid" },
  };
}
