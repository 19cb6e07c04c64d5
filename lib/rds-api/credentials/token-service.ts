import { readFile } from "node:fs/promises";
import { isObject } from "../../backup/json-object";
import { InvalidRequestError } from "../../validation/invalid-request-error";
import { scrub } from "../../validation/scrub";
import { originOf } from "../endpoint";
import { ErrorKind } from "../errors/error-kind";
import { RdsApiError } from "../errors/rds-api-error";
import { PopCoreTransport } from "../pop-core-transport";
import type { AccessKey, RpcParameters } from "../rpc-transport";
import {
  credentialsError,
  denied,
  type KeyFields,
  keyIn,
  type KeySource,
  type SessionKey,
  unavailable,
  withinAttempt,
} from "./session-key";
import { type Environment, firstSet, isTrue, roleVariables } from "./variables";

// Alibaba's own library for credentials is not used: it asks STS past every proxy, cannot be stopped at a deadline, and
// says in one sentence for people whether STS was unreachable or denied.

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

const stsVersion = "2015-04-01";

/** The names that STS gives the parts of an access key; so do the metadata service and a credentials URI. */
export const stsFields: KeyFields = {
  accessKeyId: "AccessKeyId",
  accessKeySecret: "AccessKeySecret",
  securityToken: "SecurityToken",
  expiration: "Expiration",
};

/** The name of the session of a role, in the logs of ActionTrail. */
const defaultSessionName = "rds-dr";

/** A role as the variables describe it. */
export function roleIn(environment: Environment, roleArn: string): Role {
  const sessionName = firstSet(environment, ...roleVariables.sessionName) ?? defaultSessionName;
  const externalId = firstSet(environment, ...roleVariables.externalId);
  const durationSeconds = durationIn(environment);
  return {
    ...{ roleArn, sessionName, endpoint: stsEndpointIn(environment) },
    ...(externalId === undefined ? {} : { externalId }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
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
const stsEndpointVariable = "ALIBABA_CLOUD_ENDPOINT_STS";

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
  return async (signal) => {
    const { externalId } = role;
    return askSts(
      { action: "AssumeRole", role, signer: await base(), more: { ExternalId: externalId } },
      signal,
    );
  };
}

/** The key of a role that the holder of a token of an identity provider may assume; the request is not signed. */
export function assumeRoleWithOidc(role: Role, providerArn: string, tokenFile: string): KeySource {
  return async (signal) => {
    const token = await readToken(tokenFile);
    const more = { OIDCProviderArn: providerArn, OIDCToken: token };
    const action = "AssumeRoleWithOIDC";
    try {
      return await askSts({ action, role, signer: { accessKeyId: "", accessKeySecret: "" }, more }, signal);
    } catch (error) {
      // STS may repeat the token, which only this function knows to be a secret.
      throw error instanceof RdsApiError ? withoutSecret(error, token) : error;
    }
  };
}

interface StsRequest {
  readonly action: string;
  readonly role: Role;
  readonly signer: AccessKey;
  readonly more: RpcParameters;
}

async function askSts({ action, role, signer, more }: StsRequest, run: AbortSignal): Promise<SessionKey> {
  const { roleArn, sessionName, durationSeconds, endpoint } = role;
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
    const key = isObject(credentials) ? keyIn(credentials, stsFields) : undefined;
    if (key?.securityToken === undefined) {
      throw unavailable(asked, "its answer holds no whole access key");
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

/** What an error of STS means: its codes are explained for RDS, so that only their kind counts. */
function explained(asked: string, error: RdsApiError): RdsApiError {
  const { code, kind, reason, httpStatus, requestId } = error;
  const said = `${code}: ${reason}`;
  // Whoever cannot prove to be the token service may be someone else; a host that does not exist will not come up.
  if (neverReached.test(code)) {
    return credentialsError(code, `${asked} was not reached: ${reason}`);
  }
  const passes = kind === ErrorKind.TRANSIENT || kind === ErrorKind.THROTTLED;
  // A page that STS did not write is not its word, whatever its status.
  return passes || code === "InvalidResponse"
    ? unavailable(asked, said, { httpStatus, requestId })
    : denied(asked, said, { httpStatus, requestId });
}

/** Codes of a TLS handshake that failed, and of a host without an address. */
const neverReached = /^(?:CERT_|ERR_SSL_|ERR_TLS_|UNABLE_TO_|EPROTO$|ENOTFOUND$)|SELF_SIGNED_CERT/;

function withoutSecret(error: RdsApiError, secret: string): RdsApiError {
  const { action, code, httpStatus, requestId } = error;
  return new RdsApiError({ action, code, reason: scrub(error.reason, [secret]), httpStatus, requestId });
}

async function readToken(file: string): Promise<string> {
  const subject = `the file of the OIDC token, ${file},`;
  let token: string;
  try {
    token = (await readFile(file, "utf8")).trim();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw credentialsError("InvalidCredentialsFile", `${subject} cannot be read (${code})`);
  }
  if (token === "") {
    throw credentialsError("InvalidCredentialsFile", `${subject} is empty`);
  }
  return token;
}
