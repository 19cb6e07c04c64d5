import { type TerraformProvider, type TerraformResource, TerraformStack, Token } from "cdktf";

type Json = Readonly<Record<string, unknown>>;

/** The arguments of a resource as cdktf writes them, overrides included. */
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
  /** Its region; undefined if only Terraform knows it. */
  readonly region: string | undefined;
}

/**
 * The provider that makes a resource: the one that it names, else that of the stack without an alias. Null if the stack has
 * only other providers of its kind; undefined if it has none at all, which cdktf refuses.
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

/** Reads what cdktf writes: so bindings of any make work, and overrides count. */
function regionOf(provider: TerraformProvider): string | undefined {
  const json = provider.toTerraform() as { readonly provider: Readonly<Record<string, readonly Json[]>> };
  const region = json.provider[provider.terraformResourceType]?.[0]?.["region"];
  return typeof region === "string" && !Token.isUnresolved(region) ? region : undefined;
}
