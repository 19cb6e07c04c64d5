import { join } from "node:path";
import {
  App,
  conditional,
  DefaultTokenResolver,
  Fn,
  LocalBackend,
  propertyAccess,
  StringConcat,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  Testing,
  Token,
  Tokenization,
} from "cdktf";
import { anyAttribute, factAttribute } from "../../lib/synthesis/attributes";
import { type Circumstances, Lookup, type ReadFact } from "../../lib/synthesis/lookup";
import { isolateEnvironment, outputsOf, readText, temporaryFolders, testingSynth } from "../fixtures";
import { applied, terraform } from "../terraform";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const testWithTerraform = terraform === undefined ? test.skip : test;

/** What was asked for, in these tests: texts. */
type Texts = readonly string[];

function lookupOf(stack: TerraformStack): Lookup<Texts> {
  const query = {
    kind: "latest",
    request: { dbInstanceId: "rm-1", regionId: "cn-1" },
    connection: {},
  } as const;
  return new Lookup<Texts>(
    stack,
    query,
    () => ({ value: hostile }),
    () => undefined,
  );
}

function settled(stack: TerraformStack): Lookup<Texts> {
  const lookup = lookupOf(stack);
  lookup.settle({ status: "listed", origin: "api", records: [] }, {} as Circumstances);
  return lookup;
}

const textAttribute = (lookup: Lookup<Texts>, name: string, read: ReadFact<Texts, unknown>): string =>
  Token.asString(factAttribute(lookup, name, read, ""));

const numberAttribute = (lookup: Lookup<Texts>, name: string, read: ReadFact<Texts, unknown>): number =>
  Token.asNumber(factAttribute(lookup, name, read, 0));

const listAttribute = (lookup: Lookup<Texts>, name: string, read: ReadFact<Texts, unknown>): string[] =>
  Token.asList(factAttribute(lookup, name, read, []));

/** Texts that mean something to Terraform, in one of its places or another. */
const hostile: Texts = [
  '${upper("x")}',
  "%{ if true }x%{ endif }",
  "a${b}%{c}d",
  "$${x} $$${x} $$$${x}",
  "%%{x} %%%{x}",
  "$ % $$ %% $a {x}",
  'say "hi"',
  'back\\slash \\" \\${x} \\b \\f',
  "line\nbreak\r\n\ttab",
  "\b\f\u0007\u007f\u2028",
  "} ] ) , // # /* EOF",
  "['[\"a\"]', {}]",
  "[1]",
  '"x"',
  "007",
  "1e5",
  "true",
  "null",
  "",
  "ünï ✓ 𝒳",
];

/** Every kind of attribute of each of the texts, at every kind of place, with the value that Terraform must find. */
function outputsOfHostile(stack: TerraformStack): Readonly<Record<string, readonly [unknown, unknown]>> {
  const lookup = settled(stack);
  const list = listAttribute(lookup, "list", (texts) => texts);
  const any = anyAttribute(lookup, "any", (texts) => [{ of: texts, within: { text: texts[0] } }]);
  const anyValue = [{ of: hostile, within: { text: hostile[0] } }];
  const ofTexts = hostile.flatMap((expected, index): [string, readonly [unknown, unknown]][] => {
    const text = textAttribute(lookup, `text ${index}`, (texts) => texts[index]);
    const local = new TerraformLocal(stack, `local${index}`, { text, list: [text] });
    return [
      [`whole${index}`, [text, expected]],
      [`within${index}`, [`<${text}>`, `<${expected}>`]],
      [`key${index}`, [{ [text]: [text] }, { [expected]: [expected] }]],
      [`function${index}`, [Fn.format("%s", [text]), expected]],
      [`part${index}`, [Fn.format("%s", [`<${text}>${text}`]), `<${expected}>${expected}`]],
      [`nested${index}`, [Fn.trimprefix(Fn.join("", ["x", text]), "x"), expected]],
      [`conditional${index}`, [conditional(true, text, "x"), expected]],
      [`decoded${index}`, [Fn.jsondecode(Fn.jsonencode({ a: text })), { a: expected }]],
      [`named${index}`, [local.expression, { text: expected, list: [expected] }]],
      [`both${index}`, [`<${text}${Fn.format("%s", [text])}>`, `<${expected}${expected}>`]],
    ];
  });
  return {
    ...Object.fromEntries(ofTexts),
    list: [list, hostile],
    list_in_function: [Fn.concat([list]), hostile],
    list_decoded: [Fn.jsondecode(Fn.jsonencode(list)), hostile],
    any: [any, anyValue],
    any_in_function: [Fn.jsondecode(Fn.jsonencode(any)), anyValue],
    any_access: [propertyAccess(any, [0, "within", "text"]), hostile[0]],
  };
}

describe.each([
  ["JSON", "false", "cdk.tf.json"],
  ["HCL", "true", "cdk.tf"],
])("in %s output", (_form, hclOutput, file) => {
  beforeEach(() => {
    process.env["SYNTH_HCL_OUTPUT"] = hclOutput;
  });

  afterEach(() => {
    delete process.env["SYNTH_HCL_OUTPUT"];
  });

  testWithTerraform("every text is only text to Terraform, wherever it stands", async () => {
    const outdir = join(temporaryFolder(), "out");
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "hostile");
    new LocalBackend(stack, { path: "terraform.tfstate" });
    const cases = outputsOfHostile(stack);
    for (const [name, [value]] of Object.entries(cases)) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
    app.synth();

    const found = await applied(temporaryFolder(), file, readText(outdir, "stacks", "hostile", file));

    expect(found).toEqual(Object.fromEntries(Object.entries(cases).map(([name, [, expected]]) => [name, expected])));
  });
});

test("JSON contains a harmless text as it is, so that people can read and compare it", () => {
  const stack = new TerraformStack(Testing.app(), "lookup");
  const lookup = settled(stack);
  const text = textAttribute(lookup, "version", () => "8.0");
  new TerraformOutput(stack, "text", { value: text });
  new TerraformOutput(stack, "list", { value: listAttribute(lookup, "list", () => ["a", "b"]) });
  new TerraformOutput(stack, "any", { value: anyAttribute(lookup, "any", () => ({ a: ["8.0", 1, true] })) });
  new TerraformOutput(stack, "number", { value: numberAttribute(lookup, "number", () => 7) });
  new TerraformOutput(stack, "expression", { value: conditional(true, text, "5.7") });

  expect(outputsOf(testingSynth(stack))).toEqual({
    text: "8.0",
    list: ["a", "b"],
    any: { a: ["8.0", 1, true] },
    number: 7,
    expression: '${true ? "8.0" : "5.7"}',
  });
});

test("a change to what a token resolves to does not change the answer", () => {
  const stack = new TerraformStack(Testing.app(), "lookup");
  const any = anyAttribute(settled(stack), "any", (texts) => texts);
  const resolve = () => Tokenization.resolve(any, { scope: stack, resolver }) as string[];

  resolve().push("more");

  expect(resolve()).toHaveLength(hostile.length);
});

test("while cdktf prepares a synthesis, a placeholder stands at every place, and nothing is looked up", () => {
  const stack = new TerraformStack(Testing.app(), "lookup");
  const lookup = lookupOf(stack);
  const prepared = (value: unknown): unknown =>
    Tokenization.resolve(value, { scope: stack, resolver, preparing: true });
  const text = textAttribute(lookup, "text", () => "x");
  const list = listAttribute(lookup, "list", () => ["x"]);

  expect(prepared([text, Fn.upper(text)])).toEqual(["", '${upper("")}']);
  expect(prepared([list, Fn.element(list, 0)])).toEqual([[], "${element([], 0)}"]);
  expect(prepared(Fn.abs(numberAttribute(lookup, "number", () => 1)))).toBe("${abs(0)}");
  expect(prepared(Fn.jsonencode(anyAttribute(lookup, "any", () => [1])))).toBe("${jsonencode({})}");
  expect(lookup.isSettled).toBe(false);
});

const resolver = new DefaultTokenResolver(new StringConcat());
