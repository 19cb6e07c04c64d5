import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** A resource without a provider, which Terraform has from 1.4 on. */
const guard = "resource.terraform_data.rds_dr_destroy_only";

/**
 * Lets nothing but a destroy be done with the stacks of an app. Terraform judges the precondition of a resource
 * when it plans to make it, and a destroy makes none; that of an output it judges in a destroy as well.
 */
export function forbidDeploy(root: IConstruct): void {
  const stacks = root.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) {
    stack.addOverride(guard, {
      lifecycle: {
        precondition: [
          {
            // Never true; Terraform takes no plain false.
            condition: "${terraform.workspace == null}",
            error_message:
              "This was synthesised with RDS_DR_MODE=destroy: placeholders stand for the backups, so it can only be destroyed with. To deploy, synthesise it again without RDS_DR_MODE=destroy.",
          },
        ],
      },
    });
  }
}
