// Writes the bindings of the Terraform provider aliyun/alicloud into .gen/providers/alicloud, a folder for each
// resource and data source, from the part of its schema in schema/alicloud.json.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// By default the generator reports its use to its makers. A build must send nothing.
process.env.CHECKPOINT_DISABLE = "1";
const load = createRequire(import.meta.url);
const commons = load("@cdktf/commons");
// Not the package's root, which wants a compiler for other languages as well.
const generator = load("@cdktf/provider-generator/lib/get/generator/provider-generator.js");
const { CodeMaker } = load("codemaker");

/** The provider's versions that a stack with these bindings requires: that of the schema, and later ones. */
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
// The generated code is strict, but lacks "override". The compiler checks its declarations in the files that use them.
for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".ts"))) {
  const file = join(folder, name);
  writeFileSync(file, `// @ts-nocheck\n${readFileSync(file, "utf8")}`);
}
