import { dirname, join, resolve } from "node:path";
import { isOneLine } from "../../backup/forms";
import { nearestProjectFile, noProjectFile, readProjectFile } from "../../lock/project-file";
import { connectionToDestination } from "../../lock/connection";
import type { Settings } from "../../lock/settings";
import { errorAnswer, failureJson, type LookupFailure } from "../../lookup/answer";
import { Connections } from "../../lookup/connections";
import type { Connection } from "../../lookup/query";
import { type DbInstance, describeDbInstances } from "../../rds-api/actions/describe-db-instances";
import { checkEndpoint } from "../../rds-api/endpoint";
import { checkRegionId, checkRoleArn, checkThat, ifGiven, InvalidRequestError } from "../../validation/checks";
import { framework } from "../../validation/own-package";
import { onOneLine } from "../../validation/printable";
import { ExitCode, exitCodeFor } from "../exit-code";
import type { Io, NamedFailure } from "../io";
import {
  appDirOption,
  appFolder,
  type CommandSpec,
  connectionOptions,
  jsonOption,
  type LockFileOptions,
  readCommandSettings,
  regionVariables,
} from "../options";
import { readStates, type StateAddresses } from "../state-instances";
import { type DeclaredInstance, readDeclaredInstances, type UnreadableInstance } from "../synthesised-instances";

interface FindInstanceOptions extends Connection, Pick<LockFileOptions, "appDir"> {
  readonly name?: readonly string[];
  readonly regionId?: string;
  readonly fromSynthesis?: string;
  readonly state?: readonly string[];
  readonly json?: true;
}

/** An instance to look for; without a path if the command line names it. */
type Wanted = Pick<DeclaredInstance, "name" | "regionId"> & Partial<DeclaredInstance>;

/** What was found of an instance, or why nobody knows. */
interface Search {
  readonly wanted: Wanted;
  readonly found: readonly Found[];
  readonly failure?: LookupFailure;
}

interface Found {
  readonly instance: DbInstance;
  /** Its address in the state; undefined if it is not there, or if no state was given. */
  readonly address: string | undefined;
}

const mayBeThere =
  'note: "none" is no proof. RAM rights for some resource groups or tags shorten the list without a word, and an instance that is being created can be listed late. Look again after some minutes, with rights for the whole account';

/** `rds-dr find-instance`: looks for an instance whose creation was interrupted, so that it is in no state. */
export const findInstance: CommandSpec<FindInstanceOptions> = {
  name: "find-instance",
  does: "look for restored instances by their names, as after an interrupted deploy",
  options: [
    ["--name <name...>", "names of instances (default: those in cdktf.out)"],
    ["--region-id <region>", "their region; for cdktf.out, if a provider names none", { variables: regionVariables }],
    ["--from-synthesis <folder>", `the output of ${framework} (default: cdktf.out beside cdktf.json)`],
    ["--state <file...>", "what terraform show -json printed, to compare with; - is standard input"],
    ...connectionOptions,
    appDirOption,
    jsonOption,
  ],
  notes: `
Terraform gets the id of an instance only when its creation ends. If a deploy is interrupted before, the instance
exists, but it is in no state, and the next deploy creates a second one. Look for it first, and import it.

This command changes nothing. It lists all instances of the region with DescribeDBInstances, and compares names
exactly. Names are not unique: it prints every instance that has the name.

With --state, the exit code is 7 if an instance is in none of these states.
`,
  example: "terraform -chdir=cdktf.out/stacks/dr show -json | npx rds-dr find-instance --state -",
  async run(options, io) {
    checkConnection(options);
    const settings = readCommandSettings(options, io);
    const { declared, unreadable } = instancesToFind(options, io);
    const state = await readStates(options.state, io);
    const searches = await searchAll(declared, state, options, settings, io);
    const isLost = state !== undefined && searches.some(({ found }) => found.some(({ address }) => !address));
    const isAnyMissing = searches.some(({ found, failure }) => found.length === 0 && failure === undefined);
    return {
      exitCode: Math.max(
        isLost ? ExitCode.DIFFERENT : ExitCode.DONE,
        ...searches.map(({ failure }) => exitCodeFor(failure)),
      ),
      json: { searches: searches.map((each) => searchJson(each, state)), unreadable },
      texts: searches.flatMap((each) => (each.failure === undefined ? [searchText(each, state)] : [])),
      warnings: unreadable.map(({ path, reason }) => `"${path}" is not looked for: ${reason}`),
      failed: options.json ? [] : failuresOf(searches),
      notes: isAnyMissing ? [mayBeThere] : [],
    };
  },
};

function checkConnection({ endpoint, roleArn, regionId }: FindInstanceOptions): void {
  ifGiven(checkEndpoint, "endpoint", endpoint);
  ifGiven(checkRoleArn, "roleArn", roleArn);
  ifGiven(checkRegionId, "regionId", regionId);
}

/** @throws InvalidRequestError if there is no instance to look for */
function instancesToFind(
  options: FindInstanceOptions,
  io: Io,
): { readonly declared: readonly Wanted[]; readonly unreadable: readonly UnreadableInstance[] } {
  const { name: names, regionId, fromSynthesis } = options;
  if (names !== undefined) {
    if (fromSynthesis !== undefined) {
      throw new InvalidRequestError("fromSynthesis", fromSynthesis, "omitted if --name says what to look for");
    }
    if (regionId === undefined) {
      throw new InvalidRequestError("regionId", undefined, "given with --name");
    }
    const checkName = checkThat(isOneLine, "the name of an instance: one line without control characters");
    names.forEach((name) => {
      checkName("name", name);
    });
    return { declared: [...new Set(names)].map((name) => ({ name, regionId })), unreadable: [] };
  }
  const folder = fromSynthesis === undefined ? outputFolder(options, io) : resolve(io.cwd, fromSynthesis);
  const found = readDeclaredInstances(folder, regionId);
  if (found.declared.length === 0) {
    const reasons = found.unreadable.map(({ path, reason }) => `"${path}": ${reason}`).join("; ");
    const why = reasons === "" ? "declares no instance" : `has no readable name (${reasons})`;
    throw new InvalidRequestError("name", undefined, `given with --region-id, as the synthesis in ${folder} ${why}`);
  }
  return found;
}

/** The folder into which cdktf-cli writes. */
function outputFolder(options: FindInstanceOptions, io: Io): string {
  const file = nearestProjectFile(appFolder(options, io));
  if (file === undefined) {
    throw new InvalidRequestError(
      "name",
      undefined,
      `given with --region-id, or --from-synthesis, as ${noProjectFile}`,
    );
  }
  const { output } = readProjectFile(file);
  return join(dirname(file), typeof output === "string" ? output : "cdktf.out");
}

/** Lists each region once, whatever the number of names. */
async function searchAll(
  wanted: readonly Wanted[],
  state: StateAddresses | undefined,
  options: FindInstanceOptions,
  settings: Settings,
  io: Io,
): Promise<readonly Search[]> {
  const deadline = performance.now() + settings.deadlineSeconds * 1_000;
  const connections = new Connections(deadline, settings.concurrency, io.environment);
  const list = async (regionId: string): Promise<readonly DbInstance[] | LookupFailure> => {
    const connection = connectionToDestination(regionId, options, settings);
    const client = connections.clientFor({ request: { regionId }, connection });
    try {
      return await describeDbInstances(client, { regionId });
    } catch (error) {
      return errorAnswer(instancesOf(regionId), error).error;
    }
  };
  try {
    const regions = [...new Set(wanted.map(({ regionId }) => regionId))];
    const lists = new Map(await Promise.all(regions.map(async (region) => [region, await list(region)] as const)));
    return wanted.map((each) => searchIn(lists.get(each.regionId) ?? [], each, state));
  } finally {
    connections.close();
  }
}

function searchIn(
  list: readonly DbInstance[] | LookupFailure,
  wanted: Wanted,
  state: StateAddresses | undefined,
): Search {
  if ("kind" in list) {
    return { wanted, found: [], failure: list };
  }
  const named = list.filter(({ description }) => description === wanted.name);
  return { wanted, found: named.map((instance) => ({ instance, address: state?.get(instance.dbInstanceId) })) };
}

/** The failures, one for each region: whatever is wanted there, it is listed once. */
function failuresOf(searches: readonly Search[]): readonly NamedFailure[] {
  const failures = searches.flatMap(({ wanted: { regionId }, failure }) =>
    failure === undefined ? [] : [[instancesOf(regionId), failure] as const],
  );
  return [...new Map(failures)].map(([name, failure]) => ({ name, failure }));
}

const instancesOf = (regionId: string): string => `the instances of ${regionId}`;

/** The line of code by which Terraform takes an instance that is there; undefined if the code imports it already. */
function importLine({ isWithin = true, importedId }: Wanted, { dbInstanceId }: DbInstance): string | undefined {
  return importedId === dbInstanceId
    ? undefined
    : `${isWithin ? "instance.resource" : "resource"}.importFrom(${JSON.stringify(dbInstanceId)})`;
}

function searchText({ wanted, found }: Search, state: StateAddresses | undefined): string {
  const { name, regionId, path } = wanted;
  const head = `${name} (${regionId}${path === undefined ? "" : `, ${path}`}): `;
  if (found.length === 0) {
    return `${head}none is listed`;
  }
  const count = found.length === 1 ? "1 instance" : `${found.length} instances of this name`;
  return [`${head}${count}`, ...found.map((each) => foundText(wanted, each, state))].join("\n");
}

function foundText(wanted: Wanted, { instance, address }: Found, state: StateAddresses | undefined): string {
  const { dbInstanceId, status = "unknown", createTime = "unknown", engine = "", engineVersion = "" } = instance;
  const whenToImport = status === "Running" ? "" : ", once it is Running";
  return [
    `  ${onOneLine(dbInstanceId)}`,
    `    status   ${onOneLine(status)}`,
    `    created  ${createTime}`,
    `    engine   ${`${engine} ${engineVersion}`.trim() || "unknown"}`,
    ...(state === undefined ? [] : [`    state    ${onOneLine(address ?? "in none")}`]),
    ...(address === undefined
      ? [`    import   ${importLine(wanted, instance) ?? "the code imports it already: deploy"}${whenToImport}`]
      : []),
  ].join("\n");
}

/** The form that scripts rely on. */
function searchJson({ wanted, found, failure }: Search, state: StateAddresses | undefined): object {
  const { name, regionId, path = null } = wanted;
  const instances = found.map(({ instance, address }) => ({
    dbInstanceId: instance.dbInstanceId,
    status: instance.status ?? null,
    createTime: instance.createTime ?? null,
    engine: instance.engine ?? null,
    engineVersion: instance.engineVersion ?? null,
    isInState: state === undefined ? null : address !== undefined,
    stateAddress: address ?? null,
    importLine: address === undefined ? (importLine(wanted, instance) ?? null) : null,
  }));
  return { name, regionId, path, instances, error: failure === undefined ? null : failureJson(failure) };
}
