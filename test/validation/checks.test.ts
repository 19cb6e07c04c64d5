import * as checks from "../../lib/validation/checks";
import { InvalidRequestError } from "../../lib/validation/invalid-request-error";

/** A value that only JavaScript, or a JSON file, can put where the types say text. */
const untyped = (value: unknown): string => value as string;

function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      return error.message;
    }
    throw error;
  }
}

describe("what a request may say:", () => {
  const instant = "2024-03-05T02:21:00Z";
  const thirty = Array.from({ length: 30 }, (_, index) => `rm-${index}`).join(",");

  test.each<[string, () => void]>([
    [
      "an instance id",
      () => {
        checks.checkInstanceId("p", "rm-uf6wjk5t8q2vz71ab");
      },
    ],
    [
      "an instance type",
      () => {
        checks.checkInstanceClass("p", "mysql.n2.medium.2c");
      },
    ],
    [
      "an instance id of PostgreSQL",
      () => {
        checks.checkInstanceId("p", "pgm-2zec4x8n5m1k7y3wq");
      },
    ],
    [
      "one id in a list of instances",
      () => {
        checks.checkInstanceIds("p", "rm-1");
      },
    ],
    [
      "thirty ids in a list of instances",
      () => {
        checks.checkInstanceIds("p", thirty);
      },
    ],
    [
      "a region",
      () => {
        checks.checkRegionId("p", "cn-hangzhou");
      },
    ],
    [
      "a region with a number",
      () => {
        checks.checkRegionId("p", "cn-north-2-gov-1");
      },
    ],
    [
      "a resource group",
      () => {
        checks.checkResourceGroupId("p", "rg-acfmyorders01");
      },
    ],
    [
      "digits",
      () => {
        checks.checkDigits("p", "14562");
      },
    ],
    [
      "digits beyond 2^53",
      () => {
        checks.checkDigits("p", "9007199254740993");
      },
    ],
    [
      "an instant",
      () => {
        checks.checkInstant("p", instant);
      },
    ],
    [
      "a leap day",
      () => {
        checks.checkInstant("p", "2024-02-29T00:00:00Z");
      },
    ],
    [
      "a window",
      () => {
        checks.checkWindow(instant, "2024-03-05T02:21:01Z");
      },
    ],
    [
      "half an hour",
      () => {
        checks.checkHours("p", 0.5);
      },
    ],
    [
      "a flag",
      () => {
        checks.checkFlag("p", false);
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
      "nothing, where that is allowed",
      () => {
        checks.ifGiven(checks.checkDigits, "p", undefined);
      },
    ],
  ])("%s", (_, check) => {
    expect(refusalOf(check)).toBeUndefined();
  });
});

describe("what a request may not say:", () => {
  const instance = 'the id of an RDS instance, such as "rm-uf6wjk5xxxx"';
  const instances =
    '1 to 30 ids of RDS instances with commas between, such as "rm-uf6wjk5xxxx,rm-bp1xxxxxxxx"';
  const region = 'the id of a region, such as "cn-hangzhou"';
  const group = 'the id of a resource group, such as "rg-acfmyxxxxxxxx"';
  const digits = 'a string of 1 to 20 digits, above 0 and without leading zeros, such as "14562"';
  const instant =
    'a real date and time of the form yyyy-MM-ddTHH:mm:ssZ in UTC, such as "2024-03-05T02:21:00Z"';
  const thirtyOne = Array.from({ length: 31 }, (_, index) => `rm-${index}`).join(",");

  test.each<[string, () => void]>([
    [
      `p must be ${instance}, but is missing`,
      () => {
        checks.checkInstanceId("p", undefined);
      },
    ],
    [
      'p must be an instance type, such as "rds.mysql.s3.large", but is "a b"',
      () => {
        checks.checkInstanceClass("p", "a b");
      },
    ],
    [
      `p must be ${instance}, but is ""`,
      () => {
        checks.checkInstanceId("p", "");
      },
    ],
    [
      `p must be ${instance}, but is "rm 1"`,
      () => {
        checks.checkInstanceId("p", "rm 1");
      },
    ],
    [
      `p must be ${instance}, but is "rm-1,rm-2"`,
      () => {
        checks.checkInstanceId("p", "rm-1,rm-2");
      },
    ],
    [
      `p must be ${instance}, but is "rm-1\\n"`,
      () => {
        checks.checkInstanceId("p", "rm-1\n");
      },
    ],
    [
      `p must be ${instance}, but is "\${TfToken[1]}"`,
      () => {
        checks.checkInstanceId("p", "${TfToken[1]}");
      },
    ],
    [
      `p must be ${instance}, but is 5`,
      () => {
        checks.checkInstanceId("p", untyped(5));
      },
    ],
    [
      `p must be ${instances}, but is ""`,
      () => {
        checks.checkInstanceIds("p", "");
      },
    ],
    [
      `p must be ${instances}, but is "rm-1,,rm-2"`,
      () => {
        checks.checkInstanceIds("p", "rm-1,,rm-2");
      },
    ],
    [
      `p must be ${instances}, but is "rm-1, rm-2"`,
      () => {
        checks.checkInstanceIds("p", "rm-1, rm-2");
      },
    ],
    [
      `p must be ${instances}, but is ${JSON.stringify(thirtyOne).slice(0, 120)}…`,
      () => {
        checks.checkInstanceIds("p", thirtyOne);
      },
    ],
    [
      `p must be ${instances}, but is [ 'rm-1' ]`,
      () => {
        checks.checkInstanceIds("p", untyped(["rm-1"]));
      },
    ],
    [
      `p must be ${region}, but is "hangzhou"`,
      () => {
        checks.checkRegionId("p", "hangzhou");
      },
    ],
    [
      `p must be ${region}, but is "oss-cn-hangzhou"`,
      () => {
        // A bucket called "rds" of that region would have the name of an endpoint.
        checks.checkRegionId("p", "oss-cn-hangzhou");
      },
    ],
    [
      `p must be ${region}, but is "CN-HANGZHOU"`,
      () => {
        checks.checkRegionId("p", "CN-HANGZHOU");
      },
    ],
    [
      `p must be ${region}, but is "cn-hangzhou.evil.com/"`,
      () => {
        checks.checkRegionId("p", "cn-hangzhou.evil.com/");
      },
    ],
    [
      `p must be ${region}, but is missing`,
      () => {
        checks.checkRegionId("p", undefined);
      },
    ],
    [
      `p must be ${group}, but is "rg acfmy"`,
      () => {
        checks.checkResourceGroupId("p", "rg acfmy");
      },
    ],
    [
      `p must be ${digits}, but is "0"`,
      () => {
        checks.checkDigits("p", "0");
      },
    ],
    [
      `p must be ${digits}, but is "007"`,
      () => {
        checks.checkDigits("p", "007");
      },
    ],
    [
      `p must be ${digits}, but is "-1"`,
      () => {
        checks.checkDigits("p", "-1");
      },
    ],
    [
      `p must be ${digits}, but is "1.5"`,
      () => {
        checks.checkDigits("p", "1.5");
      },
    ],
    [
      `p must be ${digits}, but is "١٢"`,
      () => {
        checks.checkDigits("p", "١٢");
      },
    ],
    [
      `p must be ${digits}, but is 14562`,
      () => {
        checks.checkDigits("p", untyped(14562));
      },
    ],
    [
      `p must be ${digits}, but is 14562n`,
      () => {
        checks.checkDigits("p", untyped(14562n));
      },
    ],
    [
      `p must be ${instant}, but is "2024-02-30T00:00:00Z"`,
      () => {
        checks.checkInstant("p", "2024-02-30T00:00:00Z");
      },
    ],
    [
      `p must be ${instant}, but is "2023-02-29T00:00:00Z"`,
      () => {
        checks.checkInstant("p", "2023-02-29T00:00:00Z");
      },
    ],
    [
      `p must be ${instant}, but is "2024-03-05T02:21Z"`,
      () => {
        checks.checkInstant("p", "2024-03-05T02:21Z");
      },
    ],
    [
      `p must be ${instant}, but is "2024-03-05"`,
      () => {
        checks.checkInstant("p", "2024-03-05");
      },
    ],
    [
      `p must be ${instant}, but is 1709605374`,
      () => {
        checks.checkInstant("p", untyped(1709605374));
      },
    ],
    [
      `p must be ${instant}, but is missing`,
      () => {
        checks.checkInstant("p", undefined);
      },
    ],
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
      "p must be a number of hours above 0, but is 0",
      () => {
        checks.checkHours("p", 0);
      },
    ],
    [
      "p must be a number of hours above 0, but is Infinity",
      () => {
        checks.checkHours("p", Infinity);
      },
    ],
    [
      'p must be a number of hours above 0, but is "26"',
      () => {
        checks.checkHours("p", "26" as unknown as number);
      },
    ],
    [
      'p must be true or false, but is "false"',
      () => {
        checks.checkFlag("p", "false" as unknown as boolean);
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
    expect(refusalOf(check)).toBe(message);
  });
});
