import * as fc from "fast-check";
import { clientErrorCodes } from "../../../lib/rds-api/errors/client-error-codes";
import { commonErrorCodes } from "../../../lib/rds-api/errors/common-error-codes";
import { ErrorKind, type ErrorExplanation } from "../../../lib/rds-api/errors/error-kind";
import { errorCatalogue, explainError } from "../../../lib/rds-api/errors/explain-error";
import { pageErrorCodes, restoreErrorCodes } from "../../../lib/rds-api/errors/page-error-codes";
import pageTable from "./page-error-codes.json";

const { MISUSE, ACCESS, NOT_FOUND, UNSUPPORTED, ACCOUNT, THROTTLED, TRANSIENT } = ErrorKind;

const entries = [...errorCatalogue.values()];

/** How the codes of the page sort into kinds: the decision on each, apart from the hints. */
const pageKinds: Readonly<Record<ErrorKind, readonly string[]>> = {
  [MISUSE]: [
    "Commodity.InvalidComponent",
    "InvalidBackupSet",
    "InvalidConnectionString.Duplicate",
    "InvalidEndTime.Format",
    "InvalidInstanceLevel.DiskType",
    "InvalidPage.notFound",
    "InvalidParam",
    "InvalidParameters.Format",
    "InvalidReduceDiskSize",
    "InvalidRegion.Format",
    "InvalidReleasedKeepPolicy.Format",
    "InvalidStartTime.Format",
    "InvalidTime.Format",
    "InvalidVswitchId",
    "MirrorInsExists",
    "Order.PeriodInvalid",
    "ParameterAbsence",
    "Parameters.Invalid",
    "RequiredParam.NotFound",
  ],
  [ACCESS]: [
    "InvalidClusterKms",
    "InvalidKmsKey",
    "InvalidUserOperatorPermission",
    "KmsApiError",
    "NotInFlowController",
  ],
  [NOT_FOUND]: [
    "HostInfo.NotFound",
    "InvalidDBInstance.NotFound",
    "InvalidDBInstanceId.NotFound",
    "ProductInstanceReleased",
    "Request.NotFound",
  ],
  [UNSUPPORTED]: [
    "Api.NotSupport",
    "BackupPolicyNotSupport",
    "CloudSSDNotSupport",
    "ColdData.EngineVersionNotSupport",
    "ColdData.MinorVersionNotSupport",
    "CrossBackupNotSupport",
    "IncorrectMinorVersion",
    "IncorrectTargetClasscode",
    "InvalidDBInstanceEngineType.Format",
    "InvalidInstanceLevel.Malformed",
    "InvalideStatus.Format",
    "OperationDenied.ZoneResource",
    "Order.ComboInstanceNotAllowOperate",
    "Price.PricingPlanResultNotFound",
    "RegionDissolvedEOM",
    "RegionEndTimeDissolvedAustralia",
    "RegionEndTimeDissolvedIndia",
    "UnsupportedClassCode",
    "VpcNetworkTypeNotSupport",
  ],
  [ACCOUNT]: [
    "Abs.InvalidAccount.NotFound",
    "BasicInfoUncompleted",
    "ContainForbiddenLabelError",
    "InsufficientAvailableQuota",
    "Order.InstHasUnpaidOrder",
    "Order.NoRealNameAuthentication",
    "OrderStatus.UnPaid",
    "Pay.InsufficientBalance",
    "Pay.NoCreditCard",
    "Risk.RiskControlRejection",
    "noAvailablePaymentMethod",
    "pay.noCreditCard",
  ],
  [THROTTLED]: [],
  [TRANSIENT]: [
    "CommodityServiceCalling.Exception",
    "ExternalFailure",
    "InvokeProxyFailure",
    "OrdTCommodityQueryError",
    "Price.CommoditySys",
    "RequestMetaDataFailed",
    "SqlExecuteFailedOrTimeout",
    "System.SaleValidateFailed",
  ],
};

describe("the error codes of the API page", () => {
  test("the fixture holds the whole table of the page", () => {
    const countOf = (httpStatus: number) => pageTable.filter((row) => row.httpStatus === httpStatus).length;
    expect(new Set(pageTable.map((row) => row.code)).size).toBe(68);
    expect([400, 403, 404, 500].map(countOf)).toEqual([49, 11, 5, 3]);
  });

  test("none is missing and none is invented", () => {
    const listed = pageErrorCodes.map((entry) => entry.code);
    expect(listed.toSorted()).toEqual(pageTable.map((row) => row.code).toSorted());
  });

  test.each(pageTable)("$code has the page's status and a hint of its own", (row) => {
    const { hint } = explainError(row.code, row.httpStatus);
    expect(errorCatalogue.get(row.code)?.httpStatus).toBe(row.httpStatus);
    expect(hint.length).toBeGreaterThanOrEqual(25);
    expect(hint.toLowerCase()).not.toContain(row.message.toLowerCase().replace(/\.$/, ""));
  });

  test.each(Object.values(ErrorKind))("those of kind %s are the ones decided on", (kind) => {
    const ofKind = pageErrorCodes.filter((entry) => entry.explanation.kind === kind);
    expect(ofKind.map((entry) => entry.code).toSorted()).toEqual(pageKinds[kind].toSorted());
  });
});

describe("the catalogue", () => {
  test("lists each code in one table only", () => {
    const tables = [pageErrorCodes, restoreErrorCodes, commonErrorCodes, clientErrorCodes];
    expect(entries).toHaveLength(tables.flat().length);
  });

  test.each(entries)("explains $code whatever status comes with it", ({ code, explanation }) => {
    const statuses = [undefined, 200, 400, 403, 404, 429, 500];
    const isOfSomeoneElse = code === "InvalidResponse";
    for (const status of isOfSomeoneElse ? [undefined, 200, 299, 500, 502, 599] : statuses) {
      expect(explainError(code, status)).toEqual(explanation);
    }
  });

  test.each(entries)("lets $code be retried only if it passes by itself", ({ code, explanation }) => {
    const passes = explanation.kind === THROTTLED || explanation.kind === TRANSIENT;
    const stays = ["DeadlineExceeded", "ENOTFOUND", "EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER"];
    stays.push("AnswerTooLong", "LookupThreadDied");
    expect(explanation.retryable).toBe(passes && !stays.includes(code));
  });

  test("never gives one hint to codes of two kinds", () => {
    const kinds = new Map<string, Set<ErrorKind>>();
    for (const { explanation } of entries) {
      kinds.set(explanation.hint, (kinds.get(explanation.hint) ?? new Set()).add(explanation.kind));
    }
    expect([...kinds].filter(([, ofHint]) => ofHint.size > 1)).toEqual([]);
  });
});

describe("a body that RDS did not write", () => {
  test.each([300, 302, 307, 400, 401, 403, 404, 499])(
    "with status %d is an outage, and its hint leads to who answered",
    (status) => {
      const explanation = explainError("InvalidResponse", status);
      expect(explanation).toMatchObject({ kind: TRANSIENT, retryable: false });
      expect(explanation.hint).toMatch(/endpoint and proxy.+in place of RDS/);
    },
  );

  test("with status 407 is an outage, and its hint leads to the password of the proxy", () => {
    const explanation = explainError("InvalidResponse", 407);
    expect(explanation).toMatchObject({ kind: TRANSIENT, retryable: false });
    expect(explanation.hint).toMatch(/password of the proxy.+HTTPS_PROXY/);
  });

  test.each<[status: number, kind: ErrorKind]>([
    [408, TRANSIENT],
    [429, THROTTLED],
  ])("with status %d passes by itself: %s", (status, kind) => {
    expect(explainError("InvalidResponse", status)).toMatchObject({ kind, retryable: true });
  });
});

describe("codes that the page leaves out", () => {
  test.each<[kind: ErrorKind, codes: string[]]>([
    [THROTTLED, ["Throttling", "Throttling.User", "Throttling.Api", "Rejected.Throttling"]],
    [TRANSIENT, ["ServiceUnavailable", "InternalError", "SignatureNonceUsed", "RequestTimeout"]],
    [TRANSIENT, ["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN"]],
    [TRANSIENT, ["EHOSTUNREACH", "ENETUNREACH", "InvalidResponse", "DeadlineExceeded"]],
    [ACCESS, ["Forbidden", "Forbidden.RAM", "Forbidden.AccessKeyDisabled", "NoPermission"]],
    [
      ACCESS,
      [
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "NoCredentials",
        "IncompleteCredentials",
      ],
    ],
    [ACCESS, ["SignatureDoesNotMatch", "IncompleteSignature", "InvalidTimeStamp.Expired"]],
    [ACCESS, ["InvalidSecurityToken.Expired", "InvalidSecurityToken.Malformed"]],
    [ACCESS, ["InvalidSecurityToken.MismatchWithAccessKey", "MissingSecurityToken"]],
    [MISUSE, ["MissingParameter", "InvalidParameter", "InvalidAction.NotFound", "InvalidVersion"]],
    [MISUSE, ["UnsupportedHTTPMethod", "CERT_HAS_EXPIRED", "SELF_SIGNED_CERT_IN_CHAIN"]],
    [MISUSE, ["ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]],
    [NOT_FOUND, ["InvalidRegionId.NotFound", "InvalidDBInstanceName.NotFound", "Forbidden.InstanceNotFound"]],
    [UNSUPPORTED, ["IncorrectDBInstanceState", "OperationDenied.DBInstanceStatus"]],
  ])("are known: %s: %j", (kind, codes) => {
    expect(codes.map((code) => errorCatalogue.get(code)?.explanation.kind)).toEqual(codes.map(() => kind));
  });

  test.each([
    ["NoCredentials", /ALIBABA_CLOUD_ACCESS_KEY_ID.+_ACCESS_KEY_SECRET.+ALIBABA_CLOUD_SECURITY_TOKEN/],
    ["NoCredentials", /ALICLOUD_ACCESS_KEY.+ALICLOUD_SECRET_KEY.+ALICLOUD_SECURITY_TOKEN/],
    ["NoCredentials", /aliyun configure.+ALIBABA_CLOUD_PROFILE.+ALICLOUD_PROFILE.+RAM role.+ECS/],
    ["Forbidden.RAM", /rds:DescribeCrossRegionBackups on acs:rds:<region>:<account>:dbinstance\/<id>/],
    ["InvalidDBInstanceId.NotFound", /dbInstanceId.+source instance.+account.+released/],
    ["InvalidDBInstance.NotFound", /dbInstanceId.+source instance.+account.+released/],
    ["InvalidTimeStamp.Expired", /clock.+15 minutes/],
    ["ENOTFOUND", /regionId.+endpoint.+proxy.+DNS.+endpoint or proxy/],
    ["ECONNREFUSED", /RDS_DR_ENDPOINT.+proxy/],
    ["DeadlineExceeded", /RDS_DR_DEADLINE_SECONDS/],
    ["InvalidResponse", /proxy.+endpoint/],
  ])("%s names what its reader can do: %s", (code, step) => {
    expect(explainError(code, undefined).hint).toMatch(step);
  });
});

describe("an unknown code", () => {
  test.each<[code: string, status: number | undefined, kind: ErrorKind, sibling: string]>([
    ["Throttling.Resource", 400, THROTTLED, "Throttling"],
    ["Rejected.Quota", 403, THROTTLED, "Rejected.Throttling"],
    ["ServiceUnavailable.Region", 400, TRANSIENT, "ServiceUnavailable"],
    ["InternalError.Db.Meta", 404, TRANSIENT, "InternalError"],
    ["Forbidden.SubUser", 400, ACCESS, "Forbidden"],
    ["NoPermission.SLR", 400, ACCESS, "NoPermission"],
    ["InvalidAccessKeyId.Unheard", 404, ACCESS, "InvalidAccessKeyId.NotFound"],
    ["InvalidAccessKeyId", undefined, ACCESS, "InvalidAccessKeyId.NotFound"],
    ["InvalidAccessKeySecret", 400, ACCESS, "SignatureDoesNotMatch"],
    ["SignatureDoesNotMatch.V3", 404, ACCESS, "SignatureDoesNotMatch"],
    ["InvalidSecurityToken.Unheard", 400, ACCESS, "InvalidSecurityToken.MismatchWithAccessKey"],
    ["InvalidTimeStamp.Unheard", 400, ACCESS, "InvalidTimeStamp.Expired"],
    ["MissingParameter.RegionId", 404, MISUSE, "MissingParameter"],
    ["InvalidParameter.PageSize", 500, MISUSE, "InvalidParameter"],
  ])("%s with status %s is explained by its family: %s, as %s", (code, status, kind, sibling) => {
    expect(errorCatalogue.has(code)).toBe(false);
    expect(explainError(code, status).kind).toBe(kind);
    expect(explainError(code, status)).toEqual(explainError(sibling, undefined));
  });

  test("of a denied operation is no question of permissions, although its status is 403", () => {
    expect(explainError("OperationDenied.Unheard", 403).kind).toBe(UNSUPPORTED);
  });

  test.each(["Pay.Unheard", "pay.unheard"])("%s is a matter of the account's payment", (code) => {
    expect(explainError(code, 400).kind).toBe(ACCOUNT);
  });

  test("of TLS is never waited out", () => {
    expect(explainError("ERR_SSL_UNHEARD", undefined)).toMatchObject({ kind: MISUSE, retryable: false });
  });

  test.each(["Throttlings.User", "throttling", "XForbidden.RAM", ".Forbidden", "Order.Unheard", ""])(
    "%j belongs to no family, so that its status decides",
    (code) => {
      expect(explainError(code, 404)).toEqual(explainError(undefined, 404));
      expect(explainError(code, undefined)).toEqual(explainError(undefined, undefined));
    },
  );

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "constructor.name", "__proto__.x"])(
    "%s, a name that every object answers to, is explained by its status",
    (code) => {
      expect(explainError(code, 500)).toEqual(explainError(undefined, 500));
      expect(explainError(code, 403)).toEqual(explainError(undefined, 403));
    },
  );

  test.each<[status: number | undefined, kind: ErrorKind, retryable: boolean]>([
    [undefined, TRANSIENT, true],
    [Number.NaN, TRANSIENT, true],
    [0, TRANSIENT, true],
    [600, TRANSIENT, true],
    [200, MISUSE, false],
    [302, MISUSE, false],
    [400, MISUSE, false],
    [401, ACCESS, false],
    [403, ACCESS, false],
    [404, NOT_FOUND, false],
    [405, MISUSE, false],
    [408, TRANSIENT, true],
    [429, THROTTLED, true],
    [499, MISUSE, false],
    [500, TRANSIENT, true],
    [503, TRANSIENT, true],
    [599, TRANSIENT, true],
  ])("with status %s is %s, retryable %s", (status, kind, retryable) => {
    expect(explainError("Unheard.Of", status)).toMatchObject({ kind, retryable });
  });
});

describe("without a code", () => {
  test("and without a status, no answer came: the network or the endpoint", () => {
    const explanation = explainError(undefined, undefined);
    expect(explanation).toMatchObject({ kind: TRANSIENT, retryable: true });
    expect(explanation.hint).toMatch(/network.+endpoint/);
  });

  test.each([200, 204, 302])("status %s is no answer of the API", (status) => {
    expect(explainError(undefined, status)).toMatchObject({ kind: TRANSIENT, retryable: true });
  });

  test("a refusal is a misuse", () => {
    expect(explainError(undefined, 400)).toMatchObject({ kind: MISUSE, retryable: false });
  });
});

describe("every explanation", () => {
  const expectActionable = ({ kind, retryable, hint }: ErrorExplanation) => {
    expect(Object.values(ErrorKind)).toContain(kind);
    expect(hint).toMatch(/^[a-z].{24,}[^.\s]$/);
    if (retryable) {
      expect([THROTTLED, TRANSIENT]).toContain(kind);
    } else {
      expect(hint).not.toMatch(/^(?:try|run) again/);
    }
  };

  test.each(entries)("$code: a next step, in the style of the house", ({ explanation }) => {
    expectActionable(explanation);
  });

  test("comes for any code and any status", () => {
    const anyCode = fc.option(
      fc.oneof(
        fc.string(),
        fc.constantFrom(...errorCatalogue.keys()),
        fc.tuple(fc.constantFrom(...errorCatalogue.keys()), fc.string()).map(([code, rest]) => code + rest),
      ),
      { nil: undefined },
    );
    const anyStatus = fc.option(fc.oneof(fc.integer({ min: 100, max: 599 }), fc.double()), {
      nil: undefined,
    });
    fc.assert(
      fc.property(anyCode, anyStatus, (code, status) => {
        expectActionable(explainError(code, status));
      }),
    );
  });
});
