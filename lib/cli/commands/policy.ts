import { accountVariables } from "../../rds-api/credentials/variables";
import { checkDigits, checkInstanceId, checkRegionId, ifGiven, InvalidRequestError } from "../../validation/checks";
import { ExitCode } from "../exit-code";
import { type CommandSpec, regionReading, tagsOf } from "../options";

interface PolicyOptions {
  readonly dbInstanceId?: readonly string[];
  readonly regionId: readonly string[];
  readonly restoreRegion?: string;
  readonly window?: true;
  readonly restore?: true;
  readonly discover?: true;
  readonly accountId: string;
  readonly resourceTag?: readonly string[];
}

/** RAM's word for every account, and for every resource. */
const wildcard = "*";

/** What a preflight asks. */
const checkAction = "rds:CheckCreateDdrDBInstance";

/** What the lookup of a recoverable window asks. */
const windowActions = ["rds:DescribeCrossRegionLogBackupFiles", "rds:DescribeAvailableRecoveryTime"];

/** What the resource of a `CrossRegionBackupPolicy` calls. */
const backupPolicyActions = ["rds:DescribeInstanceCrossBackupPolicy", "rds:ModifyInstanceCrossBackupPolicy"];

/**
 * What restores an instance, and lists instances. CreateDdrInstance and DescribePrice know no resource. A list of only
 * some instances would prove nothing.
 */
const restoreActions = [
  checkAction,
  "rds:CreateDdrInstance",
  "rds:DescribeDBInstances",
  "rds:DescribePrice",
  "rds:DescribeTags",
];

/** What the provider 1.289.0 calls for one `alicloud_rds_ddr_instance` once it is there, except DeleteDBInstance. */
const restoredInstanceActions = [
  "rds:DescribeDBInstanceAttribute",
  "rds:DescribeDBInstanceIPArrayList",
  "rds:DescribeDBInstanceMonitor",
  "rds:DescribeDBInstanceNetInfo",
  "rds:DescribeDBInstanceSSL",
  "rds:DescribeDBInstanceTDE",
  "rds:DescribeHADiagnoseConfig",
  "rds:DescribeHASwitchConfig",
  "rds:DescribeParameters",
  "rds:DescribeSecurityGroupConfiguration",
  "rds:DescribeSQLCollectorPolicy",
  "rds:DescribeSQLCollectorRetention",
  "rds:DescribeTasks",
  "rds:ModifyDBInstanceDeletionProtection",
  "rds:ModifyDBInstanceSpec",
  "rds:ModifySecurityIps",
  "rds:TagResources",
  ...backupPolicyActions,
];

/** What lists the instances of a region. A list of only some instances would prove nothing. */
const discoverActions = ["rds:DescribeCrossRegionBackupDBInstance", "rds:DescribeDBInstances"];

const accountReading = {
  variables: accountVariables,
  byDefault: wildcard,
};

/** `rds-dr policy`: the smallest RAM policy for what the package asks the API; no network, no credentials. */
export const policy: CommandSpec<PolicyOptions> = {
  name: "policy",
  does: "print the smallest RAM policy that the package needs for these instances, as JSON",
  options: [
    ["--db-instance-id <id...>", "one or more source instances (with --discover by default every instance)"],
    ["--region-id <region...>", "regions of the source instances", regionReading],
    ["--restore-region <region>", "also allow CheckCreateDdrDBInstance, for restores to this region"],
    ["--restore", "also allow what Terraform and rds-dr restore call for a restore to --restore-region"],
    ["--discover", `also allow ${discoverActions.join(", ")}, for rds-dr discover`],
    ["--window", `also allow ${windowActions.join(", ")}, for the recoverable window`],
    ["--account-id <digits>", "account that owns the instances", accountReading],
    ["--resource-tag <key=value...>", "only while the instance has each of these tags"],
  ],
  notes: `
Lookups need DescribeCrossRegionBackups. DescribeInstanceCrossBackupPolicy only returns how long backups are kept: you
may remove it. CheckCreateDdrDBInstance creates nothing. It is allowed on every resource and without tags: its request
names no instance to compare, and its page defines no condition key.

With --restore, the actions are those of the provider for one restored instance (1.289.0, as seen on the network), of
CrossRegionBackupPolicy, rds-dr restore and rds-dr find-instance. A new instance has no id and no tags yet. So they
are allowed on every instance of the restore region. If one is missing, Terraform taints a finished restore.
rds:DeleteDBInstance is left out: a restore does not need it, and Terraform cannot delete an instance without it. Only
a drill needs it, in an account of its own. Other resources of your stack, such as a VPC, need their own actions.
`,
  example: "rds-dr policy --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --account-id 1234567890123456",
  run: (options) => ({ exitCode: ExitCode.DONE, json: policyFor(options) }),
};

interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/**
 * The policy document. CheckCreateDdrDBInstance gets the widest resource. Its page names an instance as the type of
 * the resource, but the request names a backup, and a destination that has no instance yet.
 *
 * @throws InvalidRequestError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-ram
 * @see https://www.alibabacloud.com/help/en/ram/use-cases/use-tags-to-grant-access-to-apsaradb-rds-instances-by-group
 */
function policyFor(options: PolicyOptions): object {
  checkOptions(options);
  const { restore, restoreRegion, discover } = options;
  const statements = [lookupStatement(options), ...(discover === undefined ? [] : [allow(discoverActions, wildcard)])];
  if (restoreRegion === undefined) {
    return { Version: "1", Statement: statements };
  }
  const others = restore === undefined ? [allow([checkAction], wildcard)] : restoreStatements(options, restoreRegion);
  return { Version: "1", Statement: [...statements, ...others] };
}

function checkOptions(options: PolicyOptions): void {
  const { dbInstanceId, regionId, restoreRegion, restore, discover, accountId } = options;
  if (dbInstanceId === undefined && discover === undefined) {
    throw new InvalidRequestError("dbInstanceId", dbInstanceId, "given, unless --discover finds the instances");
  }
  dbInstanceId?.forEach((id) => {
    checkInstanceId("dbInstanceId", id);
  });
  regionId.forEach((id) => {
    checkRegionId("regionId", id);
  });
  ifGiven(checkRegionId, "restoreRegion", restoreRegion);
  if (restore !== undefined && restoreRegion === undefined) {
    throw new InvalidRequestError("restoreRegion", restoreRegion, "given with --restore: the region to restore to");
  }
  if (accountId !== wildcard) {
    checkDigits("accountId", accountId);
  }
}

/** What the lookups ask about the source instances. */
function lookupStatement(options: PolicyOptions): Statement {
  const actions = [
    "rds:DescribeCrossRegionBackups",
    "rds:DescribeInstanceCrossBackupPolicy",
    ...(options.window === undefined ? [] : windowActions),
  ];
  return ofSources(actions, options);
}

/** What a restore calls, apart from the lookup. */
function restoreStatements(options: PolicyOptions, restoreRegion: string): readonly Statement[] {
  const { accountId } = options;
  return [
    ofSources(backupPolicyActions, options),
    allow(restoreActions, wildcard),
    allow(restoredInstanceActions, [`acs:rds:${restoreRegion}:${accountId}:dbinstance/*`]),
    allow(["vpc:DescribeVSwitchAttributes"], [`acs:vpc:${restoreRegion}:${accountId}:vswitch/*`]),
  ];
}

function ofSources(
  actions: readonly string[],
  { regionId, dbInstanceId = [wildcard], accountId, resourceTag }: PolicyOptions,
): Statement {
  const resources = [...new Set(regionId)].flatMap((region) =>
    [...new Set(dbInstanceId)].map((id) => `acs:rds:${region}:${accountId}:dbinstance/${id}`),
  );
  const condition = resourceTag && { Condition: { StringEquals: tagConditions(resourceTag) } };
  return { ...allow(actions, resources), ...condition };
}

function allow(actions: readonly string[], resource: Statement["Resource"]): Statement {
  return { Effect: "Allow", Action: actions, Resource: resource };
}

function tagConditions(tags: readonly string[]): Readonly<Record<string, string>> {
  const conditions = Object.entries(tagsOf("resourceTag", tags));
  return Object.fromEntries(conditions.map(([key, value]) => [`rds:ResourceTag/${key}`, value]));
}
