/** A refusal as the cloud words it: HTTP status, code and message. */
export class RpcError extends Error {
  constructor(
    readonly httpStatus: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "RpcError";
  }
}

const refusals: Readonly<Record<string, readonly [number, string]>> = {
  // The gateway in front of every RPC API.
  "InvalidAccessKeyId.NotFound": [404, "Specified access key is not found."],
  "InvalidAction.NotFound": [404, "Specified api is not found, please check your url and method."],
  "InvalidParameter.Format": [400, "Specified parameter format is not valid."],
  "InvalidSecurityToken.Malformed": [400, "Specified SecurityToken is malformed."],
  "InvalidSecurityToken.MismatchWithAccessKey": [400, "Specified SecurityToken mismatch with AccessKey."],
  InvalidSignatureMethod: [400, "Specified signature method is not valid."],
  InvalidSignatureVersion: [400, "Specified parameter SignatureVersion is not valid."],
  "InvalidTimeStamp.Expired": [400, "Specified time stamp or date value is expired."],
  "InvalidTimeStamp.Format": [400, "Specified time stamp or date value is not well formatted."],
  InvalidVersion: [400, "Specified parameter Version is not valid."],
  SignatureDoesNotMatch: [400, "Specified signature is not matched with our calculation."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  "Throttling.User": [400, "Request was denied due to user flow control."],
  UnsupportedHTTPMethod: [400, "This http method is not supported."],
  // Access, and failures of the service itself.
  "Forbidden.RAM": [403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."],
  InternalError: [500, "The request processing has failed due to some unknown error."],
  ServiceUnavailable: [503, "The request has failed due to a temporary failure of the server."],
  // The table of the API's page.
  ParameterAbsence: [400, "Necessary param is absence."],
  "InvalidParameters.Format": [400, "Specified parameter is not valid."],
  "InvalidRegion.Format": [400, "Specified Region is not valid."],
  "InvalidStartTime.Format": [400, "Specified start time is not valid."],
  "InvalidEndTime.Format": [400, "Specified end time is not valid."],
  "InvalidTime.Format": [400, "Specified time is not valid."],
  "InvalidDBInstanceEngineType.Format": [400, "the DB instance engine type does not support this operation."],
  InvalidBackupSet: [400, "The specified database does not exist in the backup set."],
  InsufficientAvailableQuota: [
    400,
    "Your account quota limit is less than 0, please recharge before trying to purchase.",
  ],
  UnsupportedClassCode: [400, "The specified DB instance class stops selling."],
  IncorrectTargetClasscode: [400, "The current instance type does not support this operation."],
  CrossBackupNotSupport: [403, "Specified region not support cross region backup."],
  CloudSSDNotSupport: [403, "Cloud ssd does not support this operation, please upgrade to essd."],
  IncorrectMinorVersion: [403, "Current engine minor version does not support operations."],
  InvalidUserOperatorPermission: [403, "The user permission does not support this operation."],
  "OperationDenied.ZoneResource": [403, "There is no available zone for inventory."],
  "InvalidDBInstance.NotFound": [404, "Specified instance does not exist or not support."],
  // The table of CheckCreateDdrDBInstance.
  CrossRegionUnsupportTDE: [400, "Cross-region disaster restore not support TDE bakset."],
  IncorrectBaksetVersion: [400, "Current bakset version does not support operations."],
  "InvalidBackupSetID.NotFound": [404, "Specified backup set ID does not exist."],
  "InvalidDBInstanceClass.NotFound": [404, "Specified DB instance class is not found."],
  NoAvailableDisasterRestoreBakset: [400, "No available disaster restore bakset."],
  // The tables of CreateDdrInstance, DescribeDBInstanceAttribute and DescribePrice.
  IdempotentParameterMismatch: [
    400,
    "Request uses a client token in a previous request but is not identical to that request.",
  ],
  InvalidNetworkTypeClassicWhenCloudStorage: [400, "The cloud storage type does not support the classic network."],
  "InvalidSecurityIPList.Format": [400, "Specified security IP list format is not valid."],
  "InvalidSecurityIPList.Duplicate": [
    400,
    "Specified security IP list is not valid: Duplicate IP address in the list.",
  ],
  "InvalidDBInstanceId.NotFound": [404, "The DBInstanceId provided does not exist in our records."],
  // Failures of the service, from every table.
  ExternalFailure: [500, "The request processing has failed due to external service failure."],
  RequestMetaDataFailed: [500, "The service request failed. Please try again later or contact service personnel."],
  InvokeProxyFailure: [500, "The request processing has failed due to service failure of rds api."],
};

/** The refusal with one of the known codes; `detail` says what it is about. An unknown code is HTTP 400. */
export function refusal(code: string, detail?: string): RpcError {
  const [httpStatus, message] = refusals[code] ?? [400, "The request was refused."];
  return new RpcError(httpStatus, code, detail === undefined ? message : `${message} (${detail})`);
}

/** The refusal of a request without one of the parameters that every RPC call carries. */
export function missingCommonParameter(name: string): RpcError {
  return new RpcError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}
