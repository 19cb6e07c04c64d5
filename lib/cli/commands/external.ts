import { Command } from "commander";
import { isObject } from "../../backup/json-object";
import type { RestorableBackup } from "../../backup/restorable-backup";
import { checkOnStale, OnStale, onStaleOf } from "../../lock/mode";
import { outcomeOf } from "../../lookup/age-limit";
import { snakeCase } from "../../lookup/names";
import type { LatestRequest } from "../../lookup/query";
import { checkHours, checkOneOf, ifGiven } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { readInput } from "../../validation/json-file";
import { answerQueries } from "../answer-queries";
import { ExitCode, exitCodeFor } from "../exit-code";
import { regionOf } from "../options";
import { printFailure, printJson, printWarnings } from "../print";

/** What a query may say: the props of a lookup, in snake_case. */
const queryKeys = [
  "db_instance_id",
  "region_id",
  "cross_backup_region",
  "restore_region",
  "resource_group_id",
  "not_after",
  "recovery_window",
  "max_age_hours",
  "on_stale",
  "db_instance_class",
  "db_instance_storage",
  "db_instance_storage_type",
  "endpoint",
  "restore_endpoint",
  "profile",
  "role_arn",
] as const;

/** A query as Terraform sends it, without what it leaves open; what the values are is checked before they are used. */
type Query = Partial<Record<(typeof queryKeys)[number], string>> & {
  readonly recovery_window?: "true" | "false";
  readonly on_stale?: OnStale;
};

const example =
  '{"db_instance_id":"rm-uf6wjk5xxxx","region_id":"cn-hangzhou","restore_region":"cn-shanghai"}';

/**
 * `rds-dr external`: the latest valid full backup, by the protocol of Terraform's data source "external".
 *
 * @see https://registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external
 */
export function externalCommand(): Command {
  return new Command("external")
    .description(
      'be the program of data "external" in plain Terraform: a query as JSON in, a backup as JSON out',
    )
    .addHelpText(
      "after",
      `
The query is an object of text. It may name, in snake_case, what the options of lookup say:
  ${queryKeys.join("\n  ")}
db_instance_id must be given, and region_id unless ALICLOUD_REGION, ALIBABA_CLOUD_REGION or ALIBABA_CLOUD_REGION_ID is set. Null and empty
text count as not given.

Example:
  echo '${example}' | rds-dr external`,
    )
    .action(async () => {
      const query = parseQuery(
        process.stdin.isTTY ? "" : await readInput("-", "the query on standard input"),
      );
      try {
        process.exitCode = await answer(query);
      } catch (error) {
        throw inWordsOf(query, error);
      }
    });
}

/** Nothing but a result goes to standard output; Terraform shows standard error only where there is none. */
async function answer(query: Query): Promise<ExitCode> {
  const { endpoint, restore_endpoint: restoreEndpoint, profile, role_arn: roleArn } = query;
  const maxAgeHours = numberOf(query.max_age_hours);
  ifGiven(checkHours, "maxAgeHours", maxAgeHours);
  ifGiven(checkOnStale, "onStale", query.on_stale);
  ifGiven(checkFlagText, "recoveryWindow", query.recovery_window);
  const request: LatestRequest = {
    dbInstanceId: query.db_instance_id ?? "",
    regionId: query.region_id ?? "",
    crossBackupRegion: query.cross_backup_region,
    restoreRegion: query.restore_region,
    resourceGroupId: query.resource_group_id,
    notAfter: query.not_after,
    recoveryWindow: query.recovery_window === "true" ? true : undefined,
    dbInstanceClass: query.db_instance_class,
    dbInstanceStorage: numberOf(query.db_instance_storage),
    dbInstanceStorageType: query.db_instance_storage_type,
  };
  const { answers, settings, now } = await answerQueries([
    { kind: "latest", request, connection: { endpoint, restoreEndpoint, profile, roleArn } },
  ]);
  const staleIsFine = onStaleOf(query.on_stale, settings) === OnStale.WARN;
  const { backup, failure, warnings } = outcomeOf(request, answers[0], { maxAgeHours, staleIsFine }, now);
  printWarnings(warnings);
  if (failure !== undefined) {
    printFailure(failure);
    return exitCodeFor(failure);
  }
  printJson(resultOf(request, backup, warnings));
  return ExitCode.DONE;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** @throws InvalidRequestError for what is no object of text, or has a key that no query has */
function parseQuery(given: string): Query {
  const query = parseJson(given);
  if (!isObject(query) || Array.isArray(query)) {
    const value = given.trim() === "" ? undefined : given;
    throw new InvalidRequestError("the query on standard input", value, `a JSON object such as ${example}`);
  }
  for (const [key, value] of Object.entries(query)) {
    if (!queryKeys.some((known) => known === key)) {
      throw new InvalidRequestError("a key of the query", key, queryKeys.join(", "));
    }
    if (value !== null && typeof value !== "string") {
      throw new InvalidRequestError(nameInQuery(key), value, "text, as every value of a query");
    }
  }
  // What a Terraform module leaves open, it passes as null or as empty text.
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== "");
  const region = regionOf(process.env);
  return { region_id: region, ...Object.fromEntries(entries) };
}

function checkFlagText(name: string, value: string): void {
  checkOneOf(name, value, ["true", "false"]);
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** An error with the key and the text of the query in place of the prop and what was made of it. */
function inWordsOf(query: Query, error: unknown): unknown {
  const key = error instanceof InvalidRequestError ? snakeCase(error.parameter) : undefined;
  const known = queryKeys.find((candidate) => candidate === key);
  return error instanceof InvalidRequestError && known !== undefined
    ? new InvalidRequestError(nameInQuery(known), query[known], error.allowed)
    : error;
}

function nameInQuery(key: string): string {
  return `"${key}" of the query`;
}

/** Every fact, since Terraform stumbles over a key that is missing; none is the empty text. */
const noFacts: Readonly<Record<Exclude<keyof RestorableBackup, "unreadable">, "">> = {
  crossBackupId: "",
  restoreRegions: "",
  dataTime: "",
  dataTimeEstimated: "",
  recoverableFrom: "",
  recoverableUntil: "",
  recoveryGaps: "",
  backupStartTime: "",
  backupEndTime: "",
  consistentTime: "",
  backupType: "",
  backupMethod: "",
  backupSetStatus: "",
  backupSetScale: "",
  category: "",
  crossBackupRegion: "",
  crossBackupSetFile: "",
  crossBackupSetLocation: "",
  crossBackupSetSize: "",
  dbInstanceStorageType: "",
  engine: "",
  engineVersion: "",
  hasBackupTableMeta: "",
  instanceId: "",
};

/** The facts under Terraform's names, all of them text, and the warnings, which Terraform shows nowhere else. */
function resultOf(
  { dbInstanceId, regionId }: LatestRequest,
  backup: RestorableBackup | undefined,
  warnings: readonly string[],
): Record<string, string> {
  // A time interval of ISO 8601; ".." where its end is open.
  const recoveryGaps = (backup?.recoveryGaps ?? []).map(({ start, end = ".." }) => `${start}/${end}`);
  const facts = {
    dbInstanceId,
    regionId,
    ...noFacts,
    ...backup,
    recoveryGaps,
    warnings: warnings.join("\n"),
  };
  return Object.fromEntries(
    Object.entries<unknown>(facts)
      .filter(([name]) => name !== "unreadable")
      // The text of a list has commas between its elements.
      .map(([name, value]) => [snakeCase(name), String(value)]),
  );
}
