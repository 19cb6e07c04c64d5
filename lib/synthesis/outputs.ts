import { TerraformOutput, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { misuse } from "./lookup-error";

/** What Terraform takes for the name of an output. */
const nameForm = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** An output of a construct. */
export interface OutputConfig {
  /** What follows the prefix, such as `cross_backup_id`. */
  readonly suffix: string;
  readonly description: string;
  readonly value: unknown;
}

/** Whether a construct writes outputs, and under which names. */
export interface OutputOptions {
  /** Whether outputs are written at all. @default true */
  readonly outputs?: boolean;
  /** What their names begin with. @default - the id of the construct, with `-` as `_` */
  readonly outputPrefix?: string;
}

/**
 * Adds outputs to the stack of a construct, under names that do not change when the construct moves in the
 * tree.
 *
 * @param hasValue asked at synthesis; where it says false, the outputs are left out
 */
export function addOutputs(
  construct: Construct,
  options: OutputOptions,
  configs: readonly OutputConfig[],
  hasValue: () => boolean,
): void {
  if (options.outputs === false) {
    return;
  }
  const { id, path } = construct.node;
  const prefix = options.outputPrefix ?? id.replaceAll("-", "_");
  if (!nameForm.test(prefix)) {
    throw misuse(
      path,
      "InvalidOutputPrefix",
      `the names of the outputs cannot begin with ${JSON.stringify(prefix)}`,
      "set outputPrefix to a letter or underscore, then letters, digits, underscores and hyphens; or set outputs to false",
    );
  }
  for (const { suffix, description, value } of configs) {
    new LookupOutput(construct, suffix, { description, value }, hasValue).overrideLogicalId(
      `${prefix}_${suffix}`,
    );
  }
}

/** An output that is left out where the lookup found nothing and the app goes on: Terraform takes none without a value. */
class LookupOutput extends TerraformOutput {
  constructor(
    scope: Construct,
    id: string,
    config: { readonly description: string; readonly value: unknown },
    private readonly hasValue: () => boolean,
  ) {
    super(scope, id, config);
  }

  override toTerraform(): object {
    return this.hasValue() ? (super.toTerraform() as object) : {};
  }

  override toHclTerraform(): object {
    return this.hasValue() ? (super.toHclTerraform() as object) : {};
  }
}

/**
 * Throws where an output of this package bears the name of any other output of the stack: cdktf would merge
 * the two silently.
 */
export function checkOutputNames(stack: TerraformStack): void {
  const byName = new Map<string, TerraformOutput>();
  for (const output of stack.node.findAll().filter((node) => TerraformOutput.isTerraformOutput(node))) {
    const name = output.friendlyUniqueId;
    const other = byName.get(name);
    const [own] = [output, other].filter((candidate) => candidate instanceof LookupOutput);
    if (other !== undefined && own !== undefined) {
      const { path } = own.node.scope?.node ?? own.node;
      throw misuse(
        path,
        "OutputNameClash",
        `the stack "${stack.node.path}" has two outputs named "${name}": ${other.node.path} and ${output.node.path}`,
        `set another outputPrefix at ${path}, or set its outputs to false`,
      );
    }
    byName.set(name, output);
  }
}
