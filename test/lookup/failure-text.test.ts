import { defectText, failureText } from "../../lib/lookup/answer";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";

test("a failure is shown with what a ticket must quote, and with what to do", () => {
  const failure = { kind: ErrorKind.ACCESS, code: "Forbidden.RAM", message: "no", hint: "ask for it" };

  expect(failureText(failure)).toBe("no\n  -> ask for it");
  expect(failureText({ ...failure, httpStatus: 403, requestId: "A-1" })).toBe(
    "no (HTTP 403, request id A-1)\n  -> ask for it",
  );
});

test("a defect is shown with its frames, but without its properties and without what is secret", () => {
  const defect = Object.assign(new TypeError("bad URL http://user:S3cretPw@proxy"), { input: "S3cretPw" });

  const told = defectText(defect);

  expect(told).toMatch(/^TypeError: bad URL /);
  expect(told).toMatch(/\n +at .*failure-text\.test/);
  expect(told).not.toContain("S3cretPw");
  expect(defectText("thrown text")).toBe("thrown text");
});
