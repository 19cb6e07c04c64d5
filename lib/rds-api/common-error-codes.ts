import {
  catalogueEntries,
  type CatalogueEntry,
  explanationOf,
  type ErrorExplanation,
} from "./error-explanation";
import {
  INSTANCE_NOT_FOUND,
  INSTANCE_STATUS,
  INVALID_PARAMETER,
  MISSING_PARAMETER,
  SERVICE_FAULT,
} from "./error-hints";
import { ErrorKind } from "./error-kind";

const RAM_POLICY =
  "grant the RAM user or role the action of the request, for example rds:DescribeCrossRegionBackups on acs:rds:<region>:<account>:dbinstance/<id>";

const RATE_OF_ACCOUNT =
  "spread the lookups out: other programs of the account may be using up its calls to RDS. RDS_DR_MODE=locked needs no calls";

const UNKNOWN_KEY =
  "check the access key id for typing errors, that the key still exists in RAM, and that it is of the same site (China or international) as the endpoint";

const DISABLED_KEY = "enable the access key in the RAM console, or use another one";

const SIGNATURE =
  "check the access key secret: it must be whole, without blanks or line ends, and belong to the access key id";

const MATCHING_TOKEN =
  "take access key id, secret and security token from the same answer of STS: a leftover …_SECURITY_TOKEN variable beside a long-lived key is a usual cause";

const CLOCK =
  "set this machine's clock, best by NTP: the API refuses requests whose time is more than 15 minutes off";

const ENDPOINT =
  "check the endpoint (the endpoint prop or ALIBABA_CLOUD_ENDPOINT_RDS): this address does not serve the RDS API of version 2014-08-15";

const UNKNOWN_REGION =
  "check regionId against the regions that the RDS console offers this account: the API knows none by this id";

const OPERATION_DENIED =
  "look in the console at the instance's status, its edition and what its zone has in stock: one of them forbids the operation";

const PAYMENT =
  "check balance, payment method and open orders of the account in the Expenses and Costs console";

/**
 * Codes that every RPC-style API of Alibaba Cloud shares, and those of RDS that the page of
 * DescribeCrossRegionBackups leaves out.
 */
export const commonErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.THROTTLED, undefined, {
    Throttling: RATE_OF_ACCOUNT,
    "Throttling.User": RATE_OF_ACCOUNT,
    "Throttling.Api":
      "run fewer lookups at a time: the limit of this one action is reached. RDS_DR_MODE=locked needs no calls",
    "Rejected.Throttling": RATE_OF_ACCOUNT,
  }),
  ...catalogueEntries(ErrorKind.TRANSIENT, undefined, {
    ServiceUnavailable: SERVICE_FAULT,
    InternalError: SERVICE_FAULT,
    // Each attempt is signed with a nonce of its own, so the next one is not refused for the same reason.
    SignatureNonceUsed: "run again; if it stays, look for a proxy that sends requests to RDS twice",
  }),
  ...catalogueEntries(ErrorKind.ACCESS, undefined, {
    "Forbidden.RAM": RAM_POLICY,
    Forbidden: RAM_POLICY,
    NoPermission: RAM_POLICY,
    "Forbidden.AccessKeyDisabled": DISABLED_KEY,
    "InvalidAccessKeyId.NotFound": UNKNOWN_KEY,
    "InvalidAccessKeyId.Inactive": DISABLED_KEY,
    SignatureDoesNotMatch: SIGNATURE,
    IncompleteSignature: SIGNATURE,
    MissingSecurityToken:
      "add the security token: this access key id is a temporary one, which STS hands out together with a token",
    "InvalidSecurityToken.Expired":
      "assume the role again for new temporary credentials: the security token has run out",
    "InvalidSecurityToken.Malformed": "copy the security token whole, without quotes, blanks or line ends",
    "InvalidSecurityToken.MismatchWithAccessKey": MATCHING_TOKEN,
    "InvalidTimeStamp.Expired": CLOCK,
    "InvalidTimeStamp.Format": CLOCK,
  }),
  ...catalogueEntries(ErrorKind.MISUSE, undefined, {
    MissingParameter: MISSING_PARAMETER,
    InvalidParameter: INVALID_PARAMETER,
    "InvalidAction.NotFound": ENDPOINT,
    "InvalidApi.NotFound": ENDPOINT,
    "InvalidProduct.NotFound": ENDPOINT,
    InvalidVersion: ENDPOINT,
    "InvalidProtocol.NeedSsl": "give the endpoint with https:// instead of http://, or without a scheme",
    UnsupportedHTTPMethod: "look for a proxy that changes requests on their way: RDS is called by POST",
  }),
  ...catalogueEntries(ErrorKind.NOT_FOUND, undefined, {
    "InvalidDBInstanceName.NotFound": INSTANCE_NOT_FOUND,
    "Forbidden.InstanceNotFound": INSTANCE_NOT_FOUND,
    "InvalidRegionId.NotFound": UNKNOWN_REGION,
    "InvalidRegion.NotFound": UNKNOWN_REGION,
  }),
  ...catalogueEntries(ErrorKind.UNSUPPORTED, undefined, {
    IncorrectDBInstanceState: INSTANCE_STATUS,
    "OperationDenied.DBInstanceStatus": INSTANCE_STATUS,
  }),
];

/**
 * What an unlisted code means, by what stands before its first dot.
 *
 * Only prefixes that mean one thing whatever follows: Order.…, Price.… or InvalidDBInstanceId.… do not.
 */
export const errorFamilies: ReadonlyMap<string, ErrorExplanation> = new Map([
  ["Throttling", explanationOf(ErrorKind.THROTTLED, RATE_OF_ACCOUNT)],
  ["Rejected", explanationOf(ErrorKind.THROTTLED, RATE_OF_ACCOUNT)],
  ["ServiceUnavailable", explanationOf(ErrorKind.TRANSIENT, SERVICE_FAULT)],
  ["InternalError", explanationOf(ErrorKind.TRANSIENT, SERVICE_FAULT)],
  ["Forbidden", explanationOf(ErrorKind.ACCESS, RAM_POLICY)],
  ["NoPermission", explanationOf(ErrorKind.ACCESS, RAM_POLICY)],
  ["InvalidAccessKeyId", explanationOf(ErrorKind.ACCESS, UNKNOWN_KEY)],
  ["InvalidAccessKeySecret", explanationOf(ErrorKind.ACCESS, SIGNATURE)],
  ["SignatureDoesNotMatch", explanationOf(ErrorKind.ACCESS, SIGNATURE)],
  ["InvalidSecurityToken", explanationOf(ErrorKind.ACCESS, MATCHING_TOKEN)],
  ["InvalidTimeStamp", explanationOf(ErrorKind.ACCESS, CLOCK)],
  ["MissingParameter", explanationOf(ErrorKind.MISUSE, MISSING_PARAMETER)],
  ["InvalidParameter", explanationOf(ErrorKind.MISUSE, INVALID_PARAMETER)],
  // RDS answers these with 403, which is no question of permissions.
  ["OperationDenied", explanationOf(ErrorKind.UNSUPPORTED, OPERATION_DENIED)],
  ["Pay", explanationOf(ErrorKind.ACCOUNT, PAYMENT)],
  ["pay", explanationOf(ErrorKind.ACCOUNT, PAYMENT)],
]);
