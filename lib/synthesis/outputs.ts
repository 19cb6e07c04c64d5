import { TerraformOutput, type TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { checkFlag } from "../validation/checks";
import { PlainAttribute } from "./attributes";
import type { PropRules } from "./check-props";
import { refuse } from "./lookup-error";

/** What Terraform accepts as the name of an output. */
const nameForm = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** An output of a construct. What follows the prefix is the suffix, such as `cross_backup_id`. */
export type OutputConfig = readonly [suffix: string, description: string, value: unknown];

/** Whether a construct adds outputs, and how it names them. */
export interface OutputOptions {
  /**
   * Whether the construct adds outputs to its stack.
   *
   * @default true
   */
  readonly outputs?: boolean;
  /**
   * How the names of the outputs begin.
   *
   * @default - the id of the construct, with `-` as `_`
   */
  readonly outputPrefix?: string;
}

/** The rules of these options, for the constructs that take them. */
export const outputRules: PropRules<OutputOptions> = { outputs: { check: checkFlag }, outputPrefix: {} };

/**
 * Checks the names of the outputs of a construct.
 *
 * @throws LookupError if Terraform would refuse them
 */
export function checkOutputOptions(construct: IConstruct, options: OutputOptions): void {
  if (options.outputs !== false) {
    outputPrefixOf(construct, options.outputPrefix, "; or set outputs to false");
  }
}

/**
 * How the names of the outputs of a construct begin.
 *
 * @throws LookupError if Terraform would refuse them
 */
export function outputPrefixOf({ node }: IConstruct, outputPrefix?: string, otherwise = ""): string {
  const prefix: unknown = outputPrefix ?? node.id.replaceAll("-", "_");
  if (typeof prefix !== "string" || !nameForm.test(prefix)) {
    refuse(
      node.path,
      "InvalidOutputPrefix",
      `the names of the outputs cannot begin with ${JSON.stringify(prefix)}`,
      `set outputPrefix to a letter or underscore, then letters, digits, underscores and hyphens${otherwise}`,
    );
  }
  return prefix;
}

/**
 * Adds outputs to the stack of a construct. Their names stay the same if the construct moves in the tree.
 *
 * @param options are checked already
 */
export function addOutputs(construct: Construct, options: OutputOptions, configs: readonly OutputConfig[]): void {
  if (options.outputs === false) {
    return;
  }
  const prefix = outputPrefixOf(construct, options.outputPrefix);
  for (const config of configs) {
    new LookupOutput(construct, config).overrideLogicalId(`${prefix}_${config[0]}`);
  }
}

/** Removes the outputs of a construct: Terraform accepts none without a value. */
export function removeOutputs({ node }: IConstruct): void {
  for (const output of node.children.filter((child) => child instanceof LookupOutput)) {
    node.tryRemoveChild(output.node.id);
  }
}

/** An output of this package, unlike those of the app. */
class LookupOutput extends TerraformOutput {
  private readonly originalDescription: string;

  constructor(scope: Construct, [suffix, description, value]: OutputConfig) {
    super(scope, suffix, { description, value });
    this.originalDescription = description;
  }

  /** One value, unless the app changed something: cdktf looks for tokens in each name and text of anything else. */
  override toTerraform(): object {
    const value: unknown = this.value;
    const { description, sensitive, dependsOn, friendlyUniqueId } = this;
    const isAsMade =
      description === this.originalDescription &&
      sensitive === undefined &&
      dependsOn === undefined &&
      Object.keys(this.rawOverrides as object).length === 0;
    return value instanceof PlainAttribute && isAsMade
      ? value.within((plain) => ({ output: { [friendlyUniqueId]: { value: plain, description } } }))
      : (super.toTerraform() as object);
  }
}

/**
 * Throws if an output of this package has the name of any other output of the stack: cdktf would merge the two
 * silently.
 */
export function checkOutputNames(stack: TerraformStack): void {
  const byName = new Map<string, TerraformOutput>();
  for (const output of stack.node.findAll()) {
    // A nested stack has a file of its own.
    if (!TerraformOutput.isTerraformOutput(output) || output.cdktfStack !== stack) {
      continue;
    }
    const name = output.friendlyUniqueId;
    const other = byName.get(name);
    const own = output instanceof LookupOutput ? output : other instanceof LookupOutput ? other : undefined;
    if (other !== undefined && own !== undefined) {
      const { path } = own.node.scope?.node ?? own.node;
      refuse(
        path,
        "OutputNameClash",
        `the stack "${stack.node.path}" has two outputs named "${name}": ${other.node.path} and ${output.node.path}`,
        `set another outputPrefix at ${path}, or set its outputs to false`,
      );
    }
    byName.set(name, output);
  }
}
