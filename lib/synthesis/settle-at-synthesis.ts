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

/** Makes the lookups of a construct's app settle when cdktf synthesises its stack, at the latest. */
export function settleAtSynthesis(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  if (stack.node.tryFindChild(elementId) === undefined) {
    new SettleAtSynthesis(stack, elementId);
    noticeHcl(stack);
  }
}

/**
 * An element without any text of its own. cdktf asks each element of every stack for its text before it writes the first
 * file. So an error from here comes out clean, and nothing is written for any stack. A lazy value or a validation would be
 * too late, or would bury the message. Only a lookup that an aspect declares comes later: it settles when cdktf synthesises
 * its own stack.
 *
 * `Testing.synth` synthesises a stack alone, without that first round: there cdktf first asks each element for its metadata.
 */
class SettleAtSynthesis extends TerraformElement {
  /** Whether cdktf has asked for the metadata, and asks for the text next: nothing can change in between. */
  private isChecked = false;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // For lookups that an aspect declares: otherwise cdktf would collect the warnings before they are there.
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
 * Checks the query of a lookup, and declares the lookup with the app.
 *
 * @param maxAgeHours how old the data may be, if the query is about one backup
 * @throws LookupError if a prop is missing or malformed; then nothing is declared
 */
export function declareLookup<T>(
  construct: IConstruct,
  outputOptions: OutputOptions,
  query: LookupQuery,
  judge: Judge<T>,
  maxAgeHours?: number,
): Lookup<T> {
  checked(construct.node.path, () => {
    checkQuery(query);
  });
  checkOutputOptions(construct, outputOptions);
  settleAtSynthesis(construct);
  return LookupRegistry.of(construct).declare(construct, query, judge, maxAgeHours);
}
