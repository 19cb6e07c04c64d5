import { optional } from "../../backup/json-object";
import { checkRoleArn, InvalidRequestError } from "../../validation/checks";
import { cloudSso, credentialsUri, ecsRole } from "./http";
import {
  type AccessKey,
  credentialsError,
  keyIn,
  type KeySource,
  noKey,
  profileNames,
  type SessionKey,
  textIn,
} from "./key-source";
import { broken, ownValue, type Profile, type ProfileFile } from "./profile-files";
import { credentialProgram } from "./program";
import { assumeRole, assumeRoleWithOidc, type Role, roleIn, stsEndpointIn } from "./token-service";
import { type Environment, firstSet, isTrue } from "./variables";

/** What a profile may need besides its own fields. */
export interface ProfileOptions {
  readonly file: ProfileFile;
  readonly environment: Environment;
  /** The access key of another profile of the file. */
  readonly keyOf: (profile: string) => Promise<AccessKey>;
}

type Maker = (profile: NamedProfile, options: ProfileOptions) => KeySource;

const roleOfInstanceRole: Maker = (profile, { environment }) => {
  const role = profile.role(environment);
  const base = ecsSource(profile.text("ram_role_name"), environment);
  return (signal) => assumeRole(role, () => base(signal))(signal);
};

/** Each mode of the CLI: how it gives an access key, or why it signs nothing here and what to use instead. */
const modes: Readonly<Record<string, Maker | string>> = {
  AK: (profile) => stored(profile.key()),
  StsToken: (profile) => stored({ ...profile.key(), securityToken: profile.required("sts_token") }),
  RamRoleArn: (profile, { environment }) => {
    const key = { ...profile.key(), ...optional("securityToken", profile.text("sts_token")) };
    return assumeRole(profile.role(environment), () => Promise.resolve(key));
  },
  EcsRamRole: (profile, { environment }) => ecsSource(profile.text("ram_role_name"), environment),
  RamRoleArnWithRoleName: roleOfInstanceRole,
  RamRoleArnWithEcs: roleOfInstanceRole,
  ChainableRamRoleArn: (profile, { environment, keyOf }) => {
    const source = profile.required("source_profile");
    return assumeRole(profile.role(environment), () => keyOf(source));
  },
  OIDC: (profile, { environment }) =>
    assumeRoleWithOidc(
      profile.role(environment),
      profile.required("oidc_provider_arn"),
      profile.required("oidc_token_file"),
    ),
  CredentialsURI: (profile, { environment }) =>
    credentialsUri(uriIn(environment, profile.text("credentials_uri")) ?? profile.required("credentials_uri")),
  External: (profile) => credentialProgram(profile.name, profile.required("process_command")),
  CloudSSO: (profile) =>
    profile.storedSession() ??
    cloudSso(
      profile.required("cloud_sso_sign_in_url"),
      profile.signInToken("access_token", "cloud_sso_access_token_expire"),
      profile.required("cloud_sso_account_id"),
      profile.required("cloud_sso_access_config"),
    ),
  OAuth: (profile) => {
    const session = profile.storedSession();
    if (session === undefined) {
      // Renewal needs a refresh token that works once, so whoever uses it must write the file.
      throw profile.refused(`its session is over: run an "aliyun" command with this profile, which renews it`);
    }
    return session;
  },
  RsaKeyPair: "an RSA key pair makes no access key any more: use an access key or a RAM role",
  BearerToken: "RDS takes no bearer token: use an access key or a RAM role",
  Anonymous: "RDS takes no unsigned request: use an access key or a RAM role",
};

/**
 * The source that a profile names.
 *
 * @throws RdsApiError for a mode that gives no access key, and for a field that is missing
 */
export function sourceOfProfile(name: string, fields: Profile, options: ProfileOptions): KeySource {
  const profile = new NamedProfile(name, fields, options.file.path);
  const mode = modeOf(fields);
  const make = ownValue(modes, mode);
  if (typeof make === "function") {
    return make(profile, options);
  }
  const working = Object.keys(modes).filter((each) => typeof modes[each] === "function");
  const why = make ?? `the modes that work are ${working.join(", ")}`;
  throw credentialsError(
    "UnsupportedProfileMode",
    `the profile "${name}" in ${options.file.path} is of the mode "${mode}": ${why}`,
  );
}

/** Whether a profile has nothing to sign with, as the one that the CLI makes before it is configured. */
export function isUnconfigured(fields: Profile): boolean {
  const hasNo = (field: string): boolean => textIn(fields, field) === undefined;
  return (
    (textIn(fields, "mode") ?? "AK").toUpperCase() === "AK" && hasNo("access_key_id") && hasNo("access_key_secret")
  );
}

/** Which profile a profile gets its own access key from. */
export function sourceNameOf(fields: Profile): string | undefined {
  return modeOf(fields) === "ChainableRamRoleArn" ? textIn(fields, "source_profile") : undefined;
}

/** The mode in the CLI's spelling; without one, as the CLI guesses it. */
function modeOf(fields: Profile): string {
  const given = textIn(fields, "mode")?.toLowerCase();
  if (given !== undefined) {
    return Object.keys(modes).find((mode) => mode.toLowerCase() === given) ?? textIn(fields, "mode") ?? "";
  }
  const has = (field: string): boolean => textIn(fields, field) !== undefined;
  return has("sts_token") ? "StsToken" : has("ram_role_arn") ? "RamRoleArn" : "AK";
}

/** The URI of the variables, or that of a profile, which wins. */
export function uriIn(environment: Environment, ofProfile?: string): string | undefined {
  return ofProfile ?? firstSet(environment, "ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI");
}

/** The role of the instance, as the variables of the metadata service say. */
export function ecsSource(roleName: string | undefined, environment: Environment): KeySource {
  return ecsRole(roleName, isTrue(environment, "ALIBABA_CLOUD_IMDSV1_DISABLED"));
}

function stored(key: SessionKey): KeySource {
  return () => Promise.resolve(key);
}

/** A profile with its name and its file, for messages. */
class NamedProfile {
  constructor(
    readonly name: string,
    private readonly fields: Profile,
    private readonly path: string,
  ) {}

  text(field: string): string | undefined {
    return textIn(this.fields, field);
  }

  required(field: string): string {
    const value = this.text(field);
    if (value === undefined) {
      throw this.refused(`it has no ${field}`);
    }
    return value;
  }

  /** The access key of the profile, without a token. */
  key(): AccessKey {
    return {
      accessKeyId: this.required("access_key_id"),
      accessKeySecret: this.required("access_key_secret"),
    };
  }

  /** The role that the profile assumes; what the profile leaves open, the variables say. */
  role(environment: Environment): Role {
    const roleArn = this.required("ram_role_arn");
    try {
      checkRoleArn("ram_role_arn", roleArn);
    } catch (error) {
      throw error instanceof InvalidRequestError ? broken(this.path, error.message) : error;
    }
    const { sessionName, durationSeconds } = roleIn(environment, roleArn);
    const seconds = this.number("expired_seconds") ?? this.number("duration_seconds") ?? durationSeconds;
    return {
      roleArn,
      sessionName: this.text("ram_session_name") ?? sessionName,
      endpoint: stsEndpointIn(environment, this.text("sts_endpoint"), this.text("sts_region")),
      ...optional("externalId", this.text("external_id")),
      ...optional("durationSeconds", seconds),
    };
  }

  /** The session that the CLI keeps in the profile, while it lasts. */
  storedSession(): KeySource | undefined {
    const key = keyIn(this.fields, profileNames);
    const lasts = key?.securityToken !== undefined && (key.expiresAt ?? 0) > Date.now();
    return lasts ? stored(key) : undefined;
  }

  /** A token of a sign-in, which a person has to repeat when it is over. */
  signInToken(field: string, expiryField: string): string {
    const token = this.required(field);
    if ((this.number(expiryField) ?? 0) * 1_000 <= Date.now()) {
      throw this.refused(`its sign-in is over: run "aliyun configure --profile ${this.name}" again`);
    }
    return token;
  }

  refused(reason: string): ReturnType<typeof noKey> {
    return noKey(`the profile "${this.name}" of the Alibaba Cloud CLI`, `${reason} (in ${this.path})`);
  }

  private number(field: string): number | undefined {
    const value = this.fields[field];
    const number = typeof value === "string" ? Number(value) : value;
    return typeof number === "number" && number > 0 ? number : undefined;
  }
}
