import * as checks from "../../lib/validation/checks";

describe("what a request may say:", () => {
  const instant = "2024-03-05T02:21:00Z";

  test.each<[string, (parameter: string, value: unknown) => void, unknown]>([
    ["an instance id", checks.checkInstanceId, "rm-uf6wjk5t8q2vz71ab"],
    ["an instance type", checks.checkInstanceClass, "mysql.n2.medium.2c"],
    ["an instance id of PostgreSQL", checks.checkInstanceId, "pgm-2zec4x8n5m1k7y3wq"],
    ["a region", checks.checkRegionId, "cn-hangzhou"],
    ["a region with a number", checks.checkRegionId, "cn-north-2-gov-1"],
    ["a resource group", checks.checkResourceGroupId, "rg-acfmyorders01"],
    ["digits", checks.checkDigits, "14562"],
    ["digits beyond 2^53", checks.checkDigits, "9007199254740993"],
    ["an instant", checks.checkInstant, instant],
    ["a leap day", checks.checkInstant, "2024-02-29T00:00:00Z"],
    ["half an hour", checks.checkHours, 0.5],
    ["a flag", checks.checkFlag, false],
  ])("%s", (_, check, value) => {
    expect(() => {
      check("p", value);
    }).not.toThrow();
  });

  test.each<[string, () => void]>([
    [
      "a window",
      () => {
        checks.checkWindow(instant, "2024-03-05T02:21:01Z");
      },
    ],
    [
      "a text",
      () => {
        checks.checkText("p", "8.0", "a version");
      },
    ],
    [
      "one of several words",
      () => {
        checks.checkOneOf("p", "b", ["a", "b"]);
      },
    ],
    [
      "nothing, if that is allowed",
      () => {
        checks.ifGiven(checks.checkDigits, "p", undefined);
      },
    ],
  ])("%s", (_, check) => {
    expect(check).not.toThrow();
  });
});

describe("what a request may not say:", () => {
  const instance = 'the id of an RDS instance, such as "rm-uf6wjk5xxxx"';
  const region = 'the id of a region, such as "cn-hangzhou"';
  const group = 'the id of a resource group, such as "rg-acfmyxxxxxxxx"';
  const digits = 'a string of 1 to 20 digits, above 0 and without leading zeros, such as "14562"';
  const instant = 'a real date and time of the form yyyy-MM-ddTHH:mm:ssZ in UTC, such as "2024-03-05T02:21:00Z"';

  test.each<[string, (parameter: string, value: unknown) => void, unknown]>([
    [`p must be ${instance}, but is missing`, checks.checkInstanceId, undefined],
    ['p must be an instance type, such as "rds.mysql.s3.large", but is "a b"', checks.checkInstanceClass, "a b"],
    [`p must be ${instance}, but is ""`, checks.checkInstanceId, ""],
    [`p must be ${instance}, but is "rm 1"`, checks.checkInstanceId, "rm 1"],
    [`p must be ${instance}, but is "rm-1,rm-2"`, checks.checkInstanceId, "rm-1,rm-2"],
    [`p must be ${instance}, but is "rm-1\\n"`, checks.checkInstanceId, "rm-1\n"],
    [`p must be ${instance}, but is "\${TfToken[1]}"`, checks.checkInstanceId, "${TfToken[1]}"],
    [`p must be ${instance}, but is 5`, checks.checkInstanceId, 5],
    [`p must be ${region}, but is "hangzhou"`, checks.checkRegionId, "hangzhou"],
    // A bucket called "rds" of that region would have the name of an endpoint.
    [`p must be ${region}, but is "oss-cn-hangzhou"`, checks.checkRegionId, "oss-cn-hangzhou"],
    [`p must be ${region}, but is "CN-HANGZHOU"`, checks.checkRegionId, "CN-HANGZHOU"],
    [`p must be ${region}, but is "cn-hangzhou.evil.com/"`, checks.checkRegionId, "cn-hangzhou.evil.com/"],
    [`p must be ${region}, but is missing`, checks.checkRegionId, undefined],
    [`p must be ${group}, but is "rg acfmy"`, checks.checkResourceGroupId, "rg acfmy"],
    [`p must be ${digits}, but is "0"`, checks.checkDigits, "0"],
    [`p must be ${digits}, but is "007"`, checks.checkDigits, "007"],
    [`p must be ${digits}, but is "-1"`, checks.checkDigits, "-1"],
    [`p must be ${digits}, but is "1.5"`, checks.checkDigits, "1.5"],
    [`p must be ${digits}, but is "١٢"`, checks.checkDigits, "١٢"],
    [`p must be ${digits}, but is 14562`, checks.checkDigits, 14562],
    [`p must be ${digits}, but is 14562n`, checks.checkDigits, 14562n],
    [`p must be ${instant}, but is "2024-02-30T00:00:00Z"`, checks.checkInstant, "2024-02-30T00:00:00Z"],
    [`p must be ${instant}, but is "2023-02-29T00:00:00Z"`, checks.checkInstant, "2023-02-29T00:00:00Z"],
    [`p must be ${instant}, but is "2024-03-05T02:21Z"`, checks.checkInstant, "2024-03-05T02:21Z"],
    [`p must be ${instant}, but is "2024-03-05"`, checks.checkInstant, "2024-03-05"],
    [`p must be ${instant}, but is 1709605374`, checks.checkInstant, 1709605374],
    [`p must be ${instant}, but is missing`, checks.checkInstant, undefined],
    ["p must be a number of hours above 0, but is 0", checks.checkHours, 0],
    ["p must be a number of hours above 0, but is Infinity", checks.checkHours, Infinity],
    ['p must be a number of hours above 0, but is "26"', checks.checkHours, "26"],
    ['p must be true or false, but is "false"', checks.checkFlag, "false"],
  ])("%s", (message, check, value) => {
    expect(() => {
      check("p", value);
    }).toThrow(expect.objectContaining({ name: "InvalidRequestError", message }) as Error);
  });

  test.each<[string, () => void]>([
    [
      `startTime must be ${instant}, but is missing`,
      () => {
        checks.checkWindow(undefined, "2024-03-05T02:21:00Z");
      },
    ],
    [
      `endTime must be ${instant}, but is missing`,
      () => {
        checks.checkWindow("2024-03-05T02:21:00Z", undefined);
      },
    ],
    [
      'startTime must be before endTime, which is "2024-03-05T02:21:00Z", but is "2024-03-05T02:21:00Z"',
      () => {
        checks.checkWindow("2024-03-05T02:21:00Z", "2024-03-05T02:21:00Z");
      },
    ],
    [
      'startTime must be before endTime, which is "2024-03-05T02:21:00Z", but is "2024-03-06T02:21:00Z"',
      () => {
        checks.checkWindow("2024-03-06T02:21:00Z", "2024-03-05T02:21:00Z");
      },
    ],
    [
      'p must be a version, but is " "',
      () => {
        checks.checkText("p", " ", "a version");
      },
    ],
    [
      "p must be a version, but is missing",
      () => {
        checks.checkText("p", undefined, "a version");
      },
    ],
    [
      'p must be "a" or "b", but is "c"',
      () => {
        checks.checkOneOf("p", "c", ["a", "b"]);
      },
    ],
    [
      'p must be "a" or "b", but is missing',
      () => {
        checks.checkOneOf("p", undefined, ["a", "b"]);
      },
    ],
    [
      `p must be ${digits}, but is ""`,
      () => {
        checks.ifGiven(checks.checkDigits, "p", "");
      },
    ],
  ])("%s", (message, check) => {
    expect(check).toThrow(expect.objectContaining({ name: "InvalidRequestError", message }) as Error);
  });
});
