import { InvalidArgumentError, Option, type Command } from "commander";

/** What every command that asks the API takes. */
export interface CommonOptions {
  readonly regionId: string;
  readonly crossBackupRegion?: string;
  readonly restoreRegion?: string;
  readonly resourceGroupId?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly json: boolean;
}

/** The value of the first of the variables that has one: of two names for a thing, Terraform's comes first. */
export function variableOf(
  environment: Readonly<Record<string, string | undefined>>,
  ...names: readonly string[]
): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}

/** The region that Terraform's provider, or the Alibaba Cloud CLI, would take from the environment. */
export function regionOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return variableOf(environment, "ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID");
}

/** Adds the region of the source instance to a command; required where no variable says it. */
export function addRegionOption(command: Command, environment: NodeJS.ProcessEnv): Command {
  const region = regionOf(environment);
  const help =
    "region of the source instance (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION or ALIBABA_CLOUD_REGION_ID)";
  return region === undefined
    ? command.requiredOption("--region-id <region>", help)
    : command.option("--region-id <region>", help, region);
}

/** Adds them to a command. */
export function addCommonOptions(command: Command, environment: NodeJS.ProcessEnv): Command {
  return addRegionOption(command, environment)
    .option("--cross-backup-region <region>", "only backups stored in this region")
    .option("--restore-region <region>", "only backups that can be restored to this region")
    .option("--resource-group-id <id>", "resource group of the instance")
    .addOption(endpointOption())
    .addOption(profileOption())
    .addOption(roleArnOption())
    .option("--json", "print JSON", false);
}

/** Where the API is. */
export function endpointOption(): Option {
  return new Option(
    "--endpoint <endpoint>",
    "host, host:port or URL of the RDS API, or vpc (default: RDS_DR_ENDPOINT, else ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's)",
  );
}

/** Where the API of the region of the restore is. */
export function restoreEndpointOption(): Option {
  return new Option(
    "--restore-endpoint <endpoint>",
    "the same for the restore region (default: RDS_DR_RESTORE_ENDPOINT, else RDS_DR_ENDPOINT, else ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's)",
  );
}

/** Whose credentials are used. */
export function profileOption(): Option {
  return new Option(
    "--profile <name>",
    "profile of the Alibaba Cloud CLI (default: the environment's access key or profile, else the credential chain)",
  );
}

/** The role that those credentials assume. */
export function roleArnOption(): Option {
  return new Option(
    "--role-arn <arn>",
    "RAM role to assume, such as acs:ram::1234567890123456:role/drill (default: ALICLOUD_ASSUME_ROLE_ARN or ALIBABA_CLOUD_ROLE_ARN, else none)",
  );
}

/** Reads what can be given once: of two instances the first would be passed over without a word. */
export function once(text: string, previous: string | undefined): string {
  if (previous !== undefined) {
    throw new InvalidArgumentError("It can be given once.");
  }
  return text;
}

/** Reads a number on the command line. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) {
    throw new InvalidArgumentError("It must be a number.");
  }
  return number;
}

/** Reads a whole number within bounds on the command line. */
export function parseWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = parseNumber(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
