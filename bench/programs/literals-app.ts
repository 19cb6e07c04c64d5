/** The app of the lookups, its outputs being literal values. */
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { readLiterals } from "./literals";

const app = new App();
const stack = new TerraformStack(app, "lookup");
for (const [dbInstanceId, outputs] of Object.entries(readLiterals())) {
  const scope = new Construct(stack, dbInstanceId);
  for (const { suffix, description, value } of outputs) {
    const output = new TerraformOutput(scope, suffix, { description, value });
    output.overrideLogicalId(`${dbInstanceId.replaceAll("-", "_")}_${suffix}`);
  }
}
app.synth();
