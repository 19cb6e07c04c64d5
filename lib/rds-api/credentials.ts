import "./no-debug";
import { namesSetIn, type CredentialNames, type Environment } from "./credential-variables";
import { RdsApiError } from "./rds-api-error";
import type { AccessKey, CredentialsProvider } from "./rpc-transport";

/**
 * Where the access key comes from. With a profile: that profile of the Alibaba Cloud CLI
 * (`~/.aliyun/config.json`). Without: `ALICLOUD_ACCESS_KEY` and its family, `ALIBABA_CLOUD_ACCESS_KEY_ID` and
 * its family, then the default chain of Alibaba's SDKs: OIDC, the CLI's current profile, the RAM role of an
 * ECS instance, a credentials URI.
 *
 * @throws RdsApiError from `getCredentials`: of code IncompleteCredentials for half a pair in the environment, else
 * NoCredentials
 */
export function createCredentialsProvider(
  profile: string | undefined,
  environment: Environment,
): CredentialsProvider {
  const names = profile === undefined ? namesSetIn(environment) : undefined;
  if (names !== undefined) {
    return {
      getCredentials: () =>
        new Promise((resolve) => {
          resolve(accessKeyIn(environment, names));
        }),
    };
  }
  return chainOf(profile);
}

function chainOf(profile: string | undefined): CredentialsProvider {
  let chain: CredentialsProvider | undefined;
  let asking: Promise<AccessKey> | undefined;
  const ask = async (): Promise<AccessKey> => {
    try {
      chain ??= await openChain(profile);
      const { accessKeyId, accessKeySecret, securityToken } = await chain.getCredentials();
      // An empty key would make pop-core send the request unsigned.
      if (accessKeyId && accessKeySecret) {
        return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) };
      }
    } catch {
      // The message is not shown: it can hold a whole credentials file.
    }
    // A chain that failed once stays broken.
    chain = undefined;
    throw cannotSign(
      "NoCredentials",
      profile === undefined
        ? "no access key was found in the environment, the Alibaba Cloud CLI's profile or an ECS RAM role"
        : `the profile "${profile}" of the Alibaba Cloud CLI gives no access key`,
    );
  };
  return {
    getCredentials() {
      // Who asks a chain that is being walked is sent to the step that it is trying, though a later one may succeed.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

function accessKeyIn(environment: Environment, names: CredentialNames): AccessKey {
  const accessKeyId = environment[names.accessKeyId];
  const accessKeySecret = environment[names.accessKeySecret];
  const securityToken = environment[names.securityToken];
  if (!accessKeyId || !accessKeySecret) {
    const [set, unset] = accessKeyId
      ? [names.accessKeyId, names.accessKeySecret]
      : [names.accessKeySecret, names.accessKeyId];
    throw cannotSign("IncompleteCredentials", `${set} is set, but ${unset} is not`);
  }
  return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) };
}

async function openChain(profile: string | undefined): Promise<CredentialsProvider> {
  const { CLIProfileCredentialsProvider, DefaultCredentialsProvider } = await import("@alicloud/credentials");
  return profile === undefined
    ? DefaultCredentialsProvider.builder().build()
    : CLIProfileCredentialsProvider.builder().withProfileName(profile).build();
}

function cannotSign(code: string, reason: string): RdsApiError {
  return new RdsApiError({ action: "Signing the request", code, reason });
}
