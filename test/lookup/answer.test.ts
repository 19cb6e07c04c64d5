import { errorAnswer } from "../../lib/lookup/answer";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../../lib/validation/checks";

const subject = '"rm-1" of cn-hangzhou';

describe("an error becomes an answer", () => {
  test("of the API, with all that it knows", () => {
    const error = new RdsApiError({
      action: "X",
      code: "Forbidden.RAM",
      reason: "no",
      httpStatus: 403,
      requestId: "1",
    });
    expect(errorAnswer(subject, error)).toEqual({
      status: "error",
      error: {
        kind: ErrorKind.ACCESS,
        code: "Forbidden.RAM",
        message: `cannot look up ${subject}: X failed with Forbidden.RAM: no`,
        sharedReason: "X failed with Forbidden.RAM: no",
        hint: error.hint,
        httpStatus: 403,
        requestId: "1",
      },
    });
  });

  test("of the network, without what there is not", () => {
    const { error } = errorAnswer(subject, new RdsApiError({ action: "X", code: "ECONNRESET", reason: "cut" }));
    expect(Object.keys(JSON.parse(JSON.stringify(error)) as object)).toEqual([
      "kind",
      "code",
      "message",
      "sharedReason",
      "hint",
    ]);
  });

  test("of a wrong request, with the parameter to correct", () => {
    expect(errorAnswer(subject, new InvalidRequestError("pageSize", 7, "30, 50 or 100"))).toEqual({
      status: "error",
      error: {
        kind: ErrorKind.MISUSE,
        code: "InvalidRequest",
        message: "pageSize must be 30, 50 or 100, but is 7",
        hint: "correct pageSize",
      },
    });
  });

  test.each([new TypeError("a defect"), "thrown text", undefined])("but a defect does not: %p", (defect) => {
    let thrown: unknown = "nothing";
    try {
      errorAnswer(subject, defect);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(defect);
  });
});
