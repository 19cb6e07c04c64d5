import { App, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** The stacks whose HCL is being written just now. */
const inProgress = new WeakSet<IConstruct>();

/** Whether cdktf writes the stack of a construct as HCL, not as JSON. */
export function writesHcl(construct: IConstruct): boolean {
  const { root, scopes } = construct.node;
  return (App.isApp(root) && root.hclOutput) || scopes.some((scope) => inProgress.has(scope));
}

/** Notices when `Testing.synthHcl` writes a stack: its app does not say so, and no token can see it. */
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
