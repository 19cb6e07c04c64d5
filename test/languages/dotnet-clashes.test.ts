import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot, runNode } from "../fixtures";

/** A type of an assembly of jsii, as far as its names in C# depend on it. */
interface AssemblyType {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: "class" | "enum" | "interface";
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly { readonly name: string }[];
  readonly methods?: readonly { readonly name: string }[];
}

const script = pathToFileURL(join(projectRoot, "scripts", "dotnet-clashes.mjs")).href;
const clashesOf = `
  import { clashesIn } from "${script}";
  console.log(JSON.stringify(clashesIn(JSON.parse(process.argv[1]))));
`;

async function clashesIn(types: readonly AssemblyType[]): Promise<unknown> {
  const named = types.map((type) => [["rds", type.namespace, type.name].filter(Boolean).join("."), type]);
  const assembly = { name: "rds", types: Object.fromEntries(named) as unknown, submodules: { "rds.alicloud": {} } };
  const { stdout, stderr } = await runNode(["--input-type=module", "--eval", clashesOf, JSON.stringify(assembly)]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const named = (...names: readonly string[]): { readonly name: string }[] => names.map((name) => ({ name }));
const classBackup: AssemblyType = { name: "Backup", kind: "class" };
const structBackup: AssemblyType = { name: "Backup", kind: "interface", datatype: true };

test.each<[string, readonly AssemblyType[], readonly string[]]>([
  ["an interface is called as its class with an I", [classBackup, { name: "IBackup", kind: "interface" }], []],
  [
    "types of two namespaces have one name",
    [classBackup, { name: "Backup", namespace: "alicloud", kind: "class" }],
    [],
  ],
  [
    "members differ by the case of a later letter",
    [{ ...classBackup, properties: named("dmsenterprise", "dmsEnterprise"), methods: named("toString") }],
    [],
  ],
  [
    "an interface is called as the one of a struct",
    [structBackup, { name: "IBackup", kind: "interface" }],
    ["IBackup: declared by struct Backup and by interface IBackup"],
  ],
  [
    "a class is called as the interface of a struct",
    [structBackup, { name: "IBackup", kind: "class" }],
    ["IBackup: declared by struct Backup and by class IBackup"],
  ],
  [
    "types differ only by case",
    [
      { name: "OnStale", namespace: "alicloud", kind: "enum" },
      { name: "Onstale", namespace: "alicloud", kind: "class" },
    ],
    ["alicloud.OnStale: declared by enum alicloud.OnStale and by class alicloud.Onstale"],
  ],
  [
    "a type is called as a namespace",
    [{ name: "Alicloud", kind: "class" }],
    ["Alicloud: declared by class Alicloud and by submodule alicloud"],
  ],
  [
    "a type is called as one that jsii-pacmak adds",
    [{ name: "NamespaceDoc", kind: "class" }],
    ["NamespaceDoc: declared by class NamespaceDoc and by jsii-pacmak"],
  ],
  [
    "members differ by the case of the first letter",
    [{ ...structBackup, properties: named("id", "Id") }],
    ["Backup: has the members id and Id"],
  ],
  [
    "a member differs by the case of the first letter from an inherited one",
    [
      { ...classBackup, properties: named("id") },
      { name: "Copy", kind: "class", base: "rds.Backup", methods: named("Id") },
    ],
    ["Copy: has the members Id and id"],
  ],
  [
    "a member is called as its type",
    [{ ...classBackup, properties: named("backup") }],
    ["Backup: has a member of its own name, backup"],
  ],
  [
    "a member is called as one of every object",
    [{ ...classBackup, methods: named("getType") }],
    ["Backup: has a member getType, as every object in C#"],
  ],
  [
    "a struct declares an inherited member again",
    [
      { ...structBackup, properties: named("id") },
      { ...structBackup, name: "Copy", interfaces: ["rds.Backup"], properties: named("id") },
    ],
    ["Copy: declares the inherited id again"],
  ],
])("%s", async (_, types, clashes) => {
  expect(await clashesIn(types)).toEqual(clashes);
});
