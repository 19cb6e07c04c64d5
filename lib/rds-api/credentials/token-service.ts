import { isObject, optional } from "../../backup/json-object";
import { InvalidRequestError } from "../../validation/checks";
import { originOf } from "../endpoint";
import { ErrorKind } from "../errors/error-kind";
import { RdsApiError } from "../errors/rds-api-error";
import { PopCoreTransport } from "../pop-core-transport";
import type { RpcParameters } from "../rds-client";
import {
  type AccessKey,
  credentialsError,
  denied,
  keyIn,
  type KeySource,
  type SessionKey,
  stsNames,
  unavailable,
  withinAttempt,
} from "./key-source";
import { readSecretFile } from "./profile-files";
import { type Environment, firstSet, isTrue, roleVariables } from "./variables";

// Alibaba's own library for credentials is not used: it asks STS past every proxy, cannot be stopped at a deadline, and
// does not separate "STS was unreachable" from "STS denied".

/** A role, and the token service that is asked for it. */
export interface Role {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string;
  /** How long the session lasts, seconds. @default - what STS says, an hour */
  readonly durationSeconds?: number;
  /** URL of the token service. */
  readonly endpoint: string;
}

/** The version of the API of the token service. */
export const stsVersion = "2015-04-01";

/** The name of the session of a role, in the logs of ActionTrail. */
const defaultSessionName = "rds-dr";

/** A role as the variables describe it. */
export function roleIn(environment: Environment, roleArn: string): Role {
  return {
    roleArn,
    sessionName: firstSet(environment, ...roleVariables.sessionName) ?? defaultSessionName,
    endpoint: stsEndpointIn(environment),
    ...optional("externalId", firstSet(environment, ...roleVariables.externalId)),
    ...optional("durationSeconds", durationIn(environment)),
  };
}

function durationIn(environment: Environment): number | undefined {
  const name = roleVariables.durationSeconds.find((each) => firstSet(environment, each) !== undefined);
  if (name === undefined) {
    return undefined;
  }
  const seconds = Number(environment[name]);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw new InvalidRequestError(name, environment[name], "a whole number of seconds, 900 to 43200");
  }
  return seconds;
}

/** The variable of the Terraform provider for the endpoint of STS; a variable beats what a profile says. */
export const stsEndpointVariable = "ALIBABA_CLOUD_ENDPOINT_STS";

/** URL of the token service: as a variable says, else as a profile does, else the central one. */
export function stsEndpointIn(environment: Environment, endpoint?: string, region?: string): string {
  const ofVariable = firstSet(environment, stsEndpointVariable);
  if (ofVariable !== undefined) {
    return originOf(stsEndpointVariable, ofVariable, environment);
  }
  if (endpoint !== undefined) {
    return originOf("sts_endpoint", endpoint, environment);
  }
  const stsRegion = region ?? firstSet(environment, "ALIBABA_CLOUD_STS_REGION");
  const host = isTrue(environment, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED") ? "sts-vpc" : "sts";
  return stsRegion === undefined
    ? "https://sts.aliyuncs.com"
    : originOf("the region of the token service", `${host}.${stsRegion}.aliyuncs.com`, environment);
}

/** The key of a role that the holder of another key may assume. */
export function assumeRole(role: Role, base: () => Promise<AccessKey>): KeySource {
  return async (run) => askSts("AssumeRole", role, await base(), { ExternalId: role.externalId }, run);
}

/** The key of a role that the holder of a token of an identity provider may assume; the request is not signed. */
export function assumeRoleWithOidc(role: Role, providerArn: string, tokenFile: string): KeySource {
  return async (run) => {
    const token = await readToken(tokenFile);
    // Without an id nothing is signed. STS may repeat the token in an error: the transport hides all of a signer.
    const signer = { accessKeyId: "", accessKeySecret: "", securityToken: token };
    const more = { OIDCProviderArn: providerArn, OIDCToken: token };
    return askSts("AssumeRoleWithOIDC", role, signer, more, run);
  };
}

async function askSts(
  action: string,
  { roleArn, sessionName, durationSeconds, endpoint }: Role,
  signer: AccessKey,
  more: RpcParameters,
  run: AbortSignal,
): Promise<SessionKey> {
  const asked = `the token service (${action} of ${roleArn} at ${new URL(endpoint).host})`;
  const transport = new PopCoreTransport({
    endpoint,
    apiVersion: stsVersion,
    credentials: { getCredentials: () => Promise.resolve(signer) },
    maxSockets: 1,
  });
  const parameters = {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: durationSeconds,
    ...more,
  };
  try {
    const { Credentials: credentials } = await withinAttempt(asked, run, () =>
      transport.send(action, parameters, maxTimeoutMs),
    );
    const key = isObject(credentials) ? keyIn(credentials, stsNames) : undefined;
    if (key?.securityToken === undefined) {
      throw unavailable(asked, "its answer contains no whole access key");
    }
    return key;
  } catch (error) {
    throw error instanceof RdsApiError && error.action === action ? explained(asked, error) : error;
  } finally {
    transport.close();
  }
}

/** The time of the try ends a request, not the transport. */
const maxTimeoutMs = 60_000;

/** What an error of STS means: the table explains its codes for RDS, so only their kind counts. */
function explained(asked: string, { code, kind, reason, httpStatus, requestId }: RdsApiError): RdsApiError {
  // Whoever cannot prove to be the token service may be someone else; a host that does not exist will not come up.
  if (neverReached.test(code)) {
    return credentialsError(code, `${asked} was not reached: ${reason}`);
  }
  // A page that STS did not write is not its word, whatever its status.
  const passes = kind === ErrorKind.TRANSIENT || kind === ErrorKind.THROTTLED || code === "InvalidResponse";
  return (passes ? unavailable : denied)(asked, `${code}: ${reason}`, { httpStatus, requestId });
}

/** Codes of a TLS handshake that failed, and of a host without an address. */
const neverReached = /^(?:CERT_|ERR_SSL_|ERR_TLS_|UNABLE_TO_|EPROTO$|ENOTFOUND$)|SELF_SIGNED_CERT/;

async function readToken(file: string): Promise<string> {
  const subject = `the file of the OIDC token, ${file},`;
  let token: string;
  try {
    token = (await readSecretFile(file)).trim();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw credentialsError("InvalidCredentialsFile", `${subject} cannot be read (${code})`);
  }
  if (token === "") {
    throw credentialsError("InvalidCredentialsFile", `${subject} is empty`);
  }
  return token;
}
