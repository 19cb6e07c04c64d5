import { Command, Option } from "commander";
import { checkDigits, checkInstanceId, checkRegionId, ifGiven } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { regionOf, variableOf } from "../options";
import { printJson } from "../print";

interface PolicyOptions {
  readonly dbInstanceId: readonly string[];
  readonly regionId: readonly string[];
  readonly restoreRegion?: string;
  readonly window?: true;
  readonly accountId?: string;
  readonly resourceTag?: readonly string[];
}

/** RAM's word for every account, and for every resource. */
const wildcard = "*";

/** What the lookup of a recoverable window asks. */
const windowActions = ["rds:DescribeCrossRegionLogBackupFiles", "rds:DescribeAvailableRecoveryTime"];

/** `rds-dr policy`: the least RAM policy for what the package asks of the API; no network, no credentials. */
export function policyCommand(): Command {
  const command = new Command("policy")
    .description("print the least RAM policy that the package needs for these instances, as JSON")
    .requiredOption("--db-instance-id <id...>", "one or more source instances");
  const region = regionOf(process.env);
  const regionOption = new Option(
    "--region-id <region...>",
    "regions of the source instances (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION or ALIBABA_CLOUD_REGION_ID)",
  );
  return command
    .addOption(region === undefined ? regionOption.makeOptionMandatory() : regionOption.default([region]))
    .option("--restore-region <region>", "also allow CheckCreateDdrDBInstance, for restores to this region")
    .option(
      "--window",
      "also allow what the recoverable window needs: DescribeCrossRegionLogBackupFiles and DescribeAvailableRecoveryTime",
    )
    .option(
      "--account-id <digits>",
      "account that owns the instances (default: ALICLOUD_ACCOUNT_ID or ALIBABA_CLOUD_ACCOUNT_ID, else any)",
    )
    .option("--resource-tag <key=value...>", "only while the instance has each of these tags")
    .addHelpText(
      "after",
      `
DescribeCrossRegionBackups is what lookups need; DescribeInstanceCrossBackupPolicy only tells how long backups
are kept, and may be taken out. CheckCreateDdrDBInstance creates nothing. It is allowed on every resource and
without tags: it names no instance that could be compared, and its page defines no condition key.

Example:
  rds-dr policy --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --account-id 1234567890123456`,
    )
    .action((options: PolicyOptions) => {
      printJson(policyFor(options));
    });
}

/**
 * The policy document. CheckCreateDdrDBInstance gets the widest resource: its page names the type of the resource,
 * an instance, but the request names a backup, and a destination in which there is no instance yet.
 *
 * @throws InvalidRequestError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-ram
 * @see https://www.alibabacloud.com/help/en/ram/use-cases/use-tags-to-grant-access-to-apsaradb-rds-instances-by-group
 */
function policyFor({
  dbInstanceId,
  regionId,
  restoreRegion,
  window,
  resourceTag,
  ...given
}: PolicyOptions): object {
  const ofEnvironment = variableOf(process.env, "ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID");
  const accountId = given.accountId ?? ofEnvironment ?? wildcard;
  dbInstanceId.forEach((id) => {
    checkInstanceId("dbInstanceId", id);
  });
  regionId.forEach((id) => {
    checkRegionId("regionId", id);
  });
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  if (accountId !== wildcard) {
    checkDigits("accountId", accountId);
  }
  const lookups = {
    Effect: "Allow",
    Action: [
      "rds:DescribeCrossRegionBackups",
      "rds:DescribeInstanceCrossBackupPolicy",
      ...(window === undefined ? [] : windowActions),
    ],
    Resource: [...new Set(regionId)].flatMap((region) =>
      [...new Set(dbInstanceId)].map((id) => `acs:rds:${region}:${accountId}:dbinstance/${id}`),
    ),
    ...(resourceTag === undefined ? {} : { Condition: { StringEquals: tagConditions(resourceTag) } }),
  };
  const check = { Effect: "Allow", Action: ["rds:CheckCreateDdrDBInstance"], Resource: wildcard };
  return { Version: "1", Statement: restoreRegion === undefined ? [lookups] : [lookups, check] };
}

function tagConditions(tags: readonly string[]): Readonly<Record<string, string>> {
  const conditions: Record<string, string> = {};
  for (const tag of tags) {
    const [, key, value] = /^([^=\s][^=]*)=(.+)$/.exec(tag) ?? [];
    if (key === undefined || value === undefined) {
      throw new InvalidRequestError("resourceTag", tag, 'of the form <key>=<value>, such as "team=dr"');
    }
    const name = `rds:ResourceTag/${key}`;
    if (name in conditions) {
      throw new InvalidRequestError("resourceTag", tag, "of a key that is given once: a tag has one value");
    }
    conditions[name] = value;
  }
  return conditions;
}
