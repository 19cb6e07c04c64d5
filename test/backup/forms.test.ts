import * as fc from "fast-check";
import {
  digits,
  engineName,
  fileName,
  flag,
  type Form,
  instant,
  integer,
  reason,
  isQuotable,
  quotable,
  region,
  version,
  word,
} from "../../lib/backup/forms";
import { parseCrossRegionBackup } from "../../lib/backup/parse-backup";
import { explainLeftOutFacts, type RecordField, recordFields } from "../../lib/backup/record-fields";
import { hostileTexts, mayBeRead } from "../hostile-texts";
import { fullBackup } from "./records";

const fields: readonly (readonly [string, RecordField])[] = Object.entries(recordFields);

/** Values that documents and users' files show. */
const usual: Readonly<Record<string, readonly string[]>> = {
  crossBackupId: ["0", "14562", "18446744073709551615"],
  backupType: ["F", "I"],
  backupMethod: ["P", "L"],
  category: ["Basic", "HighAvailability", "Finance", "AlwaysOn", "cluster", "serverless_basic"],
  crossBackupRegion: ["cn-shanghai", "cn-shanghai-finance-1", "me-east-1", "cn-north-2-gov-1"],
  crossBackupSetFile: [
    "cn-hangzhou_rm-****_hins81xxx_data_20190612134426_qp.xb",
    "hins35449901_2025042310032419855966.zip",
    "rm-2e07tklq9d4f6s8hc/full-7e12.tar.gz",
    "custins1234_xtra=a+b~1.zip",
  ],
  crossBackupSetLocation: ["oss"],
  dbInstanceStorageType: ["ssd", "local_ssd", "ecs", "cloud_essd", "general_essd"],
  engine: ["mysql", "mssql", "SQLServer", "sql server", "PostgreSQL", "pgsql"],
  engineVersion: ["5.6", "8", "8.0", "2022_web", "2012_ent_ha", "13.0"],
  hasBackupTableMeta: ["1"],
};

test.each(Object.entries(usual).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
  "%s may be %p",
  (name, text) => {
    expect(new Map(fields).get(name)?.form.holds(text)).toBe(true);
  },
);

test.each<[name: string, form: Form<string>, taken: readonly string[], refused: readonly string[]]>([
  ["an id", digits, ["1".repeat(20)], ["1".repeat(21), "", "1x", "x1"]],
  ["a word", word, ["a", "a".repeat(64), "8"], ["a".repeat(65), "-a", ".a", "_a", "a b"]],
  [
    "an engine",
    engineName,
    ["m", "m".repeat(32), `${"m".repeat(32)} ${"s".repeat(31)}`],
    ["m".repeat(33), `m ${"s".repeat(32)}`, "8m", "m ", " m", "a b c"],
  ],
  [
    "a region",
    region,
    ["cn-a", "rus-west-1", `cn${`-${"a".repeat(16)}`.repeat(4)}`],
    ["cn", "c-a", "cna-b", "cn-", `cn-${"a".repeat(17)}`, "cn-a-b-c-d-e", "xcn-a", "cn-A", "cn-a/"],
  ],
  ["a file", fileName, ["*", "_", "a".repeat(255)], ["a".repeat(256), "-a", ".a", "/a", "a b", ""]],
])("%s is as long as its form allows, and begins and ends as it allows", (_, form, taken, refused) => {
  expect(taken.filter((text) => !form.holds(text))).toEqual([]);
  expect(refused.filter((text) => form.holds(text))).toEqual([]);
});

test.each<[name: string, form: Pick<Form<unknown>, "holds">, taken: readonly unknown[], refused: readonly unknown[]]>([
  ["an instant", instant, ["2024-03-05T02:22:45Z"], ["2024-03-05", 1_709_605_374, ["2024-03-05T02:22:45Z"]]],
  ["a size", integer, [0, 5_312_836], [-1, 1.5, NaN, 2 ** 53, "1"]],
  ["a flag", flag, [true, false], ["true", 0, undefined]],
  ["a word", word, ["8"], [8, ["8"], null]],
  ["a quoted value", { holds: isQuotable }, ["a b", ""], ["a\nb", "x".repeat(81), 1, undefined]],
  ["a reason", reason, ["a b", "x"], ["", " ", "a\nb", "a\u202eb", 1, undefined]],
])("%s is of its own type", (_, form, taken, refused) => {
  expect(taken.filter((value) => !form.holds(value))).toEqual([]);
  expect(refused.filter((value) => form.holds(value))).toEqual([]);
});

test("a size is read from its digits alone", () => {
  expect(["12", "-12", "12 MB", "a12", "1e3"].map((text) => integer.parse(text, text))).toEqual([
    12,
    ...Array.from({ length: 4 }),
  ]);
  expect(version.parse("10", 10)).toBe("10.0");
});

test("an id loses its leading zeros, and one of too many digits is none", () => {
  const read = (text: string) => digits.parse(text, text);

  expect([read("007"), read(`${"0".repeat(20)}${"1".repeat(20)}`)]).toEqual(["7", "1".repeat(20)]);
  expect([read("1".repeat(21)), read("0".repeat(41)), read("-1"), read("1.0")]).toEqual(Array.from({ length: 4 }));
  expect(digits.parse("9007199254740992", 2 ** 53)).toBeUndefined();
});

test.each(hostileTexts)("no field of a record may be %j", (hostile) => {
  const taken = fields.filter(([, { form }]) => form.holds(hostile)).map(([name]) => name);

  expect(taken).toEqual([]);
});

test.each(hostileTexts)("the parser leaves %j out of every field, and notes it harmlessly", (hostile) => {
  const row = Object.fromEntries(fields.map(([, { apiName }]) => [apiName, hostile]));
  const { unreadable, restoreRegions, ...facts } = parseCrossRegionBackup({
    ...row,
    RestoreRegions: [hostile],
  });

  expect(facts).toEqual({});
  expect(restoreRegions.filter((region) => !mayBeRead(region))).toEqual([]);
  expect(unreadable.filter(({ value }) => !mayBeRead(value) || !isQuotable(value))).toEqual([]);
});

test("whatever the API sends, no fact holds a sign that Terraform, a shell or cdktf reads", () => {
  const names = [...fields.map(([, { apiName }]) => apiName), "RestoreRegions"];
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...hostileTexts),
    fc.stringMatching(/^[A-Za-z0-9._*@+=:/~ -]{0,40}$/),
    fc.double().map(String),
  );
  const value = fc.oneof(text, fc.array(text), fc.double(), fc.bigInt(), fc.jsonValue());

  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (row) => {
      const { unreadable, ...record } = parseCrossRegionBackup(row);
      const texts = Object.values(record).flat().map(String);

      expect(texts.filter((each) => !mayBeRead(each))).toEqual([]);
      expect(unreadable.filter((each) => !isQuotable(each.value))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

describe("what is shown of a value that breaks its form", () => {
  test.each<[string, string]>([
    ['${file("/etc/hostname")}', "\uFFFD\uFFFDfile(\uFFFD/etc/hostname\uFFFD)\uFFFD"],
    ["https://oss.example/f?Signature=FAKE", "https://oss.example/f?(hidden)"],
    ["a\nb\u001b[31mc\u202e", "a\uFFFDb\uFFFD[31mc\uFFFD"],
    ["x".repeat(100), "x".repeat(80)],
  ])("%j is shown as %j", (text, shown) => {
    expect(quotable(text)).toBe(shown);
    expect(isQuotable(shown)).toBe(true);
  });

  test("is shown the same a second time, and is one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const shown = quotable(text);
        expect(quotable(shown)).toBe(shown);
        expect(reason.holds(`x${shown}`)).toBe(true);
      }),
    );
  });

  test("is said with its record, five at most", () => {
    const unreadable = ["Category", "EngineVersion"].map((field) => ({ field, value: "?" }));
    const records = [101, 102, 103].map((id) => fullBackup({ crossBackupId: String(id), unreadable }));

    expect(explainLeftOutFacts([])).toBeUndefined();
    expect(explainLeftOutFacts([fullBackup()])).toBeUndefined();
    expect(explainLeftOutFacts(records)).toBe(
      'the API returned values that no record can have, and they are dropped: Category "?" of 101, EngineVersion "?" of 101, Category "?" of 102, EngineVersion "?" of 102, Category "?" of 103, and 1 more',
    );
  });
});
