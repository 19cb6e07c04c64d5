import { checkDigits, checkInstanceId, checkRegionId, ifGiven, InvalidRequestError } from "../../validation/checks";
import { ExitCode } from "../exit-code";
import { type CommandSpec, regionReading } from "../options";

interface PolicyOptions {
  readonly dbInstanceId: readonly string[];
  readonly regionId: readonly string[];
  readonly restoreRegion?: string;
  readonly window?: true;
  readonly accountId: string;
  readonly resourceTag?: readonly string[];
}

/** RAM's word for every account, and for every resource. */
const wildcard = "*";

/** What the lookup of a recoverable window asks. */
const windowActions = ["rds:DescribeCrossRegionLogBackupFiles", "rds:DescribeAvailableRecoveryTime"];

const accountReading = {
  variables: ["ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"],
  byDefault: wildcard,
};

/** `rds-dr policy`: the smallest RAM policy for what the package asks the API; no network, no credentials. */
export const policy: CommandSpec<PolicyOptions> = {
  name: "policy",
  does: "print the smallest RAM policy that the package needs for these instances, as JSON",
  options: [
    ["--db-instance-id <id...>", "one or more source instances", { isRequired: true }],
    ["--region-id <region...>", "regions of the source instances", regionReading],
    ["--restore-region <region>", "also allow CheckCreateDdrDBInstance, for restores to this region"],
    ["--window", `also allow ${windowActions.join(", ")}, for the recoverable window`],
    ["--account-id <digits>", "account that owns the instances", accountReading],
    ["--resource-tag <key=value...>", "only while the instance has each of these tags"],
  ],
  notes: `
Lookups need DescribeCrossRegionBackups. DescribeInstanceCrossBackupPolicy only returns how long backups are kept: you
may remove it. CheckCreateDdrDBInstance creates nothing. It is allowed on every resource and without tags: its request
names no instance to compare, and its page defines no condition key.
`,
  example: "rds-dr policy --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --account-id 1234567890123456",
  run: (options) => ({ exitCode: ExitCode.DONE, json: policyFor(options) }),
};

/**
 * The policy document. CheckCreateDdrDBInstance gets the widest resource. Its page names an instance as the type of
 * the resource, but the request names a backup, and a destination that has no instance yet.
 *
 * @throws InvalidRequestError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-ram
 * @see https://www.alibabacloud.com/help/en/ram/use-cases/use-tags-to-grant-access-to-apsaradb-rds-instances-by-group
 */
function policyFor(options: PolicyOptions): object {
  const { dbInstanceId, regionId, restoreRegion, accountId, resourceTag } = options;
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
      ...(options.window === undefined ? [] : windowActions),
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
