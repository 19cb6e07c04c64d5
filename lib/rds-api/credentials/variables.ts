import { optional } from "../../backup/json-object";
import type { AccessKey } from "./key-source";

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The names under which a source has the parts of an access key. */
export type KeyNames = readonly [id: string, secret: string, token: string];

/** The two families of variables with an access key: the Terraform provider's comes before that of Alibaba's SDKs. */
const keyVariables: readonly KeyNames[] = [
  ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"],
  ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"],
];

/** The variables of the role to assume; of two names for a thing, the Terraform provider's comes first. */
export const roleVariables = {
  roleArn: ["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"],
  sessionName: ["ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"],
  durationSeconds: ["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION"],
  externalId: ["ALICLOUD_ASSUME_ROLE_EXTERNAL_ID", "ALIBABA_CLOUD_ROLE_EXTERNAL_ID", "ALIBABA_CLOUD_EXTERNAL_ID"],
} as const;

/** The variables by which a token of an identity provider stands for an access key. */
export const oidcVariables = {
  providerArn: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
  tokenFile: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
  roleArn: "ALIBABA_CLOUD_ROLE_ARN",
} as const;

/** The variables that say whose credentials these are. */
export const accountVariables = ["ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"];

/**
 * The CLI profile to use, if any: the one given in code, else none if the environment contains an access key, else the
 * one that the environment names. A repository has no say: it must not choose whose credentials sign.
 */
export function chooseProfile(given: string | undefined, environment: Environment): string | undefined {
  if (given !== undefined || namesSetIn(environment) !== undefined) {
    return given;
  }
  return firstSet(environment, "ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE");
}

/**
 * The role that the environment names for whatever credentials there are. `ALIBABA_CLOUD_ROLE_ARN` beside the
 * variables of OIDC is the role that OIDC stands for, so that nothing is left to assume, unless an access key beats OIDC.
 */
export function chooseRoleArn(environment: Environment): string | undefined {
  const [ofProvider, shared] = roleVariables.roleArn;
  const isOfOidc = isOidcSet(environment) && namesSetIn(environment) === undefined;
  return firstSet(environment, ofProvider, ...(isOfOidc ? [] : [shared]));
}

/** The family of variables with an access key, or a part of one; undefined if there is none. */
export function namesSetIn(environment: Environment): KeyNames | undefined {
  return keyVariables.find(([id, secret]) => isSet(environment, id) || isSet(environment, secret));
}

/** A family of variables with an access key, as a source of credentials, in words. */
export function textOfVariables([id, secret]: KeyNames): string {
  return `the variables ${id} and ${secret}`;
}

/** The access key of one family of variables; undefined for half a pair, see `gapIn`. */
export function accessKeyIn(environment: Environment, names: KeyNames): AccessKey | undefined {
  const [accessKeyId, accessKeySecret, securityToken] = names.map((name) => firstSet(environment, name));
  return accessKeyId === undefined || accessKeySecret === undefined
    ? undefined
    : { accessKeyId, accessKeySecret, ...optional("securityToken", securityToken) };
}

/** Which of the variables that go together is missing, in words; undefined if none is. */
export function gapIn(environment: Environment, names: readonly string[]): string | undefined {
  const unset = names.find((name) => !isSet(environment, name));
  const set = names.find((name) => isSet(environment, name)) ?? "another variable";
  return unset === undefined ? undefined : `${set} is set, but ${unset} is not`;
}

/** Whether the environment names an identity provider or its token. */
export function isOidcSet(environment: Environment): boolean {
  return isSet(environment, oidcVariables.providerArn) || isSet(environment, oidcVariables.tokenFile);
}

/** The value of the first variable that is set. */
export function firstSet(environment: Environment, ...names: readonly string[]): string | undefined {
  const name = names.find((each) => isSet(environment, each));
  return name === undefined ? undefined : environment[name];
}

/** Whether a variable says yes. */
export function isTrue(environment: Environment, name: string): boolean {
  return environment[name]?.toLowerCase() === "true";
}

/** A variable that is set to nothing counts as not set, as it does for Alibaba's tools. */
function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}
