import { checkRoleArn } from "../../validation/checks";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import type { AccessKey } from "../rpc-transport";
import { broken, ownValue, type Profile, type ProfileFile } from "./files";
import { cloudSso, credentialsUri, ecsRole } from "./http";
import { credentialProgram, profileFields } from "./program";
import { credentialsError, keyIn, type KeySource, type SessionKey, textIn } from "./session-key";
import { assumeRole, assumeRoleWithOidc, type Role, roleIn, stsEndpointIn } from "./token-service";
import { type Environment, firstSet, isTrue } from "./variables";

/** What a profile may need besides its own fields. */
export interface ProfileOptions {
  readonly file: ProfileFile;
  readonly environment: Environment;
  /** The access key of another profile of the file. */
  readonly keyOf: (profile: string) => Promise<AccessKey>;
}

/** Modes that the CLI knows and that sign nothing here, with what to do. */
const refusedModes: Readonly<Record<string, string>> = {
  RsaKeyPair: "an RSA key pair makes no access key any more: use an access key or a RAM role",
  BearerToken: "RDS takes no bearer token: use an access key or a RAM role",
  Anonymous: "RDS takes no unsigned request: use an access key or a RAM role",
};

type Maker = (profile: NamedProfile, options: ProfileOptions) => KeySource;

/** How each mode of the CLI gives an access key. */
const makers: Readonly<Record<string, Maker>> = {
  AK: (profile) => stored(keyOf(profile, false)),
  StsToken: (profile) => stored(keyOf(profile, true)),
  RamRoleArn: (profile, { environment }) => {
    const key = keyOf(profile, false, true);
    return assumeRole(profile.role(environment), () => Promise.resolve(key));
  },
  EcsRamRole: (profile, { environment }) => ecsSource(profile.text("ram_role_name"), environment),
  RamRoleArnWithRoleName: (profile, { environment }) => {
    const role = profile.role(environment);
    const base = ecsSource(profile.text("ram_role_name"), environment);
    return (signal) => assumeRole(role, () => base(signal))(signal);
  },
  ChainableRamRoleArn: (profile, { environment, keyOf: keyOfProfile }) => {
    const source = profile.required("source_profile");
    return assumeRole(profile.role(environment), () => keyOfProfile(source));
  },
  OIDC: (profile, { environment }) =>
    assumeRoleWithOidc(
      profile.role(environment),
      profile.required("oidc_provider_arn"),
      profile.required("oidc_token_file"),
    ),
  CredentialsURI: (profile, { environment }) =>
    credentialsUri(
      uriIn(environment, profile.text("credentials_uri")) ?? profile.required("credentials_uri"),
    ),
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
      // A new one takes a refresh token that counts once, so that whoever uses it must write the file.
      throw profile.refused(
        `its session is over: run an "aliyun" command with this profile, which renews it`,
      );
    }
    return session;
  },
};

/** Other names of a mode. */
const aliases: Readonly<Record<string, string>> = { RamRoleArnWithEcs: "RamRoleArnWithRoleName" };

/**
 * The source that a profile names.
 *
 * @throws RdsApiError for a mode that gives no access key, and for a field that is missing
 */
export function sourceOfProfile(name: string, fields: Profile, options: ProfileOptions): KeySource {
  const profile = new NamedProfile(name, fields, options.file.path);
  const mode = modeOf(profile);
  const make = ownValue(makers, mode);
  if (make === undefined) {
    const why = ownValue(refusedModes, mode) ?? `the modes that work are ${Object.keys(makers).join(", ")}`;
    throw credentialsError(
      "UnsupportedProfileMode",
      `the profile "${name}" in ${options.file.path} is of the mode "${mode}": ${why}`,
    );
  }
  return make(profile, options);
}

/** Whether a profile holds nothing to sign with, as the one that the CLI makes before it is configured. */
export function isUnconfigured(fields: Profile): boolean {
  const mode = textIn(fields, "mode")?.toLowerCase() ?? "ak";
  return (
    mode === "ak" &&
    ["access_key_id", "access_key_secret"].every((name) => textIn(fields, name) === undefined)
  );
}

/** Which profile a profile gets its own access key from. */
export function sourceNameOf(fields: Profile): string | undefined {
  const isChained = textIn(fields, "mode")?.toLowerCase() === "chainableramrolearn";
  return isChained ? textIn(fields, "source_profile") : undefined;
}

/** The mode in the CLI's spelling; without one, as the CLI guesses it. */
function modeOf(profile: NamedProfile): string {
  const given = profile.text("mode");
  if (given === undefined) {
    const guesses: readonly (readonly [field: string, mode: string])[] = [
      ["sts_token", "StsToken"],
      ["ram_role_arn", "RamRoleArn"],
    ];
    return guesses.find(([field]) => profile.text(field) !== undefined)?.[1] ?? "AK";
  }
  const known = [...Object.keys(makers), ...Object.keys(refusedModes), ...Object.keys(aliases)];
  const mode = known.find((each) => each.toLowerCase() === given.toLowerCase()) ?? given;
  return ownValue(aliases, mode) ?? mode;
}

/** The URI of the variables, or that of a profile, which wins. */
export function uriIn(environment: Environment, ofProfile?: string): string | undefined {
  return ofProfile ?? firstSet(environment, "ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI");
}

/** The role of the instance, as the variables of the metadata service say. */
export function ecsSource(roleName: string | undefined, environment: Environment): KeySource {
  return ecsRole({ roleName, needsToken: isTrue(environment, "ALIBABA_CLOUD_IMDSV1_DISABLED") });
}

function stored(key: SessionKey): KeySource {
  return () => Promise.resolve(key);
}

/** The access key that stands in a profile. */
function keyOf(profile: NamedProfile, needsToken: boolean, mayHaveToken = needsToken): SessionKey {
  const [accessKeyId, accessKeySecret] = [
    profile.required("access_key_id"),
    profile.required("access_key_secret"),
  ];
  const securityToken = needsToken ? profile.required("sts_token") : profile.text("sts_token");
  return {
    ...{ accessKeyId, accessKeySecret },
    ...(mayHaveToken && securityToken !== undefined ? { securityToken } : {}),
  };
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

  /** The role that the profile assumes; what it leaves open, the variables say. */
  role(environment: Environment): Role {
    const roleArn = this.required("ram_role_arn");
    try {
      checkRoleArn("ram_role_arn", roleArn);
    } catch (error) {
      throw error instanceof InvalidRequestError ? broken(this.path, error.message) : error;
    }
    const { sessionName, durationSeconds } = roleIn(environment, roleArn);
    const externalId = this.text("external_id");
    const seconds = this.number("expired_seconds") ?? this.number("duration_seconds") ?? durationSeconds;
    return {
      roleArn,
      sessionName: this.text("ram_session_name") ?? sessionName,
      endpoint: stsEndpointIn(environment, this.text("sts_endpoint"), this.text("sts_region")),
      ...(externalId === undefined ? {} : { externalId }),
      ...(seconds === undefined ? {} : { durationSeconds: seconds }),
    };
  }

  /** The session that the CLI keeps in the profile, while it lasts. */
  storedSession(): KeySource | undefined {
    const key = keyIn(this.fields, { ...profileFields, expiration: "sts_expiration" });
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

  refused(reason: string): ReturnType<typeof credentialsError> {
    return credentialsError(
      "NoCredentials",
      `the profile "${this.name}" of the Alibaba Cloud CLI gives no access key: ${reason} (in ${this.path})`,
    );
  }

  private number(field: string): number | undefined {
    const value = this.fields[field];
    const number = typeof value === "string" ? Number(value) : value;
    return typeof number === "number" && number > 0 ? number : undefined;
  }
}
