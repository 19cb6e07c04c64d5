import { InvalidArgumentError, Option, type Command } from "commander";

/** What every command that asks the API takes. */
export interface CommonOptions {
  readonly regionId: string;
  readonly crossBackupRegion?: string;
  readonly restoreRegion?: string;
  readonly resourceGroupId?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly json: boolean;
}

/** Adds them to a command. */
export function addCommonOptions(command: Command, environment: NodeJS.ProcessEnv): Command {
  const region = [environment["ALICLOUD_REGION"], environment["ALIBABA_CLOUD_REGION"]].find(
    (value) => value !== undefined && value !== "",
  );
  const regionHelp = "region of the source instance (default: ALICLOUD_REGION or ALIBABA_CLOUD_REGION)";
  if (region === undefined) {
    command.requiredOption("--region-id <region>", regionHelp);
  } else {
    command.option("--region-id <region>", regionHelp, region);
  }
  return command
    .option("--cross-backup-region <region>", "only backups stored in this region")
    .option("--restore-region <region>", "only backups that can be restored to this region")
    .option("--resource-group-id <id>", "resource group of the instance")
    .addOption(endpointOption())
    .addOption(profileOption())
    .option("--json", "print JSON", false);
}

/** Where the API is. */
export function endpointOption(): Option {
  return new Option(
    "--endpoint <endpoint>",
    "host, host:port or URL of the RDS API, or vpc (default: ALIBABA_CLOUD_ENDPOINT_RDS, else the context in cdktf.json, else the region's)",
  );
}

/** Whose credentials are used. */
export function profileOption(): Option {
  return new Option(
    "--profile <name>",
    "profile of the Alibaba Cloud CLI (default: the environment's access key or profile, else the context in cdktf.json, else the credential chain)",
  );
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
