import { inspect } from "node:util";
import { ErrorKind } from "../../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";

describe("an error of the API", () => {
  const error = new RdsApiError({
    action: "DescribeCrossRegionBackups",
    code: "Throttling.User",
    reason: "denied by flow control",
    httpStatus: 400,
    requestId: "60912B41",
  });

  test("says what failed and how, and what it means", () => {
    expect(error.message).toBe("DescribeCrossRegionBackups failed with Throttling.User: denied by flow control");
    expect(error).toMatchObject({
      name: "RdsApiError",
      action: "DescribeCrossRegionBackups",
      code: "Throttling.User",
      httpStatus: 400,
      requestId: "60912B41",
      kind: ErrorKind.THROTTLED,
      retryable: true,
    });
    expect(error.hint).not.toBe("");
  });

  test("has no status and no request id if no answer came", () => {
    const lost = new RdsApiError({ action: "X", code: "ECONNRESET", reason: "cut" });
    expect([lost.httpStatus, lost.requestId]).toEqual([undefined, undefined]);
    expect(lost.kind).toBe(ErrorKind.TRANSIENT);
  });

  test("stays what it is with a note", () => {
    const noted = error.withNote("no try succeeded");
    expect(noted.message).toBe(`${error.message}; no try succeeded`);
    const { action, code, httpStatus, requestId, kind, hint } = error;
    expect(noted).toMatchObject({ action, code, httpStatus, requestId, kind, hint });
  });

  test("shows each fact once", () => {
    expect(inspect(error).match(/60912B41/g)).toHaveLength(1);
    expect(JSON.stringify(error).match(/60912B41/g)).toHaveLength(1);
  });
});
