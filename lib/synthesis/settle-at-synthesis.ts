import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { checkQuery, type LookupQuery } from "../lookup/query";
import { noticeHcl } from "./attributes";
import type { Judge, Lookup } from "./lookup";
import { checked } from "./lookup-error";
import { LookupRegistry } from "./lookup-registry";
import { checkOutputNames, checkOutputOptions, type OutputOptions } from "./outputs";

/** Id of the hidden element within a stack. */
const elementId = "$rds-dr";

/** Has the lookups of a construct's app settled, at the latest, when its stack is synthesised. */
export function settleAtSynthesis(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  if (stack.node.tryFindChild(elementId) === undefined) {
    new SettleAtSynthesis(stack, elementId);
    noticeHcl(stack);
  }
}

/**
 * An element without any text of its own. cdktf asks each element of every stack for its text before it
 * writes the first file, so an error from here comes out clean and nothing is written for any stack; a lazy
 * value or a validation would be too late, or would bury the message. Only a lookup that an aspect declares
 * comes after that: it settles when its own stack is synthesised.
 *
 * A single stack that is synthesised alone (`Testing.synth`) is not prepared so: there, what cdktf asks each
 * element for first is its metadata.
 */
class SettleAtSynthesis extends TerraformElement {
  /** Whether cdktf has asked for the metadata, and the text that it writes comes next: nothing can change between. */
  private isChecked = false;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // For lookups that an aspect declares, whose warnings would come after cdktf has collected them.
    this.node.addValidation({
      validate: () => {
        LookupRegistry.of(this).finish();
        return [];
      },
    });
  }

  override toTerraform(): object {
    if (!this.isChecked) {
      this.check();
    }
    this.isChecked = false;
    return {};
  }

  override toMetadata(): object {
    this.check();
    this.isChecked = true;
    return {};
  }

  private check(): void {
    checkOutputNames(this.cdktfStack);
    LookupRegistry.of(this).finish();
  }
}

/**
 * Checks the props of a lookup, none of them a token, and declares its question with the app.
 *
 * @throws LookupError and declares nothing, where a prop is missing or malformed
 */
export function declareLookup<T>(
  construct: IConstruct,
  outputOptions: OutputOptions,
  query: LookupQuery,
  judge: Judge<T>,
): Lookup<T> {
  checked(construct.node.path, () => {
    checkQuery(query);
  });
  checkOutputOptions(construct, outputOptions);
  settleAtSynthesis(construct);
  return LookupRegistry.of(construct).declare(construct, query, judge);
}
