import * as fc from "fast-check";
import { ErrorKind } from "../../../lib/rds-api/errors/error-kind";
import { errorTable } from "../../../lib/rds-api/errors/error-table";
import { blamesBackup, explainError } from "../../../lib/rds-api/errors/rds-api-error";
import pageTable from "./page-error-codes.json";

const { MISUSE, ACCESS, NOT_FOUND, UNSUPPORTED, ACCOUNT, THROTTLED, TRANSIENT } = ErrorKind;

const codes = errorTable.map(({ code }) => code);
const isPattern = (code: string) => /[*, ]/.test(code);
const rowOf = (code: string) => errorTable.find((row) => row.code === code);

describe("the table of errors", () => {
  test("has each code once", () => {
    expect(codes.toSorted()).toEqual([...new Set(codes)].sort());
  });

  test("has every code that the API page lists, with more to say than the page", () => {
    expect(pageTable).toHaveLength(68);
    for (const { code, message } of pageTable) {
      expect(codes).toContain(code);
      expect(rowOf(code)?.hint.toLowerCase()).not.toContain(message.toLowerCase().replace(/\.$/, ""));
    }
  });

  test("says nothing of the lock file: in an outage it is used already, and not every call has a locked answer", () => {
    expect(errorTable.filter(({ hint }) => hint.includes("locked"))).toEqual([]);
  });

  test("gives each code of the page its kind", () => {
    const kindOf = new Map(pageTable.map(({ code }) => [code, explainError(code, undefined).kind]));
    const pageCodes = (kind: ErrorKind) =>
      pageTable.map(({ code }) => code).filter((code) => kindOf.get(code) === kind);
    // Denied, missing and wrong requests must never pass for an outage, which a locked backup would hide.
    expect(pageCodes(TRANSIENT).sort()).toEqual([
      "CommodityServiceCalling.Exception",
      "ExternalFailure",
      "InvokeProxyFailure",
      "OrdTCommodityQueryError",
      "Price.CommoditySys",
      "RequestMetaDataFailed",
      "SqlExecuteFailedOrTimeout",
      "System.SaleValidateFailed",
    ]);
    expect(pageCodes(ACCESS).sort()).toEqual([
      "InvalidClusterKms",
      "InvalidKmsKey",
      "InvalidUserOperatorPermission",
      "KmsApiError",
      "NotInFlowController",
    ]);
    expect(pageCodes(NOT_FOUND).sort()).toEqual([
      "HostInfo.NotFound",
      "InvalidDBInstance.NotFound",
      "InvalidDBInstanceId.NotFound",
      "ProductInstanceReleased",
      "Request.NotFound",
    ]);
    expect([MISUSE, UNSUPPORTED, ACCOUNT, THROTTLED].map((kind) => pageCodes(kind).length)).toEqual([19, 19, 12, 0]);
  });

  test("lets every throttled or transient error be retried, but for outages that last, and no other error", () => {
    const lasting = errorTable.filter(
      ({ kind, retryable }) => !retryable && (kind === THROTTLED || kind === TRANSIENT),
    );
    expect(lasting.map(({ code }) => code)).toEqual([
      "ENOTFOUND",
      "AnswerTooLong",
      "EPROTO",
      "ERR_SSL_WRONG_VERSION_NUMBER",
      "DeadlineExceeded",
      "LookupThreadDied",
      "InvalidResponse, HTTP 407",
      "InvalidResponse, HTTP 3xx or 4xx",
    ]);
    const retried = errorTable.filter(({ retryable }) => retryable);
    expect(new Set(retried.map(({ kind }) => kind))).toEqual(new Set([THROTTLED, TRANSIENT]));
  });

  test("has a next step in each row, in short sentences", () => {
    for (const { code, hint, retryable } of errorTable) {
      expect(`${code}: ${hint}`).toMatch(/: [a-z].{24,}[^.\s]$/);
      const words = hint.split(/\. |; /).map((sentence) => sentence.split(" ").length);
      expect(words.some((count) => count > 25) ? code : undefined).toBeUndefined();
      expect(!retryable && /^(?:try|run) again/.test(hint)).toBe(false);
    }
  });

  test("has no hint for two kinds", () => {
    const hints = new Set(errorTable.map(({ hint }) => hint));
    const hintsOfKinds = new Set(errorTable.map(({ kind, hint }) => `${kind} ${hint}`));
    expect(hintsOfKinds.size).toBe(hints.size);
  });

  test("blames the backup for these codes only, and for none in doubt", () => {
    expect(codes.filter(blamesBackup).sort()).toEqual([
      "CrossRegionUnsupportTDE",
      "IncorrectBackupSetMethod",
      "IncorrectBackupSetState",
      "IncorrectBackupSetType",
      "IncorrectBaksetVersion",
      "InvalidBackupSet",
      "InvalidBackupSetID.NotFound",
      "NoAvailableDisasterRestoreBakset",
    ]);
    const inDoubt = ["InvalidBackupType.Format", "NoBackupSetRegion", "RestoreType.NotFound"];
    const unheard = ["InvalidBackupSetID", "IncorrectBackupSetState.Unheard", "constructor", ""];
    expect([...inDoubt, ...unheard].filter(blamesBackup)).toEqual([]);
  });

  test.each([
    ["NoCredentials", /ALIBABA_CLOUD_ACCESS_KEY_ID.+_ACCESS_KEY_SECRET.+ALIBABA_CLOUD_SECURITY_TOKEN/],
    ["NoCredentials", /ALICLOUD_ACCESS_KEY.+ALICLOUD_SECRET_KEY.+ALICLOUD_SECURITY_TOKEN/],
    ["NoCredentials", /aliyun configure.+ALIBABA_CLOUD_PROFILE.+ALICLOUD_PROFILE.+RAM role.+ECS/],
    ["Forbidden.RAM", /rds:DescribeCrossRegionBackups on acs:rds:<region>:<account>:dbinstance\/<id>/],
    ["InvalidDBInstanceId.NotFound", /dbInstanceId.+source instance.+account.+released/],
    ["InvalidTimeStamp.Expired", /clock.+15 minutes/],
    ["ENOTFOUND", /regionId.+endpoint.+proxy.+DNS/],
    ["ECONNREFUSED", /RDS_DR_ENDPOINT.+proxy/],
    ["DeadlineExceeded", /RDS_DR_DEADLINE_SECONDS/],
    ["InvalidResponse", /endpoint.+proxy/],
  ])("%s says what its reader can do: %s", (code, step) => {
    expect(explainError(code, undefined).hint).toMatch(step);
  });
});

test("a code of the table means the same with every status, but for a page that RDS did not write", () => {
  for (const { code, kind, retryable, hint } of errorTable.filter((row) => !isPattern(row.code))) {
    const statuses = [undefined, 200, 299, 500, 599, ...(code === "InvalidResponse" ? [] : [302, 400, 403, 404, 429])];
    for (const status of statuses) {
      expect(explainError(code, status)).toEqual({ kind, retryable, hint });
    }
  }
});

test.each<[status: number, kind: ErrorKind, retryable: boolean, hint: RegExp]>([
  [300, TRANSIENT, false, /endpoint and proxy.+in place of RDS/],
  [401, TRANSIENT, false, /endpoint and proxy.+in place of RDS/],
  [403, TRANSIENT, false, /endpoint and proxy.+in place of RDS/],
  [404, TRANSIENT, false, /endpoint and proxy.+in place of RDS/],
  [499, TRANSIENT, false, /endpoint and proxy.+in place of RDS/],
  [407, TRANSIENT, false, /password.+proxy.+HTTPS_PROXY/],
  [408, TRANSIENT, true, /run again/],
  [429, THROTTLED, true, /fewer lookups/],
])("a page that RDS did not write, with status %d, is an outage or asks to wait", (status, kind, retryable, hint) => {
  const explanation = explainError("InvalidResponse", status);
  expect(explanation).toMatchObject({ kind, retryable });
  expect(explanation.hint).toMatch(hint);
});

describe("an unknown code", () => {
  test("of a family means what the family means, whatever its status", () => {
    const families = errorTable.filter(({ code }) => code.endsWith("*"));
    expect(families).toHaveLength(20);
    for (const { code, kind, retryable, hint } of families) {
      for (const unheard of [code.replace("*", "Unheard"), code.replace("*", "Unheard.Of")]) {
        expect(explainError(unheard, 404)).toEqual({ kind, retryable, hint });
      }
    }
    expect(explainError("InvalidAccessKeyId", undefined).kind).toBe(ACCESS);
    expect(explainError("OperationDenied.Unheard", 403).kind).toBe(UNSUPPORTED);
  });

  test.each(["Throttlings.User", "throttling", "XForbidden.RAM", ".Forbidden", "Order.Unheard", "", "__proto__"])(
    "%j belongs to no family: its status decides",
    (code) => {
      expect(explainError(code, 404)).toEqual(explainError(undefined, 404));
      expect(explainError(code, undefined)).toEqual(explainError(undefined, undefined));
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
    [599, TRANSIENT, true],
  ])("with status %s is %s, retryable %s", (status, kind, retryable) => {
    expect(explainError("Unheard.Of", status)).toMatchObject({ kind, retryable });
  });
});

test.each<[status: number | undefined, kind: ErrorKind]>([
  [undefined, TRANSIENT],
  [200, TRANSIENT],
  [302, TRANSIENT],
  [400, MISUSE],
])("without a code, status %s is %s", (status, kind) => {
  expect(explainError(undefined, status)).toMatchObject({ kind, retryable: kind === TRANSIENT });
});

test("any code and any status have an explanation of the table", () => {
  const anyCode = fc.oneof(
    fc.string(),
    fc.constantFrom(...codes, "constructor", "toString"),
    fc.tuple(fc.constantFrom(...codes), fc.string()).map(([code, rest]) => code + rest),
  );
  const anyStatus = fc.oneof(fc.integer({ min: 100, max: 599 }), fc.double());
  fc.assert(
    fc.property(fc.option(anyCode, { nil: undefined }), fc.option(anyStatus, { nil: undefined }), (code, status) => {
      const { kind, retryable, hint } = explainError(code, status);
      expect(errorTable).toContainEqual(expect.objectContaining({ kind, retryable, hint }));
    }),
  );
});
