import { Token, TerraformStack, type TerraformResource } from "cdktf";
import { isObject } from "../backup/row";

/** Where the provider of a resource works. */
export interface ProviderRegion {
  /** Path of the provider's construct; undefined where the stack has none. */
  readonly path?: string;
  /** Its region; undefined where it is known only when Terraform runs. */
  readonly region?: string;
}

/** The region of the provider that a resource is made by: its own, or the stack's without an alias. */
export function providerRegionOf(resource: TerraformResource): ProviderRegion {
  const type = resource.terraformGeneratorMetadata?.providerName;
  const ofStack = TerraformStack.of(resource)
    .allProviders()
    .find(({ terraformResourceType, alias }) => terraformResourceType === type && alias === undefined);
  const provider = resource.provider ?? ofStack;
  if (provider === undefined) {
    return {};
  }
  // What is written, so that bindings of any make will do, and overrides count.
  const json = provider.toTerraform() as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const [config] = json["provider"]?.[provider.terraformResourceType] as readonly unknown[];
  const region = isObject(config) ? config["region"] : undefined;
  const { path } = provider.node;
  return typeof region === "string" && !Token.isUnresolved(region) ? { path, region } : { path };
}
