import { type TerraformProvider, type TerraformResource, TerraformStack, Token } from "cdktf";

/** JSON of an object. */
export type Json = Readonly<Record<string, unknown>>;

/** The arguments of a resource as they are written: what others overrode counts. */
export function writtenOf(resource: TerraformResource): Json {
  const { resource: written } = resource.toTerraform() as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  };
  return written[resource.terraformResourceType]?.[resource.friendlyUniqueId] ?? {};
}

/** The provider that makes a resource. */
export interface ProviderOfResource {
  /** Path of its construct. */
  readonly path: string;
  /** Its region; undefined where it is known only when Terraform runs. */
  readonly region: string | undefined;
}

/**
 * The provider that a resource is made by: the one that it names, else that of the stack without an alias. Null where
 * the stack has providers of its kind, but not that one; undefined where it has none at all, which cdktf refuses.
 */
export function providerOf(resource: TerraformResource): ProviderOfResource | null | undefined {
  const type = resource.terraformGeneratorMetadata?.providerName;
  const stack = TerraformStack.of(resource);
  // A nested stack has providers of its own.
  const ofKind = stack
    .allProviders()
    .filter((each) => each.terraformResourceType === type && each.cdktfStack === stack);
  const name = writtenOf(resource)["provider"] ?? type;
  const provider = ofKind.find(({ fqn }) => fqn === name);
  if (provider === undefined) {
    return ofKind.length === 0 ? undefined : null;
  }
  return { path: provider.node.path, region: regionOf(provider) };
}

/** By what is written, so that bindings of any make will do, and overrides count. */
function regionOf(provider: TerraformProvider): string | undefined {
  const json = provider.toTerraform() as { readonly provider: Readonly<Record<string, readonly Json[]>> };
  const region = json.provider[provider.terraformResourceType]?.[0]?.["region"];
  return typeof region === "string" && !Token.isUnresolved(region) ? region : undefined;
}
