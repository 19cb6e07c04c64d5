import { setMaxListeners } from "node:events";
import { checkRoleArn } from "../../validation/checks";
import type { RdsApiError } from "../errors/rds-api-error";
import { credentialsUri } from "./http";
import {
  type AccessKey,
  credentialsError,
  type CredentialsProvider,
  type KeySource,
  noKey,
  type SessionKey,
  SharedKey,
} from "./key-source";
import { ecsSource, isUnconfigured, sourceNameOf, sourceOfProfile, uriIn } from "./profile";
import {
  areCliProfilesDisabled,
  broken,
  cliProfilesPath,
  type Profile,
  type ProfileFile,
  readCliProfiles,
  readSdkProfiles,
} from "./profile-files";
import { assumeRole, assumeRoleWithOidc, roleIn } from "./token-service";
import {
  accessKeyIn,
  type Environment,
  firstSet,
  gapIn,
  isOidcSet,
  isTrue,
  type KeyNames,
  namesSetIn,
  oidcVariables,
  roleVariables,
  textOfVariables,
} from "./variables";

/** How long before the deadline of the run the last try ends, milliseconds, so that its error is shown. */
const marginMs = 250;

/**
 * Where the access keys of a run come from. With a profile: that profile of the Alibaba Cloud CLI. Without one:
 * `ALICLOUD_ACCESS_KEY` and its family, `ALIBABA_CLOUD_ACCESS_KEY_ID` and its family, then in the order of Alibaba's
 * SDKs: OIDC, the CLI's current profile, the SDKs' own file, the RAM role of an ECS instance, a credentials URI. The
 * first one that is set up counts, even if it fails: no request is ever signed as somebody else.
 *
 * Each source is asked once for all lookups. An outage is waited out until shortly before the deadline.
 */
export class CredentialSources {
  private readonly keys = new Map<string, SharedKey>();
  private readonly stopper = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param environment the variables that credentials come from
   * @param timeMs how long all that runs for credentials may take, milliseconds
   * @param onSource gets the name of each source that is asked, in words
   */
  constructor(
    private readonly environment: Environment,
    timeMs: number,
    private readonly onSource: (source: string) => void,
  ) {
    // Every lookup listens to it.
    setMaxListeners(0, this.stopper.signal);
    this.timer = setTimeout(
      () => {
        this.stopper.abort();
      },
      Math.max(0, timeMs - Math.min(marginMs, timeMs / 10)),
    ).unref();
  }

  /**
   * The access keys of a profile, or of the environment; with a role, those of the role that they may assume.
   *
   * @throws InvalidRequestError for variables of the role, or of the token service, that are malformed
   */
  providerFor(profile?: string, roleArn?: string): CredentialsProvider {
    if (roleArn === undefined || (profile === undefined && this.isRoleOfOidc(roleArn))) {
      return this.baseOf(profile, roleArn);
    }
    checkRoleArn(nameOfRole(this.environment, roleArn), roleArn);
    const role = roleIn(this.environment, roleArn);
    const base = this.baseOf(profile);
    return this.shared([profile, roleArn], () => assumeRole(role, () => base.getCredentials()));
  }

  /** Ends whatever is still under way. */
  close(): void {
    clearTimeout(this.timer);
    this.stopper.abort();
  }

  private baseOf(profile: string | undefined, oidcRoleArn?: string): SharedKey {
    const names = profile === undefined ? namesSetIn(this.environment) : undefined;
    return this.shared([profile, null, oidcRoleArn], () => {
      if (names !== undefined) {
        return () => Promise.resolve(this.keyOfVariables(names));
      }
      return profile === undefined
        ? (signal) => this.keyOfChain(oidcRoleArn, signal)
        : (signal) => this.keyOfProfile(profile, signal);
    });
  }

  private shared(id: readonly unknown[], source: () => KeySource): SharedKey {
    const key = JSON.stringify(id);
    const shared = this.keys.get(key) ?? new SharedKey(source(), this.stopper.signal);
    this.keys.set(key, shared);
    return shared;
  }

  /** Whether the token of an identity provider stands for the role itself, so that there is nothing left to assume. */
  private isRoleOfOidc(roleArn: string): boolean {
    const ofOidc = firstSet(this.environment, oidcVariables.roleArn) ?? roleArn;
    return isOidcSet(this.environment) && namesSetIn(this.environment) === undefined && ofOidc === roleArn;
  }

  private keyOfVariables(names: KeyNames): AccessKey {
    this.onSource(textOfVariables(names));
    const key = accessKeyIn(this.environment, names);
    if (key === undefined) {
      throw incomplete(gapIn(this.environment, names.slice(0, 2)));
    }
    return key;
  }

  private async keyOfChain(oidcRoleArn: string | undefined, signal: AbortSignal): Promise<SessionKey> {
    const { environment } = this;
    const setUp =
      this.oidcSource(oidcRoleArn) ??
      this.currentProfile(areCliProfilesDisabled(environment) ? undefined : await readCliProfiles(environment)) ??
      this.currentProfile(await readSdkProfiles(environment));
    if (setUp !== undefined) {
      return setUp(signal);
    }
    const key = isTrue(environment, "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
      ? undefined
      : await this.keyOfInstance(signal);
    const uri = uriIn(environment);
    if (key === undefined && uri !== undefined) {
      this.onSource("the credentials URI of the environment");
    }
    const found = key ?? (uri === undefined ? undefined : await credentialsUri(uri)(signal));
    if (found === undefined) {
      const reason = "no access key was found in the environment, the Alibaba Cloud CLI's profile or an ECS RAM role";
      throw credentialsError("NoCredentials", reason);
    }
    return found;
  }

  private oidcSource(roleArn: string | undefined): KeySource | undefined {
    const { environment } = this;
    if (!isOidcSet(environment)) {
      return undefined;
    }
    const names = [oidcVariables.providerArn, oidcVariables.tokenFile, oidcVariables.roleArn];
    this.onSource(`OIDC, by the variables ${oidcVariables.providerArn} and ${oidcVariables.tokenFile}`);
    const [provider, file, ofOidc] = names.map((name) => firstSet(environment, name));
    const assumed = roleArn ?? ofOidc;
    if (provider === undefined || file === undefined || assumed === undefined) {
      throw incomplete(gapIn(environment, names));
    }
    checkRoleArn(nameOfRole(environment, assumed), assumed);
    return assumeRoleWithOidc(roleIn(environment, assumed), provider, file);
  }

  /** The profile of a file that counts if none is named; undefined if it is missing or empty. */
  private currentProfile(file: ProfileFile | undefined): KeySource | undefined {
    const profile = file?.profiles.find(({ name }) => name === file.current);
    if (file === undefined || (profile === undefined ? !file.isCurrentNamed : isUnconfigured(profile))) {
      return undefined;
    }
    return this.sourceIn(file, file.current);
  }

  private async keyOfProfile(name: string, signal: AbortSignal): Promise<SessionKey> {
    if (areCliProfilesDisabled(this.environment)) {
      throw noKeyOf(name, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true");
    }
    const file = await readCliProfiles(this.environment);
    if (file === undefined) {
      throw noKeyOf(name, `there is no file ${cliProfilesPath(this.environment)}`);
    }
    return this.sourceIn(file, name)(signal);
  }

  private sourceIn(file: ProfileFile, name: string): KeySource {
    this.onSource(`the profile "${name}" of ${file.path}`);
    const find = (wanted: string): Profile => {
      const profile = file.profiles.find((each) => each["name"] === wanted);
      if (profile === undefined) {
        throw noKeyOf(name, `${file.path} has no profile "${wanted}"`);
      }
      return profile;
    };
    const seen = new Set([name]);
    for (let next = sourceNameOf(find(name)); next !== undefined; next = sourceNameOf(find(next))) {
      if (seen.has(next)) {
        throw broken(file.path, `the profile "${name}" is, in the end, its own source_profile`);
      }
      seen.add(next);
    }
    return sourceOfProfile(name, find(name), {
      file,
      environment: this.environment,
      keyOf: (other) => this.baseOf(other).getCredentials(),
    });
  }

  /** The key of the instance's role; undefined if no role is named, and this machine seems to have none. */
  private async keyOfInstance(signal: AbortSignal): Promise<SessionKey | undefined> {
    const roleName = firstSet(this.environment, "ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA");
    try {
      const key = await ecsSource(roleName, this.environment)(signal);
      this.onSource("the RAM role of this ECS instance");
      return key;
    } catch (error) {
      const { httpStatus = 0 } = error as Partial<RdsApiError>;
      if (roleName !== undefined || signal.aborted || httpStatus === 429 || httpStatus >= 500) {
        throw error;
      }
      return undefined;
    }
  }
}

/** Who names a role, for messages: a variable, if it contains that role. */
function nameOfRole(environment: Environment, roleArn: string): string {
  return roleVariables.roleArn.find((name) => environment[name] === roleArn) ?? "roleArn";
}

function incomplete(gap = "a part of the credentials is missing"): RdsApiError {
  return credentialsError("IncompleteCredentials", gap);
}

function noKeyOf(profile: string, reason: string): RdsApiError {
  return noKey(`the profile "${profile}" of the Alibaba Cloud CLI`, reason);
}
