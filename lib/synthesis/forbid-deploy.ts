import { App, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { InvalidRequestError } from "../validation/invalid-request-error";

/** A resource without a provider; Terraform knows it from 1.4 on. */
const guard = "resource.terraform_data.rds_dr_destroy_only";

/** Throws if cdktf cannot write the guard: it writes no preconditions as HCL. */
export function checkDeployCanBeForbidden(root: IConstruct): void {
  if (App.isApp(root) && root.hclOutput) {
    const allowed = "omitted with HCL: the guard against a deploy needs JSON, so destroy without --hcl";
    throw new InvalidRequestError("RDS_DR_MODE", "destroy", allowed);
  }
}

/**
 * Lets Terraform do nothing but a destroy with the stacks of an app. Terraform judges the precondition of a resource when
 * it plans to make the resource, and a destroy makes none. The precondition of an output would stop a destroy as well.
 * Whoever picks single resources (`-target`) gets past it, and past Terraform's own warning.
 */
export function forbidDeploy(root: IConstruct): void {
  const stacks = root.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) {
    stack.addOverride(guard, {
      lifecycle: {
        precondition: [
          {
            // Never true; Terraform accepts no plain false.
            condition: "${terraform.workspace == null}",
            error_message:
              "This was synthesised with RDS_DR_MODE=destroy: it contains placeholders in place of backups, and serves only to destroy. To deploy, synthesise it again without RDS_DR_MODE=destroy.",
          },
        ],
      },
    });
  }
}
