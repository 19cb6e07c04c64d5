import {
  catalogueEntries,
  type CatalogueEntry,
  type ErrorExplanation,
  ErrorKind,
  explanationOf,
  instanceNotFound,
  instanceStatus,
  invalidParameter,
  missingParameter,
  serviceFault,
} from "./error-kind";

const ramPolicy =
  "grant the RAM user or role the action of the request, for example rds:DescribeCrossRegionBackups on acs:rds:<region>:<account>:dbinstance/<id>";

const rateOfAccount =
  "spread the lookups out: other programs of the account may be using up its calls to RDS. RDS_DR_MODE=locked needs no calls";

const unknownKey =
  "check the access key id for typing errors, that the key still exists in RAM, and that it is of the same site (China or international) as the endpoint";

const disabledKey = "enable the access key in the RAM console, or use another one";

const signature =
  "check the access key secret: it must be whole, without blanks or line ends, and belong to the access key id";

const matchingToken =
  "take access key id, secret and security token from the same answer of STS: a leftover …_SECURITY_TOKEN variable beside a long-lived key is a usual cause";

const clock =
  "set this machine's clock, best by NTP: the API refuses requests whose time is more than 15 minutes off";

const endpoint =
  "check the endpoint (the endpoint prop or RDS_DR_ENDPOINT): this address does not serve the RDS API of version 2014-08-15";

const unknownRegion =
  "check regionId against the regions that the RDS console offers this account: the API knows none by this id";

const operationDenied =
  "look in the console at the instance's status, its edition and what its zone has in stock: one of them forbids the operation";

const payment =
  "check balance, payment method and open orders of the account in the Expenses and Costs console";

/**
 * Codes that every RPC-style API of Alibaba Cloud shares, and those of RDS that the page of
 * DescribeCrossRegionBackups leaves out.
 */
export const commonErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.THROTTLED, undefined, {
    Throttling: rateOfAccount,
    "Throttling.User": rateOfAccount,
    "Throttling.Api":
      "run fewer lookups at a time: the limit of this one action is reached. RDS_DR_MODE=locked needs no calls",
    "Rejected.Throttling": rateOfAccount,
  }),
  ...catalogueEntries(ErrorKind.TRANSIENT, undefined, {
    ServiceUnavailable: serviceFault,
    InternalError: serviceFault,
    // Each attempt is signed with a nonce of its own, so the next one is not refused for the same reason.
    SignatureNonceUsed: "run again; if it stays, look for a proxy that sends requests to RDS twice",
  }),
  ...catalogueEntries(ErrorKind.ACCESS, undefined, {
    "Forbidden.RAM": ramPolicy,
    Forbidden: ramPolicy,
    NoPermission: ramPolicy,
    "Forbidden.AccessKeyDisabled": disabledKey,
    "InvalidAccessKeyId.NotFound": unknownKey,
    "InvalidAccessKeyId.Inactive": disabledKey,
    SignatureDoesNotMatch: signature,
    IncompleteSignature: signature,
    MissingSecurityToken:
      "add the security token: this access key id is a temporary one, which STS hands out together with a token",
    "InvalidSecurityToken.Expired":
      "assume the role again for new temporary credentials: the security token has run out",
    "InvalidSecurityToken.Malformed": "copy the security token whole, without quotes, blanks or line ends",
    "InvalidSecurityToken.MismatchWithAccessKey": matchingToken,
    "InvalidTimeStamp.Expired": clock,
    "InvalidTimeStamp.Format": clock,
  }),
  ...catalogueEntries(ErrorKind.MISUSE, undefined, {
    MissingParameter: missingParameter,
    InvalidParameter: invalidParameter,
    "InvalidAction.NotFound": endpoint,
    "InvalidApi.NotFound": endpoint,
    "InvalidProduct.NotFound": endpoint,
    InvalidVersion: endpoint,
    "InvalidProtocol.NeedSsl": "give the endpoint with https:// instead of http://, or without a scheme",
    UnsupportedHTTPMethod: "look for a proxy that changes requests on their way: RDS is called by POST",
  }),
  ...catalogueEntries(ErrorKind.NOT_FOUND, undefined, {
    "InvalidDBInstanceName.NotFound": instanceNotFound,
    "Forbidden.InstanceNotFound": instanceNotFound,
    "InvalidRegionId.NotFound": unknownRegion,
    "InvalidRegion.NotFound": unknownRegion,
  }),
  ...catalogueEntries(ErrorKind.UNSUPPORTED, undefined, {
    IncorrectDBInstanceState: instanceStatus,
    "OperationDenied.DBInstanceStatus": instanceStatus,
  }),
];

/**
 * What an unlisted code means, by what stands before its first dot.
 *
 * Only prefixes that mean one thing whatever follows: Order.…, Price.… or InvalidDBInstanceId.… do not.
 */
export const errorFamilies: ReadonlyMap<string, ErrorExplanation> = new Map([
  ["Throttling", explanationOf(ErrorKind.THROTTLED, rateOfAccount)],
  ["Rejected", explanationOf(ErrorKind.THROTTLED, rateOfAccount)],
  ["ServiceUnavailable", explanationOf(ErrorKind.TRANSIENT, serviceFault)],
  ["InternalError", explanationOf(ErrorKind.TRANSIENT, serviceFault)],
  ["Forbidden", explanationOf(ErrorKind.ACCESS, ramPolicy)],
  ["NoPermission", explanationOf(ErrorKind.ACCESS, ramPolicy)],
  ["InvalidAccessKeyId", explanationOf(ErrorKind.ACCESS, unknownKey)],
  ["InvalidAccessKeySecret", explanationOf(ErrorKind.ACCESS, signature)],
  ["SignatureDoesNotMatch", explanationOf(ErrorKind.ACCESS, signature)],
  ["InvalidSecurityToken", explanationOf(ErrorKind.ACCESS, matchingToken)],
  ["InvalidTimeStamp", explanationOf(ErrorKind.ACCESS, clock)],
  ["MissingParameter", explanationOf(ErrorKind.MISUSE, missingParameter)],
  ["InvalidParameter", explanationOf(ErrorKind.MISUSE, invalidParameter)],
  // RDS answers these with 403, which is no question of permissions.
  ["OperationDenied", explanationOf(ErrorKind.UNSUPPORTED, operationDenied)],
  ["Pay", explanationOf(ErrorKind.ACCOUNT, payment)],
  ["pay", explanationOf(ErrorKind.ACCOUNT, payment)],
]);
