import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { type LookupError, misuse } from "../synthesis/lookup-error";
import { writtenOf } from "../synthesis/provider-of";

/**
 * Checks that the resource of a construct still has `prevent_destroy`, once everything else has changed it: an aspect,
 * an override or a line of the app may have replaced its lifecycle.
 *
 * @param protect whether the construct promises the guard
 */
export function lostPreventDestroy(
  { node }: IConstruct,
  resource: TerraformResource,
  protect: boolean,
): LookupError | undefined {
  const { prevent_destroy: isGuarded } = lifecycleOf(resource);
  return !protect || isGuarded === true
    ? undefined
    : misuse(
        node.path,
        "GuardLost",
        "protect is true, but something has removed prevent_destroy from the lifecycle of the resource",
        "add to the lifecycle and keep the rest (resource.lifecycle = { ...resource.lifecycle, … }), or set protect to false",
      );
}

/** The lifecycle of a resource as it is written. */
export function lifecycleOf(resource: TerraformResource): Readonly<Record<string, unknown>> {
  return (writtenOf(resource)["lifecycle"] ?? {}) as Readonly<Record<string, unknown>>;
}
