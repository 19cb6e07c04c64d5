import { App, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { InvalidRequestError } from "../validation/invalid-request-error";

/** A resource without a provider, which Terraform has from 1.4 on. */
const guard = "resource.terraform_data.rds_dr_destroy_only";

/** Throws where the guard could not be written: cdktf writes no block of a precondition in HCL. */
export function checkDeployCanBeForbidden(root: IConstruct): void {
  if (App.isApp(root) && root.hclOutput) {
    const allowed =
      "left out while HCL is written: the guard against a deploy needs JSON, so destroy without --hcl";
    throw new InvalidRequestError("RDS_DR_MODE", "destroy", allowed);
  }
}

/**
 * Lets nothing but a destroy be done with the stacks of an app. Terraform judges the precondition of a resource
 * when it plans to make it, and a destroy makes none; that of an output it judges in a destroy as well. Who
 * picks single resources out (`-target`) gets past it, and past Terraform's own warning.
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
