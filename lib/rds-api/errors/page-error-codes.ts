import {
  catalogueEntries,
  type CatalogueEntry,
  ErrorKind,
  instanceNotFound,
  instanceStatus,
  invalidParameter,
  missingParameter,
  serviceFault,
} from "./error-kind";

const topUp =
  "top up the account, or raise its credit limit, in the Expenses and Costs console, then run again";

const paymentMethod =
  "bind a credit card or another payment method to the account in the Expenses and Costs console";

const unpaidOrder =
  "pay or cancel the open order of this instance under Orders in the Expenses and Costs console, then run again";

const kmsKey =
  "check in the KMS console, in the instance's region, that its encryption key exists and is enabled, or have the key's owner enable it";

const billingFault =
  "run again in a few minutes: the billing service behind RDS failed. If it stays, open a ticket that quotes the request id";

const instanceClass =
  "check that dbInstanceId names a primary instance, of an edition and class for which the RDS documents offer cross-region backups";

/**
 * Every error code that the page of DescribeCrossRegionBackups lists.
 *
 * The page lists what any call of the RDS family may answer, orders included. A 4xx code counts as
 * transient only where the service says that it failed itself: a transient error lets a locked backup stand
 * in, which must never hide a denial, a missing instance or a wrong request.
 *
 * @see https://api.alibabacloud.com/document/Rds/2014-08-15/DescribeCrossRegionBackups
 */
export const pageErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.MISUSE, 400, {
    ParameterAbsence: missingParameter,
    "RequiredParam.NotFound": missingParameter,
    "InvalidParameters.Format": invalidParameter,
    "Parameters.Invalid": invalidParameter,
    "InvalidRegion.Format":
      "write regionId as the API does, for example cn-hangzhou: no zone letter, no display name",
    "InvalidStartTime.Format":
      "write the start of the window in UTC as yyyy-MM-ddTHH:mm:ssZ, and put it before the end",
    "InvalidEndTime.Format":
      "write the end of the window in UTC as yyyy-MM-ddTHH:mm:ssZ, and put it after the start",
    "InvalidTime.Format": "write every time in UTC as yyyy-MM-ddTHH:mm:ssZ, for example 2024-03-05T02:21:00Z",
    "Commodity.InvalidComponent":
      "choose an instance class, storage and edition that are sold together in the region of the order",
    "Order.PeriodInvalid":
      "choose a subscription period that the console offers for this instance class, or order it pay-as-you-go",
    "InvalidInstanceLevel.DiskType":
      "choose an instance class that is sold with this storage type, or another storage type for the class",
    InvalidParam:
      "drop the logical replication slots of the PostgreSQL instance before setting its wal_level to replica",
    "InvalidConnectionString.Duplicate":
      "choose another prefix for the connection string: an RDS instance uses this one already",
    "InvalidReleasedKeepPolicy.Format":
      "set the policy for backups of a released instance to None, Lastest (spelled so) or All",
    MirrorInsExists: "use the mirror instance that this instance has already, or delete it first",
    InvalidBackupSet:
      "name only databases that the backup holds, or name none and restore the whole instance",
  }),
  ...catalogueEntries(ErrorKind.MISUSE, 403, {
    InvalidReduceDiskSize:
      "ask for more storage than the data takes up: the instance's monitoring page in the console shows how much",
    InvalidVswitchId:
      "give the id of a vSwitch that exists in the VPC, the region and the zone of the new instance",
  }),
  ...catalogueEntries(ErrorKind.MISUSE, 404, {
    "InvalidPage.notFound": "start again at page 1: the page asked for lies after the last one",
  }),

  ...catalogueEntries(ErrorKind.ACCESS, 400, { KmsApiError: kmsKey }),
  ...catalogueEntries(ErrorKind.ACCESS, 403, {
    InvalidKmsKey: kmsKey,
    InvalidUserOperatorPermission:
      "attach a RAM policy that allows this RDS action to the user or role, or use credentials that have one",
    NotInFlowController:
      "ask Alibaba Cloud support to open this function for the account, or use an account that has it",
  }),
  ...catalogueEntries(ErrorKind.ACCESS, 404, {
    InvalidClusterKms:
      "authorise RDS to use KMS: grant it the role AliyunRDSInstanceEncryptionDefaultRole in the RAM console",
  }),

  ...catalogueEntries(ErrorKind.NOT_FOUND, 400, {
    "InvalidDBInstanceId.NotFound": instanceNotFound,
    ProductInstanceReleased:
      "look for the released instance's backups in the RDS console of the region that keeps them, then name the one to restore by its cross-region backup id",
  }),
  ...catalogueEntries(ErrorKind.NOT_FOUND, 404, {
    "InvalidDBInstance.NotFound": instanceNotFound,
    "Request.NotFound":
      "check that the ids of the request belong to regionId, and that the endpoint serves that region",
    "HostInfo.NotFound":
      "check in the console of regionId that the instance is there and Running: RDS knows no host of it, as while it is created, moved or released",
  }),

  ...catalogueEntries(ErrorKind.UNSUPPORTED, 400, {
    "Order.ComboInstanceNotAllowOperate":
      "manage the instance through the package it was bought with, or use one that was bought by itself",
    "Price.PricingPlanResultNotFound":
      "choose another instance class, storage or billing method: this combination has no price in the region",
    RegionDissolvedEOM:
      "choose another region to restore to: this one is being closed and takes no new orders",
    RegionEndTimeDissolvedAustralia:
      "choose another region than ap-southeast-2 (Sydney), which has closed, for instances and for their backups",
    RegionEndTimeDissolvedIndia:
      "choose another region than ap-south-1 (Mumbai), which has closed, for instances and for their backups",
    "Api.NotSupport":
      "check that the instance has cross-region backups at all (MySQL on local SSD, PostgreSQL, SQL Server) and that its region offers them",
    "ColdData.EngineVersionNotSupport":
      "upgrade the instance's engine version, or leave its archiving of cold data off",
    "ColdData.MinorVersionNotSupport":
      "update the instance's minor engine version, or leave its archiving of cold data off",
    IncorrectTargetClasscode: instanceClass,
    BackupPolicyNotSupport:
      "leave the archiving of cold data off for this instance: it excludes cross-region and flash backups",
    "InvalideStatus.Format": instanceStatus,
    "InvalidDBInstanceEngineType.Format":
      "use an instance whose engine has cross-region backups: MySQL on local SSD, PostgreSQL or SQL Server",
    VpcNetworkTypeNotSupport:
      "use an instance that is not in a VPC, or leave this operation out: it works on the classic network only",
    UnsupportedClassCode:
      "choose an instance class that is still sold in the region: the console lists them where an instance is created",
  }),
  ...catalogueEntries(ErrorKind.UNSUPPORTED, 403, {
    CrossBackupNotSupport:
      "choose another region: the action DescribeAvailableCrossRegion lists where backups of this region can go",
    CloudSSDNotSupport: "change the instance's storage type from standard SSD to ESSD in the console first",
    IncorrectMinorVersion: "update the instance's minor engine version in the console, then run again",
    "OperationDenied.ZoneResource":
      "choose another zone or another instance class: this one is out of stock in the zone",
    "InvalidInstanceLevel.Malformed": instanceClass,
  }),

  ...catalogueEntries(ErrorKind.ACCOUNT, 400, {
    "Order.NoRealNameAuthentication":
      "complete the real-name verification of the account in the Account Center, then run again",
    InsufficientAvailableQuota: topUp,
    "Pay.InsufficientBalance": topUp,
    "pay.noCreditCard": paymentMethod,
    "Pay.NoCreditCard": paymentMethod,
    noAvailablePaymentMethod: paymentMethod,
    "Order.InstHasUnpaidOrder": unpaidOrder,
    BasicInfoUncompleted:
      "fill in what is missing of the account's name, address and contact in the Account Center",
    "Risk.RiskControlRejection":
      "ask Alibaba Cloud support to release the account: risk control holds it. Quote the request id",
    ContainForbiddenLabelError:
      "ask the reseller who manages the account to remove the label that bars it from ordering",
    "Abs.InvalidAccount.NotFound":
      "check that the credentials belong to the account that owns the instance, and that the account is still active",
  }),
  ...catalogueEntries(ErrorKind.ACCOUNT, 403, { "OrderStatus.UnPaid": unpaidOrder }),

  ...catalogueEntries(ErrorKind.TRANSIENT, 400, {
    "CommodityServiceCalling.Exception": billingFault,
    "Price.CommoditySys": billingFault,
    "System.SaleValidateFailed": billingFault,
    OrdTCommodityQueryError: billingFault,
    SqlExecuteFailedOrTimeout:
      "check in the console that the instance is Running and not overloaded: a statement that RDS ran on it failed or took too long",
  }),
  ...catalogueEntries(ErrorKind.TRANSIENT, 500, {
    ExternalFailure: serviceFault,
    RequestMetaDataFailed: serviceFault,
    InvokeProxyFailure: serviceFault,
  }),
];

const otherBackup =
  "restore from another backup: this one cannot be restored across regions, whatever the instance to be created";

const otherVersion =
  "check what the destination region sells: no instance of this engine and version can be restored there";

/**
 * Codes with which a restore to another region, or the check beforehand, is refused, and which the page of
 * DescribeCrossRegionBackups leaves out.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
export const restoreErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.MISUSE, undefined, {
    "InvalidDBInstanceClass.NotFound":
      "choose an instance class that is sold in the destination region, for the engine and its version",
    "InvalidStorage.Format":
      "choose a storage that the instance class offers: the call takes 5 to 2,000 GB in steps of 5",
  }),
  ...catalogueEntries(ErrorKind.UNSUPPORTED, undefined, {
    "InvalidBackupSetID.NotFound":
      "restore from another backup: the destination region knows none of this id (any more)",
    NoAvailableDisasterRestoreBakset: otherBackup,
    IncorrectBackupSetType: otherBackup,
    IncorrectBackupSetMethod: otherBackup,
    IncorrectBackupSetState: otherBackup,
    IncorrectBaksetVersion: otherBackup,
    CrossRegionUnsupportTDE: otherBackup,
    DisasterRestoreRegionNotMatched:
      "restore to the region of the source, or to the one that keeps its backups: no other is possible",
    IncorrectDBInstanceType: otherVersion,
    IncorrectEngineVersion: otherVersion,
  }),
];

/**
 * Codes by which CheckCreateDdrDBInstance says that it is the backup that cannot be restored. All the others blame
 * something that the next older backup would share: the class, the storage, the zone, the stock, the account.
 * What could mean either is left out, since a wrong entry would pass over a good backup.
 *
 * The page documents no code for a backup that is not yet, or no longer, whole; `IncorrectBackupSetState` is what
 * the sister calls within one region answer. `InvalidBackupSet` blames a database of the backup, and a check
 * names none but the backup.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-checkcreateddrdbinstance
 */
const backupFaultCodes: ReadonlySet<string> = new Set([
  "CrossRegionUnsupportTDE",
  "IncorrectBackupSetMethod",
  "IncorrectBackupSetState",
  "IncorrectBackupSetType",
  "IncorrectBaksetVersion",
  "InvalidBackupSet",
  "InvalidBackupSetID.NotFound",
  "NoAvailableDisasterRestoreBakset",
]);

/** Whether a code says that it is the backup that cannot be restored, so that another one might. */
export function isBackupsFault(code: string): boolean {
  return backupFaultCodes.has(code);
}
