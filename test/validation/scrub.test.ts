import * as fc from "fast-check";
import { scrub } from "../../lib/validation/printable";

describe("a message is made safe", () => {
  test.each<[string, string, string]>([
    ["an access key id", "no such key LTAI5tFakeFakeFakeFake1", "no such key (hidden)"],
    ["a temporary key id", "key STS.NUFakeFakeFake.x expired", "key (hidden) expired"],
    ["a console's key id", "key TMP.3KeFakeFakeFake expired", "key (hidden) expired"],
    ["a security token", "token CAISzgJ1q6Ft5B2yfSjIr5fake+fake/fake/fake== is over", "token (hidden) is over"],
    [
      "the string to sign",
      "not matched. server string to sign is:POST&%2F&AccessKeyId%3DFAKE%26Action%3DX and more\nlines",
      "not matched. server string to sign (hidden)",
    ],
    ["a bare string to sign", "signed POST&%2F&AccessKeyId%3DFAKE%26A%3DX wrongly", "signed (hidden) wrongly"],
    ["an encoded string to sign", "x GET%26%252F%26AccessKeyId%253DFAKE y", "x (hidden) y"],
    [
      "named values of a query",
      "at ?Action=X&AccessKeyId=FAKE&Signature=FAKE%3D",
      "at ?Action=X&AccessKeyId=(hidden)&Signature=(hidden)",
    ],
    [
      "named values in JSON",
      '{"AccessKeySecret": "FAKE", "SecurityToken":"FAKE"}',
      '{"AccessKeySecret": "(hidden)", "SecurityToken":"(hidden)"}',
    ],
    [
      "named values in JSON within JSON",
      '"{\\"SecurityToken\\":\\"FAKE\\"}"',
      '"{\\"SecurityToken\\":\\"(hidden)\\"}"',
    ],
    ["named values in XML", "<AccessKeyId>FAKE</AccessKeyId>", "<AccessKeyId>(hidden)</AccessKeyId>"],
    [
      "named values in HTML",
      "?AccessKeyId&#61;FAKE&amp;Signature&#x3D;FAKE",
      "?AccessKeyId&#61;(hidden)&amp;Signature&#x3D;(hidden)",
    ],
    [
      "variables of a shell",
      "ALICLOUD_SECRET_KEY=FAKE ALICLOUD_ACCESS_KEY=FAKE",
      "ALICLOUD_SECRET_KEY=(hidden) ALICLOUD_ACCESS_KEY=(hidden)",
    ],
    [
      "a signature",
      "ours is q83vEjRWeJASNFZ4kBI0VniQEjQ= and yours q83vEjRWeJASNFZ4kBI0VniQEjQ%3D",
      "ours is (hidden) and yours (hidden)",
    ],
    [
      "a signed link",
      'see "https://b.oss.aliyuncs.com/f.zip?Expires=1&OSSAccessKeyId=FAKE&Signature=FAKE" now',
      'see "https://b.oss.aliyuncs.com/f.zip?(hidden)" now',
    ],
    [
      "a signed link of OSS's fourth version",
      "x-oss-credential=FAKE/20240305&x-oss-signature=FAKE",
      "x-oss-credential=(hidden)&x-oss-signature=(hidden)",
    ],
    [
      "an encoded link",
      "to=https%3A%2F%2Fb.oss.aliyuncs.com%2Ff%3FExpires%3D1%26OSSAccessKeyId%3DFAKE%26Signature%3DFAKE",
      "to=https%3A%2F%2Fb.oss.aliyuncs.com%2Ff?(hidden)",
    ],
    ["a user of a link", "proxy http://me:FAKE@proxy:3128 refused", "proxy http://(hidden)@proxy:3128 refused"],
  ])("%s is hidden", (_, message, safe) => {
    expect(scrub(message)).toBe(safe);
  });

  test.each([
    "Specified signature is not matched with our calculation.",
    "Specified SecurityToken is malformed.",
    "Specified access key is not found.",
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    "The parameter SignatureMethod=HMAC-SHA1 is fine.",
    "connect ECONNREFUSED 127.0.0.1:8080",
    "instance rm-uf6wjk5t8q2vz71ab of cn-hangzhou, request 60912B41-7579-4B5D-B289-8856030F0A6A",
    "cn-hangzhou_rm-uf6wjk5t8q2vz71ab_hins8161047_data_20190612134426_qp.xb is missing",
    "see https://api.alibabacloud.com/troubleshoot",
  ])("%j stays as it is", (message) => {
    expect(scrub(message)).toBe(message);
  });

  test("it becomes one line of at most 300 characters", () => {
    expect(scrub("  a\n\tb  ")).toBe("a b");
    expect(scrub("x".repeat(300))).toBe("x".repeat(300));
    expect(scrub("x".repeat(1_000))).toBe(`${"x".repeat(300)}…`);
  });

  test("what is hidden is hidden before the message is cut", () => {
    expect(scrub(`${"x".repeat(290)} LTAI5tFakeFakeFakeFake1`)).toBe(`${"x".repeat(290)} (hidden)`);
  });
});

describe("values that are known to be secret", () => {
  const secret = "a/b+c=d&e\"f'g";
  const inJson = JSON.stringify(secret).slice(1, -1);

  test.each([
    ["as they are", secret],
    ["in a URL", encodeURIComponent(secret)],
    ["in a URL, in small letters", encodeURIComponent(secret).toLowerCase()],
    ["in a URL within a URL", encodeURIComponent(encodeURIComponent(secret))],
    ["in a form", new URLSearchParams({ a: secret }).toString().slice(2)],
    ["in JSON", inJson],
    ["in JSON with escaped slashes", inJson.replaceAll("/", "\\/")],
    ["in JSON with numbers for characters", inJson.replaceAll("=", "\\u003d").replaceAll("&", "\\u0026")],
    ["in HTML", secret.replaceAll("/", "&#x2F;").replaceAll("+", "&#43;").replaceAll("=", "&#x003d;")],
  ])("are hidden %s", (_, form) => {
    expect(scrub(`it is ${form} or so`, [secret])).toBe("it is (hidden) or so");
  });

  test("are hidden whole if one is the beginning of another", () => {
    expect(scrub("the-key-secret of the-key", ["the-key", "", "the-key-secret"])).toBe("(hidden) of (hidden)");
  });

  test("are left if they are shorter than 6 characters: any word could hold them", () => {
    expect(scrub("an unlikely token", ["like", "token"])).toBe("an unlikely token");
    expect(scrub("an unlikely secret", ["secret"])).toBe("an unlikely (hidden)");
  });

  test("do not show anywhere, whatever they and the message are", () => {
    // Longer than the mark that stands for it, so that it cannot be a part of that.
    const secrets = fc.string({ minLength: 9, unit: "binary" });
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (value, before, after) => {
        expect(scrub(`${before}${value}${after}`, [value])).not.toContain(value);
      }),
    );
  });
});

test("a long text is cut before it is looked through, at the end of a word", () => {
  const secret = "https://oss.example/f?Signature=FAKE-SIGNATURE";
  const long = ["http://".repeat(150_000), "https%3A".repeat(150_000), "string to sign ".repeat(70_000)];
  for (const text of [...long, `${"word ".repeat(798)}${secret}`]) {
    const scrubbed = scrub(text);

    expect(scrubbed.length).toBeLessThanOrEqual(301);
    expect(scrubbed).not.toContain("FAKE");
  }
  // What is longer than any message has no end that is a whole word, and nothing of it is shown.
  expect(scrub(`${"x".repeat(5_000)}?Signature=FAKE`)).toBe("…");
});
