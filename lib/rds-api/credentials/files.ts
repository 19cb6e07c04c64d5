import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject } from "../../backup/json-object";
import { credentialsError, textIn } from "./session-key";
import { type Environment, firstSet, isTrue } from "./variables";

/** A profile, by the names that the Alibaba Cloud CLI gives its fields. */
export type Profile = Readonly<Record<string, unknown>>;

/** A file of profiles. */
export interface ProfileFile {
  readonly path: string;
  /** Name of the profile that counts if none is named. */
  readonly current: string;
  readonly profiles: readonly Profile[];
}

/**
 * The profiles of the Alibaba Cloud CLI: of `ALICLOUD_SHARED_CREDENTIALS_FILE`, which the Terraform provider reads, or
 * of `ALIBABA_CLOUD_CREDENTIALS_FILE` if it names a JSON file, else of `~/.aliyun/config.json`.
 *
 * @returns undefined if there is no such file
 * @throws RdsApiError for a file that cannot be understood; it names the path, and shows nothing of the content
 */
export async function readCliProfiles(environment: Environment): Promise<ProfileFile | undefined> {
  const path = cliProfilesPath(environment);
  const content = await readOptional(path);
  if (content === undefined) {
    return undefined;
  }
  const config = parseJson(path, content);
  const profiles = config["profiles"];
  if (!Array.isArray(profiles) || !profiles.every(isObject)) {
    throw broken(path, 'it has no list "profiles" of objects');
  }
  return { path, current: textIn(config, "current") ?? "default", profiles };
}

/** Where the profiles of the CLI are looked for. */
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
  const path =
    firstSet(environment, sdkFileVariable) ?? join(homeIn(environment), ".alibabacloud", "credentials");
  const content = await readOptional(path);
  return content === undefined ? undefined : { path, current: "default", profiles: parseIni(content) };
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
      const field = iniFields[key] ?? key;
      section[field] = field === "mode" ? (iniModes[value] ?? value) : value;
    }
  }
  return [...sections.values()];
}

/** Names a file of profiles that cannot be used, and what is wrong with it. */
export function broken(path: string, reason: string): ReturnType<typeof credentialsError> {
  return credentialsError("InvalidCredentialsFile", `the file of profiles ${path} cannot be used: ${reason}`);
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw broken(path, `it cannot be read (${code})`);
  }
}

function parseJson(path: string, content: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    // The error quotes the content.
    throw broken(path, "it is not JSON");
  }
  if (!isObject(json) || Array.isArray(json)) {
    throw broken(path, "it is not a JSON object");
  }
  return json;
}

/** The home of the run; a thread of Node asks the system for that of the process. */
function homeIn(environment: Environment): string {
  const name = process.platform === "win32" ? "USERPROFILE" : "HOME";
  return firstSet(environment, name) ?? homedir();
}
