import { TerraformOutput, type TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { checkFlag, ifGiven } from "../validation/checks";
import { PlainAttribute } from "./attributes";
import { checked, fail, misuse } from "./lookup-error";

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
  /**
   * Whether the stack gets outputs.
   *
   * @default true
   */
  readonly outputs?: boolean;
  /**
   * What the names of the outputs begin with.
   *
   * @default - the id of the construct, with `-` as `_`
   */
  readonly outputPrefix?: string;
}

/**
 * Checks whether a construct writes outputs, and under which names.
 *
 * @throws LookupError
 */
export function checkOutputOptions(construct: IConstruct, options: OutputOptions): void {
  checked(construct.node.path, () => {
    ifGiven(checkFlag, "outputs", options.outputs);
  });
  if (options.outputs !== false) {
    outputPrefixOf(construct, options.outputPrefix, "; or set outputs to false");
  }
}

/**
 * What the names of the outputs of a construct begin with.
 *
 * @throws LookupError where Terraform takes no such names
 */
export function outputPrefixOf({ node }: IConstruct, outputPrefix?: string, otherwise = ""): string {
  const prefix: unknown = outputPrefix ?? node.id.replaceAll("-", "_");
  if (typeof prefix !== "string" || !nameForm.test(prefix)) {
    fail(
      misuse(
        node.path,
        "InvalidOutputPrefix",
        `the names of the outputs cannot begin with ${JSON.stringify(prefix)}`,
        `set outputPrefix to a letter or underscore, then letters, digits, underscores and hyphens${otherwise}`,
      ),
    );
  }
  return prefix;
}

/**
 * Adds outputs to the stack of a construct, under names that do not change when the construct moves in the
 * tree.
 *
 * @param options are checked already
 */
export function addOutputs(
  construct: Construct,
  options: OutputOptions,
  configs: readonly OutputConfig[],
): void {
  if (options.outputs === false) {
    return;
  }
  const prefix = outputPrefixOf(construct, options.outputPrefix);
  for (const config of configs) {
    new LookupOutput(construct, config).overrideLogicalId(`${prefix}_${config.suffix}`);
  }
}

/** Takes the outputs of a construct away again: Terraform takes none without a value. */
export function removeOutputs({ node }: IConstruct): void {
  for (const output of node.children.filter((child) => child instanceof LookupOutput)) {
    node.tryRemoveChild(output.node.id);
  }
}

/** An output of this package, told from those of the app. */
class LookupOutput extends TerraformOutput {
  constructor(
    scope: Construct,
    { suffix, description, value }: OutputConfig,
    private readonly isAsMade = ({ description: now, sensitive, dependsOn }: TerraformOutput): boolean =>
      now === description && sensitive === undefined && dependsOn === undefined,
  ) {
    super(scope, suffix, { description, value });
  }

  /** One value, unless the app changed something: cdktf looks for tokens in each name and text of anything else. */
  override toTerraform(): object {
    const value: unknown = this.value;
    const { description, friendlyUniqueId } = this;
    const isOverridden = Object.keys(this.rawOverrides as object).length > 0;
    return value instanceof PlainAttribute && this.isAsMade(this) && !isOverridden
      ? value.within((plain) => ({ output: { [friendlyUniqueId]: { value: plain, description } } }))
      : (super.toTerraform() as object);
  }
}

/**
 * Throws where an output of this package bears the name of any other output of the stack: cdktf would merge
 * the two silently.
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
      fail(
        misuse(
          path,
          "OutputNameClash",
          `the stack "${stack.node.path}" has two outputs named "${name}": ${other.node.path} and ${output.node.path}`,
          `set another outputPrefix at ${path}, or set its outputs to false`,
        ),
      );
    }
    byName.set(name, output);
  }
}
