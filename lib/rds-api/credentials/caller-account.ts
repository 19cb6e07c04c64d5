import { Row } from "../../backup/row";
import { endpointOrigin } from "../endpoint";
import { RdsApiError } from "../errors/rds-api-error";
import { Pace } from "../pace/pace";
import { PopCoreTransport } from "../pop-core-transport";
import { RdsClient } from "../rds-client";
import { Credentials } from "./credentials";
import type { CredentialsProvider } from "./key-source";
import { stsEndpointIn, stsEndpointVariable, stsVersion } from "./token-service";
import { type Environment, firstSet } from "./variables";

/** Whose an access key is. */
export interface CallerIdentity {
  /** Id of the account, digits. */
  readonly accountId: string;
  /** Name of the user, the role with its session, or the account; undefined if STS does not say it. */
  readonly arn: string | undefined;
}

/**
 * Whether STS can know the key with which RDS is asked: the STS of Alibaba Cloud knows none of a simulator or another
 * host.
 *
 * @param rdsOrigin of that host; undefined if RDS is Alibaba's own
 */
export function isKnownToSts(rdsOrigin: string | undefined, environment: Environment): boolean {
  return rdsOrigin === undefined || firstSet(environment, stsEndpointVariable) !== undefined;
}

/**
 * The account, and the user or role, that an access key belongs to. Everybody may ask. One request.
 *
 * @param environment the variables that name the endpoint of STS
 * @param deadline when the call must have ended, milliseconds of `performance.now()`
 * @throws InvalidRequestError if a variable names no endpoint
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function callerIdentity(
  credentials: CredentialsProvider,
  environment: Environment,
  deadline: number,
): Promise<CallerIdentity> {
  const endpoint = stsEndpointIn(environment);
  const transport = new PopCoreTransport({ endpoint, apiVersion: stsVersion, credentials, maxSockets: 1 });
  const client = new RdsClient(transport, deadline, 1, new Pace());
  const action = "GetCallerIdentity";
  try {
    return await client.callAndRead(action, {}, (answer) => {
      const row = new Row(answer);
      const accountId = row.text("AccountId");
      if (accountId === undefined || !/^\d{1,20}$/.test(accountId)) {
        throw new RdsApiError({ action, code: "InvalidResponse", reason: "the answer has no AccountId" });
      }
      return { accountId, arn: row.text("Arn") };
    });
  } finally {
    client.close();
  }
}

/** As `callerIdentity`, for the id of the account alone. */
export async function callerAccount(...given: Parameters<typeof callerIdentity>): Promise<string> {
  return (await callerIdentity(...given)).accountId;
}

/** How RDS is asked, as far as it decides whose account answers. */
interface AskedAs {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/**
 * The account whose credentials ask; undefined if STS does not know them, or does not say it. It is good to know, no more:
 * the questions to RDS say what is wrong with the credentials.
 *
 * @throws InvalidRequestError
 */
export async function knownAccount(
  { endpoint, profile, roleArn }: AskedAs,
  environment: Environment,
  deadlineSeconds: number,
): Promise<string | undefined> {
  if (!isKnownToSts(endpointOrigin(endpoint), environment)) {
    return undefined;
  }
  const timeMs = deadlineSeconds * 1_000;
  const credentials = new Credentials(environment, timeMs);
  try {
    const provider = credentials.providerFor(profile, roleArn);
    return await callerAccount(provider, environment, performance.now() + timeMs);
  } catch (error) {
    if (error instanceof RdsApiError) {
      return undefined;
    }
    throw error;
  } finally {
    credentials.close();
  }
}

/**
 * Who asks, to tell the answers of two runs apart: the account, or if STS does not say it, the id of the access key.
 *
 * @throws InvalidRequestError
 * @throws RdsApiError if there is no key
 */
export async function askerOf(asked: AskedAs, environment: Environment, deadlineSeconds: number): Promise<string> {
  const account = await knownAccount(asked, environment, deadlineSeconds);
  if (account !== undefined) {
    return account;
  }
  const credentials = new Credentials(environment, deadlineSeconds * 1_000);
  try {
    return (await credentials.providerFor(asked.profile, asked.roleArn).getCredentials()).accessKeyId;
  } finally {
    credentials.close();
  }
}
