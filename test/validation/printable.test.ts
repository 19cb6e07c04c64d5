import * as fc from "fast-check";
import { onOneLine, partsOfPrintableJson, printable, printableJson } from "../../lib/validation/printable";

/** What no log of a terminal or of a CI runner may get. */
const harmful = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^\s*::|##\[|##vso\[|##teamcity\[/imu;

test.each<[string, string]>([
  ["plain text, in two\n  lines", "plain text, in two\n  lines"],
  ["ünïcödé 数据库 🙂", "ünïcödé 数据库 🙂"],
  ["a\u001b[31mb\u0007", "a\\u001b[31mb\\u0007"],
  ["a\rb\tc\u0000", "a\\u000db c\\u0000"],
  ["a\u0085b\u009b2J", "a\\u0085b\\u009b2J"],
  ["a\u202eb\u2066c\u200f\u061c", "a\\u202eb\\u2066c\\u200f\\u061c"],
  ["a\u2028b\u2029c", "a\\u2028b\\u2029c"],
  ["a\ud800b", "a\\ud800b"],
  ["a\u{e0041}b", "a\\udb40\\udc41b"],
  ["::error::x", ": :error::x"],
  ["ok\n \u00a0\u3000::set-output name=a::b", "ok\n \u00a0\u3000: :set-output name=a::b"],
  ["a::b", "a::b"],
  ["::::a", ": : : :a"],
  ["a ::error::b", "a : :error::b"],
  ["x ##[error]y", "x # #[error]y"],
  ["###[error]y", "## #[error]y"],
  ["##vso[task.setvariable]y ##VSO[x] ##teamcity[y]", "# #vso[task.setvariable]y # #VSO[x] # #teamcity[y]"],
  ["# # [x] ## y", "# # [x] ## y"],
])("%j is printed as %j", (text, printed) => {
  expect(printable(text)).toBe(printed);
  expect(printable(printed)).toBe(printed);
});

test("a value within a line brings no line of its own", () => {
  expect(onOneLine("/tmp/a\n::error::b\r\nc\u2028d/x.json ")).toBe("/tmp/a : :error::b c d/x.json");
});

const pieces = fc.constantFrom("::", ":", " ", "\n", "\r", "#", "##", "[", "vso[", "teamcity[", "\u001b", "\u2028");
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((parts) => parts.join("")),
);

test("whatever the text, what is printed harms nobody, and neither does what a reader of JSON decodes", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printable(text)).not.toMatch(harmful);
      const json = printableJson({ texts: [text, 1, null] });
      expect(json).not.toMatch(harmful);
      expect(JSON.parse(json)).toEqual({ texts: [printable(text), 1, null] });
    }),
    { numRuns: 3_000 },
  );
});

test("the parts of a result are its JSON, and each member of a list is a part", () => {
  const members = fc.oneof(fc.integer(), fc.constant(null), fc.record({ name: anyText, list: fc.array(anyText) }));
  const names = fc.constantFrom("lookups", "instances", "summary", "regions");
  const results = fc.dictionary(names, fc.oneof(fc.constant(undefined), members, fc.array(members)));
  fc.assert(
    fc.property(results, (result) => {
      expect([...partsOfPrintableJson(result)].join("")).toBe(printableJson(result));
    }),
  );
  expect([...partsOfPrintableJson({ lookups: [{ id: 1 }, { id: 2 }] })].map((part) => part.length)).toHaveLength(5);
});
