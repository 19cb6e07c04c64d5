import { Fn, Lazy, type TerraformResource, Token } from "cdktf";
import type { Construct } from "constructs";
import { FrozenData } from "./frozen-data";

/**
 * What an instance was really restored from, as an expression. Terraform keeps it apart from the instance, for as long as
 * the instance has the same id: the provider forgets it if the instance is untainted or imported.
 *
 * The resource's own argument says it, not the backup of today: the instance ignores later changes of that argument.
 *
 * @param argument of the resource: `backup_set_id` or `restore_time`
 * @param otherwise what it is, for an instance whose state does not contain the argument
 */
export function restoredFrom(
  scope: Construct,
  resource: TerraformResource,
  argument: "backup_set_id" | "restore_time",
  otherwise: string,
): string {
  // Read late, because the resource may get another name until then.
  const late = (name: string): string => Lazy.stringValue({ produce: () => resource.getStringAttribute(name) });
  const { output } = new FrozenData(scope, "restored-from", { input: late(argument), replacedWith: [late("id")] });
  return Token.asString(Fn.coalesce([output, otherwise]));
}
