import { ErrorKind } from "./error-kind";

/** One row of the table of errors. */
export interface ErrorRow {
  /**
   * A code of RDS, of the network or of this package. `Forbidden.*` stands for `Forbidden` and for every code of that
   * family that has no row of its own, `HTTP 404` for every code of that status that has neither.
   */
  readonly code: string;
  readonly kind: ErrorKind;
  /** Whether the same request, signed anew, may succeed within seconds. */
  readonly retryable: boolean;
  /** Whether the code says that the backup cannot be restored, so that an older one might. */
  readonly blamesBackup: boolean;
  /** The next step, in the imperative; it begins in lower case and ends without a full stop. */
  readonly hint: string;
}

/** The hint of each code, or of several codes with " | " between. */
type Hints = Readonly<Record<string, string>>;

/** Rows of one kind. Throttled and transient errors usually pass. */
function rows(kind: ErrorKind, hints: Hints, also: Partial<ErrorRow> = {}): ErrorRow[] {
  const retryable = kind === ErrorKind.THROTTLED || kind === ErrorKind.TRANSIENT;
  return Object.entries(hints).flatMap(([codes, hint]) =>
    codes.split(" | ").map((code) => ({ code, kind, retryable, blamesBackup: false, hint, ...also })),
  );
}

const certificateIssuer =
  "check that the endpoint is the one you mean: its certificate is not trusted. If a proxy issued it, trust its authority by NODE_EXTRA_CA_CERTS";

const misuse: Hints = {
  "ParameterAbsence | RequiredParam.NotFound | MissingParameter.*":
    "add the parameter that the message names: dbInstanceId, regionId, and either a cross-region backup id or a start and an end time",
  "InvalidParameters.Format | Parameters.Invalid | InvalidParameter.*":
    "compare the values with the API page: ids as the console shows them, page sizes of 30, 50 or 100, times such as 2024-03-05T02:21:00Z",
  "InvalidRegion.Format": "write regionId as the API does, for example cn-hangzhou: no zone, no display name",
  "InvalidStartTime.Format": "write the start of the window in UTC as yyyy-MM-ddTHH:mm:ssZ, before its end",
  "InvalidEndTime.Format": "write the end of the window in UTC as yyyy-MM-ddTHH:mm:ssZ, after its start",
  "InvalidTime.Format": "write every time in UTC as yyyy-MM-ddTHH:mm:ssZ, for example 2024-03-05T02:21:00Z",
  "InvalidPage.notFound": "start again at page 1: this page comes after the last one",
  "InvalidAction.NotFound | InvalidApi.NotFound | InvalidProduct.NotFound | InvalidVersion":
    "check the endpoint (the endpoint prop or RDS_DR_ENDPOINT): this address does not serve the RDS API of version 2014-08-15",
  "InvalidProtocol.NeedSsl": "write the endpoint with https:// instead of http://, or without a scheme",
  UnsupportedHTTPMethod: "look for a proxy that changes requests: this package always sends POST",
  "Commodity.InvalidComponent": "choose a class, a storage and an edition that the region sells together",
  "Order.PeriodInvalid": "choose a period that the console offers for this class, or order it pay-as-you-go",
  "InvalidInstanceLevel.DiskType": "choose another storage type, or a class that is sold with this one",
  InvalidParam: "drop the logical replication slots of the instance before you set its wal_level to replica",
  "InvalidConnectionString.Duplicate": "choose another connection string: an RDS instance uses this one already",
  "InvalidReleasedKeepPolicy.Format": "set the policy for released instances to None, Lastest (sic) or All",
  MirrorInsExists: "use the mirror instance that this instance has already, or delete it first",
  InvalidReduceDiskSize: "ask for more storage than the data uses: the console shows how much, under Monitoring",
  InvalidVswitchId: "use the id of a vSwitch in the VPC, the region and the zone of the new instance",
  "InvalidDBInstanceClass.NotFound": "choose a class that the destination region sells for this engine",
  "InvalidStorage.Format": "choose a storage that the instance class offers: 5 to 2,000 GB in steps of 5",
  IdempotentParameterMismatch:
    "send the parameters of the first request again: the client token already stands for another request",
  InvalidNetworkTypeClassicWhenCloudStorage: "name the VPC network and its vSwitch: cloud disks need a VPC",
  "InvalidSecurityIPList.Format | InvalidSecurityIPList.Duplicate":
    "write the addresses that may connect as IPv4 addresses or CIDR blocks, each once, at most 1,000",
  // Whoever cannot prove to be the endpoint may be someone else: never wait that out as an outage.
  "CERT_HAS_EXPIRED | CERT_NOT_YET_VALID":
    "check this machine's clock first, then who runs the endpoint: its certificate is not valid today",
  "DEPTH_ZERO_SELF_SIGNED_CERT | SELF_SIGNED_CERT_IN_CHAIN": certificateIssuer,
  "UNABLE_TO_GET_ISSUER_CERT | UNABLE_TO_GET_ISSUER_CERT_LOCALLY": certificateIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificateIssuer,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "check the host name of the endpoint: it answers with the certificate of another host, or a proxy answers for it",
  "CERT_* | ERR_SSL_* | ERR_TLS_* | UNABLE_TO_*":
    "check host, scheme and port of the endpoint, and which certificates this machine trusts: no secure connection was possible",
  ERR_INVALID_URL: "write the endpoint as a host, host:port, or a URL without a path: http://127.0.0.1:8080",
  "HTTP 4xx":
    "compare the request with the message, and look the code up at api.alibabacloud.com/document/Rds/2014-08-15/errorCode",
};

const access: Hints = {
  "Forbidden.RAM | Forbidden.* | NoPermission.*":
    "grant the RAM user or role the action of the request, for example rds:DescribeCrossRegionBackups on acs:rds:<region>:<account>:dbinstance/<id>",
  InvalidUserOperatorPermission: "attach a RAM policy that allows this RDS action to the user or role",
  "Forbidden.AccessKeyDisabled | InvalidAccessKeyId.Inactive":
    "enable the access key in the RAM console, or use another one",
  "InvalidAccessKeyId.NotFound | InvalidAccessKeyId.*":
    "check the access key id: correct, existing in RAM, and of the same site (China or international) as the endpoint",
  "SignatureDoesNotMatch.* | IncompleteSignature | InvalidAccessKeySecret.*":
    "check the access key secret: complete, without blanks or line ends, and of the same key as the access key id",
  MissingSecurityToken: "add the security token: STS issues one with each temporary access key",
  "InvalidSecurityToken.Expired": "assume the role again: its temporary credentials have expired",
  "InvalidSecurityToken.Malformed": "copy the whole security token, without quotes, blanks or line ends",
  "InvalidSecurityToken.MismatchWithAccessKey | InvalidSecurityToken.*":
    "take key id, secret and token from one answer of STS. A usual cause is a leftover security token variable beside a long-lived key",
  "InvalidTimeStamp.Expired | InvalidTimeStamp.Format | InvalidTimeStamp.*":
    "set this machine's clock, best by NTP: the API rejects requests whose time is more than 15 minutes off",
  "KmsApiError | InvalidKmsKey":
    "check in the KMS console of the instance's region that the encryption key exists and is enabled, or ask its owner to enable it",
  InvalidClusterKms: "grant RDS the role AliyunRDSInstanceEncryptionDefaultRole in the RAM console, for KMS",
  NotInFlowController: "ask Alibaba Cloud support to open this function for the account",
  NoCredentials:
    "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN if temporary), or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (with ALICLOUD_SECURITY_TOKEN). Or make a profile with `aliyun configure` and choose it by ALIBABA_CLOUD_PROFILE or ALICLOUD_PROFILE. OIDC, a RAM role of the ECS instance and a credentials URI work as well",
  IncompleteCredentials: "set the variable that the message names as missing, or unset the other one",
  InvalidCredentialsFile: "correct the file that the message names, or make it anew with `aliyun configure`",
  UnsupportedProfileMode:
    "change the mode with `aliyun configure`, or choose another profile by ALICLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, --profile or the prop profile",
  CredentialsDenied:
    "check that the role or account in the message exists. For a role, check its trust policy, the permission sts:AssumeRole of the caller, and the external id",
  "HTTP 401 | HTTP 403": "check which credentials are used, and what RAM allows them: RDS denied the request",
};

const noInstance =
  "check dbInstanceId, that regionId is the region of the source instance (not of its backups), and that credentials and resourceGroupId belong to its account. The RDS console may still list backups of a released instance, in the region that keeps them";

const notFound: Hints = {
  "InvalidDBInstanceId.NotFound | InvalidDBInstance.NotFound": noInstance,
  "InvalidDBInstanceName.NotFound | Forbidden.InstanceNotFound": noInstance,
  "InvalidRegionId.NotFound | InvalidRegion.NotFound":
    "compare regionId with the regions that the RDS console offers this account: the API knows no region of this id",
  ProductInstanceReleased:
    "find the backups of the released instance in the RDS console of the region that keeps them, then pin one by its id",
  "Request.NotFound": "check that the ids of the request belong to regionId, and the endpoint to that region",
  "HostInfo.NotFound":
    "check in the console of regionId that the instance is Running. RDS knows no host of an instance that it creates, moves or releases",
  "HTTP 404":
    "check the endpoint and the ids of the request: do they belong to regionId, and to the account of the credentials",
};

const unsupported: Hints = {
  "IncorrectDBInstanceState | OperationDenied.DBInstanceStatus | InvalideStatus.Format":
    "wait until the console shows the instance as Running, or unlock it, then run again",
  "IncorrectTargetClasscode | InvalidInstanceLevel.Malformed":
    "check that dbInstanceId is a primary instance, and that RDS offers cross-region backups for its edition and class",
  "Api.NotSupport":
    "check that the instance can have cross-region backups (MySQL on local SSD, PostgreSQL, SQL Server), and that its region offers them",
  "InvalidDBInstanceEngineType.Format":
    "use an instance whose engine has cross-region backups: MySQL on local SSD, PostgreSQL or SQL Server",
  CrossBackupNotSupport: "choose another region: the action DescribeAvailableCrossRegion lists those that work",
  CloudSSDNotSupport: "change the instance's storage type from standard SSD to ESSD in the console first",
  IncorrectMinorVersion: "update the instance's minor engine version in the console, then run again",
  "ColdData.EngineVersionNotSupport": "upgrade the engine version, or keep the archiving of cold data off",
  "ColdData.MinorVersionNotSupport": "update the minor engine version, or keep the archiving of cold data off",
  BackupPolicyNotSupport: "keep the archiving of cold data off: it excludes cross-region and flash backups",
  VpcNetworkTypeNotSupport: "use an instance outside of a VPC: this operation needs the classic network",
  "Order.ComboInstanceNotAllowOperate": "manage the instance through the package that it was bought with",
  "Price.PricingPlanResultNotFound": "choose another class, storage or billing method: this one has no price",
  RegionDissolvedEOM: "choose another region to restore to: this one is closing and accepts no new orders",
  RegionEndTimeDissolvedAustralia: "choose another region than ap-southeast-2 (Sydney), which has closed",
  RegionEndTimeDissolvedIndia: "choose another region than ap-south-1 (Mumbai), which has closed",
  UnsupportedClassCode: "choose a class that the region still sells: the console lists them for a new instance",
  "OperationDenied.ZoneResource": "choose another zone or class: this one is out of stock in the zone",
  // RDS answers these with 403, but permissions are not the cause.
  "OperationDenied.*":
    "check in the console the instance's status, its edition and the stock of its zone: one of them forbids the operation",
  DisasterRestoreRegionNotMatched: "restore to the region of the source, or to the one that keeps its backups",
  IncorrectDBInstanceType: "check what the destination region sells: it cannot restore this type",
  IncorrectEngineVersion: "check what the destination region sells: it cannot restore this version",
};

const otherBackup = "restore from another backup: no instance in another region can be restored from this one";

/**
 * Codes by which CheckCreateDdrDBInstance says that the backup is the cause. Every other code blames something that the
 * next older backup would share: the class, the storage, the zone, the stock, the account. A code that could mean either
 * is not here, as a wrong row would pass over a good backup.
 *
 * The page documents no code for a backup that is not yet, or no longer, complete. `IncorrectBackupSetState` is what
 * the sister calls within one region answer.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
const backupFaults: Hints = {
  "NoAvailableDisasterRestoreBakset | IncorrectBaksetVersion | CrossRegionUnsupportTDE": otherBackup,
  "IncorrectBackupSetType | IncorrectBackupSetMethod | IncorrectBackupSetState": otherBackup,
  "InvalidBackupSetID.NotFound": "restore from another backup: the destination region does not know this one",
};

const account: Hints = {
  "InsufficientAvailableQuota | Pay.InsufficientBalance":
    "top up the account, or raise its credit limit, in the Expenses and Costs console, then run again",
  "pay.noCreditCard | Pay.NoCreditCard | noAvailablePaymentMethod":
    "add a credit card or another payment method to the account in the Expenses and Costs console",
  "Order.InstHasUnpaidOrder | OrderStatus.UnPaid":
    "pay or cancel the open order of this instance under Orders in the Expenses and Costs console, then run again",
  "Pay.* | pay.*": "check balance, payment method and open orders of the account in the Expenses and Costs console",
  "Order.NoRealNameAuthentication": "verify the real name of the account in the Account Center, then run again",
  BasicInfoUncompleted: "complete the account's name, address and contact in the Account Center",
  "Risk.RiskControlRejection": "ask Alibaba Cloud support to release the account from risk control",
  ContainForbiddenLabelError: "ask the reseller of the account to remove the label that forbids it to order",
  "Abs.InvalidAccount.NotFound": "check that the account of the credentials owns the instance, and is active",
};

const throttled: Hints = {
  "Throttling.User | Throttling.* | Rejected.Throttling | Rejected.*":
    "run fewer lookups at a time, or find the other programs of the account that call RDS",
  "Throttling.Api": "run fewer lookups at a time: this action reached its limit",
  "HTTP 429": "run fewer lookups at a time: RDS, or a proxy before it, limits the requests",
};

const serviceFault = "run again in a minute, and see status.alibabacloud.com";
const billingFault =
  "run again in a few minutes: the billing service behind RDS failed. If it stays, open a ticket that quotes the request id";

/**
 * Outages. A 4xx code is here only if the service says that it failed itself: for an outage a locked backup is used, and
 * that must never hide a denial, a missing instance or a wrong request.
 */
const outages: Hints = {
  "ServiceUnavailable.* | InternalError.*": serviceFault,
  "ExternalFailure | RequestMetaDataFailed | InvokeProxyFailure": serviceFault,
  "CommodityServiceCalling.Exception | OrdTCommodityQueryError": billingFault,
  "Price.CommoditySys | System.SaleValidateFailed": billingFault,
  SqlExecuteFailedOrTimeout:
    "check in the console that the instance is Running and not overloaded: a statement of RDS failed on it or took too long",
  // Each attempt has a new nonce, so RDS does not reject the next one for the same reason.
  SignatureNonceUsed: "run again; if it stays, look for a proxy that sends requests to RDS twice",
  "ECONNRESET | EPIPE | ECONNABORTED":
    "run again; if it stays, look for a firewall or proxy that cuts connections to the endpoint",
  ECONNREFUSED:
    "check host and port of the endpoint (RDS_DR_ENDPOINT or the endpoint prop) or proxy (HTTPS_PROXY) in the message: nothing listens there. A simulator runs as long as its command: npx rds-dr simulate",
  EAI_AGAIN: "check this machine's DNS and network: its resolver does not answer",
  "EHOSTUNREACH | EHOSTDOWN | ENETUNREACH | ENETDOWN":
    "check the network, VPN, firewall and proxy between this machine and the endpoint",
  "ETIMEDOUT | ESOCKETTIMEDOUT | RequestTimeout":
    "check the network to the endpoint, or raise RDS_DR_DEADLINE_SECONDS for a slow line",
  InvalidResponse:
    "check the endpoint, and that no proxy or login page answers instead of RDS: the answer was not the JSON of the API",
  InconsistentList:
    "run again in a minute: the list may lack the newest backup, so it is not used. If it stays, look for a proxy or cache that answers instead of RDS",
  CredentialsUnavailable:
    "check the network and the proxy (HTTPS_PROXY, NO_PROXY) to the host in the message, or use another access key",
  "HTTP 408": "run again; if it stays, check the network to the endpoint: the request did not arrive in time",
  "HTTP 5xx": "run again in a minute. If it stays, open a ticket that quotes the request id",
  "no code, HTTP 2xx or 3xx":
    "check the endpoint, and that no proxy or login page answers instead of RDS: this is no answer of the API",
  "no answer": "check the network to the endpoint, and the endpoint itself: no answer of the API came back",
};

/** Outages that do not pass within seconds. */
const lastingOutages: Hints = {
  // A region that does not exist looks like this too: the region is a part of the host.
  ENOTFOUND:
    "check regionId, the endpoint, the region of the token service and the proxy (HTTPS_PROXY) for typing errors, then DNS: the host has no address",
  AnswerTooLong: "check that the endpoint is RDS, and that no proxy answers for it: RDS writes less",
  // Both say that nobody proved to be someone else: whatever listens there does not speak TLS.
  "EPROTO | ERR_SSL_WRONG_VERSION_NUMBER":
    "check scheme and port of the endpoint: it does not speak TLS. Plain HTTP needs an endpoint that begins with http://",
  // A retry would begin after the time that the user allows.
  DeadlineExceeded: "raise RDS_DR_DEADLINE_SECONDS, or check the network to the endpoint",
  LookupThreadDied: "give Node more memory by NODE_OPTIONS=--max-old-space-size=4096",
  "InvalidResponse, HTTP 407":
    "check user and password in the variable that names the proxy (HTTPS_PROXY, or HTTP_PROXY for an http endpoint): the proxy rejects them",
  "InvalidResponse, HTTP 3xx or 4xx":
    "check endpoint and proxy: one of them answered in place of RDS, with this HTTP status",
};

/**
 * Every error that this package can explain: each code that the page of DescribeCrossRegionBackups lists (orders
 * included), those of a restore, those that all RPC APIs of Alibaba Cloud share, those of the network and our own.
 *
 * A family is here only if its prefix means one thing whatever follows: `Order.…`, `Price.…` and `InvalidDBInstanceId.…`
 * do not.
 *
 * @see https://api.alibabacloud.com/document/Rds/2014-08-15/DescribeCrossRegionBackups
 */
export const errorTable: readonly ErrorRow[] = [
  ...rows(ErrorKind.MISUSE, misuse),
  // It blames a database of the backup, and a check names none but the backup.
  ...rows(
    ErrorKind.MISUSE,
    { InvalidBackupSet: "name only databases that the backup contains, or restore the whole instance" },
    { blamesBackup: true },
  ),
  ...rows(ErrorKind.ACCESS, access),
  ...rows(ErrorKind.NOT_FOUND, notFound),
  ...rows(ErrorKind.UNSUPPORTED, unsupported),
  ...rows(ErrorKind.UNSUPPORTED, backupFaults, { blamesBackup: true }),
  ...rows(ErrorKind.ACCOUNT, account),
  ...rows(ErrorKind.THROTTLED, throttled),
  ...rows(ErrorKind.TRANSIENT, outages),
  ...rows(ErrorKind.TRANSIENT, lastingOutages, { retryable: false }),
];
