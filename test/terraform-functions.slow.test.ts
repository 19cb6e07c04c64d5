import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  App,
  conditional,
  DataResource,
  DataTerraformRemoteStateLocal,
  Fn,
  FOR_EXPRESSION_VALUE,
  forExpression,
  LocalBackend,
  Op,
  propertyAccess,
  TerraformCount,
  TerraformHclModule,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  Token,
  type IResolvable,
} from "cdktf";
import { CrossRegionBackups, LatestCrossRegionBackup, type ICrossRegionBackup } from "../lib";
import { isolateEnvironment, readText, regionId, temporaryFolders } from "./fixtures";
import { applied, terraform } from "./terraform";

// Every attribute of every source, at every place of a configuration, as Terraform itself reads it.

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const testWithTerraform = terraform === undefined ? test.skip : test;

const texts = {
  dbInstanceId: "rm-orders",
  regionId,
  crossBackupId: "14562",
  dataTime: "2024-03-05T02:22:54Z",
  recoverableFrom: "2024-03-05T02:22:54Z",
  recoverableUntil: "2024-03-06T01:00:00Z",
  backupStartTime: "2024-03-05T02:22:45Z",
  backupEndTime: "2024-03-05T02:23:37Z",
  crossBackupRegion: "cn-shanghai",
  crossBackupSetFile: "1e5",
  engine: "mysql",
  engineVersion: "8.0",
  category: "HighAvailability",
  dbInstanceStorageType: "ssd",
};
const { dbInstanceId, regionId: _ofInstance, ...record } = texts;
const crossBackupSetSize = 5_312_836;
const restoreRegions = ["cn-hangzhou", "cn-shanghai"];
const backup = {
  ...record,
  crossBackupSetSize,
  restoreRegions,
  recoveryGaps: [{ start: "2024-03-06T01:00:00Z" }],
};
/** Texts of digits alone, which HCL output of cdktf takes for numbers. */
const digits = { crossBackupId: "9007199254740993123", engineVersion: "13", crossBackupSetFile: "0" };

const key = (id: string) => `${id} regionId=${regionId}`;
const answers = {
  [key("latest rm-orders")]: { backup },
  [key("latest rm-later")]: { backup: { ...backup, ...digits } },
  [key("list rm-orders")]: {
    backups: [
      { crossBackupId: "14562", engine: "mysql", engineVersion: "8.0", backupSetStatus: 0, restoreRegions },
      { crossBackupId: "9007199254740993123", engine: "mssql", restoreRegions: [] },
    ],
  },
};
const ids = ["14562", "9007199254740993123"];
const records = [
  {
    backup_set_status: 0,
    cross_backup_id: "14562",
    engine: "mysql",
    engine_version: "8.0",
    restore_regions: restoreRegions,
  },
  { cross_backup_id: "9007199254740993123", engine: "mssql", restore_regions: [] },
];

/** An expression, and the value that Terraform must find for it. */
type Case = readonly [value: unknown, expected: unknown];
type Cases = Readonly<Record<string, Case>>;

/** What only a token can be used for, as cdktf puts no quotes round a plain text there. */
function tokenCases(name: string, text: string, expected: string): Cases {
  return {
    [`${name}_any`]: [Fn.lookup({ a: Token.asAny(text) }, "a", "none"), expected],
    [`${name}_raw`]: [`\${upper(${text})}`, expected.toUpperCase()],
  };
}

/** What every text of a source is used for. */
function textCases(name: string, text: string, expected: string): Cases {
  return {
    ...(Token.isUnresolved(text) ? tokenCases(name, text, expected) : {}),
    [`${name}_whole`]: [text, expected],
    [`${name}_within`]: [`<${text}>`, `<${expected}>`],
    [`${name}_twice`]: [`${text}${text}`, `${expected}${expected}`],
    [`${name}_upper`]: [Fn.upper(text), expected.toUpperCase()],
    [`${name}_part`]: [Fn.upper(`a-${text}-b`), `a-${expected}-b`.toUpperCase()],
    [`${name}_substr`]: [Fn.substr(text, 0, 1), expected.slice(0, 1)],
    [`${name}_nested`]: [Fn.upper(Fn.lower(text)), expected.toUpperCase()],
    [`${name}_conditional`]: [conditional(true, text, "other"), expected],
    [`${name}_otherwise`]: [conditional(false, "other", `(${text})`), `(${expected})`],
    [`${name}_equal`]: [Op.eq(text, expected), true],
    [`${name}_encoded`]: [Fn.jsonencode({ a: [text, `<${text}>`] }), encoded({ a: [expected, `<${expected}>`] })],
    [`${name}_object`]: [
      { a: { b: [text] }, [text]: 1 },
      { a: { b: [expected] }, [expected]: 1 },
    ],
    [`${name}_contains`]: [Fn.contains(["x", text], expected), true],
    [`${name}_coalesce`]: [Fn.coalesce([text, "x"]), expected],
    [`${name}_replaced`]: [Fn.replace(text, expected, `[${text}]`), `[${expected}]`],
    [`${name}_key`]: [Fn.lookup({ [expected]: "found" }, text, "none"), "found"],
    [`${name}_index`]: [propertyAccess({ [expected]: "found" }, [text]), "found"],
    [`${name}_split`]: [propertyAccess(Fn.split("-", text), [0]), expected.split("-")[0]],
    [`${name}_joined`]: [Fn.join("/", [text, "x", `y-${text}`]), `${expected}/x/y-${expected}`],
    [`${name}_formatted`]: [Fn.format("%s %s", [text, `"${text}`.slice(1)]), `${expected} ${expected}`],
  };
}

function numberCases(name: string, number: number, expected: number): Cases {
  return {
    [`${name}_whole`]: [number, expected],
    [`${name}_within`]: [`<${number}>`, `<${expected}>`],
    [`${name}_text`]: [Fn.tostring(number), `${expected}`],
    [`${name}_unit`]: [`${Fn.tostring(number)}-B`, `${expected}-B`],
    [`${name}_positive`]: [Op.lt(0, number), true],
    [`${name}_tried`]: [Fn.try([number, 0]), expected],
    [`${name}_max`]: [Fn.max([number, 1]), expected],
    [`${name}_ceil`]: [Fn.ceil(Op.div(number, 1_000_000)), Math.ceil(expected / 1e6)],
    [`${name}_add`]: [Op.add(number, 1), expected + 1],
    [`${name}_compared`]: [conditional(Op.gte(number, 1), number, 0), expected],
    [`${name}_encoded`]: [Fn.jsonencode({ a: number }), encoded({ a: expected })],
    [`${name}_formatted`]: [Fn.format("%d bytes", [number]), `${expected} bytes`],
    [`${name}_object`]: [{ a: [number] }, { a: [expected] }],
  };
}

function listCases(name: string, list: string[], expected: readonly string[]): Cases {
  const [first = ""] = expected;
  return {
    [`${name}_whole`]: [list, expected],
    [`${name}_element`]: [Fn.element(list, 0), first],
    [`${name}_upper`]: [Fn.upper(Token.asString(Fn.element(list, 0))), first.toUpperCase()],
    [`${name}_length`]: [Fn.lengthOf(list), expected.length],
    [`${name}_join`]: [Fn.join(",", list), expected.join(",")],
    [`${name}_contains`]: [Fn.contains(list, first), true],
    [`${name}_concat`]: [Fn.concat([list, ["x"]]), [...expected, "x"]],
    [`${name}_reverse`]: [Fn.reverse(list), [...expected].reverse()],
    [`${name}_access`]: [propertyAccess(list, [0]), first],
    [`${name}_conditional`]: [conditional(true, list, ["x"]), expected],
    [`${name}_encoded`]: [Fn.jsonencode({ a: list }), encoded({ a: expected })],
    [`${name}_as_list`]: [Token.asList(list), expected],
    [`${name}_object`]: [{ a: { b: list } }, { a: { b: expected } }],
    [`${name}_merged`]: [Fn.merge([{ a: list }, { b: 1 }]), { a: expected, b: 1 }],
    [`${name}_for`]: [
      forExpression(list, Fn.upper(Token.asString(FOR_EXPRESSION_VALUE))),
      expected.map((each) => each.toUpperCase()),
    ],
    [`${name}_set`]: [Fn.tolist(Fn.toset(list)), [...expected].sort()],
  };
}

function anyCases(name: string, value: IResolvable, expected: readonly Readonly<Record<string, unknown>>[]): Cases {
  return {
    [`${name}_whole`]: [value, expected],
    [`${name}_object`]: [{ a: value }, { a: expected }],
    [`${name}_length`]: [Fn.lengthOf(value), expected.length],
    [`${name}_encoded`]: [Fn.jsonencode(value), encoded(expected)],
    [`${name}_access`]: [propertyAccess(value, [0, "engine"]), expected[0]?.["engine"]],
    [`${name}_element`]: [Fn.lookupNested(Fn.element(value, 0), ["cross_backup_id"]), expected[0]?.["cross_backup_id"]],
    [`${name}_splat`]: [propertyAccess(value, ["*", "engine"]), expected.map(({ engine }) => engine)],
    [`${name}_as_list`]: [Token.asList(value), expected],
  };
}

/** As jsonencode writes it. */
function encoded(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

function casesOf(source: string, from: ICrossRegionBackup, expected: Readonly<Record<string, string>> = texts): Cases {
  const ofTexts = Object.entries(expected).flatMap(([name, text]) =>
    Object.entries(textCases(`${source}_${name}`, from[name as keyof typeof texts], text)),
  );
  return {
    ...Object.fromEntries(ofTexts),
    ...numberCases(`${source}_size`, from.crossBackupSetSize, crossBackupSetSize),
    ...listCases(`${source}_regions`, from.restoreRegions, restoreRegions),
  };
}

/** What resources, modules, locals, iterators and counts make of a backup. */
function resourceCases(stack: TerraformStack, name: string, from: ICrossRegionBackup, moduleFolder: string): Cases {
  const each = TerraformIterator.fromList(from.restoreRegions);
  new DataResource(stack, `${name}-each`, {
    forEach: each,
    input: { region: Token.asString(each.value), of: from.engine },
  });
  new DataResource(stack, `${name}-count`, {
    count: TerraformCount.of(Fn.lengthOf(from.restoreRegions)),
    input: { size: from.crossBackupSetSize, regions: from.restoreRegions, [from.engine]: "key" },
  });
  const local = new TerraformLocal(stack, `${name}-local`, {
    version: from.engineVersion,
    id: from.crossBackupId,
    [from.engine]: from.restoreRegions,
  });
  const variables = {
    id: from.crossBackupId,
    regions: from.restoreRegions,
    size: from.crossBackupSetSize,
    part: `<${from.engine}>`,
    upper: Fn.upper(from.engine),
  };
  new TerraformHclModule(stack, `${name}-module`, { source: moduleFolder, variables });
  const input = { size: crossBackupSetSize, regions: restoreRegions, mysql: "key" };
  return {
    [`${name}_for_each`]: [
      `\${{for k, v in terraform_data.${name}-each : k => v.input}}`,
      Object.fromEntries(restoreRegions.map((region) => [region, { region, of: "mysql" }])),
    ],
    [`${name}_count`]: [`\${terraform_data.${name}-count[*].input}`, [input, input]],
    [`${name}_module`]: [
      `\${module.${name}-module.given}`,
      { id: "14562", regions: restoreRegions, size: crossBackupSetSize, part: "<mysql>", upper: "MYSQL" },
    ],
    [`${name}_local`]: [local.expression, { version: "8.0", id: "14562", mysql: restoreRegions }],
  };
}

/** The cases of the two stacks of an app: every source, in the stack of the lookups and in another one. */
function declare(app: App, state: string): readonly (readonly [TerraformStack, Cases])[] {
  const lookups = new TerraformStack(app, "lookup");
  const others = new TerraformStack(app, "other");
  const props = { dbInstanceId, regionId };
  const early = new LatestCrossRegionBackup(lookups, "early", props);
  const later = new LatestCrossRegionBackup(lookups, "later", { ...props, dbInstanceId: "rm-later" });
  const all = new CrossRegionBackups(lookups, "all", props);
  const known = LatestCrossRegionBackup.fromCrossRegionBackupAttributes(lookups, "known", {
    ...texts,
    ...digits,
    crossBackupSetSize,
    restoreRegions,
  });
  const { dbInstanceId: _id, ...laterTexts } = { ...texts, ...digits };
  const stackCases = (stack: TerraformStack): Cases => {
    const remoteState = new DataTerraformRemoteStateLocal(stack, "primary", { path: state });
    const remote = LatestCrossRegionBackup.fromRemoteState(stack, "remote", {
      remoteState,
      outputPrefix: "orders",
    });
    const recordsOf = TerraformIterator.fromComplexList(all.backups, "cross_backup_id");
    new DataResource(stack, "record", { forEach: recordsOf, input: { of: recordsOf.getString("engine") } });
    return {
      ...casesOf("early", early),
      early_size_alone: [Fn.format("%s", [`${early.crossBackupSetSize}`]), `${crossBackupSetSize}`],
      ...casesOf("known", known, { ...texts, ...digits }),
      ...casesOf("remote", remote),
      ...listCases("ids", all.crossBackupIds, ids),
      ...anyCases("records", all.backups, records),
      ...resourceCases(stack, "looked", early, dirname(state)),
      ...resourceCases(stack, "fetched", remote, dirname(state)),
      records_for_each: [
        "${{for k, v in terraform_data.record : k => v.input.of}}",
        { "14562": "mysql", "9007199254740993123": "mssql" },
      ],
      records_engines: [recordsOf.pluckProperty("engine"), ["mysql", "mssql"]],
    };
  };
  const cases = [lookups, others].map((stack) => [stack, stackCases(stack)] as const);
  later.lookUp();
  return cases.map(([stack, earlier]) => [stack, { ...earlier, ...casesOf("later", later, laterTexts) }]);
}

/** A module that gives back what it is given. */
const moduleText = `
  variable "id" {}
  variable "regions" {}
  variable "size" {}
  variable "part" {}
  variable "upper" {}
  output "given" {
    value = { id = var.id, regions = var.regions, size = var.size, part = var.part, upper = var.upper }
  }
`;

/** The outputs that each lookup writes by itself. */
const ownOutputs = {
  early_cross_backup_id: "14562",
  later_cross_backup_id: "9007199254740993123",
  known_cross_backup_id: "9007199254740993123",
  early_restore_regions: restoreRegions,
  all_cross_backup_ids: ids,
  all_backups: records,
};

/** The state of another app, with the outputs of its lookup. */
function writeState(file: string): void {
  const { crossBackupId, ...facts } = texts;
  const others = Object.entries({ ...facts, crossBackupSetSize }).map(
    ([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const,
  );
  const outputs = {
    orders_cross_backup_id: { value: crossBackupId, type: "string" },
    orders_restore_regions: { value: restoreRegions, type: ["list", "string"] },
    orders_backup: {
      value: Object.fromEntries(others),
      type: ["object", Object.fromEntries(others.map(([name, value]) => [name, typeof value]))],
    },
  };
  const head = { version: 4, terraform_version: "1.5.0", serial: 1, lineage: "test" };
  writeFileSync(file, JSON.stringify({ ...head, outputs, resources: [] }));
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

  testWithTerraform(
    "Terraform finds the values that were looked up, in the stack of the lookups and in another one",
    async () => {
      const folder = temporaryFolder();
      const state = join(folder, "primary.tfstate");
      writeState(state);
      writeFileSync(join(folder, "module.tf"), moduleText);
      const outdir = join(folder, "out");
      const app = new App({ outdir, context: { "rds-dr": { mode: "locked", answers } } });
      const declared = declare(app, state);
      for (const [stack, cases] of declared) {
        new LocalBackend(stack, { path: "terraform.tfstate" });
        for (const [id, [value]] of Object.entries(cases)) {
          new TerraformOutput(stack, id, { value, staticId: true });
        }
      }
      app.synth();

      for (const [{ node }, cases] of declared) {
        const outputs = await applied(temporaryFolder(), file, readText(outdir, "stacks", node.id, file));

        const expected = Object.fromEntries(Object.entries(cases).map(([id, [, value]]) => [id, value]));
        const wanted = { ...expected, ...(node.id === "lookup" ? ownOutputs : {}) };
        expect(Object.fromEntries(Object.keys(wanted).map((id) => [id, outputs[id]]))).toEqual(wanted);
      }
    },
  );
});
