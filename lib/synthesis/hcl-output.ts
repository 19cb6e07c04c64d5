import { App, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** The stacks whose HCL is being written just now. */
const inProgress = new WeakSet<TerraformStack>();

/** Whether cdktf writes the stack of a construct as HCL, not as JSON. */
export function writesHcl(construct: IConstruct): boolean {
  const { root } = construct.node;
  return (App.isApp(root) && root.hclOutput) || inProgress.has(TerraformStack.of(construct));
}

/** Notices when `Testing.synthHcl` writes a stack: its app does not say so, and cdktf tells no token. */
export function noticeHcl(stack: TerraformStack): void {
  const write = stack.toHclTerraform.bind(stack);
  stack.toHclTerraform = () => {
    inProgress.add(stack);
    try {
      return write();
    } finally {
      inProgress.delete(stack);
    }
  };
}
