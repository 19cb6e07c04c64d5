import { InvalidRequestError } from "../../lib/validation/checks";

describe("a request that is refused before it is sent", () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;

  test.each<[unknown, string]>([
    [undefined, "missing"],
    [null, "null"],
    ["", '""'],
    ['a "word"', '"a \\"word\\""'],
    [7, "7"],
    [NaN, "NaN"],
    [14562n, "14562n"],
    [["a", 1], "[ 'a', 1 ]"],
    [{ a: 1 }, "{ a: 1 }"],
    [new URL("http://a:b@c"), "an object of the class URL"],
    [Object.create(null), "[Object: null prototype] {}"],
    ["LTAI5tFakeFakeFakeFake1", '"(hidden)"'],
    ["https://b.oss.aliyuncs.com/f?OSSAccessKeyId=FAKE&Signature=FAKE", '"https://b.oss.aliyuncs.com/f?(hidden)"'],
    [{ accessKeySecret: "FAKE" }, "{ accessKeySecret: '(hidden)' }"],
    [["one line", "a".repeat(70), "b\nc"], `[ 'one line', '${"a".repeat(70)}', 'b\\nc' ]`],
    [circular, "<ref *1> { self: [Circular *1] }"],
    ["x".repeat(500), `"${"x".repeat(119)}…`],
  ])("names parameter, what is allowed, and the value %p as %s", (value, shown) => {
    const error = new InvalidRequestError("pageSize", value, "30, 50 or 100");
    expect(error.message).toBe(`pageSize must be 30, 50 or 100, but is ${shown}`);
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      parameter: "pageSize",
      allowed: "30, 50 or 100",
    });
    expect(error.value).toBe(value);
  });
});

test("what to do comes last, after the value", () => {
  const { message, allowed } = new InvalidRequestError("RDS_DR_MODE", "x: y", '"live": set it: or omit it');

  expect(message).toBe('RDS_DR_MODE must be "live", but is "x: y": set it: or omit it');
  expect(allowed).toBe('"live": set it: or omit it');
});
