import { type IResolvable, Lazy, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/** What a `FrozenData` keeps. */
export interface FrozenDataConfig {
  /** The value as it is when the resource is made. */
  readonly input: unknown;
  /** If one of these values changes, Terraform makes the resource anew, with the value of then. */
  readonly replacedWith?: readonly string[];
}

/**
 * A value in Terraform's state that no later deploy changes: the resource `terraform_data`, which needs no provider.
 * The class that cdktf has for it runs `terraform version` in each synthesis.
 *
 * @see https://developer.hashicorp.com/terraform/language/resources/terraform-data
 */
export class FrozenData extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: FrozenDataConfig,
  ) {
    super(scope, id, { terraformResourceType: "terraform_data", lifecycle: { ignoreChanges: ["input"] } });
  }

  /** A part of the value as it is kept. Unlike the output, Terraform always knows it when it plans. */
  kept(name: string): IResolvable {
    return this.attribute(`input.${name}`);
  }

  /** The whole value as it is kept. */
  get output(): IResolvable {
    return this.attribute("output");
  }

  /** Address of the resource for commands of Terraform. It is read late, because the resource may get another name. */
  get address(): string {
    return Lazy.stringValue({ produce: () => `terraform_data.${this.friendlyUniqueId}` });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { input, replacedWith } = this.config;
    return { input, triggers_replace: replacedWith };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return this.synthesizeAttributes();
  }

  private attribute(name: string): IResolvable {
    return Lazy.anyValue({ produce: () => this.interpolationForAttribute(name) });
  }
}
