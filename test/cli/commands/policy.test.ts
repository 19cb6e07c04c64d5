import { type Finished, runCli } from "../../fixtures";
import { offences } from "../../schema/schemas";

const orders = ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"] as const;
const lookupActions = ["rds:DescribeCrossRegionBackups", "rds:DescribeInstanceCrossBackupPolicy"];
const backupPolicyActions = ["rds:DescribeInstanceCrossBackupPolicy", "rds:ModifyInstanceCrossBackupPolicy"];

function policy(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(["policy", ...args], { environment });
}

test("allows the lookups, and nothing else, on the instances alone", async () => {
  const { code, stdout, stderr } = await policy([
    ...["--db-instance-id", "rm-orders", "pgm-billing", "rm-orders", "--region-id", "cn-hangzhou"],
    ...["--account-id", "1234567890123456"],
  ]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: lookupActions,
        Resource: [
          "acs:rds:cn-hangzhou:1234567890123456:dbinstance/rm-orders",
          "acs:rds:cn-hangzhou:1234567890123456:dbinstance/pgm-billing",
        ],
      },
    ],
  });
});

test("with a region to restore to, also the check before a restore, which no instance or tag can bound", async () => {
  const { stdout } = await policy([
    ...[...orders, "--restore-region", "cn-shanghai"],
    ...["--resource-tag", "team=dr", "cost/centre=a=b"],
  ]);

  expect(JSON.parse(stdout)).toEqual({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: lookupActions,
        Resource: ["acs:rds:cn-hangzhou:*:dbinstance/rm-orders"],
        Condition: {
          StringEquals: { "rds:ResourceTag/team": "dr", "rds:ResourceTag/cost/centre": "a=b" },
        },
      },
      { Effect: "Allow", Action: ["rds:CheckCreateDdrDBInstance"], Resource: "*" },
    ],
  });
});

test("with the recoverable window, also what lists the logs and reports the end, on the instances alone", async () => {
  const { stdout } = await policy([...orders, "--window"]);

  expect(JSON.parse(stdout)).toMatchObject({
    Statement: [
      {
        Action: [...lookupActions, "rds:DescribeCrossRegionLogBackupFiles", "rds:DescribeAvailableRecoveryTime"],
        Resource: ["acs:rds:cn-hangzhou:*:dbinstance/rm-orders"],
      },
    ],
  });
});

test("with discover, also what lists the instances of a region", async () => {
  const { stdout } = await policy([...orders, "--discover"]);

  const [, listing] = (JSON.parse(stdout) as { readonly Statement: readonly unknown[] }).Statement;
  expect(listing).toEqual({
    Effect: "Allow",
    Action: ["rds:DescribeCrossRegionBackupDBInstance", "rds:DescribeDBInstances"],
    Resource: "*",
  });
});

test("with a restore, also what Terraform and rds-dr restore call for one, and nothing that deletes", async () => {
  const { code, stdout } = await policy([
    ...[...orders, "--restore-region", "cn-shanghai", "--restore"],
    ...["--account-id", "11", "--resource-tag", "team=dr"],
  ]);

  expect(code).toBe(0);
  const { Statement: statements } = JSON.parse(stdout) as { Statement: Record<string, unknown>[] };
  const ofSources = {
    Effect: "Allow",
    Resource: ["acs:rds:cn-hangzhou:11:dbinstance/rm-orders"],
    Condition: { StringEquals: { "rds:ResourceTag/team": "dr" } },
  };
  expect(statements).toEqual([
    { ...ofSources, Action: lookupActions },
    { ...ofSources, Action: backupPolicyActions },
    {
      Effect: "Allow",
      Action: [
        "rds:CheckCreateDdrDBInstance",
        "rds:CreateDdrInstance",
        "rds:DescribeDBInstances",
        "rds:DescribePrice",
        "rds:DescribeTags",
      ],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: expect.arrayContaining(["rds:TagResources", ...backupPolicyActions]) as unknown,
      Resource: ["acs:rds:cn-shanghai:11:dbinstance/*"],
    },
    {
      Effect: "Allow",
      Action: ["vpc:DescribeVSwitchAttributes"],
      Resource: ["acs:vpc:cn-shanghai:11:vswitch/*"],
    },
  ]);
  expect(stdout).not.toContain("Delete");
});

/** What the provider 1.289.0 called during the life of one `alicloud_rds_ddr_instance`. */
const seenOfProvider = `
  CheckCreateDdrDBInstance CreateDdrInstance ModifyDBInstanceDeletionProtection ModifySecurityIps ModifyDBInstanceSpec
  TagResources DescribeTasks DescribeTags DescribeParameters DescribeDBInstanceAttribute DescribeDBInstanceIPArrayList
  DescribeDBInstanceMonitor DescribeDBInstanceNetInfo DescribeDBInstanceSSL DescribeDBInstanceTDE
  DescribeSQLCollectorPolicy DescribeSQLCollectorRetention DescribeSecurityGroupConfiguration DescribeHASwitchConfig
  DescribeHADiagnoseConfig
`;

test.each(seenOfProvider.trim().split(/\s+/))(
  "a restore is allowed %s: without it, it would be tainted",
  async (action) => {
    const { stdout } = await policy([...orders, "--restore-region", "cn-shanghai", "--restore"]);

    expect(stdout).toContain(`"rds:${action}"`);
  },
);

test("region and account come from Terraform's variables, else from those of the SDKs, unless they are said", async () => {
  const variables = {
    ALICLOUD_REGION: "cn-beijing",
    ALIBABA_CLOUD_REGION: "cn-shenzhen",
    ALICLOUD_ACCOUNT_ID: "11",
    ALIBABA_CLOUD_ACCOUNT_ID: "22",
  };
  const id = ["--db-instance-id", "rm-a"] as const;

  const results = await Promise.all([
    policy(id, variables),
    policy(id, { ...variables, ALICLOUD_REGION: "", ALICLOUD_ACCOUNT_ID: "" }),
    policy([...id, "--region-id", "cn-hangzhou", "--account-id", "33"], variables),
  ]);

  expect(results.map(({ stdout }) => /acs:rds:[^"]+/.exec(stdout)?.[0])).toEqual([
    "acs:rds:cn-beijing:11:dbinstance/rm-a",
    "acs:rds:cn-shenzhen:22:dbinstance/rm-a",
    "acs:rds:cn-hangzhou:33:dbinstance/rm-a",
  ]);
});

test("for what discovers its instances, every instance of the region is in it", async () => {
  const { code, stdout } = await policy(["--discover", "--region-id", "cn-hangzhou", "--account-id", "33"]);

  expect(code).toBe(0);
  expect(offences("policy", stdout)).toEqual([]);
  expect(stdout).toContain('"acs:rds:cn-hangzhou:33:dbinstance/*"');
  expect(stdout).toContain("rds:DescribeCrossRegionBackupDBInstance");
});

test("several regions are all in it, each with every instance", async () => {
  const { stdout } = await policy(["--db-instance-id", "rm-a", "--region-id", "cn-hangzhou", "cn-beijing"]);

  expect(stdout).toContain("acs:rds:cn-hangzhou:*:dbinstance/rm-a");
  expect(stdout).toContain("acs:rds:cn-beijing:*:dbinstance/rm-a");
});

test.each<[readonly string[], RegExp]>([
  [["--region-id", "cn-hangzhou"], /--db-instance-id must be given, unless --discover finds the instances/],
  [["--db-instance-id", "rm-a"], /required option '--region-id <region...>' not specified/],
  [[...orders, "--db-instance-id", "*"], /^error: --db-instance-id must be the id of .* but is "\*"/],
  [[...orders, "--region-id", "*"], /^error: --region-id must be .* but is "\*"/],
  [[...orders, "--restore-region", "*"], /^error: --restore-region must be .* but is "\*"/],
  [
    [...orders, "--restore"],
    /^error: --restore-region must be given with --restore, but is missing: the region to restore to/,
  ],
  [[...orders, "--account-id", "me"], /^error: --account-id must be a string of 1 to 20 digits.* but is "me"/],
  [[...orders, "--resource-tag", "team"], /^error: --resource-tag must be of the form .* but is "team"/],
  [[...orders, "--resource-tag", "team="], /^error: --resource-tag must be of the form .* but is "team="/],
  [[...orders, "--resource-tag", "=dr"], /^error: --resource-tag must be of the form .* but is "=dr"/],
  [[...orders, "--resource-tag", "a=1", "a=2"], /^error: --resource-tag must be of a key .* but is "a=2"/],
])("%j is a usage error that names the flag", async (args, message) => {
  const { code, stdout, stderr } = await policy(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
