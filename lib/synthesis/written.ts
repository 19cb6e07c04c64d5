import type { TerraformResource } from "cdktf";

/** JSON of an object. */
export type Json = Readonly<Record<string, unknown>>;

/** The arguments of a resource as they are written: what others overrode counts. */
export function writtenOf(resource: TerraformResource): Json {
  const { resource: written } = resource.toTerraform() as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  };
  return written[resource.terraformResourceType]?.[resource.friendlyUniqueId] ?? {};
}
