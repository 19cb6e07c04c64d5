/** The app of the lookups, its outputs being literal values. */
import { readFileSync } from "node:fs";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** The outputs of each instance, by what follows their prefix. */
type Literals = Readonly<
  Record<
    string,
    readonly { readonly suffix: string; readonly description: string; readonly value: unknown }[]
  >
>;

const literals = JSON.parse(readFileSync(process.env["BENCH_LITERALS"] ?? "", "utf8")) as Literals;
const app = new App();
const stack = new TerraformStack(app, "lookup");
for (const [dbInstanceId, outputs] of Object.entries(literals)) {
  const scope = new Construct(stack, dbInstanceId);
  for (const { suffix, description, value } of outputs) {
    const output = new TerraformOutput(scope, suffix, { description, value });
    output.overrideLogicalId(`${dbInstanceId.replaceAll("-", "_")}_${suffix}`);
  }
}
app.synth();
