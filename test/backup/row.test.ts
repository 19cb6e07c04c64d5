import { inspect } from "node:util";
import { digits as digitsForm } from "../../lib/backup/forms";
import { isObject, optional, withSecret } from "../../lib/backup/json-object";
import { Row } from "../../lib/backup/row";

describe("the fields of a row", () => {
  test.each<[value: unknown, digits: string]>([
    [18371944, "18371944"],
    ["18371944", "18371944"],
    [" 0018371944 ", "18371944"],
    [9007199254740993n, "9007199254740993"],
    ["92233720368547758079", "92233720368547758079"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    [0, "0"],
  ])("%p is an id of digits: %s", (value, digits) => {
    const row = new Row({ Id: value });
    expect(row.read("Id", digitsForm)).toBe(digits);
    expect(row.unreadable).toEqual([]);
  });

  test.each<[value: unknown, shown: string]>([
    [-1, "-1"],
    [1.5, "1.5"],
    ["12a", "12a"],
    ["1e3", "1e3"],
    ["922337203685477580790", "922337203685477580790"],
    [true, "true"],
    [[1], "(object)"],
    [{ Id: 1 }, "(object)"],
  ])("%p is no id and is noted as %j", (value, shown) => {
    const row = new Row({ Id: value });
    expect(row.read("Id", digitsForm)).toBeUndefined();
    expect(row.unreadable).toEqual([{ field: "Id", value: shown }]);
  });

  test("a number that has lost digits is no id: a wrong id is worse than none", () => {
    const row = new Row(JSON.parse('{"Id": 9007199254740993}'));
    expect(row.read("Id", digitsForm)).toBeUndefined();
    expect(row.unreadable).toEqual([{ field: "Id", value: "9007199254740992" }]);
  });

  test.each<[value: unknown, integer: number | undefined, noted: boolean]>([
    [7, 7, false],
    ["7", 7, false],
    [-3, undefined, true],
    [-123456789, undefined, true],
    ["9007199254740993", undefined, true],
    [0.5, undefined, true],
    ["many", undefined, true],
    ["", undefined, false],
  ])("%p as an integer is %p, noted: %p", (value, integer, noted) => {
    const row = new Row({ Size: value });
    expect(row.integer("Size")).toBe(integer);
    expect(row.unreadable.length).toBe(noted ? 1 : 0);
  });

  test.each<[value: unknown, instant: string | undefined, noted: boolean]>([
    ["2024-03-05T02:22Z", "2024-03-05T02:22:00Z", false],
    [1709605374, "2024-03-05T02:22:54Z", false],
    [0, undefined, false],
    ["0", undefined, false],
    ["yesterday", undefined, true],
    [-5, undefined, true],
  ])("%p as a time is %p, noted: %p", (value, instant, noted) => {
    const row = new Row({ Time: value });
    expect(row.instant("Time")).toBe(instant);
    expect(row.unreadable.length).toBe(noted ? 1 : 0);
  });

  test.each([undefined, null, "", "  "])("%p says nothing", (value) => {
    const row = new Row({ Name: value });
    expect([row.text("Name"), row.unreadable]).toEqual([undefined, []]);
  });

  test("what is noted is shortened", () => {
    const row = new Row({ Id: "x".repeat(1_000) });
    row.read("Id", digitsForm);
    expect(row.unreadable).toEqual([{ field: "Id", value: "x".repeat(80) }]);
  });

  test.each([null, undefined, 5, "text", ["a"], () => 1])("%p has no fields", (item) => {
    expect(new Row(item).text("Name")).toBeUndefined();
  });

  test("only a row's own fields count", () => {
    expect(new Row({}).text("constructor")).toBeUndefined();
    expect(new Row(Object.create({ Name: "inherited" })).text("Name")).toBeUndefined();
  });
});

describe("small tools for records", () => {
  test("a property without a value is left out", () => {
    expect({ ...optional("a", undefined), ...optional("b", 0) }).toEqual({ b: 0 });
    expect(Object.keys(optional("a", undefined))).toEqual([]);
  });

  test("a secret property is there, but neither copied nor shown", () => {
    const target: { name: string; link?: string } = withSecret({ name: "a" }, "link" as never, "secret");
    expect(target.link).toBe("secret");
    for (const text of [JSON.stringify(target), inspect(target), JSON.stringify({ ...target })]) {
      expect(text).not.toContain("secret");
    }
    expect(structuredClone(target)).toEqual({ name: "a" });
  });

  test("an absent secret leaves no property at all", () => {
    const target: { link?: string } = {};
    expect("link" in withSecret(target, "link", undefined)).toBe(false);
  });

  test.each<[unknown, boolean]>([
    [{}, true],
    [[], true],
    [null, false],
    ["text", false],
    [undefined, false],
  ])("%p has fields: %p", (value, expected) => {
    expect(isObject(value)).toBe(expected);
  });
});
