import { Row } from "../../backup/row";
import { RdsApiError } from "../errors/rds-api-error";
import { Pace } from "../pace/pace";
import { PopCoreTransport } from "../pop-core-transport";
import { RdsClient } from "../rds-client";
import type { CredentialsProvider } from "./key-source";
import { stsEndpointIn, stsVersion } from "./token-service";
import type { Environment } from "./variables";

/**
 * The id of the account that an access key belongs to, digits. Everybody may ask. One request.
 *
 * @param environment the variables that name the endpoint of STS
 * @param deadline when the call must have ended, milliseconds of `performance.now()`
 * @throws InvalidRequestError if a variable names no endpoint
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function callerAccount(
  credentials: CredentialsProvider,
  environment: Environment,
  deadline: number,
): Promise<string> {
  const endpoint = stsEndpointIn(environment);
  const transport = new PopCoreTransport({ endpoint, apiVersion: stsVersion, credentials, maxSockets: 1 });
  const client = new RdsClient(transport, deadline, 1, new Pace());
  const action = "GetCallerIdentity";
  try {
    return await client.callAndRead(action, {}, (answer) => {
      const accountId = new Row(answer).text("AccountId");
      if (accountId === undefined || !/^\d{1,20}$/.test(accountId)) {
        throw new RdsApiError({ action, code: "InvalidResponse", reason: "the answer has no AccountId" });
      }
      return accountId;
    });
  } finally {
    client.close();
  }
}
