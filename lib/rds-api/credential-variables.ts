/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The names that the Terraform provider reads first; @alicloud/credentials knows the other family. */
const providerNames = {
  accessKeyId: "ALICLOUD_ACCESS_KEY",
  accessKeySecret: "ALICLOUD_SECRET_KEY",
  securityToken: "ALICLOUD_SECURITY_TOKEN",
} as const;

const cliNames = {
  accessKeyId: "ALIBABA_CLOUD_ACCESS_KEY_ID",
  accessKeySecret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  securityToken: "ALIBABA_CLOUD_SECURITY_TOKEN",
} as const;

/** The variables of one family. */
export type CredentialNames = typeof providerNames | typeof cliNames;

/**
 * The CLI profile to use, if any: the one given in code, else none if the environment holds an access key, else the
 * one that the environment names. A repository has no say: it must not choose whose credentials sign.
 */
export function chooseProfile(given: string | undefined, environment: Environment): string | undefined {
  if (given !== undefined || namesSetIn(environment) !== undefined) {
    return given;
  }
  const named = ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"].find((name) => isSet(environment, name));
  return named === undefined ? undefined : environment[named];
}

/** The family of variables that holds an access key, or a part of one; undefined where none does. */
export function namesSetIn(environment: Environment): CredentialNames | undefined {
  return [providerNames, cliNames].find(
    (names) => isSet(environment, names.accessKeyId) || isSet(environment, names.accessKeySecret),
  );
}

/** A variable that is set to nothing counts as not set, as it does for Alibaba's tools. */
function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}
