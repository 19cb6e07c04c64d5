import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { credentialsError, textIn } from "./key-source";
import { type Environment, firstSet, isTrue } from "./variables";
import { isObject } from "../../backup/json-object";

/** A profile, by the names that the Alibaba Cloud CLI gives its fields. */
export type Profile = Readonly<Record<string, unknown>>;

/** A file of profiles. */
export interface ProfileFile {
  readonly path: string;
  /** Name of the profile that counts if none is named. */
  readonly current: string;
  /** Whether the file itself names it, so that it must be there. */
  readonly isCurrentNamed: boolean;
  readonly profiles: readonly Profile[];
}

/**
 * The profiles of the Alibaba Cloud CLI: of `ALICLOUD_SHARED_CREDENTIALS_FILE`, which the Terraform provider reads, or
 * of `ALIBABA_CLOUD_CREDENTIALS_FILE` if it names a JSON file, else of `~/.aliyun/config.json`.
 *
 * @returns undefined if there is no such file
 * @throws RdsApiError for a file that cannot be understood; it names the path, but shows nothing of the content
 */
export async function readCliProfiles(environment: Environment): Promise<ProfileFile | undefined> {
  const path = cliProfilesPath(environment);
  const content = await readOptional(path);
  if (content === undefined) {
    return undefined;
  }
  const config = parseJson(path, content);
  const profiles = isObject(config) ? config["profiles"] : undefined;
  if (!isObject(config) || !Array.isArray(profiles) || !profiles.every(isObject)) {
    throw broken(path, 'it has no list "profiles" of objects');
  }
  const current = textIn(config, "current");
  return { path, current: current ?? "default", isCurrentNamed: current !== undefined, profiles };
}

/** The path of the file of the CLI. */
export function cliProfilesPath(environment: Environment): string {
  // The provider reads the second one too, in which the SDKs see a file of their own form.
  const [ofProvider, shared] = ["ALICLOUD_SHARED_CREDENTIALS_FILE", sdkFileVariable].map((name) =>
    firstSet(environment, name),
  );
  const given = ofProvider ?? (shared?.endsWith(".json") === true ? shared : undefined);
  return given === undefined
    ? join(homeIn(environment), ".aliyun", "config.json")
    : given.replace(/^~(?=$|[/\\])/, homeIn(environment));
}

const sdkFileVariable = "ALIBABA_CLOUD_CREDENTIALS_FILE";

/** Whether the CLI's own variable forbids its profiles. */
export function areCliProfilesDisabled(environment: Environment): boolean {
  return isTrue(environment, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED");
}

/** The fields of the CLI, by what Alibaba's SDKs call them in their own file of profiles. */
const iniFields: Readonly<Record<string, string>> = {
  type: "mode",
  security_token: "sts_token",
  role_name: "ram_role_name",
  role_arn: "ram_role_arn",
  role_session_name: "ram_session_name",
};

const iniModes: Readonly<Record<string, string>> = {
  access_key: "AK",
  sts: "StsToken",
  ecs_ram_role: "EcsRamRole",
  ram_role_arn: "RamRoleArn",
  oidc_role_arn: "OIDC",
  rsa_key_pair: "RsaKeyPair",
};

/**
 * The profiles of Alibaba's SDKs: of `ALIBABA_CLOUD_CREDENTIALS_FILE`, else of `~/.alibabacloud/credentials`, in the
 * words of the CLI.
 *
 * @returns undefined if there is no such file
 */
export async function readSdkProfiles(environment: Environment): Promise<ProfileFile | undefined> {
  const path = firstSet(environment, sdkFileVariable) ?? join(homeIn(environment), ".alibabacloud", "credentials");
  const content = await readOptional(path);
  return content === undefined
    ? undefined
    : { path, current: "default", isCurrentNamed: false, profiles: parseIni(content) };
}

function parseIni(content: string): Profile[] {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of content.split(/\r?\n/)) {
    const [, name] = /^\s*\[(.*)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^\s*([^;#=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      section = { name: name.trim() };
      sections.set(name.trim(), section);
    } else if (section !== undefined && key !== undefined && value !== undefined) {
      const field = ownValue(iniFields, key) ?? key;
      section[field] = field === "mode" ? (ownValue(iniModes, value) ?? value) : value;
    }
  }
  return [...sections.values()];
}

/** Names a file of profiles that cannot be used, and what is wrong with it. */
export function broken(path: string, reason: string): ReturnType<typeof credentialsError> {
  return credentialsError("InvalidCredentialsFile", `the file of profiles ${path} cannot be used: ${reason}`);
}

/**
 * The text of a file with a secret. A FIFO is refused: to read one waits for who writes to it, and Node cannot end the
 * process meanwhile.
 */
export async function readSecretFile(path: string): Promise<string> {
  const stats = await stat(path);
  // What is wrong with a folder, the read says.
  if (!stats.isFile() && !stats.isDirectory()) {
    throw Object.assign(new Error(path), { code: "it is no regular file" });
  }
  return readFile(path, "utf8");
}

/** The value of a record under a name from outside, such as "constructor", which every object has. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return (await readSecretFile(path)).replace(/^\uFEFF/, "");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw broken(path, `it cannot be read (${code})`);
  }
}

function parseJson(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The error quotes the content.
    throw broken(path, "it is not JSON");
  }
}

/** The home of the run; a thread of Node asks the system for that of the process. */
function homeIn(environment: Environment): string {
  const name = process.platform === "win32" ? "USERPROFILE" : "HOME";
  return firstSet(environment, name) ?? homedir();
}
