// Writes the bindings of the Terraform provider aliyun/alicloud into .gen/providers/alicloud, a folder for each
// resource and data source, out of the slice of its schema that schema/alicloud.json holds.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The generator reports its use to its makers unless it is told not to: a build talks to nobody.
process.env.CHECKPOINT_DISABLE = "1";
const load = createRequire(import.meta.url);
const commons = load("@cdktf/commons");
// Not the package's root, which wants a compiler for other languages as well.
const generator = load("@cdktf/provider-generator/lib/get/generator/provider-generator.js");
const { CodeMaker } = load("codemaker");

/** The versions that a stack with these bindings asks Terraform for: the one that the slice is of, and later ones. */
const provider = "aliyun/alicloud@~> 1.289";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".gen");

const schema = JSON.parse(readFileSync(join(root, "schema", "alicloud.json"), "utf8"));
const code = new CodeMaker();
const constraint = new commons.TerraformProviderConstraint(provider);
const target = new commons.ConstructsMakerProviderTarget(constraint, commons.Language.TYPESCRIPT);
new generator.TerraformProviderGenerator(code, schema).generate(target);
rmSync(folder, { recursive: true, force: true });
await code.save(folder);
// The generator's code is strict, but does not say "override": what it declares is checked where it is used.
for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".ts"))) {
  const file = join(folder, name);
  writeFileSync(file, `// @ts-nocheck\n${readFileSync(file, "utf8")}`);
}
